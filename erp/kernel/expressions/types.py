"""The types of values: numbers, texts, days, truths, and as many of one of them as a document has lines."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A type: ``base``, and the name of the lines when there is one value for each of them."""

    base: str
    of: str = ""

    @property
    def one(self) -> "Kind":
        """Return the type of a single value."""
        return Kind(self.base)


NUMBER, TEXT, DATE, TRUTH, EMPTY = Kind("number"), Kind("text"), Kind("date"), Kind("truth"), Kind("empty")


def many(kind: Kind, lines: str) -> Kind:
    """Return the type of one value for each of ``lines``."""
    return Kind(kind.base, lines)
