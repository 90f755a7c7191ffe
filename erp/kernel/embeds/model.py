"""What somebody opened to another site, or to a customer: one path, for one origin, until a moment."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped

from erp.kernel.records import Code, Instant, Name, Record, field, link
from erp.kernel.text import _l

DEFAULT_LIFE = "30d"


class Embed(Record):
    """A way in for people who are not signed in. Whoever opens it sees what its maker may see, and only this path.

    Its address is signed over everything that is entered here: what is changed makes earlier addresses worthless.
    """

    __label__ = _l("Embed")
    __plural_label__ = _l("Embeds")
    __icon__ = "external-link"
    __setup__ = True
    __title__ = "path"
    __company_bound__ = False
    __field_order__ = ("path", "origin", "fields", "expires_in")

    path: Mapped[Name] = field(
        _l("What"), in_list=True, search=True, wide=True,
        help=_l("As in its address: /sales-orders/12, /items?group=3, /reports/sales-register, /sales-orders/new?customer=7"),
    )  # fmt: skip
    origin: Mapped[Name | None] = field(
        _l("Site"), in_list=True, wide=True,
        help=_l("The one that shows it, as https://shop.example. Empty: a link to send, with a page of its own."),
    )  # fmt: skip
    fields: Mapped[str | None] = field(
        _l("Fields shown"), String(500), wide=True,
        help=_l("Names with commas between them, as number, total, lines.item. Empty: those that lists show."),
    )  # fmt: skip
    expires_in: Mapped[Code] = field(
        _l("Works for"), default=DEFAULT_LIFE, help=_l("30d, 12h, 30m, or a number of seconds; a year at the most.")
    )
    comments: Mapped[bool] = field(_l("May comment"), default=False, help=_l("What is written stands at the document."))
    acceptance: Mapped[bool] = field(_l("May accept"), default=False, help=_l("One click says yes to the document."))
    company_id: Mapped[int | None] = link("company", _l("Company"), group="More", index=False)
    expires_at: Mapped[Instant | None] = field(_l("Works until"), in_form=False, in_list=True, readonly=True)
    revoked_at: Mapped[Instant | None] = field(_l("Revoked"), in_form=False, in_list=True, readonly=True)
    used_at: Mapped[Instant | None] = field(_l("Last opened"), in_form=False, in_list=True, readonly=True)
    accepted_at: Mapped[Instant | None] = field(_l("Accepted"), in_form=False, readonly=True)
    accepted_by: Mapped[Name | None] = field(_l("Accepted by"), in_form=False, readonly=True)

    @classmethod
    def read_payload(cls, payload: dict[str, Any]) -> dict[str, Any]:
        """Return what was sent with a life in seconds as text, and fields as one text."""
        life, names = payload.get("expires_in"), payload.get("fields")
        found = dict(payload)
        if isinstance(life, int) and not isinstance(life, bool):
            found["expires_in"] = str(life)
        if isinstance(names, list) and all(isinstance(name, str) for name in names):
            found["fields"] = ", ".join(names)
        return found

    def api_extra(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return the signed address beside the fields."""
        del body
        return {"url": _address_of(self) if _address_of is not None and self.id else None}


_address_of: Any = None


def signs_addresses(sign: Any) -> Any:
    """Register who signs: ``sign(embed) -> url``."""
    global _address_of  # noqa: PLW0603 - set once while modules are imported
    _address_of = sign
    return sign
