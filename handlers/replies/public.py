"""Submit an agent's public reply: build the form, check the text, enqueue it in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.cases.case import Case
from domain.cases.messages import Delivery, Message
from domain.cases.preconditions import (
    require_active,
    require_public_reply_possible,
    require_settled,
)
from domain.cases.shown_words import asked_words, words_to_answer
from domain.networks import Networks
from domain.records.audit import Action
from domain.replies.checks.reply import Reply
from domain.replies.forms import PublicReplyForm
from domain.replies.outgoing_message import new_public_reply
from domain.replies.rules_of_engagement import RulesOfEngagement, RuleViolation
from domain.replies.signature import append_signature, without_signature
from handlers.cases.assignment import take_over_to_send
from handlers.cases.open_forms import close_form, without_writer
from handlers.cases.preconditions import require_unchanged
from handlers.cases.rules_of_engagement import check_reply, used_texts
from handlers.cases.transitions import apply_answer
from handlers.cases.views import messages_since, newest_inbound_id, view_case, with_machine_texts
from handlers.handoffs.current_handoff import require_public
from handlers.knowledge.articles import ArticleLibrary
from handlers.knowledge.reply_choices import record_choice
from handlers.triage.classify import Classifier
from handlers.triage.outage_wordings import OutageWordings
from handlers.triage.suggest import with_suggestion
from storage.unit_of_work import UnitOfWork

MAX_OPTIONS = 100  # saved replies that the form offers; as many as a menu of Slack takes


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicReplySubmission:
    """A public reply as an agent submitted it.

    `seen` is the id of the newest customer message that the form showed, and `version` the case's version
    then. `confirmed` names the soft rules that the agent has been warned of. `client_key` is the form's
    idempotency key: a second submission is the same reply. `saved_reply`, `is_picked` and `is_signed` are as
    in `PublicReplyForm`. `take_over_from` is whom the form named as having the case: sending takes it over.
    """

    case_id: int
    user_id: str
    text: str
    seen: int
    version: int
    client_key: str
    confirmed: frozenset[str] = frozenset()
    revision: int = 0
    saved_reply: str = ""
    is_picked: bool = False
    is_signed: bool = False
    take_over_from: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicReplyAccepted:
    """The reply is queued for delivery, or was already by an earlier submission of the same form."""

    message: Message


def open_public_reply_form(
    uow: UnitOfWork,
    *,
    case_id: int,
    user_id: str,
    classifier: Classifier,
    networks: Networks,
    now: datetime,
    signature: str = "",
    articles: ArticleLibrary | None = None,
    outage_wordings: OutageWordings | None = None,
) -> PublicReplyForm:
    """Build the form for a public reply.

    Pre-fills the newest reply if it failed, else the suggestion with the agent's signature. Proposes one of
    the `articles`, if one surely answers. Raises `Refused` where no public answer is possible now.
    """
    view = view_case(uow, case_id=case_id, now=now, reader=user_id)
    require_active(view.case)
    require_public_reply_possible(view.case)
    require_public(uow, case_id)
    view = with_machine_texts(uow, with_suggestion(uow, view, classifier, now, outage_wordings))
    classifier.refresh(uow)
    failed = _failed_public_reply(view.latest_reply)
    used = {without_signature(text, signature) for text in used_texts(uow, view.case.account_id, now)}
    suggestion = view.suggestion if failed is None else None
    suggested = classifier.reword(suggestion, view.case.author.name, used) if suggestion else ""
    text = failed.text if failed else append_signature(suggested, signature)
    asked = asked_words(view.case, view.messages)
    length = networks.count(view.case.network, text)
    return PublicReplyForm(
        view=without_writer(view, user_id),
        text=text,
        length=length.length,
        limit=length.limit,
        seen=newest_inbound_id(list(view.messages)),
        options=classifier.options(
            replace(
                (asked and asked.assessment) or view.case.assessment, language=view.case.assessment.language
            ),
            words_to_answer(asked) if asked else "",
            view.case.author.name,
            limit=MAX_OPTIONS,
            used=used,
        ),
        assigned_to=view.case.claimed_by if view.case.claimed_by != user_id else None,
        saved_reply=suggestion.started_from if suggestion else "",
        is_signed=bool(suggested and signature),
        article=articles.best(words_to_answer(asked)) if articles and asked else None,
    )


def _failed_public_reply(reply: Message | None) -> Message | None:
    """Return the reply if it is public and failed.

    The text of a private one is never proposed for a public one.
    """
    if reply is None or reply.delivery is not Delivery.FAILED or reply.venue.is_private:
        return None
    return reply


def submit_public_reply(
    uow: UnitOfWork,
    submission: PublicReplySubmission,
    *,
    classifier: Classifier,
    rules: RulesOfEngagement,
    networks: Networks,
    now: datetime,
    articles: ArticleLibrary | None = None,
) -> PublicReplyAccepted | PublicReplyForm:
    """Enqueue the reply, or return the form again with what prevents it (collision or rule violation).

    The form is returned where the customer wrote again, edited or deleted a post since it was opened, where a
    hard rule is broken, or a soft one that is not `confirmed`, or where somebody has the case whom it did not
    name. Idempotent by `client_key`. Raises `Refused` where the case cannot be answered as it stands, and
    `StaleCase` where it was changed while it was read.
    """
    # Load the case first, to avoid a torn read: whatever changes after this is caught by `require_unchanged`
    # below.
    case = uow.cases.get(submission.case_id)
    earlier = uow.messages.by_client_key(submission.client_key)
    if earlier is not None:
        return PublicReplyAccepted(message=earlier)
    new_messages = messages_since(uow, case.id, seen=submission.seen, version=submission.version)
    checked = check_reply(
        uow,
        case,
        _checkable(case, submission, classifier, networks, articles),
        rules=rules,
        confirmed=submission.confirmed,
        now=now,
    )
    latest_reply = uow.messages.latest_reply(case.id)
    require_unchanged(uow, case)
    require_active(case)
    require_public_reply_possible(case)
    require_public(uow, case.id)
    require_settled(latest_reply)
    is_held = case.claimed_by not in (None, submission.user_id, submission.take_over_from)
    if new_messages or checked.violations or is_held:
        return _reopen_form(
            uow,
            submission,
            classifier,
            networks,
            articles,
            new_messages=new_messages,
            violations=checked.violations,
            now=now,
        )
    return PublicReplyAccepted(
        message=_enqueue(uow, case, submission, classifier, rules, now, overridden=checked.overridden)
    )


def check_public_reply(
    uow: UnitOfWork,
    submission: PublicReplySubmission,
    *,
    classifier: Classifier,
    rules: RulesOfEngagement,
    networks: Networks,
    now: datetime,
    articles: ArticleLibrary | None = None,
) -> Sequence[RuleViolation]:
    """Return the rules that the reply would break if it were submitted now."""
    case = uow.cases.get(submission.case_id)
    reply = _checkable(case, submission, classifier, networks, articles)
    return check_reply(uow, case, reply, rules=rules, confirmed=frozenset(), now=now).violations


def _checkable(
    case: Case,
    submission: PublicReplySubmission,
    classifier: Classifier,
    networks: Networks,
    articles: ArticleLibrary | None,
) -> Reply:
    length = networks.count(case.network, submission.text)
    saved = next((reply for reply in classifier.replies if reply.name == submission.saved_reply), None)
    return Reply(
        text=submission.text,
        length=length.length,
        limit=length.limit,
        links=networks.links(case.network, submission.text),
        saved_texts=classifier.wordings(saved, case.assessment.language, case.author.name) if saved else (),
        is_picked=submission.is_picked,
        is_signed=submission.is_signed,
        article_urls=articles.urls if articles else frozenset(),
    )


def _reopen_form(
    uow: UnitOfWork,
    submission: PublicReplySubmission,
    classifier: Classifier,
    networks: Networks,
    articles: ArticleLibrary | None,
    *,
    new_messages: Sequence[Message],
    violations: Sequence[RuleViolation],
    now: datetime,
) -> PublicReplyForm:
    form = open_public_reply_form(
        uow,
        case_id=submission.case_id,
        user_id=submission.user_id,
        classifier=classifier,
        networks=networks,
        now=now,
        articles=articles,
    )
    length = networks.count(form.view.case.network, submission.text)
    return replace(
        form,
        text=submission.text,
        length=length.length,
        limit=length.limit,
        new_messages=new_messages,
        violations=violations,
        revision=submission.revision + 1,
        saved_reply=submission.saved_reply,
        is_picked=submission.is_picked,
        is_signed=submission.is_signed,
    )


def _enqueue(
    uow: UnitOfWork,
    case: Case,
    submission: PublicReplySubmission,
    classifier: Classifier,
    rules: RulesOfEngagement,
    now: datetime,
    *,
    overridden: Sequence[str],
) -> Message:
    draft = new_public_reply(
        case,
        submission.text,
        by=submission.user_id,
        client_key=submission.client_key,
        rules_version=rules.version,
        now=now,
    )
    [message] = uow.messages.add_many([draft], network=case.network, account_id=case.account_id)
    case = take_over_to_send(uow, case, user_id=submission.user_id, now=now)
    close_form(uow, case_id=case.id, user_id=submission.user_id, now=now)
    record_choice(uow, case, message, started_from=submission.saved_reply, classifier=classifier, now=now)
    apply_answer(
        uow,
        case,
        message,
        user_id=submission.user_id,
        action=Action.REPLY_QUEUED,
        now=now,
        detail={
            "text": submission.text,
            "rules": rules.version,
            "seen": submission.seen,
            "confirmed": list(overridden),
        },
    )
    return message
