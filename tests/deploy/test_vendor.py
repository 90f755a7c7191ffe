"""Files of others are those whose version, licence and hash the script names, and no others."""

from deploy.vendor import FILES, ICON_NAMES, VENDOR, Vendored, wrong


def test_every_vendored_file_is_the_one_that_is_named():
    assert [one.package for one in FILES if wrong(one)] == []


def test_a_changed_file_is_noticed(tmp_path):
    changed = tmp_path / "htmx.min.js"
    changed.write_bytes(FILES[0].target.read_bytes() + b" ")
    assert wrong(Vendored("htmx.org", "4.0.1", "0BSD", changed, FILES[0].sha256))


def test_nothing_else_is_vendored():
    named = {one.target for one in FILES} | {VENDOR / "LICENSES.md"}
    assert [one.name for one in VENDOR.iterdir() if one not in named] == []


def test_the_licences_are_told():
    text = (VENDOR / "LICENSES.md").read_text()
    for one in FILES:
        assert f"{one.package} {one.version}, {one.licence}, sha256 `{one.sha256}`" in text


def test_the_sprite_holds_the_icons_that_are_listed():
    sprite = next(one for one in FILES if one.package == "lucide-static").target.read_text()
    assert {name for name in ICON_NAMES.read_text().split() if f'id="i-{name}"' not in sprite} == set()
