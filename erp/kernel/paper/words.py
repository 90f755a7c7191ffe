"""Figures and dates as a printed page writes them: exact, in the reader's language, in the currency's own digits."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from babel.dates import format_date

from erp.kernel.format import Format


@dataclass(frozen=True)
class Words:
    """How one paper in one language and currency writes amounts, quantities and dates."""

    language: str
    currency: str

    @cached_property
    def format(self) -> Format:
        """Return the formatter behind these words."""
        return Format(self.language, "UTC", self.currency or "EUR")

    def amount(self, value: Decimal) -> str:
        """Return an amount without its currency, in the digits the currency has: 1,637.01 or 850,179."""
        return self.format.money(value)

    def money(self, value: Decimal) -> str:
        """Return an amount with its currency: €1,637.01 or ¥850,179."""
        text = self.format.money(abs(value), symbol=True).replace("\uffe5", "¥")
        return ("-" if value < 0 else "") + text

    def price(self, value: Decimal) -> str:
        """Return a price: the currency's digits, more only where the price has them."""
        return self.format.money(value)

    def number(self, value: Decimal) -> str:
        """Return a plain number with exactly the decimals it has."""
        return self.format.number(value)

    def measured(self, value: Decimal, unit: str) -> str:
        """Return a quantity with its unit: "24 bags" or 120袋."""
        return f"{self.number(value)}{'' if self.language == 'ja' else ' '}{unit}".strip()

    def percent(self, value: Decimal) -> str:
        """Return a percentage: "7 %" or 8%."""
        return f"{self.number(value)}{'%' if self.language == 'ja' else ' %'}"

    def date(self, value: datetime.date) -> str:
        """Return a date in full: 18 June 2026 or 2026年6月18日."""
        return str(format_date(value, "long", locale=self.format.locale))

    def short_date(self, value: datetime.date) -> str:
        """Return a date within a table: 18 Jun 2026 or 6/18."""
        return f"{value.month}/{value.day}" if self.language == "ja" else self.format.date(value)
