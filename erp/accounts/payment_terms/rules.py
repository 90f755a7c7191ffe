"""What terms of payment must be, so that every day and every part they lead to exists."""

from erp.accounts.payment_terms.model import PaymentTerms, PaymentTermsLine
from erp.kernel.change import valid_if
from erp.kernel.errors import Problem
from erp.kernel.text import _

LIMITS = (
    ("percent", 0, 100), ("parts", 1, 1000), ("months", 0, 600), ("days", 0, 3650), ("set_day", 1, 31),
    ("discount_percent", 0, 100), ("discount_days", 0, 3650),
)  # fmt: skip


@valid_if(PaymentTerms)
def terms_problems(terms: PaymentTerms) -> list[Problem]:
    """Refuse terms without parts, and parts that no calendar has."""
    if not terms.lines:
        return [Problem("lines", "no_lines", _("Say at least one part: when is it due?"))]
    return [problem.under("lines", place) for place, line in enumerate(terms.lines, 1) for problem in _part(line)]


def _part(line: PaymentTermsLine) -> list[Problem]:
    found = []
    for name, least, most in LIMITS:
        value = getattr(line, name)
        if value is not None and not least <= value <= most:
            message = _("Between %(least)s and %(most)s.", least=least, most=most)
            found.append(Problem(name, "out_of_range", message))
    if line.part == "equal" and line.parts is None:
        found.append(Problem("parts", "required", _("Say of how many equal parts this is one.")))
    return found
