"""Build an application context with stand-ins for external parts."""

from collections.abc import Collection
from datetime import UTC, timedelta
from typing import Any

from adapters.prompts.notices import load_notice_words
from domain.cases.masked_views import AbuseBlur
from domain.clock import Clock
from domain.replies.rules_of_engagement import Rule, RulesOfEngagement
from domain.triage.abuse import AbusiveWords
from domain.triage.form_of_address import DEFAULT_FORMS
from domain.venues import Venue
from handlers.context import AppContext
from handlers.desk import Desk
from handlers.learner import Learner
from handlers.live_classifier import LiveClassifier
from handlers.post_spacing import PostSpacing
from tests.charts import DrawnHere
from tests.handlers.delivery.performers.scripted import ManualClock
from tests.handlers.made import POLICY, a_classifier, a_words, handoff_venues, networks
from tests.source import ROOT

RULES = RulesOfEngagement(
    version="1", rules=(Rule(name="empty", reason="Write an answer first.", hard=True),)
)
NOTICE_WORDS = load_notice_words(ROOT / "prompts" / "outages", DEFAULT_FORMS, zone=UTC)
ABUSE = AbuseBlur(AbusiveWords(["idiots"]).mask)


class NotUsed:
    """Stand-in for a part that a test does not use; any access fails."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever is asked for
        raise AssertionError(f"{name} was used, which this test has nothing for")


class NoAgents(NotUsed):
    """A directory of which cards learn that there are no agents; any other question to it fails."""

    async def agents(self) -> frozenset[str]:
        return frozenset()

    async def names_of(self, user_ids: Collection[str]) -> list[str]:
        assert not user_ids
        return []


def a_live_classifier(desk: Desk, clock: Clock) -> LiveClassifier:
    """Build a live classifier that begins with the shipped saved replies, and compares no vectors."""
    return LiveClassifier(a_classifier(), a_words().shipped_replies, desk=desk, clock=clock)


def a_context(desk: Desk, **parts: Any) -> AppContext:  # noqa: ANN401 - any of the fields
    """Build a context in which direct messages and e-mail are set up; `parts` replace fields.

    Its posts are not kept apart.
    """
    classifier, clock = a_classifier(), ManualClock()
    outside: dict[str, Any] = {
        "team_chat": NotUsed(),
        "directory": NoAgents(),
        "modals": NotUsed(),
        "download": NotUsed(),
        "clock": clock,
        "networks": networks(),
        "policy": POLICY,
        "live_classifier": a_live_classifier(desk, parts.get("clock", clock)),
        "learner": Learner(desk=desk, clock=clock, classifier=classifier, trainer=None, held_out=list),
        "rules": RULES,
        "abuse": ABUSE,
        "notice_words": NOTICE_WORDS,
        "post_spacing": PostSpacing(timedelta()),
        "charts": DrawnHere(),
    }
    return AppContext(
        desk=desk,
        venues=handoff_venues(Venue.DM, Venue.EMAIL),
        team_url="https://acme.slack.example/",
        bot_user_id="U0BOT",
        **outside | parts,
    )
