"""A search finds what one may see, by parts of names and numbers. The index sees committed rows only."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import delete

from erp.catalog.item_group import ItemGroup
from erp.company.company import Company
from erp.kernel.change import Work, save
from erp.kernel.change.work import reading, unit_of_work
from erp.kernel.paper.search import SearchEntry, entries, search
from erp.kernel.rights import system_actor
from erp.kernel.rights.actor import Actor

ME = system_actor("search test")
NAMES = {"FINDME-2026-0421": "㈱髙橋商店", "FINDME-2026-0422": "Müller & Söhne", "OTHER-7": "パソコン工房サーバー部"}


@pytest.fixture
def groups(whole_app: Flask) -> Iterator[dict[str, int]]:
    """Three item groups, committed, and deleted again."""
    with unit_of_work(ME) as work:
        made = {code: save(work, ItemGroup, {"code": code, "name": name}).id for code, name in NAMES.items()}
    yield made
    with unit_of_work(ME) as work:
        work.session.execute(delete(ItemGroup).where(ItemGroup.id.in_(made.values())))
        mine = (SearchEntry.kind == "item_group", SearchEntry.record_id.in_(made.values()))
        work.session.execute(delete(SearchEntry).where(*mine))


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("高橋", ["FINDME-2026-0421"]),
        ("株式会社", ["FINDME-2026-0421"]),
        ("0421", ["FINDME-2026-0421"]),
        ("findme", ["FINDME-2026-0421", "FINDME-2026-0422"]),
        ("FINDME-2026-042", ["FINDME-2026-0421", "FINDME-2026-0422"]),
        ("muller", ["FINDME-2026-0422"]),
        ("söhne mül", ["FINDME-2026-0422"]),
        ("ﾊﾟｿｺﾝ", ["OTHER-7"]),
        ("サーバ", ["OTHER-7"]),
        ("橋高", []),
        ('"+*(', []),
    ],
)
def test_parts_of_names_and_numbers_find_records(groups: dict[str, int], query: str, codes: list[str]) -> None:
    with reading(ME) as work:
        found = [hit.title for hit in search(work, query, kinds=["item_group"]) if hit.title in NAMES]
    assert sorted(found) == codes


def test_nobody_finds_what_he_may_not_see(work: Work) -> None:
    payload = {"name": "Found", "country": "DE", "currency": "EUR"}
    mine, other = (save(work, Company, {"code": code, **payload}).id for code in ("FINDME-1", "FINDME-2"))
    work.session.commit()
    assert [hit.id for hit in search(work, "findme", kinds=["company"])] == [other, mine]
    work.actor = Actor(user_id=5, name="Reader", companies=frozenset({mine}), roles=frozenset({"sales"}))
    assert [hit.id for hit in search(work, "findme", kinds=["company"])] == [mine]
    work.actor = Actor(user_id=6, name="Nobody", companies=None)
    assert search(work, "findme") == []


def test_an_entry_follows_its_record(groups: dict[str, int]) -> None:
    one = groups["OTHER-7"]
    with unit_of_work(ME) as work:
        group = work.session.get_one(ItemGroup, one)
        save(work, ItemGroup, {"name": "改名後の組"}, group, version=group.version)
    with reading(ME) as work:
        assert search(work, "工房") == []
        assert [hit.id for hit in search(work, "改名後", kinds=["item_group"])] == [one]
        stored = work.session.get_one(SearchEntry, ("item_group", one))
        (derived,) = entries(work.session, [work.session.get_one(ItemGroup, one)])
        assert {name: getattr(stored, name) for name in derived} == derived


def test_what_a_savepoint_took_back_is_not_indexed(work: Work) -> None:
    taken_back = work.session.begin_nested()
    save(work, Company, {"code": "GONE", "name": "Gone", "country": "DE", "currency": "EUR"})
    taken_back.rollback()
    kept = save(work, Company, {"code": "KEPT", "name": "Kept", "country": "DE", "currency": "EUR"})
    work.session.commit()
    titles = [row.title for row in work.session.query(SearchEntry).filter_by(kind="company")]
    assert kept.code in titles
    assert "GONE" not in titles
