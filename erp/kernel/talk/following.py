"""Following: who hears of what happens to a record. Who writes, is named or is asked follows by himself, unless he said no."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, select

from erp.kernel.change.hooks import on_change
from erp.kernel.change.work import Work
from erp.kernel.paper.notifications import FOLLOWED, N_, Notification, notice
from erp.kernel.records import Record
from erp.kernel.rights import active_actors
from erp.kernel.talk.model import Follow
from erp.kernel.talk.people import who_see

TOLD = {
    "submitted": N_("%(who)s submitted %(what)s"), "cancelled": N_("%(who)s cancelled %(what)s"),
    "approved": N_("%(who)s approved %(what)s"), "rejected": N_("%(who)s rejected %(what)s"),
    "returned": N_("%(who)s returned %(what)s for changes"), "updated": N_("%(who)s changed %(what)s"),
    "archived": N_("%(who)s archived %(what)s"), "attached": N_("%(who)s attached a file to %(what)s"),
    "accepted": N_("%(who)s accepted %(what)s"), "overdue": N_("%(what)s is overdue"),
}  # fmt: skip
"""What followers hear of; a change that they have not read of yet is not told twice."""


def _of(record: Record) -> ColumnElement[bool]:
    return and_(Follow.about_kind == record.__kind__, Follow.about_id == record.id)


def follow(work: Work, record: Record, *, is_on: bool) -> None:
    """Let the actor hear of a record from now on, or no more."""
    row = work.session.scalars(select(Follow).where(_of(record), Follow.user_id == work.actor.user_id)).one_or_none()
    if row is None:
        row = Follow(about_kind=record.__kind__, about_id=record.id, user_id=work.actor.user_id)
        work.session.add(row)
    row.is_on = is_on
    work.session.flush()


def follow_by_itself(work: Work, record: Record, people: Iterable[int | None]) -> None:
    """Let people follow who have to do with a record; who once said no is left alone."""
    wanted = {one for one in people if one is not None}
    known = set(work.session.scalars(select(Follow.user_id).where(_of(record)))) if wanted else set()
    work.session.add_all(
        Follow(about_kind=record.__kind__, about_id=record.id, user_id=one, is_on=True)
        for one in sorted(wanted - known)
    )
    work.session.flush()


def follows(work: Work, record: Record) -> bool:
    """Return whether the actor follows a record."""
    mine = select(Follow.is_on).where(_of(record), Follow.user_id == work.actor.user_id)
    return bool(work.session.scalar(mine))


def followers(work: Work, record: Record) -> list[int]:
    """Return who follows a record and may still see it, without the actor."""
    ids = set(work.session.scalars(select(Follow.user_id).where(_of(record), Follow.is_on)))
    ids.discard(work.actor.user_id or 0)
    people = [one for one in active_actors(work.session) if one.user_id in ids] if ids else []
    return [int(one.user_id or 0) for one in who_see(work, record, people)] if people else []


def tell_followers(work: Work, record: Record, message: str, *, but: Iterable[int] = ()) -> None:
    """Tell the followers something; who has the same sentence about this record unread is not told again."""
    people = [one for one in followers(work, record) if one not in set(but)]
    if not people:
        return
    unread = select(Notification.user_id).where(
        Notification.about_kind == record.__kind__, Notification.about_id == record.id, Notification.message == message,
        Notification.user_id.in_(people), Notification.read_at.is_(None),
    )  # fmt: skip
    known = set(work.session.scalars(unread))
    values = {"who": work.actor.name, "what": str(record.title)}
    url = f"/{record.__collection__}/{record.id}"
    for user_id in people:
        if user_id not in known:
            notice(work, user_id, message, values=values, url=url, about=record, type=FOLLOWED)


@on_change
def tell(work: Work, record: Record, event: str) -> None:
    """Tell the followers of what happened to a record; of one change for each record and transaction."""
    if event not in TOLD or record.id is None or record.created_at == work.now:  # nobody follows what is not there yet
        return
    told: set[tuple[str, int, str]] = work.facts.setdefault("told followers", set())
    about = (record.__kind__, record.id, event)
    if about not in told:
        told.add(about)
        tell_followers(work, record, TOLD[event])
