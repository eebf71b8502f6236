"""Save what the form and the preview of a notice hold, and load the form again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from domain.errors import Refused
from domain.outages.current_notices import current_notices
from domain.outages.destinations import Destinations
from domain.outages.drafts import NoticeFacts, NoticeWords, draft_texts
from domain.outages.forms import OutageForm, form_of, further_form
from domain.outages.lifecycle import Actor, NoticeEdited, NoticeSettled, OutageOpened, require_allowed
from domain.outages.notices import Notice, NoticeKind, NoticeState, NoticeText
from domain.outages.outage import Outage, OutageKind, OutageState, Phase
from domain.outages.policy import OutagePolicy, Right
from domain.outages.standing import correctable_notices, uncorrectable_at
from domain.outages.stated_facts import StatedFacts, facts_of
from handlers.outages.facts import record_changed_facts
from handlers.outages.lookup import get_notice, get_outage
from handlers.outages.notices import (
    NoticeContent,
    OutageFacts,
    draft_notice,
    edit_notice,
    open_outage,
    submit_notice,
)
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

    A form that is submitted a second time changes its own draft. Raises `OutageOpened` where another outage
    was opened since the writer looked, and `Refused`.
    """
    actor.require(Right.DRAFT)
    if form.notice_id:
        return _revise(uow, form, rules=rules, actor=actor, now=now)
    if form.outage_id:
        outage = get_outage(uow, form.outage_id)
        return draft_notice(
            uow,
            outage_id=outage.id,
            kind=form.kind,
            content=_content(uow, form, rules, now),
            actor=actor,
            now=now,
            corrects=form.corrects,
        )
    uow.outages.lock_opening()  # so that of two who look for others, the second sees the first
    if (earlier := _submitted_before(uow, form, actor)) is not None:
        again = replace(form, notice_id=earlier.id, version=earlier.version, outage_id=earlier.outage_id)
        return _revise(uow, again, rules=rules, actor=actor, now=now)
    _require_none_newer(uow, form, rules.policy)
    _, notice = open_outage(
        uow,
        facts=_facts(form),
        content=_content(uow, form, rules, now),
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
        facts=notice.facts,
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
    uow: UnitOfWork,
    *,
    outage_id: int,
    kind: NoticeKind,
    destinations: Destinations,
    due: str,
    now: datetime,
    corrects: int | None = None,
) -> OutageForm:
    """Return an empty form for a further notice; a correction is of `corrects`, else of the newest one.

    Raises `NoticeNotAllowed`, `NoticePending` and `Refused`.
    """
    outage = get_outage(uow, outage_id)
    notices, publications = uow.notices.of_outage(outage_id), uow.publications.of_outage(outage_id)
    require_allowed(outage, kind, notices)
    if kind is not NoticeKind.CORRECTION:
        current = current_notices(notices)
        return further_form(
            outage,
            current[0],
            kind,
            connected=tuple(destinations),
            due=due,
            now=now,
            earlier=[one.newest for one in current],
        )
    listed = correctable_notices(notices, publications, destinations)
    wanted = [one for one in listed if corrects in {None, one.newest.id}]
    if not wanted:
        raise Refused("Nothing was done: that notice stands nowhere any more. The board shows what does.")
    absent = uncorrectable_at(wanted[0].newest, notices, publications, destinations)
    left = [name for name in destinations if name not in absent]
    return further_form(outage, wanted[0], kind, connected=left, due=due, now=now)


def _revise(uow: UnitOfWork, form: OutageForm, *, rules: DraftRules, actor: Actor, now: datetime) -> Notice:
    """Change the draft; texts that were changed by hand stay where nothing in the form is new."""
    notice = get_notice(uow, form.notice_id)
    outage = uow.outages.get(notice.outage_id)
    form = replace(form, corrects=notice.corrects, outage_id=outage.id)
    content = _content(uow, form, rules, now)
    facts = replace(_facts(form), spike_id=outage.spike_id, form_key=outage.form_key)
    unchanged = (
        (content.phase, content.versions, content.next_update_due, content.facts)
        == (notice.phase, notice.versions, notice.next_update_due, notice.facts)
        and set(form.destinations) == set(notice.destinations)
        and (not form.is_first or _facts_of(outage) == facts)
    )
    kept = replace(content, texts=notice.texts) if unchanged else content
    revised = edit_notice(uow, notice_id=notice.id, version=form.version, content=kept, actor=actor, now=now)
    if form.is_first and outage.state is OutageState.DRAFT and _facts_of(outage) != facts:
        changed = outage.changed(
            title=facts.title,
            severity=facts.severity,
            components=facts.components,
            starts_at=facts.starts_at,
            ends_at=facts.ends_at,
        )
        uow.outages.save(changed)
        authors = (actor.user_id,)
        record_changed_facts(uow, outage, changed, actor=actor.user_id, authors=authors, now=now)
    return revised


def _submitted_before(uow: UnitOfWork, form: OutageForm, actor: Actor) -> Notice | None:
    """Return the draft that this very form made before. Raises `Refused` where it is no longer as it was."""
    outage = uow.outages.by_form(form.key) if form.key else None
    if outage is None:
        return None
    [first, *_] = uow.notices.of_outage(outage.id)
    if not first.is_pending:
        raise NoticeSettled(first)
    if first.authors != (actor.user_id,):
        raise NoticeEdited(first)
    return first


def _require_none_newer(uow: UnitOfWork, form: OutageForm, policy: OutagePolicy) -> None:
    """Raise `OutageOpened` where somebody opened an outage of the kind since the form was opened."""
    for outage in reversed(uow.outages.open()):
        is_alike = (outage.kind, outage.is_rehearsal) == (form.outage_kind, policy.is_rehearsal)
        if outage.id > form.newest_outage and is_alike:
            raise OutageOpened(outage)


def _stated(uow: UnitOfWork, form: OutageForm, rules: DraftRules) -> StatedFacts:
    """Return what the form states of the outage; a correction states what the corrected notice did.

    Where the settings name no component, the form has no choice of them, and the outage keeps its own.
    """
    if not form.outage_id:
        return StatedFacts(
            title=form.title.strip(),
            severity=form.severity,
            components=form.components,
            starts_at=form.starts_at,
            ends_at=form.ends_at,
        )
    now = facts_of(uow.outages.get(form.outage_id))
    if not form.states_facts:
        return (uow.notices.get(form.corrects).facts if form.corrects is not None else None) or now
    components = form.components if rules.policy.components else now.components
    return StatedFacts(
        title=form.title.strip(),
        severity=form.severity,
        components=components,
        starts_at=form.starts_at if form.is_first or form.moves_start else now.starts_at,
        ends_at=form.ends_at if form.is_first or form.moves_end else now.ends_at,
    )


def _facts(form: OutageForm) -> OutageFacts:
    return OutageFacts(
        title=form.title.strip(),
        severity=form.severity,
        components=form.components,
        kind=form.outage_kind,
        starts_at=form.starts_at,
        ends_at=form.ends_at,
        spike_id=form.spike_id,
        form_key=form.key or None,
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
        form_key=outage.form_key,
    )


def _content(uow: UnitOfWork, form: OutageForm, rules: DraftRules, now: datetime) -> NoticeContent:
    due = form.next_update_due(now, rules.zone) if form.promises_update else form.planned
    facts = NoticeFacts(
        kind=form.kind,
        outage_kind=form.outage_kind,
        phase=form.phase,
        now=now,
        next_update_due=due if form.kind is not NoticeKind.RESOLUTION else None,
        starts_at=form.starts_at if form.states_times else None,
        ends_at=form.ends_at if form.states_times else None,
        is_cancelled=_is_cancelled(uow, form, now),
    )
    profiles = [rules.destinations.profile(name) for name in form.destinations]
    return NoticeContent(
        phase=form.phase,
        versions=form.written,
        texts=draft_texts(form.written, facts, rules.words, profiles),
        next_update_due=facts.next_update_due,
        facts=_stated(uow, form, rules),
    )


def _is_cancelled(uow: UnitOfWork, form: OutageForm, now: datetime) -> bool:
    """Return whether planned work is ended that has not begun."""
    if form.kind is not NoticeKind.RESOLUTION or form.outage_kind is not OutageKind.MAINTENANCE:
        return False
    outage = uow.outages.get(form.outage_id)
    return outage.phase is Phase.SCHEDULED and outage.starts_at is not None and now < outage.starts_at
