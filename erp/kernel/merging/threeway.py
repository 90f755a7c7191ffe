"""Three-way merge of a form: field by field, and line by line by identity; what cannot be decided is asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Line = Mapping[str, str]
Order = tuple[str, ...]
Answer = str | Line | Order | None


@dataclass(frozen=True)
class Paper:
    """A document as form data: its fields, and its grids with the lines in order by id or by the key of a new line."""

    fields: Line = field(default_factory=dict)
    lines: Mapping[str, Mapping[str, Line]] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """What only a person can decide: a field, a line removed by one (None) and changed by the other, or an order."""

    path: str
    base: Answer
    mine: Answer
    theirs: Answer


@dataclass(frozen=True)
class Merged:
    """What both sides agree on. A field or an order asked about is as in the base, a line asked about is kept."""

    paper: Paper
    questions: list[Question]


def merge(base: Paper, mine: Paper, theirs: Paper) -> Merged:
    """Bring both changes of the base together; nothing that either typed is left out without a question."""
    asked: list[Question] = []
    fields = _fields("", (base.fields, mine.fields, theirs.fields), asked)
    grids = {
        name: _grid(name, tuple(paper.lines.get(name, {}) for paper in (base, mine, theirs)), asked)
        for name in _names(base.lines, mine.lines, theirs.lines)
    }
    return Merged(Paper(fields, grids), asked)


def _fields(prefix: str, sides: tuple[Line, ...], asked: list[Question]) -> dict[str, str]:
    merged = {}
    for name in _names(*sides):
        base, mine, theirs = (side.get(name, "") for side in sides)
        if theirs in (mine, base):
            merged[name] = mine
        elif mine == base:
            merged[name] = theirs
        else:
            merged[name] = base
            asked.append(Question(f"{prefix}{name}", base, mine, theirs))
    return merged


def _grid(name: str, sides: tuple[Mapping[str, Line], ...], asked: list[Question]) -> dict[str, Line]:
    base, mine, theirs = sides
    kept: dict[str, Line] = {}
    for key in _names(*sides):
        if key in mine and key in theirs:
            kept[key] = _fields(f"{name}.{key}.", tuple(side.get(key, {}) for side in sides), asked)
        elif key not in base:
            kept[key] = mine[key] if key in mine else theirs[key]
        else:
            left = mine.get(key, theirs.get(key))
            if left is not None and not _same(left, base[key]):
                kept[key] = left
                asked.append(Question(f"{name}.{key}", base[key], mine.get(key), theirs.get(key)))
    stable = _order(name, sides, asked)
    return {key: kept[key] for key in _placed(stable, kept, (mine, theirs))}


def _order(name: str, sides: tuple[Mapping[str, Line], ...], asked: list[Question]) -> Order:
    """Return the lines that all three know in the order of whoever moved them; both moved them: as they were."""
    known = set(sides[0]) & set(sides[1]) & set(sides[2])
    base, mine, theirs = (tuple(key for key in side if key in known) for side in sides)
    if theirs in (mine, base):
        return mine
    if mine != base:
        asked.append(Question(name, base, mine, theirs))
        return base
    return theirs


def _placed(stable: Order, kept: Iterable[str], sides: Iterable[Iterable[str]]) -> list[str]:
    """Return every kept line in order: those that all know, each followed by what either side has put behind it."""
    wanted, known, taken = set(kept), set(stable), set(stable)
    behind: dict[str | None, list[list[str]]] = {}
    for side in sides:
        runs: dict[str | None, list[str]] = {}
        anchor: str | None = None
        for key in side:
            if key in known:
                anchor = key
            elif key in wanted:
                runs.setdefault(anchor, []).append(key)
        for place, run in runs.items():
            behind.setdefault(place, []).append(run)
    placed: list[str] = []
    for place in (None, *stable):
        placed += [place] if place is not None else []
        for run in sorted(behind.get(place, [])):
            placed += [key for key in run if key not in taken]
            taken |= set(run)
    return placed


def _same(one: Line, other: Line) -> bool:
    return all(one.get(name, "") == other.get(name, "") for name in _names(one, other))


def _names(*sides: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name for side in sides for name in side))
