"""Remarks as pages show them: the people they name stand out, and addresses of our own pages are links."""

import re

from markupsafe import Markup, escape

from erp.kernel.change.work import Work
from erp.kernel.rights import active_actors
from erp.kernel.talk.people import MENTION, named_in
from erp.settings import settings

ADDRESS = re.compile(r"https?://[^\s<>\"]{1,500}[^\s<>\".,;:!?)]")


def marked(work: Work, text: str) -> Markup:
    """Return a remark as HTML: everything in it is escaped, who is named and may be named stands out."""
    found, last = Markup(""), 0
    known = _known(work) if named_in(text) else frozenset()
    for match in re.finditer(f"{ADDRESS.pattern}|{MENTION.pattern}", text):
        found += escape(text[last : match.start()])
        found += _mention(match.group(), known) if match.group().startswith("@") else _link(match.group())
        last = match.end()
    return found + escape(text[last:])


def _known(work: Work) -> frozenset[str]:
    """Return every login and role, folded; asked once for each unit of work."""

    def names() -> frozenset[str]:
        people = active_actors(work.session)
        return frozenset(name for one in people for name in (one.login, *one.roles))

    return work.once("names to mention", names)


def _mention(word: str, known: frozenset[str]) -> Markup:
    name = word[1:].rstrip(".")
    if name.casefold() not in known:
        return escape(word)
    return Markup('<span class="at">@{}</span>{}').format(name, word[1 + len(name) :])


def _link(address: str) -> Markup:
    """Return a link; one that leads out of the house says so to its target, and takes nothing along."""
    own = address.startswith(settings().base_url.rstrip("/") + "/")
    where = Markup("") if own else Markup(' rel="noopener noreferrer nofollow" target="_blank"')
    return Markup('<a class="link" href="{}"{}>{}</a>').format(address, where, address)
