"""Apply what was done in public: posts, claims, answers, ends."""

from dataclasses import replace
from functools import partial

from domain.cases.case import Case
from domain.intake.posts import MatchReason, Post
from domain.intake.stream_names import MENTIONS
from domain.surge.spending import Act
from domain.triage.drafts import Suggestion
from handlers.cases.assignment import claim
from handlers.cases.resolution import resolve
from handlers.cases.rules_of_engagement import used_texts
from handlers.cases.views import newest_inbound_id, view_case
from handlers.demo.workspace import NotAccepted, Workspace, author_of
from handlers.intake.mentions import ingest_posts
from handlers.outages.links import link_case
from handlers.replies.public import PublicReplyAccepted, PublicReplySubmission, submit_public_reply
from handlers.replies.results import record_sent
from handlers.surge.spending import meter, record_spent
from handlers.triage.suggest import with_suggestion
from sandbox.history.events import (
    Answered,
    Claimed,
    Linked,
    Offered,
    OwnPost,
    Posted,
    Resolved,
    Wording,
    url_of,
)
from storage.unit_of_work import UnitOfWork


def post(uow: UnitOfWork, workspace: Workspace, event: Posted) -> None:
    """Ingest a post, as the poller does."""
    network = workspace.network
    found = Post(
        network=network.account.network,
        account_id=network.account.id,
        id=event.post_id,
        revision_id=event.post_id,
        author=author_of(event.customer),
        text=event.text,
        created_at=event.at,
        url=url_of(event.customer.handle, event.post_id),
        conversation_id=event.conversation_id,
        match_reason=MatchReason.MENTION,
        language_hint=event.customer.language,
        in_reply_to_id=event.reply_to,
    )
    ingest_posts(
        uow,
        account=network.account,
        profile=network.profile,
        posts=[found],
        stream=MENTIONS,
        newest_id=found.id,
        classifier=workspace.classifier(event),
        now=event.at,
    )
    meter(uow, policy=workspace.ctx.policy, profile=network.profile, act=Act.MENTIONS, count=1, now=event.at)
    if event.story not in workspace.cases:
        stored = uow.messages.known(network.account.network, network.account.id, [found.id])
        workspace.cases[event.story] = stored[found.id].case_id


def claim_case(uow: UnitOfWork, workspace: Workspace, event: Claimed) -> None:
    """Claim the case where nobody has it."""
    case = workspace.case(uow, event)
    if case.state.is_active and case.claimed_by is None:
        claim(uow, case_id=case.id, user_id=event.by, now=event.at)


def answer(uow: UnitOfWork, workspace: Workspace, event: Answered) -> None:
    """Submit an answer with the words of the suggestion, where there is one, and record that it was sent."""
    ctx, view = workspace.ctx, view_case(uow, case_id=workspace.cases[event.story], now=event.at)
    if event.wording is not Wording.FREE:
        view = with_suggestion(uow, view, workspace.classifier(event), event.at)
    submission = PublicReplySubmission(
        case_id=view.case.id,
        user_id=event.by,
        text=event.text,
        seen=newest_inbound_id(list(view.messages)),
        version=view.case.version,
        client_key=f"history.{event.post_id}",
        take_over_from=view.case.claimed_by or "",
    )
    if event.wording is not Wording.FREE and view.suggestion is not None:
        text = _words(uow, workspace, view.case, view.suggestion, event)
        submission = replace(submission, text=text, saved_reply=view.suggestion.started_from)
    submit = partial(
        submit_public_reply,
        uow,
        classifier=workspace.classifier(event),
        rules=ctx.rules,
        networks=ctx.networks,
        now=event.at,
    )
    submitted = submit(submission)
    if not isinstance(submitted, PublicReplyAccepted):  # what an agent is warned of, these confirm
        confirmed = frozenset(violation.rule for violation in submitted.violations)
        submitted = submit(replace(submission, confirmed=confirmed))
    if not isinstance(submitted, PublicReplyAccepted):
        raise NotAccepted(event, submitted.violations)
    record_sent_in_public(uow, workspace, submitted.message.id, event)


def _words(uow: UnitOfWork, workspace: Workspace, case: Case, suggestion: Suggestion, event: Answered) -> str:
    """Return the suggestion in a wording that was not used lately, edited where the agent edited it."""
    used = used_texts(uow, case.account_id, event.at)
    text = workspace.classifier(event).reword(suggestion, case.author.name, used)
    edited = f"{text} {event.addition}"
    length = workspace.ctx.networks.count(case.network, edited)
    return edited if event.wording is Wording.EDITED and length.length <= length.limit else text


def record_sent_in_public(
    uow: UnitOfWork, workspace: Workspace, message_id: int, event: Answered | Offered
) -> None:
    """Record that our message was posted, with what it cost."""
    message, account = uow.messages.get(message_id), workspace.network.account
    url = url_of(account.handle, event.post_id)
    record_sent(uow, message_id=message_id, result={"id": event.post_id, "url": url}, now=event.at)
    profile = workspace.network.profile
    if cost := profile.price(message.text):
        record_spent(
            uow, policy=workspace.ctx.policy, profile=profile, act=Act.REPLIES, cost=cost, now=event.at
        )
    workspace.own_posts.append(
        OwnPost(at=event.at, post_id=event.post_id, text=message.text, reply_to=message.reply_to_id)
    )


def resolve_case(uow: UnitOfWork, workspace: Workspace, event: Resolved) -> None:
    """Resolve the case where it is still open."""
    case = workspace.case(uow, event)
    if case.state.is_active:
        resolve(uow, case_id=case.id, version=None, user_id=case.claimed_by or event.by, now=event.at)


def link(uow: UnitOfWork, workspace: Workspace, event: Linked) -> None:
    """Link the case to its outage."""
    outage_id, case_id = workspace.outages[event.outage], workspace.cases[event.story]
    link_case(uow, outage_id=outage_id, case_id=case_id, user_id=event.by, now=event.at)
