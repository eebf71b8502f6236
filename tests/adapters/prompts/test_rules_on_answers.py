"""Measure the shipped rules on saved replies and on agents' answers: false alarms, and what is caught."""

import json
from collections import Counter
from functools import cache
from typing import Any

import pytest

from adapters.language.detector import LinguaDetector
from adapters.networks.registry import NETWORKS
from adapters.prompts.invitations import load_invitations
from adapters.prompts.rules_of_engagement import load_rules_of_engagement
from adapters.prompts.triage import load_saved_replies
from domain.replies.checks.reply import Reply
from domain.replies.rules_of_engagement import RulesOfEngagement
from domain.triage.saved_replies import fill
from domain.triage.situations import Situation
from domain.venues import Venue
from tests.source import ROOT

#: How many of the bad answers are caught. Those that are not are phrased in ways that no lint knows.
CAUGHT_AT_LEAST = 0.95
FOLDERS = [
    ROOT / "prompts/replies",
    *sorted(path for path in (ROOT / "tests/desks").iterdir() if path.is_dir()),
]
PROFILE = next(iter(NETWORKS.values())).profile
HELP = "https://help.acme.example/start"


@cache
def shipped() -> RulesOfEngagement:
    path = ROOT / "prompts" / "rules_of_engagement.toml"
    return load_rules_of_engagement(path, help_url=HELP, detector=LinguaDetector())


def broken(text: str, language: str, venue: Venue, **more: Any) -> list[str]:  # noqa: ANN401 - any of the fields
    """Return the names of the broken rules, without that every link costs."""
    count = PROFILE.count(text)
    reply = Reply(
        text=text,
        length=count.length,
        limit=count.limit,
        venue=venue,
        links=PROFILE.links(text),
        language=language,
        **more,
    )
    return [violation.rule for violation in shipped().check(reply) if violation.rule != "has_link"]


def answers(name: str) -> list[dict[str, Any]]:
    lines = (ROOT / "tests/answers" / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_no_saved_reply_breaks_a_rule(folder: Any) -> None:  # noqa: ANN401 - a path
    filled = [
        (reply, language, text)
        for reply in load_saved_replies(folder)
        for language in reply.wordings
        for name in ("", "Ana")
        for text in fill(reply, language, first_name=name, brand="Acme", help_url=HELP)
    ]
    assert filled
    found = [
        (reply.name, language, venue, situation, rules)
        for reply, language, text in filled
        for venue in (Venue.PUBLIC, Venue.DM)
        for situation in sorted(reply.situations)
        if (rules := broken(text, language, venue, situation=situation, saved_texts=[text], is_picked=True))
    ]
    # What asks for a direct message is for public posts, and asked about in private.
    asked_again = [alarm for alarm in found if alarm[2:3] + alarm[4:] == (Venue.DM, ["already_private"])]
    assert [alarm for alarm in found if alarm not in asked_again] == []
    assert asked_again


def test_no_proposed_text_of_a_handoff_breaks_a_rule() -> None:
    texts = load_invitations(ROOT / "prompts/invitations.toml")
    proposed = [
        (language, text.replace("{link}", ""))
        for by_venue in (texts.invitations, texts.first_messages)
        for by_language in by_venue.values()
        for language, text in by_language.items()
    ]
    assert [
        (text, rules)
        for language, text in proposed
        if (rules := broken(text, language, Venue.PUBLIC, is_offer=True))
    ] == []


def test_no_good_answer_breaks_a_rule() -> None:
    fine = answers("fine.jsonl")
    assert len(fine) >= 200
    assert len({row["language"] for row in fine}) >= 7
    alarms = [
        (row["text"], rules)
        for row in fine
        if (rules := broken(row["text"], row["language"], Venue(row["venue"])))
    ]
    assert alarms == []


def test_most_bad_answers_break_the_rule_that_they_should() -> None:
    bad = answers("bad.jsonl")
    missed = [
        row for row in bad if row["rule"] not in broken(row["text"], row["language"], Venue(row["venue"]))
    ]
    assert len(bad) >= 130
    assert len(missed) <= (1 - CAUGHT_AT_LEAST) * len(bad), missed
    rules = Counter(row["rule"] for row in bad)
    for rule, count in Counter(row["rule"] for row in missed).items():
        assert count < rules[rule] / 2, rule


def test_a_promise_that_may_never_be_made_asks_even_where_a_saved_reply_has_it() -> None:
    text = "We'll refund you, see the direct message."
    allowed = broken(text, "en", Venue.PUBLIC, saved_texts=[text], situation=Situation.QUESTION)
    forbidden = broken(text, "en", Venue.PUBLIC, saved_texts=[text], situation=Situation.REFUND)
    assert (allowed, forbidden) == ([], ["promises_money"])
