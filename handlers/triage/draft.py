"""Build the request for a model's draft reply, and store the draft as the case's suggestion."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.cases.case import Case
from domain.cases.case_assessment import statements_of, wants_suggestion
from domain.cases.messages import Direction, Message
from domain.delivery.effects import DraftReply, UpdateCard
from domain.model_calls import NoAnswer
from domain.networks import Networks
from domain.records.audit import SYSTEM, Action, Entry
from domain.replies.checks.form import is_in_wrong_language
from domain.replies.checks.reply import Reply
from domain.replies.rules_of_engagement import Guidance, RulesOfEngagement
from domain.triage.drafts import Draft, DraftRequest, Grounding, Source, Suggestion
from domain.triage.encoder import EncoderError
from domain.triage.grounding import MIN_COSINE, MIN_SHARED_WORDS, best_cosine, shared_words
from domain.triage.saved_replies import first_name
from domain.triage.situations import Situation
from handlers.cases.rules_of_engagement import check_reply, used_texts
from handlers.triage.classify import Classifier
from storage.unit_of_work import UnitOfWork

MAX_GROUNDINGS = 4
MAX_EARLIER_MESSAGES = 5


def draft_request(
    uow: UnitOfWork,
    *,
    case_id: int,
    message_id: int,
    classifier: Classifier,
    networks: Networks,
    rules: RulesOfEngagement,
    now: datetime,
) -> DraftRequest | None:
    """Build the request for a draft that answers the message.

    `None` if the customer has written since or wants nothing, the case is closed or cannot be answered
    publicly, such posts are not answered, or there is no saved reply to stand on.
    """
    case = uow.cases.get(case_id)
    messages = _messages_for_draft(uow, case, message_id)
    if not messages:
        return None
    newest = messages[-1]
    classifier.refresh(uow)
    assessment = newest.assessment or case.assessment
    guidance = rules.situations.get(assessment.situation, Guidance())
    author = case.author
    options = classifier.options(
        assessment,
        newest.text,
        author.name,
        limit=MAX_GROUNDINGS,
        used=used_texts(uow, case.account_id, now),
    )
    if not options or guidance.do_not_answer:
        return None
    return DraftRequest(
        text=newest.text,
        language=assessment.language,
        brand=classifier.policy.brand,
        network=case.network,
        limit=networks.count(case.network, "").limit,
        counting_rule=networks.profile(case.network).counting_rule,
        groundings=tuple(Grounding(name=o.name, title=o.title, text=o.text) for o in options),
        earlier=tuple(message.text for message in messages[:-1][-MAX_EARLIER_MESSAGES:]),
        first_name=first_name(author.name),
        known=(author.name, author.handle, *{message.author_name for message in messages}),
        tone=guidance.tone,
        never_promise=tuple(sorted(guidance.never_promise)),
    )


def require_grounded(draft: Draft, request: DraftRequest, classifier: Classifier) -> None:
    """Raise `NoAnswer` where the draft says something else than the texts that it cites.

    By words where one of them is in the draft's language, else by vectors; where there are none, a draft in
    another language than its sources cannot be judged, and is refused. Takes some milliseconds: call it
    outside of a transaction.
    """
    sources = [source.text for source in request.cited(draft.grounded_in)]
    detect = classifier.detector.detect
    alike = [text for text in sources if detect(text) in {None, draft.language, detect(draft.text)}]
    if alike:
        is_grounded = shared_words(draft.text, alike) >= MIN_SHARED_WORDS
    elif classifier.trained is None:
        is_grounded = False
    else:
        try:
            [vector, *others] = classifier.trained.encoder.encode([draft.text, *sources])
        except EncoderError as error:
            raise NoAnswer(str(error)) from None
        is_grounded = best_cosine(vector, others) >= MIN_COSINE
    if not is_grounded:
        raise NoAnswer("its reply says something else than its sources")


def require_rules_kept(
    uow: UnitOfWork,
    *,
    case_id: int,
    draft: Draft,
    request: DraftRequest,
    rules: RulesOfEngagement,
    networks: Networks,
    now: datetime,
) -> None:
    """Raise `NoAnswer` where the draft breaks a rule of engagement, or is not in the customer's language."""
    case = uow.cases.get(case_id)
    length = networks.count(case.network, draft.text)
    reply = Reply(
        text=draft.text,
        length=length.length,
        limit=length.limit,
        links=networks.links(case.network, draft.text),
        saved_texts=[source.text for source in request.cited(draft.grounded_in)],
    )
    # Not `wrong_language`, which lets the language of the saved reply pass.
    if is_in_wrong_language(replace(reply, saved_texts=(), language=draft.language, detector=rules.detector)):
        raise NoAnswer("its reply is in another language")
    broken = check_reply(uow, case, reply, rules=rules, confirmed=frozenset(), now=now).violations
    if broken:
        raise NoAnswer(f"its reply breaks the rule {broken[0].rule}")


def save_draft(
    uow: UnitOfWork,
    *,
    case_id: int,
    message_id: int,
    draft: Mapping[str, Any],
    asked_at: datetime,
    now: datetime,
) -> None:
    """Store the model's draft as the case's suggestion.

    The case keeps its version, so that the buttons of its cards stay valid. Drops a draft whose message is no
    longer the customer's last (a newer suggestion fits better) or wants no answer any more. Erases, also from
    the outbox, a draft that was requested (at `asked_at`) before a post of the case was redacted: it may
    quote that post.
    """
    case = uow.cases.get(case_id)
    deletions = (message.deleted_at for message in uow.messages.of_case(case_id))
    if any(deleted_at is not None and deleted_at >= asked_at for deleted_at in deletions):
        uow.outbox.delete_results([DraftReply(case_id, message_id)])
        return
    if not _messages_for_draft(uow, case, message_id):
        return
    suggestion = Suggestion(
        case_id=case_id,
        message_id=message_id,
        text=draft["text"],
        language=draft["language"],
        source=Source.MODEL,
        name=draft["prompt"],
        version=draft["prompt_version"],
        title=draft["title"],
        created_at=now,
        model=draft["model"],
        grounded_in=",".join(draft["grounded_in"]),
        missing=tuple(draft["missing"]),
    )
    uow.suggestions.add_many([suggestion])
    entry = Entry(
        at=now,
        actor=SYSTEM,
        action=Action.SUGGESTED,
        case_id=case_id,
        version=case.version,
        message_id=message_id,
        detail={"model": suggestion.model, "prompt": suggestion.name, "version": suggestion.version},
    )
    uow.audit.add_many([entry])
    uow.outbox.add([UpdateCard(case_id)], now=now, priority=case.sort_key)


def _messages_for_draft(uow: UnitOfWork, case: Case, message_id: int) -> list[Message]:
    """Return the customer's public messages if `message_id` is the last, answerable and wants an answer.

    Otherwise none: a person may have said, while a draft was made, that nothing is wanted or that it is spam.
    """
    # The draft answers publicly: private messages must not reach the model.
    public = [
        m
        for m in uow.messages.of_case(case.id)
        if m.direction is Direction.IN and m.deleted_at is None and not m.venue.is_private
    ]
    is_last = bool(public) and public[-1].id == message_id
    if not is_last or not case.state.is_active or case.reply_block is not None:
        return []
    *earlier, statement = statements_of(case, public)
    is_spam = statement.assessment.situation is Situation.SPAM
    return public if wants_suggestion(statement, earlier) and not is_spam else []
