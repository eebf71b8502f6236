"""Answer linked customers in bulk: preview, start, one customer at a time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.cases.case import Case
from domain.cases.messages import Message
from domain.delivery.outage_effects import AnswerLinkedCase
from domain.errors import Refused
from domain.networks import Networks
from domain.outages.answer_wordings import Wordings, unused_wording
from domain.outages.bulk_answers import (
    BulkAnswer,
    BulkPurpose,
    BulkRow,
    BulkState,
    BulkView,
    Recipient,
    RowState,
    SkipReason,
    duration_of,
    skip_reason,
)
from domain.outages.bulk_forms import BulkPlan
from domain.outages.lifecycle import Actor
from domain.outages.outage import Outage
from domain.outages.policy import Right
from domain.records.audit import Action
from domain.replies.checks.reply import Reply
from domain.replies.outgoing_message import BULK_KEY, new_public_reply
from domain.replies.rules_of_engagement import RulesOfEngagement
from handlers.cases.rules_of_engagement import DUPLICATE_WINDOW, is_refused, used_texts
from handlers.cases.transitions import apply_answer
from handlers.outages.links import MAX_LINKS
from handlers.outages.lookup import get_outage
from handlers.outages.trail import record, update_board
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkRequest:
    """What the form asks for.

    `wordings` are by language; a customer whose language has none is skipped. `values` fill their templates,
    by language, without the name.
    """

    outage_id: int
    purpose: BulkPurpose
    wordings: Mapping[str, Wordings]
    values: Mapping[str, Mapping[str, str]]


def plan_bulk_answer(
    uow: UnitOfWork,
    *,
    request: BulkRequest,
    networks: Networks,
    rules: RulesOfEngagement,
    by: str,
    now: datetime,
) -> BulkPlan:
    """Compute who would be sent what. Nothing is stored.

    Raises `Refused` while answers that were stopped are being taken back: their customers would be left out.
    """
    outage = get_outage(uow, request.outage_id)
    stopped = [one for one in uow.bulk_answers.of_outage(outage.id) if one.state is BulkState.ABORTED]
    if any(uow.bulk_answers.taken_back_later(one.id) for one in stopped):
        raise Refused(
            "Nothing was sent: answers that were stopped are still being taken back, and their customers would "
            "be left out. Try again in a minute; the board shows how many are left."
        )
    linked = uow.linked_cases.of_outage(outage.id, request.purpose, limit=MAX_LINKS)
    used = {
        text
        for account_id in {case.account_id for case in linked}
        for text in used_texts(uow, account_id, now)
    }
    texts: list[tuple[Case, str]] = []
    skipped: list[tuple[Case, SkipReason]] = []
    for recipient in _recipients(uow, linked, outage, request.purpose):
        case = recipient.case
        reason = skip_reason(recipient, outage=outage, purpose=request.purpose, by=by)
        text = None if reason else _word(case, request, networks, len(texts), used)
        if text is None:
            skipped.append((case, reason or SkipReason.NO_WORDING))
        elif _is_refused(case, text, networks, rules):
            skipped.append((case, SkipReason.RULE_BROKEN))
        else:
            used.add(text)
            texts.append((case, text))
    return BulkPlan(
        texts=texts,
        skipped=skipped,
        duration=_duration(texts, networks),
        cost=sum(networks.price(case.network, text) or 0.0 for case, text in texts),
    )


def start_bulk_answer(
    uow: UnitOfWork,
    *,
    request: BulkRequest,
    client_key: str,
    networks: Networks,
    rules: RulesOfEngagement,
    actor: Actor,
    now: datetime,
) -> BulkAnswer | None:
    """Start a bulk answer in the name of the actor; `None` where the same form was submitted before.

    Raises `Refused` where there is nobody to answer, or another one of this outage is running.
    """
    actor.require(Right.ANNOUNCE)
    # Of two that are started at once, the later one finds the other running.
    uow.outages.lock([request.outage_id])
    outage = get_outage(uow, request.outage_id)
    if any(bulk.state is BulkState.RUNNING for bulk in uow.bulk_answers.of_outage(outage.id)):
        raise Refused(
            "Nothing was sent: linked cases of this outage are being answered already. "
            "Wait for it to end, or stop it on the board."
        )
    plan = plan_bulk_answer(uow, request=request, networks=networks, rules=rules, by=actor.user_id, now=now)
    if not plan.texts:
        raise Refused("Nothing was sent: nobody of the linked cases can be answered now. The form says why.")
    bulk = uow.bulk_answers.add(
        BulkAnswer(
            id=0,
            outage_id=outage.id,
            purpose=request.purpose,
            state=BulkState.RUNNING,
            started_by=actor.user_id,
            started_at=now,
        ),
        client_key=client_key,
    )
    if bulk is None:
        return None
    rows = uow.bulk_answers.add_rows(
        [
            BulkRow(id=0, bulk_id=bulk.id, case_id=case.id, text=text, state=RowState.WAITING)
            for case, text in plan.texts
        ]
    )
    networks_of = {case.id: case.network for case, _ in plan.texts}
    uow.outbox.add([AnswerLinkedCase(row.id, row.case_id, networks_of[row.case_id]) for row in rows], now=now)
    detail = {"bulk": bulk.id, "purpose": request.purpose.value, "customers": len(rows)}
    record(uow, outage, actor=actor.user_id, action=Action.BULK_ANSWER_STARTED, now=now, detail=detail)
    return bulk


def answer_row(
    uow: UnitOfWork, *, row_id: int, networks: Networks, rules: RulesOfEngagement, now: datetime
) -> BulkRow:
    """Queue the answer to one customer of a bulk answer, or skip them where that is not right any more.

    Runs in the transaction that settles its effect, so that it happens once.
    """
    # Of two that are answered at once the later one ends the bulk answer; one that is stopped stays so.
    uow.bulk_answers.lock(uow.bulk_answers.get_row(row_id).bulk_id)
    row = uow.bulk_answers.get_row(row_id)
    bulk, case = uow.bulk_answers.get(row.bulk_id), uow.cases.get(row.case_id)
    outage = get_outage(uow, bulk.outage_id)
    if row.state is not RowState.WAITING:
        return _settled(uow, row, outage, now)  # the last one may be of a customer who was erased
    [recipient] = _recipients(uow, [case], outage, bulk.purpose)
    reason = skip_reason(recipient, outage=outage, purpose=bulk.purpose, by=bulk.started_by)
    is_duplicate = uow.messages.our_text_since(case.account_id, row.text, now - DUPLICATE_WINDOW)
    if reason is None and _is_refused(case, row.text, networks, rules, is_duplicate=is_duplicate):
        reason = SkipReason.RULE_BROKEN
    if reason is not None:
        done = replace(row, state=RowState.SKIPPED, reason=reason)
    else:
        message = _queue_message(uow, case, row, bulk, rules, now)
        done = replace(row, state=RowState.QUEUED, message_id=message.id)
    uow.bulk_answers.save_row(done)
    return _settled(uow, done, outage, now)


def _settled(uow: UnitOfWork, row: BulkRow, outage: Outage, now: datetime) -> BulkRow:
    if not uow.bulk_answers.has_waiting(row.bulk_id):
        uow.bulk_answers.end(row.bulk_id, BulkState.DONE, at=now)
    update_board(uow, outage, now=now)
    return row


def bulk_views(uow: UnitOfWork, outage_id: int) -> list[BulkView]:
    """Return the outage's bulk answers with their counts, oldest first."""
    return [
        BulkView(
            bulk=bulk,
            progress=uow.bulk_answers.progress(bulk.id),
            taking_back=uow.bulk_answers.taken_back_later(bulk.id) if bulk.state is BulkState.ABORTED else 0,
        )
        for bulk in uow.bulk_answers.of_outage(outage_id)
    ]


def _recipients(
    uow: UnitOfWork, linked: Sequence[Case], outage: Outage, purpose: BulkPurpose
) -> list[Recipient]:
    """Load what decides whether these cases are answered in bulk, by as many statements as for one."""
    ids = [case.id for case in linked]
    unsettled, in_private = uow.linked_cases.unsettled(ids), uow.handoffs.arrived(ids)
    opted_out, answered = uow.linked_cases.opted_out(ids), uow.linked_cases.answered(ids, outage.id, purpose)
    return [
        Recipient(
            case=case,
            has_unsettled=case.id in unsettled,
            is_in_private=case.id in in_private,
            opted_out=case.id in opted_out,
            answered_before=case.id in answered,
        )
        for case in linked
    ]


def _word(
    case: Case, request: BulkRequest, networks: Networks, position: int, used: Collection[str]
) -> str | None:
    wordings = request.wordings.get(case.assessment.language)
    if wordings is None:
        return None
    return unused_wording(
        wordings,
        name=case.author.name,
        handle=case.author.handle,
        values=request.values.get(case.assessment.language, {}),
        position=position,
        used=used,
        fits=lambda text: networks.count(case.network, text).fits,
    )


def _is_refused(
    case: Case, text: str, networks: Networks, rules: RulesOfEngagement, *, is_duplicate: bool = False
) -> bool:
    """Return whether the text breaks a hard rule of engagement; whoever started it has seen the soft ones."""
    return is_refused(case, reply_of(case, text, networks, is_duplicate=is_duplicate), rules)


def reply_of(case: Case, text: str, networks: Networks, *, is_duplicate: bool = False) -> Reply:
    """Return a public reply to the case as the rules of engagement are checked on it."""
    count, links = networks.count(case.network, text), networks.links(case.network, text)
    return Reply(text=text, length=count.length, limit=count.limit, links=links, is_duplicate=is_duplicate)


def _duration(texts: Sequence[tuple[Case, str]], networks: Networks) -> timedelta:
    """Return how long it takes: networks are answered side by side."""
    counts: dict[str, int] = {}
    for case, _ in texts:
        counts[case.network] = counts.get(case.network, 0) + 1
    paces = {name: networks.profile(name).paces.get("reply") for name in counts}
    return max((duration_of(count, paces[name]) for name, count in counts.items()), default=timedelta())


def _queue_message(
    uow: UnitOfWork, case: Case, row: BulkRow, bulk: BulkAnswer, rules: RulesOfEngagement, now: datetime
) -> Message:
    draft = new_public_reply(
        case,
        row.text,
        by=bulk.started_by,
        client_key=f"{BULK_KEY}{row.id}",
        rules_version=rules.version,
        now=now,
    )
    [message] = uow.messages.add_many([draft], network=case.network, account_id=case.account_id)
    apply_answer(
        uow,
        case,
        message,
        user_id=bulk.started_by,
        action=Action.REPLY_QUEUED,
        now=now,
        detail={"text": row.text, "rules": rules.version, "bulk": bulk.id},
        in_bulk=True,
    )
    return message
