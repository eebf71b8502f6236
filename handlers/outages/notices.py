"""Draft notices, change them, submit them for approval, approve them, and withdraw them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.delivery.outage_effects import AskApproval, RequestEnd
from domain.delivery.surge_effects import UpdateSpike
from domain.errors import Refused
from domain.outages.destinations import Destinations
from domain.outages.lifecycle import (
    Actor,
    ApprovalNeeded,
    NoticeSettled,
    cancelled,
    require_allowed,
    require_approvable,
    require_as_seen,
)
from domain.outages.notices import Notice, NoticeKind, NoticeState, NoticeText, Version
from domain.outages.outage import Outage, OutageKind, OutageState, Phase, Severity
from domain.outages.policy import OutagePolicy, Right
from domain.outages.stated_facts import StatedFacts, facts_of
from domain.records.audit import Action
from handlers.outages.approvals import request_ends
from handlers.outages.facts import facts_detail
from handlers.outages.lookup import get_notice, get_outage
from handlers.outages.release import release
from handlers.outages.trail import post_board, record
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageFacts:
    """What the form says of the outage itself. `starts_at` and `ends_at` are a maintenance's."""

    title: str
    severity: Severity
    components: tuple[str, ...] = ()
    kind: OutageKind = OutageKind.OUTAGE
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    spike_id: int | None = None
    form_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeContent:
    """What the forms say of a notice: what was written, and the texts that the preview showed."""

    phase: Phase
    versions: tuple[Version, ...]
    texts: tuple[NoticeText, ...]
    next_update_due: datetime | None = None
    facts: StatedFacts | None = None


def open_outage(
    uow: UnitOfWork,
    *,
    facts: OutageFacts,
    content: NoticeContent,
    policy: OutagePolicy,
    actor: Actor,
    now: datetime,
) -> tuple[Outage, Notice]:
    """Open an outage with the draft of its announcement, and have its board posted. Nothing leaves yet."""
    actor.require(Right.DRAFT)
    outage = uow.outages.add(
        Outage(
            id=0,
            kind=facts.kind,
            title=facts.title,
            severity=facts.severity,
            components=facts.components,
            state=OutageState.DRAFT,
            phase=content.phase,
            lead=actor.user_id,
            opened_by=actor.user_id,
            opened_at=now,
            starts_at=facts.starts_at,
            ends_at=facts.ends_at,
            spike_id=facts.spike_id,
            form_key=facts.form_key,
            is_rehearsal=policy.is_rehearsal,
        )
    )
    detail = facts_detail(facts_of(outage))
    record(uow, outage, actor=actor.user_id, action=Action.OUTAGE_OPENED, now=now, detail=detail)
    post_board(uow, outage, channel=policy.oncall_channel, now=now)
    notice = _add(uow, outage, NoticeKind.ANNOUNCEMENT, content, actor=actor, now=now)
    return outage, notice


def draft_notice(
    uow: UnitOfWork,
    *,
    outage_id: int,
    kind: NoticeKind,
    content: NoticeContent,
    actor: Actor,
    now: datetime,
    corrects: int | None = None,
) -> Notice:
    """Draft a further notice of an outage. Raises `NoticeNotAllowed` and `NoticePending`."""
    actor.require(Right.DRAFT)
    # Of two who draft at once, the later one finds the other's.
    uow.outages.lock([outage_id])
    outage = get_outage(uow, outage_id)
    require_allowed(outage, kind, uow.notices.of_outage(outage_id))
    return _add(uow, outage, kind, content, actor=actor, now=now, corrects=corrects)


def edit_notice(
    uow: UnitOfWork, *, notice_id: int, version: int, content: NoticeContent, actor: Actor, now: datetime
) -> Notice:
    """Change a notice that has not left; one that waits for approval becomes a draft again.

    `version` is that of the notice which the form showed. Raises `NoticeSettled`, and `Refused` where
    somebody else changed it meanwhile.
    """
    actor.require(Right.DRAFT)
    notice = _get_pending(uow, notice_id)
    if notice.version != version:
        raise Refused(
            "Nothing was changed: somebody else changed this notice while you were writing. "
            "Open it again to see what it says now."
        )
    changed = replace(
        notice,
        state=NoticeState.DRAFT,
        phase=content.phase,
        versions=content.versions,
        texts=content.texts,
        next_update_due=content.next_update_due,
        facts=content.facts,
        authors=_with_author(notice, actor),
        version=notice.version + 1,
    )
    uow.notices.save(changed)
    uow.outbox.add(request_ends(notice, RequestEnd.CHANGED, by=actor.user_id), now=now)
    outage = uow.outages.get(notice.outage_id)
    record(uow, outage, actor=actor.user_id, action=Action.NOTICE_EDITED, now=now, detail=_detail_of(changed))
    return changed


def submit_notice(
    uow: UnitOfWork,
    *,
    notice_id: int,
    seen: str,
    destinations: Destinations,
    policy: OutagePolicy,
    actor: Actor,
    now: datetime,
) -> Notice:
    """Submit a draft: for approval where the settings ask for it, else to its destinations at once.

    `seen` is the digest of what the preview showed. Raises `NoticeEdited`, `NoticeSettled`, and `Refused`
    where the time that it promises has passed.
    """
    actor.require(Right.ANNOUNCE)
    notice = _get_pending(uow, notice_id)
    _require_future(notice, now)
    require_as_seen(notice, seen)
    if not policy.needs_approval:
        end = RequestEnd.SENT
        return release(uow, notice, by=actor.user_id, destinations=destinations, now=now, end=end)
    submitted = replace(
        notice, state=NoticeState.WAITING, authors=_with_author(notice, actor), version=notice.version + 1
    )
    uow.notices.save(submitted)
    outage = uow.outages.get(notice.outage_id)
    record(
        uow,
        outage,
        actor=actor.user_id,
        action=Action.NOTICE_SUBMITTED,
        now=now,
        detail=_detail_of(submitted),
    )
    asks = AskApproval(outage.id, submitted.id, submitted.version, policy.oncall_channel)
    uow.outbox.add([asks, *request_ends(notice, RequestEnd.REPEATED, by=actor.user_id)], now=now)
    return submitted


def approve_notice(
    uow: UnitOfWork, *, notice_id: int, seen: str, destinations: Destinations, actor: Actor, now: datetime
) -> Notice:
    """Approve a notice that waits, which sends it to its destinations.

    `seen` is the digest of what the approver was shown. Raises `NoticeEdited`, `NoticeSettled` (somebody else
    was first), `OwnApproval` and `ApprovalNeeded`, and `Refused` where the time that it promises has passed.
    """
    actor.require(Right.APPROVE)
    notice = get_notice(uow, notice_id)
    require_approvable(notice, by=actor.user_id, seen=seen)
    if notice.state is not NoticeState.WAITING:
        raise ApprovalNeeded
    _require_future(notice, now)
    return release(uow, notice, by=actor.user_id, destinations=destinations, now=now)


def withdraw_notice(uow: UnitOfWork, *, notice_id: int, actor: Actor, now: datetime) -> Notice:
    """Withdraw a notice that has not left; with its announcement, the outage is cancelled."""
    actor.require(Right.DRAFT)
    notice = _get_pending(uow, notice_id)
    withdrawn = replace(notice, state=NoticeState.WITHDRAWN, version=notice.version + 1)
    uow.notices.save(withdrawn)
    uow.outbox.add(request_ends(notice, RequestEnd.WITHDRAWN, by=actor.user_id), now=now)
    outage = uow.outages.get(notice.outage_id)
    action = Action.NOTICE_WITHDRAWN
    if outage.state is OutageState.DRAFT:
        outage = cancelled(outage)
        uow.outages.save(outage)
        action = Action.OUTAGE_CANCELLED
        # Their alerts offer again to open one.
        uow.outbox.add([UpdateSpike(spike.id) for spike in uow.spikes.of_outage(outage.id)], now=now)
    record(uow, outage, actor=actor.user_id, action=action, now=now, detail=_detail_of(withdrawn))
    return withdrawn


def _require_future(notice: Notice, now: datetime) -> None:
    if notice.next_update_due is not None and notice.next_update_due <= now:
        raise Refused(
            "Nothing was sent: the time of the next update has passed since this was written. "
            "Press Review…, then Edit… and Back to the form, and choose a later one."
        )


def _get_pending(uow: UnitOfWork, notice_id: int) -> Notice:
    notice = get_notice(uow, notice_id)
    if not notice.is_pending:
        raise NoticeSettled(notice)
    return notice


def _add(
    uow: UnitOfWork,
    outage: Outage,
    kind: NoticeKind,
    content: NoticeContent,
    *,
    actor: Actor,
    now: datetime,
    corrects: int | None = None,
) -> Notice:
    notice = uow.notices.add(
        Notice(
            id=0,
            outage_id=outage.id,
            kind=kind,
            phase=content.phase,
            state=NoticeState.DRAFT,
            versions=content.versions,
            texts=content.texts,
            authors=(actor.user_id,),
            created_at=now,
            next_update_due=content.next_update_due,
            facts=content.facts,
            corrects=corrects,
        )
    )
    record(uow, outage, actor=actor.user_id, action=Action.NOTICE_DRAFTED, now=now, detail=_detail_of(notice))
    return notice


def _with_author(notice: Notice, actor: Actor) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*notice.authors, actor.user_id)))


def _detail_of(notice: Notice) -> dict[str, Any]:
    facts = {"facts": facts_detail(notice.facts)} if notice.facts is not None else {}
    return {
        **facts,
        "notice": notice.id,
        "kind": notice.kind.value,
        "texts": [
            {"destination": text.destination, "language": text.language, "text": text.text}
            for text in notice.texts
        ],
    }
