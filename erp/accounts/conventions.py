"""How a company rounds, taxes, discounts and settles: read from its settings, passed to every pure function."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any


@dataclass(frozen=True, slots=True)
class Conventions:
    """The ways of one company; each default is what most companies do."""

    tax_rounding: str = "document"
    tax_base: str = "rounded"
    tax_grouping: str = "tax"
    tax_residual: str = "first_tax"
    included_tax_residual: str = "none"
    rounding_mode: str = "half_up"
    rounding_unit: Decimal = Decimal("0.01")
    cash_rounding_unit: Decimal | None = None
    cash_rounding_scope: str = "document"
    discount_tax: str = "on_payment"
    reversal_style: str = "swap"
    credit_note_item: str = "applied"
    rate_quote: str = "direct"
    fx_settlement: str = "booked_amount"
    fx_conversion: str = "per_entry"
    fx_revaluation: str = "exchange_account"
    closing_style: str = "direct"
    closing_by: str = "none"
    due_days: int = 30


CHOICES: dict[str, tuple[str, ...]] = {
    "tax_rounding": ("document", "line", "line_combination", "document_combination"),
    "tax_base": ("rounded", "unrounded"),
    "tax_grouping": ("tax", "tax_and_sign", "head"),
    "tax_residual": ("first_tax", "first_line"),
    "included_tax_residual": ("none", "rounding_account"),
    "rounding_mode": ("half_up", "half_even", "up", "down"),
    "cash_rounding_scope": ("document", "instalment"),
    "discount_tax": ("on_payment", "on_invoice", "none"),
    "reversal_style": ("swap", "negative"),
    "credit_note_item": ("applied", "separate"),
    "rate_quote": ("direct", "inverse"),
    "fx_settlement": ("booked_amount", "payment_value"),
    "fx_conversion": ("per_entry", "per_instalment"),
    "fx_revaluation": ("exchange_account", "unrealised_account"),
    "closing_style": ("direct", "income_summary"),
    "closing_by": ("none", "cost_centre"),
}
AMOUNTS = ("rounding_unit", "cash_rounding_unit")
MOST_DAYS = 3650


def from_settings(stored: dict[str, Any] | None, minor_unit: Decimal) -> Conventions:
    """Return the conventions a company has set; what it has not set follows its currency or the default."""
    chosen: dict[str, Any] = {"rounding_unit": minor_unit}
    for key, value in (stored or {}).items():
        if key in AMOUNTS:
            chosen[key] = Decimal(str(value))
        elif key in CHOICES or key == "due_days":
            chosen[key] = value
    return Conventions(**chosen)


def wrong_settings(stored: dict[str, Any]) -> list[str]:
    """Return the keys whose value this product does not offer."""
    return [key for key, value in stored.items() if not _is_offered(key, value)]


def _is_offered(key: str, value: Any) -> bool:
    if key in AMOUNTS:
        try:
            return Decimal(str(value)) > 0
        except InvalidOperation:
            return False
    if key == "due_days":
        return isinstance(value, int) and 0 <= value <= MOST_DAYS
    return key in CHOICES and value in CHOICES[key]
