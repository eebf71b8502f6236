"""Load and check a notice that has not left, for its preview and its review."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from domain.outages.destinations import DestinationProfile, Destinations, Preflight
from domain.outages.drafts import NoticeWords
from domain.outages.lifecycle import Actor, NoticeEdited
from domain.outages.notice_checks import NoticeChecks
from domain.outages.notices import Notice, NoticeKind, NoticeState, NoticeText
from domain.outages.outage import Outage
from domain.outages.policy import OutagePolicy
from domain.outages.review import NoticeReview
from domain.outages.stated_facts import facts_of
from domain.outages.subscribers import EMAIL_LIST
from handlers.outages.lookup import get_notice
from handlers.outages.mailings import goes_to_heard_only
from handlers.outages.notices import approve_notice, submit_notice
from handlers.outages.release import not_there
from storage.unit_of_work import UnitOfWork

HEARD_ALONE = "it goes to those alone who were mailed of it before: the rest of a mailing was taken back"


def load_review(
    uow: UnitOfWork,
    *,
    notice_id: int,
    destinations: Destinations,
    policy: OutagePolicy,
    words: NoticeWords,
    names: Collection[str],
    preflights: Mapping[str, Preflight],
    now: datetime,
    typed: Sequence[NoticeText] = (),
) -> NoticeReview:
    """Load a notice and check its texts, or what was typed in their place. Raises `Refused`.

    What has left is not checked: it is word for word what was sent last. `names` are the full names of
    colleagues, `preflights` what destinations have answered by now.
    """
    notice = get_notice(uow, notice_id)
    outage = uow.outages.get(notice.outage_id)
    places = {(text.destination, text.language): text for text in typed}
    texts = tuple(places.get((text.destination, text.language), text) for text in notice.texts)
    profiles = {name: destinations.profile(name) for name in notice.destinations}
    rehearsal = uow.rehearsals.current()
    notices = uow.notices.of_outage(outage.id)
    checks = NoticeChecks(
        words=words,
        now=now,
        names=names,
        components=[component.name for component in policy.components],
        times=_times(outage, notice, words, now),
        before=_sent_before(notices),
        versions=notice.versions,
    )
    return NoticeReview(
        outage=outage,
        notice=notice,
        texts=texts,
        profiles=profiles,
        preflights=_of_whom_it_reaches(uow, notice, preflights),
        warnings=tuple(
            warning
            for text in texts
            if notice.is_pending
            for warning in checks.check(text, profiles[text.destination])
        ),
        needs_approval=policy.needs_approval,
        rehearsal_channel=rehearsal.channel if rehearsal is not None else None,
        pause=uow.pauses.current(),
        left_out=_left_out(outage, notice, profiles, policy),
        not_there=_not_there(uow, notice, notices, destinations),
    )


def submit_seen(
    uow: UnitOfWork,
    *,
    notice_id: int,
    version: int,
    seen: str,
    destinations: Destinations,
    policy: OutagePolicy,
    actor: Actor,
    now: datetime,
) -> Notice:
    """Submit a draft whose review showed it at `version` with the digest `seen`; see `approve_seen`."""
    _require_version(uow, notice_id, version)
    return submit_notice(
        uow,
        notice_id=notice_id,
        seen=seen,
        destinations=destinations,
        policy=policy,
        actor=actor,
        now=now,
    )


def approve_seen(
    uow: UnitOfWork,
    *,
    notice_id: int,
    version: int,
    seen: str,
    destinations: Destinations,
    actor: Actor,
    now: datetime,
) -> Notice:
    """Approve a notice whose review showed it at `version` with the digest `seen`.

    The digest does not cover the times of a maintenance; any change of them is one of the version.
    """
    _require_version(uow, notice_id, version)
    return approve_notice(
        uow, notice_id=notice_id, seen=seen, destinations=destinations, actor=actor, now=now
    )


def _require_version(uow: UnitOfWork, notice_id: int, version: int) -> None:
    notice = get_notice(uow, notice_id)
    if notice.is_pending and notice.version != version:
        raise NoticeEdited(notice)


def _not_there(
    uow: UnitOfWork, notice: Notice, notices: Sequence[Notice], destinations: Destinations
) -> frozenset[tuple[str, str]]:
    if notice.kind is not NoticeKind.CORRECTION:
        return frozenset()
    published = uow.publications.of_outage(notice.outage_id)
    earlier = [one for one in published if one.notice_id != notice.id]
    return not_there(notice, earlier=earlier, notices=notices, destinations=destinations)


def _left_out(
    outage: Outage, notice: Notice, profiles: Mapping[str, DestinationProfile], policy: OutagePolicy
) -> dict[str, tuple[str, ...]]:
    """Return the components of which a destination that shows them knows no id, by its name."""
    named = (notice.facts or facts_of(outage)).components
    found = {
        name: tuple(one for one in named if one not in policy.component_ids(name))
        for name, profile in profiles.items()
        if profile.has_components
    }
    return {name: components for name, components in found.items() if components}


def _of_whom_it_reaches(
    uow: UnitOfWork, notice: Notice, preflights: Mapping[str, Preflight]
) -> Mapping[str, Preflight]:
    """Count for the e-mail list those alone who are mailed this notice, where that is not everybody."""
    known = preflights.get(EMAIL_LIST)
    if known is None or not goes_to_heard_only(uow, notice):
        return preflights
    heard, _ = uow.subscribers.count_wanting((), heard_of=notice.outage_id)
    reduced = replace(known, audience=heard, audience_by_language={}, warnings=(*known.warnings, HEARD_ALONE))
    return {**preflights, EMAIL_LIST: reduced}


def _sent_before(notices: Sequence[Notice]) -> tuple[NoticeText, ...]:
    """Return the texts that each destination was sent last, in each language."""
    newest = {
        (text.destination, text.language): text
        for notice in notices
        if notice.state is NoticeState.APPROVED
        for text in notice.texts
    }
    return tuple(newest.values())


def _times(outage: Outage, notice: Notice, words: NoticeWords, now: datetime) -> list[str]:
    """Return the times of the form as they may stand in the texts: with the day or without."""
    stated = (notice.facts.starts_at, notice.facts.ends_at) if notice.facts is not None else ()
    moments = {notice.next_update_due, outage.starts_at, outage.ends_at, *stated}
    return sorted(
        {
            words.clock(moment, after=after)
            for moment in moments
            if moment
            for after in (notice.created_at, now, moment)
        },
        key=len,
        reverse=True,
    )
