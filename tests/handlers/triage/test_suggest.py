"""Choose suggestions when somebody is to see them: once for each message, also that there is none."""

from dataclasses import replace

from sqlalchemy import func, select

from domain.cases.case import Case
from domain.intake.post_context import PostContext, ReferencedPost, ReferenceKind
from domain.replies.rules_of_engagement import Guidance, Where
from domain.triage.drafts import NoSuggestion
from domain.triage.situations import Situation
from handlers.cases.views import view_case
from handlers.replies.public import open_public_reply_form
from handlers.triage.classify import Classifier
from handlers.triage.suggest import with_suggestion
from storage.engine import Store
from storage.tables import suggestions
from storage.unit_of_work import UnitOfWork
from tests.handlers.knowledge.test_articles import library
from tests.handlers.made import (
    MINUTE,
    NOW,
    SAM,
    a_classifier,
    a_post,
    a_stored_case,
    a_trained_classifier,
    arrive,
    card_view,
    case_of,
    cases,
    do,
    in_parallel,
    messages,
    networks,
)
from tests.handlers.outages.made import an_outage
from tests.handlers.triage.test_outage_wordings import link
from tests.storage.made import with_one_more_follower

CODE = "@acme AC-20114-B"
ODD = "@acme the zorbl glimmers in its fargle"


def stored(store: Store) -> int:
    """Return how many choices are stored."""
    with store.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(suggestions)) or 0


def none_fits() -> Classifier:
    return replace(a_classifier(), replies=())


def test_intake_chooses_nothing_and_the_card_chooses_once(store: Store) -> None:
    case = a_stored_case(store)
    assert stored(store) == 0
    chosen = card_view(store, case).suggestion
    assert chosen is not None
    assert stored(store) == 1
    again = card_view(store, case, none_fits()).suggestion
    assert again is not None
    assert again == replace(chosen, id=again.id)
    assert stored(store) == 1


def test_that_none_was_chosen_is_stored_and_is_not_the_same_as_not_chosen_yet(store: Store) -> None:
    case = a_stored_case(store)
    before = do(store, view_case, case_id=case.id, now=NOW)
    assert (before.suggestion, before.suggestion_due) == (None, messages(store, case.id)[0])
    assert card_view(store, case, none_fits()).suggestion is None
    with store.unit_of_work() as uow:
        assert isinstance(uow.suggestions.latest(case.id), NoSuggestion)
    after = card_view(store, case)
    assert (after.suggestion, after.suggestion_due) == (None, None), "what fits later is not asked for again"
    assert stored(store) == 1


def test_new_words_are_due_and_a_code_is_not(store: Store) -> None:
    case = a_stored_case(store)
    assert card_view(store, case, none_fits()).suggestion is None
    arrive(store, a_post("901", "@acme and where is my parcel?", created_at=NOW + MINUTE), now=NOW + MINUTE)
    later = card_view(store, case).suggestion
    assert later is not None
    assert (later.message_id, later.name) == (messages(store, case.id)[-1].id, "late_parcel")
    arrive(store, a_post("902", CODE, created_at=NOW + 2 * MINUTE), now=NOW + 2 * MINUTE)
    after = do(store, view_case, case_id=case.id, now=NOW)
    assert (after.suggestion, after.suggestion_due) == (None, None)


def test_who_asks_again_gets_what_answers_their_first_words_and_who_does_not_nothing(store: Store) -> None:
    case = a_stored_case(store)
    first = card_view(store, case).suggestion
    assert first is not None
    arrive(store, a_post("901", "@acme any news on this?", created_at=NOW + MINUTE), now=NOW + MINUTE)
    again = card_view(store, case).suggestion
    assert again is not None
    assert (again.name, again.message_id) == (first.name, messages(store, case.id)[-1].id)
    arrive(store, a_post("902", "@acme sent you a DM", created_at=NOW + 2 * MINUTE), now=NOW + 2 * MINUTE)
    assert card_view(store, case).suggestion is None


def test_a_post_that_only_points_at_another_gets_what_answers_that_one(store: Store) -> None:
    about = "@acme my parcel says delivered but nothing came"
    quoted = ReferencedPost(kind=ReferenceKind.QUOTED, id="7", handle="ben_k", text=about)
    own = "this 👇 @acme still waiting for an explanation"
    arrive(store, a_post(text=own, context=PostContext(references=(quoted,))))
    classifier = a_trained_classifier()
    [case] = cases(store)
    suggestion = card_view(store, case, classifier).suggestion
    assert suggestion is not None
    assert suggestion.name == "late_parcel"
    form = do(
        store,
        open_public_reply_form,
        case_id=case.id,
        user_id=SAM,
        classifier=classifier,
        networks=networks(),
        now=NOW,
        articles=library(encoder=True),
    )
    assert form.article is not None
    assert (form.options[0].name, form.article.name) == ("late_parcel", "track-a-parcel.md")


def test_for_several_messages_before_the_card_only_the_newest_is_chosen_for(store: Store) -> None:
    case = a_stored_case(store)
    arrive(store, a_post("901", "@acme and where is my parcel?", created_at=NOW + MINUTE), now=NOW + MINUTE)
    chosen = card_view(store, case).suggestion
    assert chosen is not None
    assert chosen.message_id == messages(store, case.id)[-1].id
    assert stored(store) == 1


def test_an_edit_is_chosen_for_again_and_none_in_its_place(store: Store) -> None:
    case = a_stored_case(store)
    assert card_view(store, case).suggestion is not None
    edit = a_post("9000", ODD, revision_id="9001")
    arrive(store, edit, now=NOW + MINUTE)
    assert stored(store) == 0
    assert card_view(store, case).suggestion is None
    assert stored(store) == 1


def test_two_that_choose_at_once_store_one_choice(store: Store) -> None:
    case = a_stored_case(store)
    seen = in_parallel([lambda: card_view(store, case).suggestion] * 4)
    assert len({suggestion.text for suggestion in seen if not isinstance(suggestion, Exception | None)}) == 1
    assert stored(store) == 1


def test_a_case_that_changed_since_it_was_loaded_is_loaded_again(store: Store) -> None:
    case = a_stored_case(store)
    tries: list[Case] = []

    def choose(uow: UnitOfWork) -> None:
        view = view_case(uow, case_id=case.id, now=NOW)
        tries.append(view.case)
        if len(tries) == 1:
            uow.cases.save(with_one_more_follower(view.case))
        with_suggestion(uow, view, a_classifier(), NOW)

    do(store, choose)
    assert len(tries) == 2


def test_a_reply_moves_to_private_where_the_card_says_so_and_by_what_is_read(store: Store) -> None:
    wordings = {
        "here": "Try again in an hour.",
        "direct": "Please send us a DM.",
        "mail": "Please e-mail us.",
    }
    known = next(reply for reply in a_classifier().replies if reply.name == "payment_errors")
    replies = [
        replace(known, name=name, usual=name == "here", public_only=name != "here", wordings={"en": (text,)})
        for name, text in wordings.items()
    ]
    guidance = {Situation.CANNOT_PAY: Guidance(venues=frozenset({Where.PRIVATE}))}

    def suggested(case: Case, *names: str, without_direct: frozenset[str] = frozenset()) -> str | None:
        found = [reply for reply in replies if reply.name in names]
        guided = replace(a_classifier().with_replies(found), guidance=guidance, without_direct=without_direct)
        chosen = card_view(store, case, guided).suggestion
        with store.unit_of_work() as uow:
            uow.suggestions.delete_from(case.id, message.id)
        return chosen.name if chosen else None

    case = a_stored_case(store)
    [message] = messages(store, case.id)
    off = frozenset({case.network})
    assert case.assessment.situation is Situation.CANNOT_PAY
    assert suggested(case, "here", "direct") == "direct"
    assert suggested(case, "here", "direct", without_direct=off) is None
    assert suggested(case, "here", "direct", "mail", without_direct=off) == "mail"
    link(store, an_outage(store)[0].id, case)
    assert suggested(case_of(store, case.id), "here", "direct") == "here"
    assert suggested(case_of(store, case.id), "here", "direct", without_direct=off) == "here"
