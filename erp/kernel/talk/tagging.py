"""Tags: words of one's own at any record, and everything that has one of them."""

from sqlalchemy import select

from erp.kernel.change.audit import audit
from erp.kernel.change.find import visible
from erp.kernel.change.hooks import announce
from erp.kernel.change.work import Work
from erp.kernel.errors import Problem, Problems
from erp.kernel.records import Record, has_kind, kind_of
from erp.kernel.rights import may
from erp.kernel.talk.model import RecordTag
from erp.kernel.text import _

LONGEST = 40
MOST = 20
SHOWN = 200


def tag(work: Work, record: Record, name: str) -> str:
    """Put a tag at a record; one that it has already changes nothing. Raises ``Problems``."""
    said = " ".join((name or "").split()).lstrip("#")
    if not said:
        raise Problems([Problem("name", "required", _("Write a tag."))])
    if len(said) > LONGEST:
        raise Problems([Problem("name", "too_long", _("At most %(n)s characters.", n=LONGEST))])
    known = tags_of(work, record)
    if said.casefold() in {one.casefold() for one in known}:
        return said
    if len(known) >= MOST:
        raise Problems([Problem("name", "too_many", _("At most %(n)s tags at one record.", n=MOST))])
    work.session.add(RecordTag(about_kind=record.__kind__, about_id=record.id, name=said))
    work.session.flush()
    audit(work, "tagged", record, note=said)
    announce(work, record, "tagged")
    return said


def untag(work: Work, record: Record, name: str) -> None:
    """Take a tag off a record; one that is not there changes nothing."""
    about = (RecordTag.about_kind == record.__kind__, RecordTag.about_id == record.id, RecordTag.name == name)
    row = work.session.scalars(select(RecordTag).where(*about)).one_or_none()
    if row is not None:
        work.session.delete(row)
        work.session.flush()
        audit(work, "untagged", record, note=name)
        announce(work, record, "tagged")


def tags_of(work: Work, record: Record) -> list[str]:
    """Return the tags of a record, in order."""
    about = (RecordTag.about_kind == record.__kind__, RecordTag.about_id == record.id)
    return list(work.session.scalars(select(RecordTag.name).where(*about).order_by(RecordTag.name)))


def tagged(work: Work, name: str) -> list[tuple[type[Record], list[Record]]]:
    """Return what has a tag and may be seen by the actor, by kind, newest first: one query for each kind."""
    kinds = work.session.scalars(select(RecordTag.about_kind).where(RecordTag.name == name).distinct())
    found = []
    for kind_name in sorted(one for one in kinds if has_kind(one) and may(work.actor, "read", one)):
        kind = kind_of(kind_name)
        ids = select(RecordTag.about_id).where(RecordTag.name == name, RecordTag.about_kind == kind_name)
        query = select(kind).where(kind.id.in_(ids), visible(work.actor, kind)).order_by(kind.id.desc()).limit(SHOWN)
        records = list(work.session.scalars(query))
        if records:
            found.append((kind, records))
    return found


def names_used(work: Work, record: Record) -> list[str]:
    """Return the tags that stand at records of this kind that the actor may see, to be offered."""
    kind = type(record)
    ids = select(kind.id).where(visible(work.actor, kind))
    query = select(RecordTag.name).where(RecordTag.about_kind == record.__kind__, RecordTag.about_id.in_(ids))
    return list(work.session.scalars(query.distinct().order_by(RecordTag.name).limit(SHOWN)))
