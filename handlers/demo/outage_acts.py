"""Apply what was done about outages: a notice is written, approved by somebody else, and published."""

from typing import Any

from domain.outages.destinations import Preflight
from domain.outages.forms import NO_UPDATE, OutageForm
from domain.outages.lifecycle import Actor
from domain.outages.notices import Notice, NoticeKind, Version
from domain.outages.outage import Phase
from domain.outages.policy import Right
from handlers.demo.workspace import Workspace
from handlers.outages.drafting import DraftRules, save_form
from handlers.outages.notices import approve_notice, submit_notice
from handlers.outages.published import FEED
from handlers.outages.results import record_published
from sandbox.history.events import NoticeSent, OwnPost, url_of
from storage.unit_of_work import UnitOfWork

_PHASES = {
    NoticeKind.ANNOUNCEMENT: Phase.INVESTIGATING,
    NoticeKind.UPDATE: Phase.IDENTIFIED,
    NoticeKind.RESOLUTION: Phase.RESOLVED,
}
_UPDATE_AFTER = "30"  # minutes
OUR_FOLLOWERS = 12_400


def send_notice(uow: UnitOfWork, workspace: Workspace, event: NoticeSent) -> None:
    """Open the outage with its announcement, or add a notice to it, and record that it was published."""
    ctx, kind = workspace.ctx, NoticeKind(event.phase.value)
    rules = DraftRules(
        policy=ctx.policy.outages,
        words=ctx.notice_words,
        destinations=ctx.destinations,
        zone=ctx.notice_words.zone,
    )
    form = OutageForm(
        kind=kind,
        outage_id=workspace.outages.get(event.outage, 0),
        title=event.title,
        components=(event.component,),
        phase=_PHASES[kind],
        versions=tuple(Version(language=language, problem=text) for language, text in event.texts.items()),
        due=NO_UPDATE if kind is NoticeKind.RESOLUTION else _UPDATE_AFTER,
        destinations=(workspace.network.profile.name, FEED),
        newest_outage=max(workspace.outages.values(), default=0),
    )
    writer, approver = (
        Actor(user_id=person, rights=frozenset(Right)) for person in (event.by, event.approved_by)
    )
    drafted = save_form(uow, form, rules=rules, actor=writer, now=event.at)
    workspace.outages[event.outage] = drafted.outage_id
    submitted = submit_notice(
        uow,
        notice_id=drafted.id,
        seen=drafted.digest,
        destinations=ctx.destinations,
        policy=ctx.policy.outages,
        actor=writer,
        now=event.at,
    )
    if submitted.is_pending:
        approve_notice(
            uow,
            notice_id=submitted.id,
            seen=submitted.digest,
            destinations=ctx.destinations,
            actor=approver,
            now=event.at,
        )
    _publish(uow, workspace, event, drafted)


def _publish(uow: UnitOfWork, workspace: Workspace, event: NoticeSent, notice: Notice) -> None:
    """Record that the notice was published: as posts of ours on the network, and in the feed."""
    account = workspace.network.account
    texts = {(text.destination, text.language): text.text for text in notice.texts}
    for one in uow.publications.of_outage(notice.outage_id):
        if one.notice_id != notice.id:
            continue
        post_id, reach = event.posts.get(one.language), None
        if post_id is None:
            result: dict[str, Any] = {"id": notice.reference, "url": None, "data": {}}
        else:
            result = {"id": post_id, "url": url_of(account.handle, post_id), "data": {}}
            text = texts[one.destination, one.language]
            reach = Preflight(audience=OUR_FOLLOWERS, audience_unit="followers")
            workspace.own_posts.append(OwnPost(at=event.at, post_id=post_id, text=text))
        record_published(uow, publication_id=one.id, result=result, preflight=reach, now=event.at)
