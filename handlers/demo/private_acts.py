"""Apply what was done in private: offers, arrivals, answers, ratings, offers that expire."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from functools import partial

from domain.accounts import Account
from domain.cases.messages import Delivery, Message
from domain.handoffs.handoff import Handoff
from domain.intake.private_messages import IncomingMessage
from domain.replies.rules_of_engagement import RulesBroken
from domain.venues import Venue
from handlers.chat.link import open_session
from handlers.chat.session import PostedMessage, post_message, rate, record_seen
from handlers.demo.public_acts import record_sent_in_public
from handlers.demo.workspace import NotAccepted, StartedHandoff, Workspace, author_of
from handlers.handoffs.expiry import remind_and_expire_offers
from handlers.handoffs.form import HandoffAccepted, HandoffSubmission, open_handoff_form, submit_handoff
from handlers.intake.private_messages import ingest_private_message
from handlers.replies.private import PrivateReply, send_private_reply
from handlers.replies.results import record_sent
from sandbox.history.events import AnsweredInPrivate, Offered, OffersLookedAt, Rated, WroteInPrivate
from storage.unit_of_work import UnitOfWork

_SEEN_AFTER = timedelta(seconds=20)


def offer(uow: UnitOfWork, workspace: Workspace, event: Offered) -> None:
    """Offer the venue, with the text that the form proposes, and record that the customer was told."""
    ctx, case, venue = workspace.ctx, workspace.case(uow, event), Venue(event.venue.value)
    nonce = f"history-{event.post_id}"
    form = open_handoff_form(
        uow, case_id=case.id, user_id=event.by, venues=ctx.venues, now=event.at, chosen=venue, nonce=nonce
    )
    submission = HandoffSubmission(
        case_id=case.id,
        user_id=event.by,
        venue=form.chosen,
        text=form.text,
        nonce=nonce,
        seen=form.seen,
        version=case.version,
        client_key=f"history.{event.post_id}",
        via=form.via,
        take_over_from=case.claimed_by or "",
    )
    submit = partial(submit_handoff, uow, venues=ctx.venues, rules=ctx.rules, policy=ctx.policy, now=event.at)
    made = submit(submission)
    if not isinstance(made, HandoffAccepted):
        confirmed = frozenset(violation.rule for violation in made.violations)
        made = submit(replace(submission, confirmed=confirmed))
    if not isinstance(made, HandoffAccepted):
        raise NotAccepted(event, made.violations)
    workspace.handoffs[event.story] = StartedHandoff(made.handoff.id, nonce)
    message_id = made.handoff.message_id
    if message_id is not None and form.via is Venue.PUBLIC:
        record_sent_in_public(uow, workspace, message_id, event)
    elif message_id is not None:
        record_sent(uow, message_id=message_id, result={"id": event.post_id}, now=event.at)


def write(uow: UnitOfWork, workspace: Workspace, event: WroteInPrivate) -> None:
    """Ingest what the customer wrote where they were asked to, which is their arrival."""
    handoff, author = _handoff(uow, workspace, event.story), author_of(event.customer)
    if handoff.venue is Venue.CHAT:
        secret = _secret(workspace, event.story)
        nonce = workspace.handoffs[event.story].nonce
        open_session(uow, nonce=nonce, secret_hash=secret, known_hash=None, now=event.at)
        posted = PostedMessage(key=event.message_id, text=event.text)
        post_message(uow, posted, secret_hash=secret, classifier=workspace.classifier(event), now=event.at)
        return
    account = workspace.network.account
    incoming = IncomingMessage(
        venue=Venue.DM,
        network=account.network,
        account_id=account.id,
        external_id=event.message_id,
        author=author,
        text=event.text,
        at=event.at,
        address=author.id,
    )
    if handoff.venue is Venue.EMAIL and workspace.ctx.email is not None:
        account, address = workspace.ctx.email.account, f"{author.handle}@mail.example"
        incoming = _mail(incoming, account, address, handoff.id)
    ingest_private_message(
        uow, incoming, classifier=workspace.classifier(event), account=account, now=event.at
    )


def _mail(incoming: IncomingMessage, account: Account, address: str, handoff_id: int) -> IncomingMessage:
    return replace(
        incoming,
        venue=Venue.EMAIL,
        network=account.network,
        account_id=account.id,
        external_id=f"{incoming.external_id}@mail.example",
        author=replace(incoming.author, id=address),
        address=address,
        handoff_id=handoff_id,
        subject="My post",
    )


def answer_in_private(uow: UnitOfWork, workspace: Workspace, event: AnsweredInPrivate) -> None:
    """Send an answer where the customer is, and record that it arrived."""
    ctx, case = workspace.ctx, workspace.case(uow, event)
    if not case.state.is_active or case.claimed_by is None:
        return
    reply = PrivateReply(
        case_id=case.id,
        user_id=case.claimed_by,
        text=event.text,
        client_key=f"history.{event.message_id}",
    )
    send = partial(send_private_reply, uow, rules=ctx.rules, networks=ctx.networks, now=event.at)
    try:
        sent = send(reply)
    except RulesBroken as broken:  # what an agent is warned of, these confirm
        confirmed = frozenset(violation.rule for violation in broken.violations)
        sent = send(replace(reply, confirmed=confirmed))
    if not isinstance(sent, Message):
        raise NotAccepted(event, sent.violations)
    if sent.delivery is Delivery.QUEUED:
        record_sent(uow, message_id=sent.id, result={"id": event.message_id}, now=event.at)
    elif sent.venue is Venue.CHAT:
        seen_at = event.at + _SEEN_AFTER
        secret = _secret(workspace, event.story)
        record_seen(uow, secret_hash=secret, message_id=sent.id, now=seen_at)


def rate_chat(uow: UnitOfWork, workspace: Workspace, event: Rated) -> None:
    """Record the customer's rating."""
    secret = _secret(workspace, event.story)
    rate(uow, secret_hash=secret, solved=event.solved, comment=event.comment, now=event.at)


def look_at_offers(uow: UnitOfWork, _workspace: Workspace, event: OffersLookedAt) -> None:
    """Remind of offers that nobody took up, and expire old ones, as the timer does."""
    remind_and_expire_offers(uow, now=event.at)


def _handoff(uow: UnitOfWork, workspace: Workspace, story: int) -> Handoff:
    return uow.handoffs.get(workspace.handoffs[story].id)


def _secret(workspace: Workspace, story: int) -> str:
    """Return the hash of a cookie that no browser has."""
    return hashlib.sha256(workspace.handoffs[story].nonce.encode()).hexdigest()
