"""An application context for the tests, whose outside parts are what each test puts in their place."""

from typing import Any

from domain.replies.rules_of_engagement import Rule, RulesOfEngagement
from domain.venues import Venue
from handlers.context import AppContext
from handlers.desk import Desk
from tests.handlers.delivery.performers.scripted import Hands
from tests.handlers.made import POLICY, a_classifier, channels, networks

RULES = RulesOfEngagement(
    version="1", rules=(Rule(name="empty", reason="Write an answer first.", hard=True),)
)


class NotUsed:
    """Stands for a part that a test does not use; using it fails."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever is asked for
        raise AssertionError(f"{name} was used, which this test has nothing for")


def a_context(desk: Desk, **parts: Any) -> AppContext:  # noqa: ANN401 - any of the fields
    """The context; direct messages and e-mail are places to go."""
    outside: dict[str, Any] = {
        "team_chat": NotUsed(),
        "directory": NotUsed(),
        "modals": NotUsed(),
        "download": NotUsed(),
        "clock": Hands(),
        "networks": networks(),
    }
    return AppContext(
        desk=desk,
        policy=POLICY,
        classifier=a_classifier(),
        rules=RULES,
        channels=channels(Venue.DM, Venue.EMAIL),
        team_url="https://acme.slack.example/",
        bot_user_id="U0BOT",
        **outside | parts,
    )
