"""What the content security policy forbids stands in no template; what a program may fill is escaped."""

import re

from tests.architecture.source import ROOT, templates

INLINE = re.compile(r"<style|\sstyle\s*=|<script(?![^>]*\bsrc=)|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE)
UNESCAPED = {
    "templates/document/_field.html": "attributes made of a translated word",
    "templates/start/_field.html": "attributes that the template itself writes",
}


def test_no_template_holds_inline_style_or_script():
    assert [path for path, text in templates() if path.endswith(".html") and INLINE.search(text)] == []


def test_our_own_scripts_neither_evaluate_nor_write_styles_as_text():
    guilty = [
        path.name
        for path in sorted((ROOT / "static" / "js").glob("*.js"))
        if re.search(r"\beval\(|new Function|setAttribute\(.style|\.cssText", path.read_text("utf-8"))
    ]
    assert guilty == []


def test_what_is_put_into_pages_unescaped_is_a_short_list():
    assert {path for path, text in templates() if re.search(r"\|\s*safe\b", text)} == set(UNESCAPED)


def test_every_form_that_posts_carries_the_proof():
    guilty = [
        f"{path}: {form[:80]}"
        for path, text in templates()
        for form in re.findall(r"<form\b[^>]*method=.post.[^>]*>.*?</form>", text, re.DOTALL | re.IGNORECASE)
        if "guard(" not in form and "csrf_token" not in form
    ]
    assert guilty == []
