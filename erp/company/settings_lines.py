"""What the settings page says about companies."""

from erp.company.features import BRANCHES
from erp.kernel.text import _l
from erp.kernel.web.settings_index import COMPANY, settings_line

settings_line(
    _l("Companies"),
    _l("Name, address, letterhead, language."),
    "/companies",
    group=COMPANY,
    right=("update", "company"),
)
settings_line(
    _l("Branches"), _l("Places where a company works."), "/branches", group=COMPANY, right=("update", "branch"),
    feature=BRANCHES.key,
)  # fmt: skip
settings_line(
    _l("Currencies and rates"), _l("What a foreign unit is worth, from a day on."), "/exchange-rates", group=COMPANY,
    right=("read", "exchange_rate"),
)  # fmt: skip
