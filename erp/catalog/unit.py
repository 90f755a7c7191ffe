"""Units of measure and the exact conversion between them: a factor is a fraction, so nothing is lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Mapped

from erp.kernel.change import Work, kept, valid_if
from erp.kernel.errors import Problem
from erp.kernel.records import Choice, Master, field
from erp.kernel.text import _, _l

DIMENSIONS = (
    ("count", _l("Count")), ("weight", _l("Weight")), ("length", _l("Length")), ("area", _l("Area")),
    ("volume", _l("Volume")), ("time", _l("Time")),
)  # fmt: skip
QUANTITY_STEP = Decimal("0.000001")


class Unit(Master):
    """A unit of measure: ``numerator / denominator`` of the basic unit of its dimension (piece, kilogram, metre...)."""

    __label__ = _l("Unit")
    __plural_label__ = _l("Units")
    __icon__ = "ruler"
    __setup__ = True

    dimension: Mapped[Choice] = field(_l("Measures"), default="count", in_list=True, in_filter=True, choices=DIMENSIONS)
    numerator: Mapped[int] = field(_l("Basic units"), default=1, in_list=True, help=_l("A dozen: 12 basic units…"))
    denominator: Mapped[int] = field(_l("in so many of this"), default=1, in_list=True, help=_l("… in 1 of this."))

    @property
    def factor(self) -> Fraction:
        """Return how many basic units one of this is."""
        return Fraction(self.numerator, self.denominator)


@valid_if(Unit)
def unit_problems(unit: Unit) -> list[Problem]:
    """Refuse a factor that is not positive."""
    message = _("Enter a whole number above zero.")
    return [
        Problem(name, "not_positive", message)
        for name in ("numerator", "denominator")
        if getattr(unit, name) is not None and getattr(unit, name) <= 0
    ]


class OtherDimension(ValueError):
    """Kilograms are not pieces: there is no factor between the two units."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit as a fact for pure functions."""

    code: str
    dimension: str
    factor: Fraction = Fraction(1)


def exactly(quantity: Decimal, source: Measure, target: Measure) -> Fraction:
    """Return ``quantity`` of ``source`` in ``target``, exactly; raise ``OtherDimension`` when they do not compare."""
    if source.dimension != target.dimension:
        raise OtherDimension(_("%(one)s cannot be converted into %(other)s.", one=source.code, other=target.code))
    return Fraction(quantity) * source.factor / target.factor


def convert(quantity: Decimal, source: Measure, target: Measure) -> Decimal:
    """Return ``quantity`` of ``source`` in ``target``, half up to the sixth decimal where it does not end before."""
    exact = exactly(quantity, source, target)
    with localcontext(prec=60):
        value = Decimal(exact.numerator) / Decimal(exact.denominator)
        kept = value.quantize(QUANTITY_STEP, ROUND_HALF_UP)
        return kept.normalize() if kept != kept.to_integral_value() else kept.quantize(Decimal(1))


def measures(work: Work) -> Mapping[int, Measure]:
    """Return every unit by id."""
    return kept(work, "measures", lambda: _measures(work))


def _measures(work: Work) -> dict[int, Measure]:
    query = select(Unit.id, Unit.code, Unit.dimension, Unit.numerator, Unit.denominator)
    return {row[0]: Measure(row[1], row[2], Fraction(row[3], row[4])) for row in work.session.execute(query)}


BASIC = (
    ("pc", "Piece", "count", 1, 1), ("doz", "Dozen", "count", 12, 1), ("box", "Box", "count", 1, 1),
    ("kg", "Kilogram", "weight", 1, 1), ("g", "Gram", "weight", 1, 1000),
    ("lb", "Pound", "weight", 45359237, 100000000),
    ("m", "Metre", "length", 1, 1), ("cm", "Centimetre", "length", 1, 100), ("m2", "Square metre", "area", 1, 1),
    ("l", "Litre", "volume", 1, 1), ("ml", "Millilitre", "volume", 1, 1000),
    ("h", "Hour", "time", 1, 1), ("min", "Minute", "time", 1, 60), ("day", "Day", "time", 24, 1),
)  # fmt: skip


def seed_units(work: Work) -> int:
    """Add the usual units where they are missing; return how many were added."""
    there = set(work.session.scalars(select(Unit.code)))
    fresh = [
        Unit(code=code, name=name, dimension=dimension, numerator=numerator, denominator=denominator)
        for code, name, dimension, numerator, denominator in BASIC if code not in there
    ]  # fmt: skip
    work.session.add_all(fresh)
    work.session.flush()
    return len(fresh)
