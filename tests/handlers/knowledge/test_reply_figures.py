"""Summarise the use of saved replies, and dismiss proposals."""

from dataclasses import replace

from sqlalchemy import select

from domain.intake.posts import Author
from domain.records.audit import Action
from handlers.knowledge.reply_figures import ReplySummary, dismiss_proposal, load_history, summarize
from storage.engine import Store
from storage.tables import audit
from tests.handlers.knowledge.test_reply_choices import answer
from tests.handlers.made import ANA, NOW, SAM, a_classifier, a_post, arrive, cases, do

ASKED = "@acme do you deliver the zorbl on sundays to {}?"
ANSWERED = "Not on Sundays yet, {}. Zorbls go out until eight on Saturdays; choose it at checkout."


def summary(store: Store) -> ReplySummary:
    return summarize(do(store, load_history), a_classifier())


def answer_freely(store: Store, *names: str) -> None:
    for number, name in enumerate(names):
        author: Author = replace(ANA, id=f"7{number}", handle=name, name=name)
        arrive(store, a_post(f"95{number}", ASKED.format(f"{name}town"), author=author))
        answer(store, cases(store)[-1], a_classifier(), name="", text=ANSWERED.format(name))


def test_uses_questions_and_proposals_are_summarised(store: Store) -> None:
    arrive(store, a_post("940", "@acme where is my parcel? it should have been here yesterday"))
    answer(store, cases(store)[-1], a_classifier(), name="late_parcel")
    answer_freely(store, "Ben", "Cy", "Dora")
    shown = summary(store)
    used = [(figure.name, figure.as_it_was) for figure in shown.figures if figure.used]
    assert used == [("late_parcel", 1)]
    [group] = shown.unanswered
    assert len(group.choices) == 3
    [proposal] = shown.proposals
    assert proposal.count == 3
    assert proposal.text in {ANSWERED.format(name) for name in ("Ben", "Cy", "Dora")}


def test_a_proposal_that_was_saved_is_not_shown_again(store: Store) -> None:
    answer_freely(store, "Ben", "Cy", "Dora")
    classifier, history = a_classifier(), do(store, load_history)
    assert len(summarize(history, classifier).proposals) == 1
    wording = "Not on Sundays yet[[, {{ first_name }}]]. Zorbls go out until eight on Saturdays; choose it at checkout."
    saved = replace(classifier.replies[0], name="sundays", wordings={"en": (wording,)})
    assert summarize(history, replace(classifier, replies=[*classifier.replies, saved])).proposals == []


def test_a_dismissed_proposal_is_not_shown_again_and_who_did_it_is_kept(store: Store) -> None:
    answer_freely(store, "Ben", "Cy", "Dora")
    [proposal] = summary(store).proposals
    for _ in range(2):
        do(store, dismiss_proposal, key=proposal.key, user_id=SAM, now=NOW)
    assert summary(store).proposals == []
    with store.engine.connect() as connection:
        dismissed = select(audit).where(audit.c.action == Action.PROPOSAL_DISMISSED.value)
        [entry] = connection.execute(dismissed).all()
    assert (entry.actor, entry.detail) == (SAM, {"proposal": proposal.key})


def test_nothing_sent_is_nothing_shown(store: Store) -> None:
    shown = summary(store)
    assert [figure for figure in shown.figures if figure.share_used is not None] == []
    assert (shown.unanswered, shown.proposals) == ([], [])
    assert len(shown.figures) == len(a_classifier().replies)
