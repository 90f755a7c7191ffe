"""Merging two changes of one form: random histories of typing, adding, removing and moving lose nothing."""

from hypothesis import given, settings
from hypothesis import strategies as st

from erp.kernel.merging import Line, Merged, Paper, Question, merge

NAMES = ("item", "quantity", "note")
WORDS = st.sampled_from(["", "a", "b", "c", "d"])
LINE = st.fixed_dictionaries(dict.fromkeys(NAMES, WORDS))
BASES = st.builds(
    lambda fields, lines: Paper(fields, {"lines": {str(n): line for n, line in enumerate(lines, 1)}}),
    LINE,
    st.lists(LINE, max_size=5),
)
STEP = st.tuples(
    st.sampled_from(["field", "cell", "add", "remove", "move"]),
    st.sampled_from(NAMES),
    WORDS,
    st.integers(0, 9),
    st.integers(0, 9),
)
HISTORY = st.lists(STEP, max_size=8)


def played(base: Paper, history: list[tuple[str, str, str, int, int]], who: str) -> Paper:
    fields, rows = dict(base.fields), [(key, dict(line)) for key, line in base.lines["lines"].items()]
    for n, (what, name, word, place, to) in enumerate(history):
        if what == "field":
            fields[name] = word
        elif what == "add":
            rows.insert(place % (len(rows) + 1), (f"{who}{n}", {**dict.fromkeys(NAMES, ""), name: word}))
        elif rows and what == "cell":
            rows[place % len(rows)][1][name] = word
        elif rows and what == "remove":
            rows.pop(place % len(rows))
        elif rows and what == "move":
            rows.insert(to % len(rows), rows.pop(place % len(rows)))
    return Paper(fields, {"lines": dict(rows)})


def cells(paper: Paper) -> dict[str, str]:
    of_lines = {f"lines.{key}.{name}": text for key, row in paper.lines["lines"].items() for name, text in row.items()}
    return dict(paper.fields) | of_lines


def assert_kept(base: Paper, side: Paper, merged: Merged, which: str) -> None:
    asked = {one.path: getattr(one, which) for one in merged.questions}
    before, result = cells(base), cells(merged.paper)
    for path, text in cells(side).items():
        row, _dot, name = path.rpartition(".")
        if text == before.get(path):
            continue
        in_line = row in asked and asked[row] is not None and asked[row][name] == text
        assert result.get(path) == text or asked.get(path) == text or in_line, path
    for key in set(base.lines["lines"]) - set(side.lines["lines"]):
        path = f"lines.{key}"
        assert key not in merged.paper.lines["lines"] or (path in asked and asked[path] is None), path


@settings(max_examples=3000, deadline=None)
@given(BASES, HISTORY, HISTORY)
def test_every_keystroke_is_in_the_result_or_in_a_question(base, first, second):
    mine, theirs = played(base, first, "n"), played(base, second, "t")
    merged = merge(base, mine, theirs)
    assert_kept(base, mine, merged, "mine")
    assert_kept(base, theirs, merged, "theirs")


@settings(max_examples=2000, deadline=None)
@given(BASES, HISTORY, HISTORY)
def test_both_sides_see_the_same(base, first, second):
    mine, theirs = played(base, first, "n"), played(base, second, "t")
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    assert one.paper == other.paper
    assert list(one.paper.lines["lines"]) == list(other.paper.lines["lines"])
    turned = [Question(ask.path, ask.base, ask.theirs, ask.mine) for ask in other.questions]
    assert sorted(one.questions, key=lambda ask: ask.path) == sorted(turned, key=lambda ask: ask.path)


@settings(max_examples=1000, deadline=None)
@given(BASES, HISTORY)
def test_what_one_alone_changed_is_taken_as_it_is(base, history):
    mine = played(base, history, "n")
    for merged in (merge(base, mine, base), merge(base, base, mine), merge(base, mine, mine)):
        assert merged == Merged(mine, [])
        assert list(merged.paper.lines["lines"]) == list(mine.lines["lines"])


def order(**lines: Line) -> Paper:
    return Paper({}, {"lines": lines})


def test_a_line_removed_by_one_and_changed_by_the_other_is_kept_and_asked():
    base, changed = order(a={"item": "x"}), order(a={"item": "y"})
    merged = merge(base, order(), changed)
    assert merged.paper == changed
    assert merged.questions == [Question("lines.a", {"item": "x"}, None, {"item": "y"})]


def test_two_orders_of_the_same_lines_are_asked():
    base = order(a={}, b={}, c={})
    merged = merge(base, order(b={}, a={}, c={}), order(a={}, c={}, b={}))
    assert list(merged.paper.lines["lines"]) == ["a", "b", "c"]
    assert merged.questions == [Question("lines", ("a", "b", "c"), ("b", "a", "c"), ("a", "c", "b"))]
