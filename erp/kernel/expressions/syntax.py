"""From text to a tree: a lexer and a parser by precedence. No text of a condition is ever run as a program."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from erp.kernel.text import _

LONGEST, DEEPEST = 2_000, 40
WORDS = {"and", "or", "not", "in"}
CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "empty": None}
PRECEDENCE = {
    "or": 1, "and": 2, "=": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4, "in": 4, "+": 5, "-": 5, "*": 6, "/": 6,
}  # fmt: skip
NOT, NEGATIVE = 3, 7
TOKEN = re.compile(
    r"\s*(?:(?P<date>\d{4}-\d{2}-\d{2})(?![\w.])|(?P<number>\d+(?:\.\d+)?)(?![\w.])|(?P<text>'[^']*'|\"[^\"]*\")"
    r"|(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|(?P<sign><=|>=|!=|==|[=<>+\-*/(),\[\]]))"
)


class Broken(Exception):
    """A condition that cannot be read or makes no sense; ``place`` counts characters from 1."""

    def __init__(self, message: str, place: int) -> None:
        super().__init__(message)
        self.message, self.place = message, place


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a condition. ``what``: value, name, list, call, or a sign; ``word`` is the name called or meant."""

    what: str
    word: str = ""
    value: Decimal | str | date | bool | None = None
    parts: tuple["Node", ...] = ()
    place: int = 1


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a sign and where it stands."""

    kind: str
    text: str
    place: int


def parse(text: str) -> Node:
    """Return the tree of a condition; raise ``Broken`` with the place where reading stopped."""
    if len(text) > LONGEST:
        raise Broken(_("The condition is longer than %(most)s characters.", most=LONGEST), LONGEST)
    reader = Reader(list(_tokens(text)), len(text) + 1)
    tree = reader.expression(0)
    if reader.here.kind != "end":
        raise reader.unexpected()
    return tree


def names_in(node: Node) -> set[str]:
    """Return the names whose values a condition needs."""
    own = {node.word} if node.what == "name" else set()
    return own.union(*(names_in(part) for part in node.parts))


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while text[at:].strip():
        found = TOKEN.match(text, at)
        if found is None:
            at += len(text[at:]) - len(text[at:].lstrip())
            raise Broken(_("“%(sign)s” is not understood here.", sign=text[at]), at + 1)
        kind = str(found.lastgroup)
        word = found.group(kind)
        lower = word.lower()
        if kind == "name" and (lower in WORDS or lower in CONSTANTS):
            kind, word = ("sign" if lower in WORDS else "constant"), lower
        yield Token(kind, "=" if word == "==" else word, found.start(found.lastgroup or 0) + 1)
        at = found.end()


class Reader:
    """Reads tokens from left to right; ``depth`` keeps hostile texts from nesting without end."""

    def __init__(self, tokens: list[Token], end: int) -> None:
        self.tokens, self.at, self.depth, self.end = tokens, 0, 0, end

    @property
    def here(self) -> Token:
        """Return the token to be read next."""
        return self.tokens[self.at] if self.at < len(self.tokens) else Token("end", "", self.end)

    def take(self) -> Token:
        """Return the next token and go on."""
        token = self.here
        self.at += 1
        return token

    def expect(self, sign: str) -> None:
        """Read one sign that must come here."""
        if self.here.kind != "sign" or self.here.text != sign:
            raise self.unexpected(sign)
        self.at += 1

    def unexpected(self, wanted: str = "") -> Broken:
        """Return what to say about the token that does not belong here."""
        if self.here.kind == "end":
            return Broken(_("The condition ends too early."), self.end)
        if wanted:
            return Broken(_("“%(sign)s” is missing here.", sign=wanted), self.here.place)
        return Broken(_("“%(sign)s” is not understood here.", sign=self.here.text), self.here.place)

    def expression(self, floor: int) -> Node:
        """Read operands and signs that bind more tightly than ``floor``."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise Broken(_("The condition is nested too deeply."), self.here.place)
        left = self.operand()
        while (sign := self.binary()) and PRECEDENCE[sign] > floor:
            token = self.take()
            negated = sign == "in" and token.text == "not"
            if negated:
                self.at += 1
            left = Node(sign, parts=(left, self.expression(PRECEDENCE[sign])), place=token.place)
            left = Node("not", parts=(left,), place=token.place) if negated else left
        self.depth -= 1
        return left

    def binary(self) -> str:
        """Return the sign between two operands that comes next, or nothing."""
        token = self.here
        if token.kind != "sign":
            return ""
        after = self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else None
        if token.text == "not" and after is not None and after.kind == "sign" and after.text == "in":
            return "in"
        return token.text if token.text in PRECEDENCE else ""

    def operand(self) -> Node:
        """Read a value, a name, a call, a list, or something in parentheses."""
        token = self.take()
        if token.kind == "sign":
            return self.signed(token)
        if token.kind == "name" and self.here.text == "(" and self.here.kind == "sign":
            self.at += 1
            return Node("call", token.text.lower(), parts=self.several(")"), place=token.place)
        if token.kind == "name":
            return Node("name", token.text.lower(), place=token.place)
        if token.kind == "end":
            raise self.unexpected()
        return Node("value", value=_value(token), place=token.place)

    def signed(self, token: Token) -> Node:
        """Read what begins with a sign."""
        if token.text == "not":
            return Node("not", parts=(self.expression(NOT),), place=token.place)
        if token.text == "-":
            return Node("negative", parts=(self.expression(NEGATIVE),), place=token.place)
        if token.text == "[":
            return Node("list", parts=self.several("]"), place=token.place)
        if token.text == "(":
            inner = self.expression(0)
            self.expect(")")
            return inner
        self.at -= 1
        raise self.unexpected()

    def several(self, closing: str) -> tuple[Node, ...]:
        """Read operands with commas between them up to the closing sign."""
        found: list[Node] = []
        while self.here.text != closing or self.here.kind != "sign":
            if found:
                self.expect(",")
            found.append(self.expression(0))
        self.at += 1
        return tuple(found)


def _value(token: Token) -> Decimal | str | date | bool | None:
    if token.kind == "number":
        return Decimal(token.text)
    if token.kind == "text":
        return token.text[1:-1]
    if token.kind == "constant":
        return CONSTANTS[token.text]
    try:
        return date.fromisoformat(token.text)
    except ValueError:
        raise Broken(_("%(day)s is no day of the calendar.", day=token.text), token.place) from None
