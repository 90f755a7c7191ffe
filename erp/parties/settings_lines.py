"""What the settings page says about parties."""

from erp.kernel.text import _l
from erp.kernel.web.settings_index import COMPANY, settings_line
from erp.parties.features import TERRITORIES

settings_line(
    _l("Territories"), _l("Regions that customers belong to."), "/territories", group=COMPANY,
    right=("update", "territory"), feature=TERRITORIES.key,
)  # fmt: skip
