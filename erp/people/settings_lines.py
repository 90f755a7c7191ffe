"""What the settings page says about people."""

from erp.kernel.text import _l
from erp.kernel.web.settings_index import PEOPLE, settings_line

settings_line(_l("Employees"), _l("Who works here."), "/employees", group=PEOPLE, right=("read", "employee"))
