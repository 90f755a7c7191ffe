"""Does a condition make sense? Every name is known and every sign stands between values that it can join."""

from collections.abc import Mapping

from erp.kernel.expressions.functions import FUNCTIONS
from erp.kernel.expressions.syntax import Broken, Node
from erp.kernel.expressions.types import DATE, EMPTY, NUMBER, TEXT, TRUTH, Kind, many
from erp.kernel.text import _, _l

WORDS = {
    "number": _l("a number"),
    "text": _l("a text"),
    "date": _l("a day"),
    "truth": _l("yes or no"),
    "empty": _l("empty"),
}
ORDERED = {"<", "<=", ">", ">="}
EQUAL = {"=", "!="}


def check(node: Node, names: Mapping[str, Kind]) -> Kind:
    """Return the type of a condition; raise ``Broken`` for an unknown name or values that do not go together."""
    if node.what == "value":
        return _literal(node)
    if node.what == "name":
        return _named(node, names)
    if node.what == "call":
        return _called(node, names)
    if node.what == "in":
        return _inside(node, names)
    kinds = [check(part, names) for part in node.parts]
    if node.what == "list":
        raise Broken(_("A list stands only after “in”."), node.place)
    if node.what in {"not", "and", "or"}:
        _must(node, kinds, TRUTH)
        return many(TRUTH, _lines(node, kinds))
    if node.what in {"negative", "+", "-", "*", "/"}:
        _must(node, kinds, NUMBER)
        return many(NUMBER, _lines(node, kinds))
    _comparable(node, kinds)
    return many(TRUTH, _lines(node, kinds))


def _literal(node: Node) -> Kind:
    value = node.value
    if value is None:
        return EMPTY
    if isinstance(value, bool):
        return TRUTH
    return TEXT if isinstance(value, str) else DATE if hasattr(value, "isoformat") else NUMBER


def _named(node: Node, names: Mapping[str, Kind]) -> Kind:
    known = names.get(node.word)
    if known is None:
        raise Broken(_("There is no “%(name)s” here.", name=node.word), node.place)
    return known


def _inside(node: Node, names: Mapping[str, Kind]) -> Kind:
    """Check a value against a list in brackets, or against one value for each line."""
    wanted, places = check(node.parts[0], names), node.parts[1]
    if places.what == "list":
        for part in places.parts:
            _comparable(Node("=", place=part.place), [wanted.one, check(part, names)])
        return many(TRUTH, wanted.of)
    inside = check(places, names)
    if not inside.of or wanted.of:
        raise Broken(_("After “in” comes a list in brackets, or a field of the lines."), places.place)
    _comparable(node, [wanted, inside.one])
    return TRUTH


def _called(node: Node, names: Mapping[str, Kind]) -> Kind:
    function = FUNCTIONS.get(node.word)
    if function is None:
        raise Broken(_("There is no function “%(name)s”.", name=node.word), node.place)
    if len(node.parts) != len(function.takes):
        raise Broken(_("%(name)s takes %(n)s values, for example %(example)s.", name=node.word, n=len(function.takes),
                       example=function.help), node.place)  # fmt: skip
    lines = [""]
    for part, wanted in zip(node.parts, function.takes, strict=True):
        given = check(part, names)
        if wanted.of and not given.of:
            raise Broken(_("%(name)s needs values of lines, for example %(example)s.", name=node.word,
                           example=function.help), part.place)  # fmt: skip
        _must(part, [given], wanted.one)
        if not wanted.of:
            lines.append(given.of)
    return many(function.gives, max(lines))


def _must(node: Node, kinds: list[Kind], wanted: Kind) -> None:
    for kind in kinds:
        if kind.base not in {wanted.base, EMPTY.base} or (kind == EMPTY and wanted == TRUTH):
            message = _(
                "%(wanted)s is needed here, this is %(given)s.", wanted=WORDS[wanted.base], given=WORDS[kind.base]
            )
            raise Broken(message, node.place)


def _lines(node: Node, kinds: list[Kind]) -> str:
    """Return of which lines there is a value each; lines of two tables cannot be joined."""
    found = sorted({kind.of for kind in kinds if kind.of})
    if len(found) > 1:
        raise Broken(_("Lines of two tables cannot be compared one by one."), node.place)
    return found[0] if found else ""


def _comparable(node: Node, kinds: list[Kind]) -> None:
    left, right = kinds
    if node.what in ORDERED and left.base in {TRUTH.base} | ({TEXT.base} - {right.base}):
        raise Broken(_("%(given)s has no order.", given=WORDS[left.base]), node.place)
    if EMPTY in {left, right} and node.what in EQUAL:
        return
    if left.base != right.base:
        text = _("%(left)s and %(right)s cannot be compared.", left=WORDS[left.base], right=WORDS[right.base])
        raise Broken(text, node.place)
