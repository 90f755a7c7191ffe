"""What departments offer to the cases: events, plans, reports, master data, conventions - each by name."""

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


class Unsupported(Exception):
    """The product has no command for this yet; the message says what is missing."""


_found: dict[tuple[str, str], Callable[..., Any]] = {}
_conventions: dict[str, tuple[str, ...]] = {}


def _register(hook: str, name: str) -> Callable[[F], F]:
    def register(act: F) -> F:
        _found[hook, name] = act
        return act

    return register


def event(name: str) -> Callable[[F], F]:
    """Register ``act(run, event)`` for events of a type; it drives commands and returns nothing."""
    return _register("event", name)


def plan(kind: str) -> Callable[[F], F]:
    """Register ``act(run, input) -> rows`` for a planning function."""
    return _register("plan", kind)


def report(name: str) -> Callable[[F], F]:
    """Register ``act(run, params) -> rows`` for a report."""
    return _register("report", name)


def given(name: str) -> Callable[[F], F]:
    """Register ``act(run, value)`` which creates master data."""
    return _register("given", name)


def reads(name: str) -> Callable[[F], F]:
    """Register ``act(run, ...)`` which reads something back: company, document, ledger, balances, tax_report."""
    return _register("reads", name)


WAITS = {
    "stock": (
        "receipt issue transfer purchase_return sales_return count revaluation landed_cost landed_cost_claim repack "
        "purchase_receipt delivery drop_shipment allocation batch_trace margin stock_forecast stock_turnover items"
    ),
    "buying orders": "purchase_order purchases",
    "manufacturing": (
        "production production_order production_finish work mrp reorder internal_supply lead_time bom_cost "
        "bom_explosion bom_quantities boms work_centres output_tolerance_percent"
    ),
    "assets": (
        "asset_acquire asset_depreciate asset_revalue asset_dispose asset_retire asset_split asset_capitalise depreciation"
    ),
    "bank statements": "bank_statement bank_reconciliation",
    "budgets": "budget budgets budget_spread",
    "dunning": "dunning_run dunning_process dunning_block dunning_levels",
    "deferrals": "recognise",
    "deposits": "deposit_invoice",
    "withholding": "withholding",
    "pricing rules": "price_rules price line_discount",
}
FEATURE_OF = {name: feature for feature, names in WAITS.items() for name in names.split()}


def found(hook: str, name: str) -> Callable[..., Any]:
    """Return what departments registered, or say what is missing and which feature it waits for."""
    act = _found.get((hook, name))
    if act is None:
        words = {"event": "event type", "plan": "plan kind", "report": "report", "given": "master data"}.get(hook, hook)
        feature = FEATURE_OF.get(name)
        waits = f"waits for {feature}" if feature else "the product has no command for it yet"
        raise Unsupported(f"{words} {name}: {waits}")
    return act


def adopts(key: str, *values: str) -> None:
    """Say that the product offers these values of a convention, beside the default."""
    _conventions[key] = (*_conventions.get(key, ()), *values)


DEFAULTS = {
    "tax_rounding": "document", "tax_base": "rounded", "tax_grouping": "tax", "tax_residual": "first_tax",
    "included_tax_residual": "none", "charge_rounding": "not_asserted", "rounding_mode": "half_up",
    "cash_rounding_scope": "document", "discount_tax": "on_payment", "inventory": "perpetual",
    "stock_style": "anglo_saxon", "standard_cost_difference": "purchase_variance", "valuation_scope": "item_warehouse",
    "negative_stock": "refused", "negative_layer": "not_asserted", "cost_period": "movement", "value_residual": "none",
    "drop_shipment": "through_inventory", "move_price": "order_price", "freight_in_asset": "expensed",
    "asset_disposal": "net", "asset_revaluation": "prospective", "reversal_style": "swap",
    "credit_note_item": "applied", "instalment_order": "oldest_first", "auto_reconcile": "balanced_only",
    "advance_account": "receivable", "rate_quote": "direct", "fx_settlement": "booked_amount",
    "fx_conversion": "per_entry", "fx_write_off": "not_asserted", "depreciation_method": "common",
    "fx_residual": "exchange_difference", "fx_revaluation": "exchange_account", "fx_deposit": "day_rate",
    "deferral_basis": "days", "deferral_last_day": "included", "day_count": "365",
    "term_date_order": "months_day_days", "closing_style": "direct", "closing_by": "none",
    "dunning_fee_posting": "on_process", "no_due_date": "counts_as_due", "budget_month": "not_asserted",
    "share_decimals": "4", "price_decimals": "4", "price_rule": "most_specific_then_priority",
    "by_product_cost": "given_share", "component_rounding": "inputs_up_outputs_down", "operation_time": "run_only",
    "production_cost": "material_and_work", "withholding_trigger": "reached",
    "withholding_catch_up": "earlier_bills", "reorder": "below_minimum_to_target",
    "release": "receipt_minus_lead_time", "lead_days": "calendar", "margin_losses": "cost_only",
    "forecast": "drafts_count", "cash_rounding_unit": "none",
}  # fmt: skip
FREE = {"rounding_unit", "cash_rounding_unit", "prices_include_tax", "share_decimals", "price_decimals", "day_count"}


def check_conventions(wanted: dict[str, Any]) -> None:
    """Say which convention of a case the product does not offer."""
    for key, value in wanted.items():
        if key in FREE or value == DEFAULTS.get(key) or value in _conventions.get(key, ()):
            continue
        raise Unsupported(f"convention {key}={value} not adopted")
