"""Submit a public answer: once, by one agent, against the customer's newest message, or with errors."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from adapters.language.detector import LinguaDetector
from domain.cases.case import Case, CaseState
from domain.cases.messages import Delivery, Direction
from domain.cases.preconditions import PublicReplyBlocked, ReplyUnsettled
from domain.errors import AlreadyClosed, CaseNotFound, Refused
from domain.intake.posts import MatchReason, ReplyBlock
from domain.records.audit import Action
from domain.replies.checks import CHECKS
from domain.replies.checks.reply import Reply
from domain.replies.forms import PublicReplyForm
from domain.replies.rules_of_engagement import Guidance, Rule, RulesOfEngagement, Where
from domain.triage.assessment import Urgency
from domain.triage.correction import judgement_of
from handlers.cases.assignment import claim, take_over
from handlers.cases.open_forms import open_form, writers
from handlers.cases.resolution import resolve, snooze
from handlers.cases.rules_of_engagement import check_reply
from handlers.knowledge.teaching import correct
from handlers.replies.public import (
    MAX_OPTIONS,
    PublicReplyAccepted,
    PublicReplySubmission,
    submit_public_reply,
)
from handlers.replies.results import record_failed, record_sent, record_unsure
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.domain.made import POLICY, RULES
from tests.handlers.made import (
    ANA,
    FIRE,
    HOUR,
    KAI,
    MIA,
    MINUTE,
    NOW,
    PAYMENT,
    SAM,
    THANKS,
    a_classifier,
    a_post,
    a_stored_case,
    an_answer,
    arrive,
    audit_actions,
    case_of,
    cases,
    do,
    in_parallel,
    messages,
    networks,
    notified_people,
    public_form,
    queued,
    trail,
)

LATER = NOW + 5 * MINUTE


def an_attempt(
    store: Store,
    case: Case,
    text: str = "Hi Ana, we are on it",
    **more: Any,  # noqa: ANN401 - any of the fields
) -> PublicReplySubmission:
    """Build a submission by an agent who has seen everything."""
    return an_answer(store, case, text, **more)


def submit(store: Store, attempt: PublicReplySubmission) -> PublicReplyAccepted | PublicReplyForm:
    return do(
        store,
        submit_public_reply,
        attempt,
        classifier=a_classifier(),
        rules=RULES,
        networks=networks(),
        now=LATER,
    )


def form(store: Store, case: Case, user_id: str = SAM, signature: str = "") -> PublicReplyForm:
    return public_form(store, case.id, user_id=user_id, now=LATER, signature=signature)


def stopped(store: Store, attempt: PublicReplySubmission) -> PublicReplyForm:
    """Submit an answer that must be refused; return the form that comes back."""
    result = submit(store, attempt)
    assert isinstance(result, PublicReplyForm)
    assert [m for m in messages(store, attempt.case_id) if m.direction is Direction.OUT] == []
    return result


# --- the form ---------------------------------------------------------------------------------


def test_the_form_shows_the_suggestion_its_count_and_texts_to_pick_from(store: Store) -> None:
    case = a_stored_case(store)
    shown = form(store, case)
    assert shown.view.suggestion is not None
    assert shown.text == shown.view.suggestion.text
    assert (shown.length, shown.limit) == (len(shown.text), 280)
    assert 1 < len(shown.options) <= MAX_OPTIONS
    assert len({option.name for option in shown.options}) == len(shown.options)
    assert shown.seen == messages(store, case.id)[0].id
    assert shown.assigned_to is None


def test_who_only_asks_again_is_offered_what_answers_their_first_words(store: Store) -> None:
    first = form(store, case := a_stored_case(store, PAYMENT))
    arrive(store, a_post("8", "@acme still waiting for an answer here", created_at=LATER))
    again = form(store, case_of(store, case.id))
    assert len(messages(store, case.id)) == 2
    assert [one.name for one in again.options] == [one.name for one in first.options]


def test_the_form_signs_the_suggestion(store: Store) -> None:
    shown = form(store, a_stored_case(store), signature="SO")
    assert shown.text.endswith(" ^SO")
    assert shown.length == len(shown.text)


@pytest.mark.parametrize("signature", ["", "SO"])
def test_what_was_posted_today_is_suggested_to_the_next_customer_in_other_words(
    store: Store, signature: str
) -> None:
    """Two cards suggest the same text; once one is sent, the other's form has another wording."""
    nameless = [replace(ANA, id=str(number), name="🔥") for number in (101, 102, 103)]
    for number, author in enumerate(nameless[:2]):
        arrive(store, a_post(f"91{number}", PAYMENT, author=author))
    first, second = cases(store)[-2:]
    same = form(store, first, signature=signature)
    assert same.text == form(store, second, signature=signature).text
    submit(store, an_attempt(store, first, same.text, confirmed=frozenset(CHECKS)))
    other = form(store, second, signature=signature)
    assert other.text not in {same.text, ""}
    assert other.text.endswith(" ^SO") is bool(signature)
    assert other.text.removesuffix(" ^SO") in {option.text for option in other.options}
    if not signature:
        arrive(store, a_post("919", PAYMENT, author=nameless[2]))
        third = form(store, cases(store)[-1])
        assert third.view.suggestion is not None
        assert third.view.suggestion.text == other.text, "a new card has it too"


def test_no_text_is_suggested_that_was_posted_today(store: Store) -> None:
    """Our own rule against repeated texts would meet our own suggestion."""
    classifier, case = a_classifier(), a_stored_case(store)
    reply = next(reply for reply in classifier.replies if reply.name == "payment_errors")
    suggest = partial(
        classifier.suggest, case.assessment, PAYMENT, "🔥", case_id=case.id, message_id=1, now=NOW
    )
    texts = classifier.wordings(reply, case.assessment.language, "🔥")
    suggestions = [suggest(used=texts[:number]) for number in range(len(texts))]
    assert [suggestion and suggestion.text for suggestion in suggestions] == texts
    assert suggest(used=texts) is None


def test_the_form_prefills_a_failed_answer_unchanged(store: Store) -> None:
    case = a_stored_case(store)
    accepted = submit(store, an_attempt(store, case, "Hi, this failed ^SO"))
    assert isinstance(accepted, PublicReplyAccepted)
    do(store, record_failed, message_id=accepted.message.id, reason="no", now=LATER)
    assert form(store, case, signature="SO").text == "Hi, this failed ^SO"


def test_the_form_says_who_holds_the_case(store: Store) -> None:
    case = a_stored_case(store)
    do(store, claim, case_id=case.id, user_id=MIA, now=NOW)
    assert form(store, case, SAM).assigned_to == MIA
    assert form(store, case, MIA).assigned_to is None


def test_the_form_is_refused_where_no_answer_can_be_sent(store: Store) -> None:
    arrive(store, a_post(match_reason=MatchReason.SEARCH))
    [case] = cases(store)
    with pytest.raises(PublicReplyBlocked) as refused:
        form(store, case)
    assert refused.value.block is ReplyBlock.NOT_ADDRESSED
    with pytest.raises(CaseNotFound):
        form(store, replace(case, id=case.id + 1))


# --- accepted ---------------------------------------------------------------------------------


def test_an_answer_stores_message_outbox_row_state_and_audit_entry(store: Store) -> None:
    case, text = a_stored_case(store), "HI ANA, WE ARE ON IT"
    result = submit(store, an_attempt(store, case, text, confirmed=frozenset({"all_caps"})))
    assert isinstance(result, PublicReplyAccepted)
    [message] = [m for m in messages(store, case.id) if m.direction is Direction.OUT]
    assert message == result.message
    assert (message.text, message.reply_to_id, message.delivery, message.sent_by, message.rules_version) == (
        text,
        case.reply_to_id,
        Delivery.QUEUED,
        SAM,
        "7",
    )
    [row] = queued(store, "send_reply")
    assert (row["key"], row["payload"]["case_id"]) == (f"send_reply:{message.id}:1", case.id)
    after = case_of(store, case.id)
    assert (after.state, after.version, after.claimed_by, after.claimed_at) == (
        CaseState.WAITING,
        2,
        SAM,
        LATER,
    )
    assert audit_actions(store, case.id)[-1] == (SAM, Action.REPLY_QUEUED, 2)
    entry = trail(store, case.id)[-1]
    assert entry.at == LATER
    assert entry.message_id == message.id
    assert entry.detail == {
        "text": text,
        "rules": "7",
        "seen": messages(store, case.id)[0].id,
        "confirmed": ["all_caps"],
    }


def test_answering_wakes_a_snoozed_case_and_keeps_its_holder(store: Store) -> None:
    case = a_stored_case(store)
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    do(store, snooze, case_id=case.id, version=None, until=NOW + HOUR, user_id=SAM, now=NOW)
    assert isinstance(submit(store, an_attempt(store, case)), PublicReplyAccepted)
    after = case_of(store, case.id)
    assert (after.state, after.snoozed_until, after.claimed_at) == (CaseState.WAITING, None, NOW)


def test_a_second_submission_of_the_same_form_is_the_same_answer(store: Store) -> None:
    case = a_stored_case(store)
    first = submit(store, an_attempt(store, case))
    again = submit(store, an_attempt(store, case, "Something else"))
    assert first == again
    assert len(queued(store, "send_reply")) == 1


def test_concurrent_submissions_of_one_form_are_one_answer(store: Store) -> None:
    case = a_stored_case(store)
    attempt = an_attempt(store, case)
    results = in_parallel([lambda: submit(store, attempt)] * 4)
    assert [result for result in results if not isinstance(result, PublicReplyAccepted)] == []
    assert len({result.message.id for result in results if isinstance(result, PublicReplyAccepted)}) == 1
    assert len(queued(store, "send_reply")) == 1


def test_of_two_concurrent_answers_one_is_refused(store: Store) -> None:
    case = a_stored_case(store)
    attempts = [an_attempt(store, case, user_id=user, client_key=user) for user in (SAM, MIA)]
    results = in_parallel([lambda a=a: submit(store, a) for a in attempts])  # type: ignore[misc]
    assert sorted(isinstance(result, PublicReplyAccepted) for result in results) == [False, True]
    assert sum(isinstance(result, Refused) for result in results) == 1
    assert len(queued(store, "send_reply")) == 1


# --- refused ----------------------------------------------------------------------------------


def test_a_closed_case_is_not_answered(store: Store) -> None:
    case = a_stored_case(store)
    attempt = an_attempt(store, case)
    do(store, resolve, case_id=case.id, version=None, user_id=MIA, now=NOW)
    with pytest.raises(AlreadyClosed) as refused:
        submit(store, attempt)
    assert refused.value.by == MIA
    with pytest.raises(AlreadyClosed):
        form(store, case)


def test_somebody_elses_case_is_not_answered(store: Store) -> None:
    case = a_stored_case(store)
    attempt = an_attempt(store, case)
    do(store, claim, case_id=case.id, user_id=MIA, now=NOW)
    again = stopped(store, attempt)
    assert (again.assigned_to, again.text) == (MIA, attempt.text)
    do(store, take_over, case_id=case.id, user_id=SAM, assignee=MIA, now=NOW)
    assert isinstance(submit(store, attempt), PublicReplyAccepted)


def test_an_answer_takes_the_case_over_from_whom_the_form_named(store: Store) -> None:
    case = a_stored_case(store)
    do(store, claim, case_id=case.id, user_id=KAI, now=NOW)
    attempt = an_attempt(store, case, take_over_from=KAI)
    do(store, take_over, case_id=case.id, user_id=MIA, assignee=KAI, now=NOW)
    assert stopped(store, attempt).assigned_to == MIA
    assert isinstance(submit(store, replace(attempt, take_over_from=MIA)), PublicReplyAccepted)
    assert case_of(store, case.id).claimed_by == SAM
    done = [action for _, action, _ in audit_actions(store, case.id)]
    assert done[-2:] == [Action.TAKEN_OVER, Action.REPLY_QUEUED]
    assert notified_people(store) == [(KAI, Action.TAKEN_OVER), (MIA, Action.TAKEN_OVER)]


def test_a_broken_rule_is_asked_about_before_a_case_is_taken_over(store: Store) -> None:
    case = a_stored_case(store)
    do(store, claim, case_id=case.id, user_id=MIA, now=NOW)
    attempt = an_attempt(store, case, "WE ARE WORKING ON IT", take_over_from=MIA)
    again = stopped(store, attempt)
    assert (again.assigned_to, len(again.violations) > 0) == (MIA, True)
    assert case_of(store, case.id).claimed_by == MIA


def test_a_sent_form_is_no_longer_open(store: Store) -> None:
    case = a_stored_case(store)
    do(store, open_form, case, user_id=SAM, now=NOW)
    do(store, open_form, case, user_id=MIA, now=NOW)
    assert list(form(store, case).view.writers) == [MIA]
    submit(store, an_attempt(store, case))
    assert do(store, writers, case.id, NOW) == [MIA]


def test_a_post_that_lost_its_mention_meanwhile_is_not_answered(store: Store) -> None:
    case = a_stored_case(store)
    attempt = an_attempt(store, case)
    edit = a_post(
        case.conversation_id,
        "nothing to see",
        revision_id="9999",
        match_reason=MatchReason.SEARCH,
    )
    arrive(store, edit)
    with pytest.raises(PublicReplyBlocked) as refused:
        submit(store, attempt)
    assert refused.value.block is ReplyBlock.NOT_ADDRESSED


def test_no_second_answer_while_the_first_is_on_its_way_or_in_doubt(store: Store) -> None:
    case = a_stored_case(store)
    accepted = submit(store, an_attempt(store, case))
    assert isinstance(accepted, PublicReplyAccepted)
    with pytest.raises(ReplyUnsettled) as queued_before:
        submit(store, an_attempt(store, case, "Another", client_key="V2"))
    assert queued_before.value.delivery is Delivery.QUEUED
    do(store, record_unsure, message_id=accepted.message.id, reason="lost", now=LATER)
    with pytest.raises(ReplyUnsettled) as unsure_before:
        submit(store, an_attempt(store, case, "Another", client_key="V2"))
    assert unsure_before.value.delivery is Delivery.UNSURE
    do(store, record_sent, message_id=accepted.message.id, result={"id": "5"}, now=LATER)
    assert isinstance(submit(store, an_attempt(store, case, "Another", client_key="V2")), PublicReplyAccepted)


# --- errors in the form -----------------------------------------------------------------------


def test_a_new_message_of_the_customer_stops_the_answer_and_is_shown(store: Store) -> None:
    case = a_stored_case(store)
    attempt = an_attempt(store, case)
    arrive(store, a_post("901", "@acme never mind"))
    back = stopped(store, attempt)
    assert [message.text for message in back.new_messages] == ["@acme never mind"]
    assert (back.text, back.revision) == (attempt.text, 1)
    assert back.violations == []
    assert isinstance(submit(store, an_attempt(store, case)), PublicReplyAccepted)


def test_an_edit_by_the_customer_stops_the_answer_and_is_shown(store: Store) -> None:
    case = a_stored_case(store)
    attempt = an_attempt(store, case)
    arrive(store, a_post(case.conversation_id, "@acme sorry, it works!", revision_id="9999"))
    back = stopped(store, attempt)
    assert [message.text for message in back.new_messages] == ["@acme sorry, it works!"]
    assert isinstance(submit(store, replace(attempt, version=back.view.case.version)), PublicReplyAccepted)


def test_changes_by_colleagues_stop_no_answer(store: Store) -> None:
    case = a_stored_case(store)
    attempt = an_attempt(store, case)
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    assert isinstance(submit(store, attempt), PublicReplyAccepted)


def test_a_hard_rule_blocks_whatever_was_confirmed(store: Store) -> None:
    case, text = a_stored_case(store), "x" * 281
    back = stopped(store, an_attempt(store, case, text, confirmed=frozenset(CHECKS)))
    assert [finding.rule for finding in back.violations if finding.hard] == ["too_long"]
    assert (back.text, back.length, back.limit) == (text, len(text), 280)


def test_a_soft_rule_asks_once_and_passes_once_confirmed(store: Store) -> None:
    case = a_stored_case(store)
    attempt = an_attempt(store, case, "Look at https://acme.example/help")
    back = stopped(store, attempt)
    assert [(finding.rule, finding.hard) for finding in back.violations] == [("has_link", False)]
    result = submit(store, replace(attempt, confirmed=frozenset({"has_link"}), revision=back.revision))
    assert isinstance(result, PublicReplyAccepted)
    assert trail(store, case.id)[-1].detail["confirmed"] == ["has_link"]


def test_only_what_the_sent_text_breaks_is_stored_as_overridden(store: Store) -> None:
    case = a_stored_case(store)
    assert isinstance(
        submit(store, an_attempt(store, case, confirmed=frozenset({"has_link"}))), PublicReplyAccepted
    )
    assert trail(store, case.id)[-1].detail["confirmed"] == []


def test_a_signature_that_was_taken_out_asks(store: Store) -> None:
    case = a_stored_case(store, PAYMENT)
    opened = form(store, case, signature="SO")
    assert (opened.is_signed, form(store, case).is_signed) == (True, False)
    assert opened.saved_reply
    attempt = an_attempt(store, case, "Hi Ana, we are on it", is_signed=True)
    back = stopped(store, attempt)
    assert [finding.rule for finding in back.violations] == ["unsigned"]
    assert back.is_signed
    assert isinstance(submit(store, replace(attempt, text="Hi Ana, we are on it ^MA")), PublicReplyAccepted)


def test_a_picked_reply_of_which_little_is_left_asks(store: Store) -> None:
    case = a_stored_case(store)
    name = form(store, case).options[0].name
    text = "Nothing here has anything in common with whatever stood in that box before somebody typed"
    attempt = an_attempt(store, case, text, saved_reply=name)
    back = stopped(store, replace(attempt, is_picked=True))
    assert [finding.rule for finding in back.violations] == ["far_from_saved_reply"]
    assert (back.saved_reply, back.is_picked) == (name, True)
    assert isinstance(submit(store, attempt), PublicReplyAccepted)


def test_a_text_that_was_sent_within_a_day_is_warned_of(store: Store) -> None:
    first = a_stored_case(store, PAYMENT)
    accepted = submit(store, an_attempt(store, first, "We are on it"))
    assert isinstance(accepted, PublicReplyAccepted)
    arrive(store, a_post("7", THANKS, author=replace(first.author, id="99")))
    [second] = [case for case in cases(store) if case.id != first.id]
    attempt = an_attempt(store, second, "We are on it", client_key="V2")
    assert [finding.rule for finding in stopped(store, attempt).violations] == ["duplicate"]
    do(store, record_failed, message_id=accepted.message.id, reason="no", now=LATER)
    assert isinstance(submit(store, attempt), PublicReplyAccepted)


def test_a_new_message_and_a_broken_rule_are_told_together(store: Store) -> None:
    case = a_stored_case(store)
    attempt = an_attempt(store, case, "x" * 300)
    arrive(store, a_post("901", FIRE))
    back = stopped(store, attempt)
    assert back.new_messages
    assert [finding.rule for finding in back.violations] == ["too_long"]


@pytest.mark.parametrize("text", ["Hi\0 Ana", "Hi \ud800 Ana", "Hi " + "ب" * 50, "👩‍👩‍👧" * 9])
def test_any_text_can_be_sent_and_is_stored_clean(store: Store, text: str) -> None:
    case = a_stored_case(store)
    assert isinstance(submit(store, an_attempt(store, case, text)), PublicReplyAccepted)
    stored = messages(store, case.id)[-1].text
    assert "\0" not in stored
    stored.encode()


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("there's a typo on the checkout page", False),
        ("@acme_support_in_great_britain typo on the checkout page https://acme.example/checkout", False),
        ("il y a une faute de frappe sur la page de paiement du site", True),
        ("支払いページに誤字", True),
    ],
)
def test_the_language_is_asked_about_only_where_the_posts_are_long_enough_to_show_it(
    store: Store, text: str, warned: bool
) -> None:
    """Networks and detectors take a few English words for French."""
    arrive(store, a_post("900", text, language_hint="fr"))
    rules = RulesOfEngagement(
        version="9",
        rules=[Rule(name="wrong_language", reason="Translate it.", hard=False)],
        detector=LinguaDetector(),
    )
    answer = (
        "Well spotted, thank you. We have told the team that looks after the pages, and it will be mended."
    )
    reply = Reply(text=answer, length=len(answer), limit=280)

    def broken(uow: UnitOfWork) -> list[str]:
        found = check_reply(uow, case, reply, rules=rules, confirmed=frozenset(), now=NOW)
        return [violation.rule for violation in found.violations]

    [case] = cases(store)
    assert case.assessment.language == "fr"
    assert do(store, broken) == (["wrong_language"] if warned else [])
    judgement = replace(judgement_of(case.assessment), language="fr")
    do(
        store,
        correct,
        case_id=case.id,
        message_id=messages(store, case.id)[0].id,
        judgement=judgement,
        user_id=SAM,
        policy=POLICY,
        now=NOW,
    )
    assert do(store, broken) == ["wrong_language"], "a person said so"


def test_only_a_case_that_is_about_no_outage_is_asked_about_in_public(store: Store) -> None:
    case = a_stored_case(store)
    rule = Rule(name="belongs_in_private", reason="Move it.", hard=False)
    guidance = {case.assessment.situation: Guidance(venues=frozenset({Where.PRIVATE}))}
    rules = RulesOfEngagement(version="9", rules=[rule], situations=guidance)
    reply = Reply(text="Hi Ana, it works again.", length=23, limit=280)

    def broken(uow: UnitOfWork, changed: Case) -> list[str]:
        found = check_reply(uow, changed, reply, rules=rules, confirmed=frozenset(), now=NOW)
        return [violation.rule for violation in found.violations]

    assert do(store, broken, case) == ["belongs_in_private"]
    assert do(store, broken, replace(case, outage_id=1)) == []
    assert do(store, broken, replace(case, assessment=replace(case.assessment, urgency=Urgency.LOW))) == []
