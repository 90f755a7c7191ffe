"""Many documents in one request: in order, one transaction each, or all of them in one."""

import hashlib
import json
from dataclasses import replace
from functools import partial
from typing import Any

from flask import g, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from erp.kernel.change import idempotency
from erp.kernel.change.lifecycle import submit
from erp.kernel.change.save import save
from erp.kernel.change.unique import refusal_of
from erp.kernel.change.work import Work, current_work, run_work
from erp.kernel.errors import Problem, Problems, Refused
from erp.kernel.records.record import Record, Voucher
from erp.kernel.records.registry import kind_of
from erp.kernel.rights.actor import Actor
from erp.kernel.text import _, _l
from erp.kernel.web.problems import problem_body
from erp.kernel.web.rest import as_json, body, readable, rest
from erp.kernel.work import job, later, progress
from erp.kernel.work.run import running_id

AT_ONCE, AT_MOST = 100, 5000
WORDS = {"documents", "submit", "all_or_nothing"}


@rest.post("/<collection>/batch")
def batch(collection: str) -> ResponseReturnValue:
    """Create many documents: each in a transaction of its own unless all or none are wanted; a long list as a job."""
    work, kind = current_work(), readable(collection)
    sent = body()
    documents, submitting, together = _read(kind, sent)
    if len(documents) > AT_ONCE:
        arguments = {"kind": kind.__kind__, "documents": documents, "submit": submitting, "together": together}
        response = jsonify(job=later(work, "batch.create", arguments))
        response.status_code = 202
        return response
    if together:
        return jsonify(results=all_together(work, kind, documents, submitting=submitting))
    scope, key = idempotency.scope_of(g.actor), idempotency.sent_key()
    return jsonify(results=one_by_one(g.actor, kind, documents, submitting=submitting, scope=scope, key=key))


def _read(kind: type[Record], sent: dict[str, Any]) -> tuple[list[dict[str, Any]], bool, bool]:
    problems = [Problem(name, "unknown_field", _("There is no such field here.")) for name in sent if name not in WORDS]
    documents = sent.get("documents")
    if not isinstance(documents, list) or not all(isinstance(one, dict) for one in documents):
        problems.append(Problem("documents", "not_a_list", _("Send a list of documents.")))
        documents = []
    if len(documents) > AT_MOST:
        problems.append(Problem("documents", "too_many", _("Send at most %(n)s documents at once.", n=AT_MOST)))
    truths = [name for name in ("submit", "all_or_nothing") if not isinstance(sent.get(name, False), bool)]
    problems += [Problem(name, "not_yes_or_no", _("Send true or false.")) for name in truths]
    if sent.get("submit") is True and not issubclass(kind, Voucher):
        problems.append(Problem("submit", "never_submitted", _("Records of this kind are never submitted.")))
    if problems:
        raise Problems(problems)
    return documents, bool(sent.get("submit")), bool(sent.get("all_or_nothing"))


def all_together(
    work: Work, kind: type[Record], documents: list[dict[str, Any]], *, submitting: bool
) -> list[dict[str, Any]]:
    """Create all in the running transaction; what refuses one refuses all, and every refusal is told."""
    results: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for n, payload in enumerate(documents):
        try:
            with work.session.begin_nested():
                results.append(_made(work, kind, payload, submitting=submitting))
        except (Refused, IntegrityError) as error:
            refused = error if isinstance(error, Refused) else refusal_of(error)
            told = refused.problems or [Problem("", refused.code, refused.message)]
            problems += [replace(one, field=f"documents.{n}.{one.field}".rstrip(".")) for one in told]
    if problems:
        raise Problems(problems)
    return results


def one_by_one(
    actor: Actor, kind: type[Record], documents: list[dict[str, Any]], *, submitting: bool, scope: str, key: str
) -> list[dict[str, Any]]:
    """Create in order, each in a transaction of its own; after a crash, the same key goes on behind what was made."""
    results = []
    for n, payload in enumerate(documents):
        act = partial(_once, kind=kind, payload=payload, submitting=submitting, scope=scope, key=key and f"{key}#{n}")
        try:
            results.append(run_work(actor, act))
        except (Refused, IntegrityError) as error:
            refused = error if isinstance(error, Refused) else refusal_of(error)
            results.append({"status": refused.status, "problem": problem_body(refused)})
        progress(n + 1, len(documents))
    return results


def _once(
    work: Work, *, kind: type[Record], payload: dict[str, Any], submitting: bool, scope: str, key: str
) -> dict[str, Any]:
    """Make the document, or return the answer that this key has already."""
    if not key:
        return _made(work, kind, payload, submitting=submitting)
    about = json.dumps([kind.__kind__, payload, submitting], sort_keys=True).encode()
    kept = idempotency.take(work, scope, key, hashlib.sha256(about).digest())
    if kept is not None:
        answer: dict[str, Any] = json.loads(kept.body or b"{}")
        return answer
    made = _made(work, kind, payload, submitting=submitting)
    idempotency.keep(work, scope, key, status=int(made["status"]), body=json.dumps(made).encode())
    return made


def _made(work: Work, kind: type[Any], payload: dict[str, Any], *, submitting: bool) -> dict[str, Any]:
    record = save(work, kind, payload)
    waits = submit(work, record) if submitting else None
    work.session.flush()
    return {"status": 202 if waits else 201, "document": as_json(work, record)}


@job("batch.create", label=_l("Create documents"))
def create(work: Work, *, kind: str, documents: list[dict[str, Any]], submit: bool, together: bool) -> dict[str, Any]:
    """Create a long list of documents, and answer as a short one is answered."""
    record = kind_of(kind)
    if together:
        return {"results": _short(all_together(work, record, documents, submitting=submit))}
    scope, key = f"job{running_id()}", "document"
    results = one_by_one(work.actor, record, documents, submitting=submit, scope=scope, key=key)
    return {"results": _short(results)}


def _short(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Name the documents that were made instead of repeating them: a job's result is kept as one value."""
    return [
        {**one, "document": {name: one["document"][name] for name in ("id", "number", "version", "links")}}
        if "document" in one
        else one
        for one in results
    ]
