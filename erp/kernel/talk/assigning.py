"""Assignments: somebody is asked to do something about a record, until a day, and says when it is done."""

import contextlib
from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import Select, func, or_, select

from erp.kernel.change.audit import audit
from erp.kernel.change.find import find, visible
from erp.kernel.change.hooks import announce
from erp.kernel.change.undo import UndoStep, may_be_taken_back, undoes
from erp.kernel.change.work import Work
from erp.kernel.errors import Conflict, NotAllowed, NotFound, Problem, Problems
from erp.kernel.live.announce import notify
from erp.kernel.paper.notifications import ASSIGNED, N_, notice
from erp.kernel.records import Record, has_kind, kind_of
from erp.kernel.rights import active_actors
from erp.kernel.talk.following import follow_by_itself
from erp.kernel.talk.model import DONE, OPEN, WITHDRAWN, Assignment
from erp.kernel.talk.people import who_see
from erp.kernel.text import _

UNDO = "assigned"
LONGEST_NOTE = 500
SHOWN = 200
AT_ONCE = 500


def assign(
    work: Work, record: Record, user_id: int | None, *, note: str = "", due_on: date | None = None, undo: bool = True
) -> Assignment:  # fmt: skip
    """Ask a user who may see the record to do something about it; its maker may take it back for ten seconds (``undo``).

    Raises ``Problems`` for somebody who may not see it, a day that is over or an endless note.
    """
    person = next((one for one in active_actors(work.session) if one.user_id == user_id), None)
    problems = []
    if person is None or not who_see(work, record, [person]):
        problems.append(Problem("user", "not_found", _("Choose somebody who may see this.")))
    if due_on is not None and due_on < work.today(getattr(record, "company_id", None)):
        problems.append(Problem("due_on", "past", _("This day is over.")))
    if len(note) > LONGEST_NOTE:
        problems.append(Problem("note", "too_long", _("At most %(n)s characters.", n=LONGEST_NOTE)))
    if person is None or problems:
        raise Problems(problems)
    row = Assignment(
        about_kind=record.__kind__, about_id=record.id, user_id=person.user_id, user_name=person.name, due_on=due_on,
        note=" ".join(note.split()), created_at=work.now, created_by_id=work.actor.user_id, created_by_name=work.actor.name,
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    audit(work, "assigned", record, note=f"{person.name}: {row.note}" if row.note else person.name)
    follow_by_itself(work, record, [work.actor.user_id, person.user_id])
    _tell(work, record, person.user_id, N_("%(who)s asks you to see to %(what)s"))
    if undo:
        may_be_taken_back(work, UNDO, record, {"assignment": row.id})
    announce(work, record, "assigned")
    return row


def _tell(work: Work, record: Record, user_id: int | None, message: str) -> None:
    if user_id is not None and user_id != work.actor.user_id:
        values = {"who": work.actor.name, "what": str(record.title)}
        url = f"/{record.__collection__}/{record.id}"
        notice(work, user_id, message, values=values, url=url, about=record, type=ASSIGNED)


def end(work: Work, record: Record, assignment_id: int, *, state: str = DONE) -> Assignment:
    """Say that it is done, or that nobody needs to do it; who asked, or who was asked, is told.

    Raises ``NotAllowed`` for somebody who has nothing to do with it, ``Conflict`` when it has ended.
    """
    row = work.session.get(Assignment, assignment_id, with_for_update=True)
    if row is None or (row.about_kind, row.about_id) != (record.__kind__, record.id):
        raise NotFound
    if work.actor.user_id not in {row.user_id, row.created_by_id} and not work.actor.is_admin:
        raise NotAllowed(_("Only who was asked, or who asked, may do this. Nothing was changed."))
    if row.state != OPEN:
        raise Conflict(_("This has ended already. Nothing was changed."))
    row.state, row.ended_at, row.ended_by_id = state, work.now, work.actor.user_id
    work.session.flush()
    audit(work, "assignment_done" if state == DONE else "assignment_withdrawn", record, note=row.note or row.user_name)
    done = N_("%(who)s has seen to %(what)s")
    gone = N_("%(who)s says that nobody needs to see to %(what)s any more")
    for user_id in {row.created_by_id, row.user_id}:
        _tell(work, record, user_id, done if state == DONE else gone)
    announce(work, record, "assigned")
    notify(work, row.user_id, None)
    return row


@undoes(UNDO)
def take_assignment_back(work: Work, step: UndoStep) -> str:
    """Take a request back that was made a moment ago. Raises ``Conflict`` when it is done already."""
    record = find(work, kind_of(step.kind), step.record_id, lines=False)
    row = work.session.get_one(Assignment, step.content["assignment"], with_for_update=True)
    if row.state != OPEN:
        raise Conflict(_("This has ended already. Nothing was changed."))
    end(work, record, row.id, state=WITHDRAWN)
    return f"/{record.__collection__}/{record.id}"


def assignments_of(work: Work, record: Record) -> list[Assignment]:
    """Return what is to be done about a record: what is due first."""
    about = (Assignment.about_kind == record.__kind__, Assignment.about_id == record.id, Assignment.state == OPEN)
    order = (Assignment.due_on.is_(None), Assignment.due_on, Assignment.id)
    return list(work.session.scalars(select(Assignment).where(*about).order_by(*order)))


def counting_todo(work: Work) -> Select[int]:
    """Return the question how much the actor is asked to do."""
    mine = (Assignment.user_id == work.actor.user_id, Assignment.state == OPEN)
    return select(func.count()).select_from(Assignment).where(*mine)


def own_assignments(work: Work, show: str = "mine") -> list[tuple[Assignment, Record]]:
    """Return what the actor is asked to do (``mine``), asked of others (``asked``) or has done (``done``), with its record.

    What is about a record that he may no longer see is left out: one query for each kind.
    """
    mine, me = Assignment.user_id == work.actor.user_id, work.actor.user_id
    chosen = {
        "mine": (mine, Assignment.state == OPEN), "asked": (Assignment.created_by_id == me, ~mine, Assignment.state == OPEN),
        "done": (or_(mine, Assignment.created_by_id == me), Assignment.state != OPEN),
    }[show]  # fmt: skip
    order = (Assignment.ended_at.desc(), Assignment.due_on.is_(None), Assignment.due_on, Assignment.id)
    rows = list(work.session.scalars(select(Assignment).where(*chosen).order_by(*order).limit(SHOWN)))
    records = _records(work, rows)
    return [(row, records[row.about_kind, row.about_id]) for row in rows if (row.about_kind, row.about_id) in records]


def _records(work: Work, rows: Iterable[Assignment]) -> dict[tuple[str, int], Record]:
    ids: dict[str, set[int]] = {}
    for row in rows:
        ids.setdefault(row.about_kind, set()).add(row.about_id)
    found: dict[tuple[str, int], Record] = {}
    for name in sorted(name for name in ids if has_kind(name)):
        kind = kind_of(name)
        for record in work.session.scalars(select(kind).where(kind.id.in_(ids[name]), visible(work.actor, kind))):
            found[name, record.id] = record
    return found


def remind(work: Work) -> int:
    """Tell each who is asked, once, when the day has come on which something is due where he lives; return how many."""
    people = {one.user_id: one for one in active_actors(work.session)}
    latest = work.now.date() + timedelta(days=1)
    due = select(Assignment).where(
        Assignment.state == OPEN, Assignment.due_on <= latest, Assignment.reminded_on.is_(None)
    )
    count = 0
    for row in work.session.scalars(due.with_for_update(skip_locked=True).limit(AT_ONCE)):
        person = people.get(row.user_id)
        if person is None or not has_kind(row.about_kind):
            continue
        own = Work(work.session, person, now=work.now)
        if row.due_on is None or row.due_on > own.today():
            continue
        row.reminded_on = own.today()
        with contextlib.suppress(NotFound):
            record = find(own, kind_of(row.about_kind), row.about_id, lines=False)
            url = f"/{record.__collection__}/{record.id}"
            values = {"what": str(record.title)}
            notice(work, row.user_id, N_("%(what)s is due today"), values=values, url=url, about=record, type=ASSIGNED)
            count += 1
    work.session.flush()
    return count
