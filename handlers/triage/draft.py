"""Build the request for a model's draft reply, and store the draft as the case's suggestion."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.cases.case import Case
from domain.cases.case_assessment import statements_of, wants_suggestion
from domain.cases.messages import Direction, Message
from domain.delivery.effects import DraftReply
from domain.model_calls import NoAnswer
from domain.networks import Networks
from domain.records.audit import SYSTEM, Action, Entry
from domain.replies.checks.form import is_in_wrong_language
from domain.replies.checks.reply import Reply
from domain.replies.right_venue import Move, needed_move
from domain.replies.rules_of_engagement import Guidance, RulesOfEngagement, RuleViolation
from domain.triage.assessment import Assessment
from domain.triage.drafts import Draft, DraftRequest, Grounding, Source, Suggestion
from domain.triage.encoder import EncoderError
from domain.triage.grounding import MIN_COSINE, MIN_SHARED_WORDS, best_cosine, shared_words
from domain.triage.pointed_at import words_of_topic
from domain.triage.saved_replies import first_name
from domain.triage.situations import Situation
from handlers.cases.cards import update_card
from handlers.cases.rules_of_engagement import check_reply, used_texts
from handlers.cases.views import MAX_CASE_MESSAGES
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
    publicly, such posts are not answered, there is no saved reply to stand on, or the case is to be moved to
    private by an invitation, which a person sends: no direct message is read on its network.
    """
    case = uow.cases.get(case_id)
    messages = _messages_for_draft(uow, case, message_id)
    move = needed_move(case, rules.situations, networks.without_direct)
    if not messages or move is Move.ELSEWHERE:
        return None
    newest, author = messages[-1], case.author
    classifier.refresh(uow)
    post = PostToDraft(
        text=newest.words,
        assessment=newest.assessment or case.assessment,
        network=case.network,
        must_move=move is Move.BY_DIRECT_MESSAGE,
        author_name=author.name,
        earlier=tuple(message.text for message in messages[:-1][-MAX_EARLIER_MESSAGES:]),
        known=(
            *(author.name, author.handle),
            *{message.author_name for message in messages},
            *newest.context.handles,
        ),
        points_at=newest.context.pointed_at,
    )
    used = used_texts(uow, case.account_id, now)
    return build_request(post, classifier, rules, networks, used=used)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostToDraft:
    """A post that a draft is to answer, which asks for a direct message if it `must_move`.

    `earlier` are the customer's posts before it, the oldest first. `known` are names to mask. `points_at` is
    what it quotes or answers.
    """

    text: str
    assessment: Assessment
    network: str
    must_move: bool
    author_name: str = ""
    earlier: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    points_at: str = ""


def build_request(
    post: PostToDraft,
    classifier: Classifier,
    rules: RulesOfEngagement,
    networks: Networks,
    *,
    used: Container[str] = (),
) -> DraftRequest | None:
    """Build the request for a draft. `used` are the texts of recent answers, which are not repeated.

    `None` if such posts are not answered, or there is no saved reply to stand on.
    """
    guidance = rules.situations.get(post.assessment.situation, Guidance())
    topic = words_of_topic(post.text, post.assessment, post.points_at)
    options = classifier.options(post.assessment, topic, post.author_name, limit=MAX_GROUNDINGS, used=used)
    if not options or guidance.do_not_answer:
        return None
    return DraftRequest(
        text=post.text,
        language=post.assessment.language,
        brand=classifier.policy.brand,
        network=post.network,
        limit=networks.count(post.network, "").limit,
        counting_rule=networks.profile(post.network).counting_rule,
        groundings=tuple(Grounding(name=o.name, title=o.title, text=o.text) for o in options),
        earlier=post.earlier,
        first_name=first_name(post.author_name),
        known=post.known,
        tone=guidance.tone,
        never_promise=tuple(sorted(guidance.never_promise)),
        must_move=post.must_move,
        points_at=post.points_at,
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
    reply = drafted_reply(draft, request, networks)
    require_language(draft, reply, rules)
    broken = check_reply(uow, case, reply, rules=rules, confirmed=frozenset(), now=now).violations
    require_unbroken(broken)


def drafted_reply(draft: Draft, request: DraftRequest, networks: Networks) -> Reply:
    """Return the draft as a reply that the rules of engagement check."""
    length = networks.count(request.network, draft.text)
    return Reply(
        text=draft.text,
        length=length.length,
        limit=length.limit,
        links=networks.links(request.network, draft.text),
        saved_texts=[source.text for source in request.cited(draft.grounded_in)],
    )


def require_language(draft: Draft, reply: Reply, rules: RulesOfEngagement) -> None:
    """Raise `NoAnswer` where the draft is not in the customer's language."""
    # Not `wrong_language`, which lets the language of the saved reply pass.
    if is_in_wrong_language(replace(reply, saved_texts=(), language=draft.language, detector=rules.detector)):
        raise NoAnswer("its reply is in another language")


def require_unbroken(broken: Sequence[RuleViolation]) -> None:
    """Raise `NoAnswer` where a rule is broken."""
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
    longer the customer's last (a newer suggestion fits better), that wants no answer any more, or of which a
    person has said since that it is about something else. Erases, also from the outbox, a draft that was
    requested (at `asked_at`) before a post of the case was redacted: it may quote that post.
    """
    case = uow.cases.get(case_id)
    deletions = (message.deleted_at for message in uow.messages.of_case(case_id))
    if any(deleted_at is not None and deleted_at >= asked_at for deleted_at in deletions):
        uow.outbox.delete_results([DraftReply(case_id, message_id)])
        return
    if not _messages_for_draft(uow, case, message_id) or _is_corrected(uow, case, message_id, asked_at):
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
    uow.suggestions.add(suggestion)
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
    update_card(uow, case, actor=SYSTEM, now=now)


def _is_corrected(uow: UnitOfWork, case: Case, message_id: int, since: datetime) -> bool:
    """Return whether a person has given the message another situation since then."""
    return any(
        entry.action is Action.CORRECTED
        and entry.message_id == message_id
        and entry.at >= since
        and entry.detail["situation"] != entry.detail["read_situation"]
        for entry in uow.audit.of_case(case.id, limit=MAX_CASE_MESSAGES)
    )


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
