"""An agent's public answer: the form, the checks, and the one transaction that lets it go."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.cases.case import Case, CaseEvent
from domain.cases.messages import Delivery, Direction, Message
from domain.errors import Refused
from domain.networks import Networks
from domain.records.audit import Action
from domain.replies.forms import AnswerForm
from domain.replies.outgoing_message import send_effect
from domain.replies.rules_of_engagement import RulesOfEngagement, RuleViolation
from domain.venues import Venue
from handlers.cases.preconditions import (
    require_active,
    require_answerable,
    require_not_held_by_another,
    require_settled,
    require_unchanged,
)
from handlers.cases.text_checks import public_violations
from handlers.cases.transitions import apply_event
from handlers.cases.views import messages_since, newest_inbound_id, view_case
from handlers.handoffs.current import arrived_handoff
from handlers.triage.classify import Classifier
from storage.unit_of_work import UnitOfWork

OPTIONS_AT_MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSubmission:
    """What an agent submitted.

    `seen` is the newest customer message that the form showed, `version` the case's at that moment; `confirmed` names the soft
    rules that the agent has been warned of; `client_key` is the form's own, so that a second submission of it is the same answer.
    """

    case_id: int
    user_id: str
    text: str
    seen: int
    version: int
    client_key: str
    confirmed: frozenset[str] = frozenset()
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerAccepted:
    """The answer is on its way."""

    message: Message


def open_answer(
    uow: UnitOfWork,
    *,
    case_id: int,
    user_id: str,
    classifier: Classifier,
    networks: Networks,
    now: datetime,
    signature: str = "",
) -> AnswerForm:
    """What the form shows at first: our failed words if there are any, else the suggestion, signed."""
    view = view_case(uow, case_id=case_id, now=now)
    require_active(view.case)
    require_answerable(view.case)
    require_public(uow, view.case)
    failed = _failed_in_public(view.answer)
    text = failed.text if failed else signed(view.suggestion.text if view.suggestion else "", signature)
    theirs = [message for message in view.messages if message.direction is Direction.IN]
    asked = [message.text for message in theirs if message.deleted_at is None]
    length = networks.count(view.case.network, text)
    holder = view.case.claimed_by
    return AnswerForm(
        view=view,
        text=text,
        length=length.length,
        limit=length.limit,
        seen=newest_inbound_id(list(view.messages)),
        options=classifier.options(
            view.case.assessment, asked[-1] if asked else "", view.case.author.name, limit=OPTIONS_AT_MOST
        ),
        held_by=holder if holder != user_id else None,
    )


def _failed_in_public(answer: Message | None) -> Message | None:
    """Our answer that was not sent; what was to be private is never proposed for everybody to read."""
    if answer is None or answer.delivery is not Delivery.FAILED or answer.venue.is_private:
        return None
    return answer


def submit_answer(
    uow: UnitOfWork,
    attempt: AnswerSubmission,
    *,
    classifier: Classifier,
    rules: RulesOfEngagement,
    networks: Networks,
    now: datetime,
) -> AnswerAccepted | AnswerForm:
    """Let the answer go, or give the form back with what stands in its way.

    The form comes back where the customer wrote again, edited or deleted a post since it was opened, where a hard rule is broken, or a
    soft one that the agent has not been warned of. Raises `Refused` where the case cannot be answered as it stands.
    """
    # The case first: an answer that came with a change of the case is then either seen, or caught by the look at its version below.
    case = uow.cases.get(attempt.case_id)
    earlier = uow.messages.by_client_key(attempt.client_key)
    if earlier is not None:
        return AnswerAccepted(message=earlier)
    news = messages_since(uow, case.id, seen=attempt.seen, version=attempt.version)
    violations = public_violations(
        uow,
        case,
        attempt.text,
        length=networks.count(case.network, attempt.text),
        rules=rules,
        confirmed=attempt.confirmed,
        now=now,
    )
    answer = uow.messages.newest_answer(case.id)
    require_unchanged(uow, case)
    require_active(case)
    require_not_held_by_another(case, attempt.user_id)
    require_answerable(case)
    require_public(uow, case)
    require_settled(answer)
    if news or violations:
        return _again(uow, attempt, classifier, networks, news=news, violations=violations, now=now)
    return AnswerAccepted(message=_enqueue(uow, case, attempt, rules, now))


def signed(text: str, signature: str) -> str:
    """The text with who wrote it, as is the custom: "… ^SO"."""
    return f"{text} ^{signature}" if text and signature else text


def _again(
    uow: UnitOfWork,
    attempt: AnswerSubmission,
    classifier: Classifier,
    networks: Networks,
    *,
    news: Sequence[Message],
    violations: Sequence[RuleViolation],
    now: datetime,
) -> AnswerForm:
    form = open_answer(
        uow,
        case_id=attempt.case_id,
        user_id=attempt.user_id,
        classifier=classifier,
        networks=networks,
        now=now,
    )
    length = networks.count(form.view.case.network, attempt.text)
    return replace(
        form,
        text=attempt.text,
        length=length.length,
        limit=length.limit,
        news=news,
        violations=violations,
        revision=attempt.revision + 1,
    )


def _enqueue(
    uow: UnitOfWork, case: Case, attempt: AnswerSubmission, rules: RulesOfEngagement, now: datetime
) -> Message:
    draft = Message(
        id=0,
        case_id=case.id,
        direction=Direction.OUT,
        venue=Venue.PUBLIC,
        author_id=case.account_id,
        author_name="",
        text=attempt.text,
        created_at=now,
        reply_to_id=case.reply_to_id,
        delivery=Delivery.QUEUED,
        sent_by=attempt.user_id,
        client_key=attempt.client_key,
        rules_version=rules.version,
    )
    [message] = uow.messages.add_many([draft], network=case.network, account_id=case.account_id)
    changed = apply_event(
        uow,
        case,
        CaseEvent.ANSWER,
        actor=attempt.user_id,
        action=Action.REPLY_QUEUED,
        now=now,
        message_id=message.id,
        detail={
            "text": attempt.text,
            "rules": rules.version,
            "seen": attempt.seen,
            "confirmed": sorted(attempt.confirmed),
        },
        claimed_by=attempt.user_id,
        claimed_at=case.claimed_at if case.claimed_by else now,
        snoozed_until=None,
    )
    uow.outbox.add([send_effect(message, changed)], now=now, priority=changed.sort_key)
    return message


def require_public(uow: UnitOfWork, case: Case) -> None:
    """Raise `Refused` where the customer is in private: what is written to them there is not for everybody to read."""
    place = arrived_handoff(uow, case.id)
    if place is not None:
        raise Refused(
            f"Nothing was sent: the customer is in private now ({place.venue.label.lower()}). Press Answer… on the card to write to "
            "them there, or Back to public first."
        )
