"""Approval flows and deputies as an administrator keeps them."""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped

from erp.kernel.records import Choice, Line, LongText, Master, Name, Percent, Record, field, link, owner, rows
from erp.kernel.records.record import Voucher
from erp.kernel.records.registry import all_kinds
from erp.kernel.text import _l

ROLE, USER, MANAGER, OWNER, FIELD = "role", "user", "manager", "owner", "field"
SUBMIT, HOLD = "submit", "hold"
WHO = (
    (ROLE, _l("Somebody with the role")), (USER, _l("One user")), (MANAGER, _l("Manager of the requester")),
    (OWNER, _l("Owner of the customer")), (FIELD, _l("User in a field of the document")),
)  # fmt: skip


def kinds_to_approve() -> tuple[tuple[str, str], ...]:
    """Return the kinds of documents for which there may be flows, with their words."""
    return tuple((kind.__kind__, kind.__label__) for kind in all_kinds() if issubclass(kind, Voucher))


class ApprovalFlow(Master):
    """Says for one kind of document who must approve. Of several whose condition holds, the first one counts."""

    __label__ = _l("Approval flow")
    __plural_label__ = _l("Approval flows")
    __icon__ = "circle-check"
    __setup__ = True
    __default_sort__ = "position"

    for_kind: Mapped[Choice] = field(_l("Documents"), in_list=True, in_filter=True, choices=kinds_to_approve)
    position: Mapped[int] = field(
        _l("Place"), default=10, in_list=True, help=_l("Flows are asked in this order; the first whose condition holds counts.")
    )  # fmt: skip
    condition: Mapped[LongText | None] = field(
        _l("Condition"), in_list=True, wide=True, help=_l("For example total > 1000. Empty: every document.")
    )
    reason: Mapped[Name | None] = field(
        _l("Reason shown"), wide=True, help=_l("What approvers read: why it needs them.")
    )
    replaces_limits: Mapped[bool] = field(
        _l("Instead of limits"), default=False, help=_l("Limits kept elsewhere, as a customer’s, ask no more.")
    )
    own_requests: Mapped[bool] = field(
        _l("Own requests"), default=False, group="More", help=_l("Approvers may approve what they asked themselves.")
    )
    after: Mapped[Choice] = field(
        _l("When approved"), default=SUBMIT, group="More",
        choices=((SUBMIT, _l("Submit at once")), (HOLD, _l("Wait for the requester to submit"))),
    )  # fmt: skip
    reopen_percent: Mapped[Percent | None] = field(
        _l("Change allowed (%)"), group="More",
        help=_l("By how much an approved amount may change without asking again. Empty: not at all."),
    )  # fmt: skip
    mails: Mapped[bool] = field(
        _l("Mail the approvers"), default=False, group="More", help=_l("With a link that opens the request and works once.")
    )  # fmt: skip
    notify_role_id: Mapped[int | None] = link("role", _l("Tell this role"), group="More")
    assign_to_id: Mapped[int | None] = link(
        "user", _l("Then assign to"), group="More", help=_l("Who sees to an approved document next.")
    )
    only_company_id: Mapped[int | None] = link("company", _l("Only in company"), group="More")
    steps: Mapped[list["ApprovalFlowStep"]] = rows("ApprovalFlowStep", _l("Steps"))


class ApprovalFlowStep(Line):
    """One seat, or several alike; rows with the same number of step are asked at the same time."""

    __field_order__ = ("step", "name", "who", "role", "condition", "people", "consult")

    flow_id: Mapped[int] = owner("approval_flow")
    step: Mapped[int] = field(_l("Step"), default=1)
    name: Mapped[str | None] = field(_l("Called"), String(255))
    who: Mapped[Choice] = field(_l("Who"), default=ROLE, choices=WHO)
    role_id: Mapped[int | None] = link("role", _l("Role"))
    user_id: Mapped[int | None] = link("user", _l("User"), when_used=True)
    document_field: Mapped[str | None] = field(_l("Field"), String(64), when_used=True)
    condition: Mapped[str | None] = field(_l("Only if"), String(500))
    people: Mapped[int] = field(_l("People"), default=1)
    consult: Mapped[bool] = field(_l("Opinion only"), default=False)
    quorum: Mapped[int | None] = field(
        _l("Enough"), when_used=True, help=_l("How many approvals of this step are enough. Empty: all.")
    )
    hours: Mapped[int | None] = field(_l("Remind after (hours)"), when_used=True)
    escalate_id: Mapped[int | None] = link("role", _l("Then also"), when_used=True)
    editable: Mapped[str | None] = field(
        _l("Fields left open"), String(500), when_used=True, help=_l("Names with commas between them, as note, delivery_date.")
    )  # fmt: skip


class ApprovalDeputy(Record):
    """Somebody decides in the place of somebody else, from one day to another, both included."""

    __label__ = _l("Deputy")
    __plural_label__ = _l("Deputies")
    __icon__ = "user"
    __setup__ = True
    __title__ = "occasion"

    occasion: Mapped[Name] = field(_l("Occasion"), in_list=True, help=_l("For example summer holidays."))
    absent_id: Mapped[int] = link("user", _l("Who is away"), in_list=True)
    deputy_id: Mapped[int] = link("user", _l("Who decides instead"), in_list=True)
    from_day: Mapped[date] = field(_l("From"), in_list=True)
    to_day: Mapped[date] = field(_l("To"), in_list=True)
