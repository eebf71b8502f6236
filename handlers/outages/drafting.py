"""Save what the form and the preview of a notice hold, and load the form again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from domain.outages.destinations import Destinations
from domain.outages.drafts import NoticeFacts, NoticeWords, draft_texts
from domain.outages.forms import OutageForm, form_of, further_form
from domain.outages.lifecycle import Actor, require_allowed
from domain.outages.notices import Notice, NoticeKind, NoticeState, NoticeText
from domain.outages.outage import Outage, OutageState
from domain.outages.policy import OutagePolicy
from domain.records.audit import Action
from handlers.outages.lookup import get_notice, get_outage
from handlers.outages.notices import (
    NoticeContent,
    OutageFacts,
    draft_notice,
    edit_notice,
    open_outage,
    submit_notice,
)
from handlers.outages.trail import record
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRules:
    """What drafting needs besides the form; `zone` is the writer's."""

    policy: OutagePolicy
    words: NoticeWords
    destinations: Destinations
    zone: tzinfo


def save_form(uow: UnitOfWork, form: OutageForm, *, rules: DraftRules, actor: Actor, now: datetime) -> Notice:
    """Save a form without faults as a draft, with texts for its destinations; opens the outage if it is new.

    A form that is submitted a second time changes the first one's draft.
    """
    if form.notice_id:
        return _revise(uow, form, rules=rules, actor=actor, now=now)
    if form.outage_id:
        outage = get_outage(uow, form.outage_id)
        return draft_notice(
            uow,
            outage_id=outage.id,
            kind=form.kind,
            content=_content(form, rules, now),
            actor=actor,
            now=now,
            corrects=form.corrects,
        )
    if (earlier := _submitted_before(uow, form, actor)) is not None:
        again = replace(form, notice_id=earlier.id, version=earlier.version, outage_id=earlier.outage_id)
        return _revise(uow, again, rules=rules, actor=actor, now=now)
    _, notice = open_outage(
        uow,
        facts=_facts(form),
        content=_content(form, rules, now),
        policy=rules.policy,
        actor=actor,
        now=now,
    )
    return notice


def save_texts(
    uow: UnitOfWork,
    *,
    notice_id: int,
    version: int,
    texts: Sequence[NoticeText],
    actor: Actor,
    now: datetime,
) -> Notice:
    """Save what the preview holds, where it differs. Raises `Refused` where somebody else was first."""
    notice = get_notice(uow, notice_id)
    if tuple(texts) == notice.texts and version == notice.version:
        return notice
    content = NoticeContent(
        phase=notice.phase,
        versions=notice.versions,
        texts=tuple(texts),
        next_update_due=notice.next_update_due,
    )
    return edit_notice(uow, notice_id=notice_id, version=version, content=content, actor=actor, now=now)


def send_texts(
    uow: UnitOfWork,
    *,
    notice_id: int,
    version: int,
    texts: Sequence[NoticeText],
    rules: DraftRules,
    actor: Actor,
    now: datetime,
) -> Notice:
    """Save what the preview holds and submit it. Raises as `submit_notice` does."""
    notice = save_texts(uow, notice_id=notice_id, version=version, texts=texts, actor=actor, now=now)
    if notice.state is NoticeState.WAITING:
        return notice
    return submit_notice(
        uow,
        notice_id=notice.id,
        seen=notice.digest,
        destinations=rules.destinations,
        policy=rules.policy,
        actor=actor,
        now=now,
    )


def load_form(uow: UnitOfWork, *, notice_id: int) -> OutageForm:
    """Return the form of a notice that has not left. Raises `Refused`."""
    notice = get_notice(uow, notice_id)
    return form_of(uow.outages.get(notice.outage_id), notice)


def begin_form(
    uow: UnitOfWork, *, outage_id: int, kind: NoticeKind, connected: Sequence[str], due: str, now: datetime
) -> OutageForm:
    """Return an empty form for a further notice. Raises `NoticeNotAllowed` and `NoticePending`."""
    outage = get_outage(uow, outage_id)
    notices = uow.notices.of_outage(outage_id)
    require_allowed(outage, kind, notices)
    gone = [notice for notice in notices if notice.state is NoticeState.APPROVED]
    return further_form(outage, gone, kind, connected=connected, due=due, now=now)


def _revise(uow: UnitOfWork, form: OutageForm, *, rules: DraftRules, actor: Actor, now: datetime) -> Notice:
    """Change the draft; texts that were changed by hand stay where nothing in the form is new."""
    notice = get_notice(uow, form.notice_id)
    outage = uow.outages.get(notice.outage_id)
    content = _content(form, rules, now)
    facts = _facts(form)
    unchanged = (
        (content.phase, content.versions, content.next_update_due)
        == (notice.phase, notice.versions, notice.next_update_due)
        and set(form.destinations) == set(notice.destinations)
        and (not form.states_facts or _facts_of(outage) == facts)
    )
    kept = replace(content, texts=notice.texts) if unchanged else content
    revised = edit_notice(uow, notice_id=notice.id, version=form.version, content=kept, actor=actor, now=now)
    if form.states_facts and outage.state is OutageState.DRAFT and _facts_of(outage) != facts:
        _change_facts(uow, outage, facts, actor=actor, now=now)
    return revised


def _change_facts(
    uow: UnitOfWork, outage: Outage, facts: OutageFacts, *, actor: Actor, now: datetime
) -> None:
    changed = outage.changed(
        title=facts.title,
        severity=facts.severity,
        components=facts.components,
        starts_at=facts.starts_at,
        ends_at=facts.ends_at,
    )
    uow.outages.save(changed)
    detail = {
        "title": facts.title,
        "severity": facts.severity.value,
        "components": list(facts.components),
    }
    record(uow, changed, actor=actor.user_id, action=Action.OUTAGE_CHANGED, now=now, detail=detail)


def _submitted_before(uow: UnitOfWork, form: OutageForm, actor: Actor) -> Notice | None:
    """Return the draft of the same person's outage of the same title: the form was submitted twice.

    Not one that a colleague has changed since, whose words would be overwritten.
    """
    for outage in uow.outages.open():
        if (outage.state, outage.opened_by, outage.title) == (
            OutageState.DRAFT,
            actor.user_id,
            form.title.strip(),
        ):
            drafts = (one for one in uow.notices.of_outage(outage.id) if one.is_pending)
            return next((one for one in drafts if one.authors == (actor.user_id,)), None)
    return None


def _facts(form: OutageForm) -> OutageFacts:
    return OutageFacts(
        title=form.title.strip(),
        severity=form.severity,
        components=form.components,
        kind=form.outage_kind,
        starts_at=form.starts_at,
        ends_at=form.ends_at,
        spike_id=form.spike_id,
    )


def _facts_of(outage: Outage) -> OutageFacts:
    return OutageFacts(
        title=outage.title,
        severity=outage.severity,
        components=outage.components,
        kind=outage.kind,
        starts_at=outage.starts_at,
        ends_at=outage.ends_at,
        spike_id=outage.spike_id,
    )


def _content(form: OutageForm, rules: DraftRules, now: datetime) -> NoticeContent:
    due = form.next_update_due(now, rules.zone) if form.promises_update else form.planned
    facts = NoticeFacts(
        kind=form.kind,
        outage_kind=form.outage_kind,
        now=now,
        next_update_due=due if form.kind is not NoticeKind.RESOLUTION else None,
        starts_at=form.starts_at,
        ends_at=form.ends_at,
    )
    profiles = [rules.destinations.profile(name) for name in form.destinations]
    return NoticeContent(
        phase=form.phase,
        versions=form.written,
        texts=draft_texts(form.written, facts, rules.words, profiles),
        next_update_due=facts.next_update_due,
    )
