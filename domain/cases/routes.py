"""Match the rules of routing: the first one of which every condition holds decides."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.cases.search import folded, matches
from domain.cases.tags import bare_handle
from domain.triage.assessment import Assessment


class Condition(StrEnum):
    """What a rule may ask of a case."""

    SITUATION = "situation"
    LANGUAGE = "language"
    WORDS = "words"
    NETWORK = "network"
    ACCOUNT = "account"
    CUSTOMER_TAG = "customer_tag"


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteFacts:
    """What is known of a case when it opens; `account` is the handle of ours that it is about."""

    assessment: Assessment
    text: str = ""
    network: str = ""
    account: str = ""
    customer_tags: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A rule: its conditions, of which `None` and no words match all, and what follows.

    `words` are search words (`domain.cases.search`), of which the post has at least one. `channel` is `None`
    where the rule leaves the case in the support channel. `group` and `rank_step` are as in `Routing`.
    """

    name: str = ""
    situation: str | None = None
    language: str | None = None
    words: tuple[str, ...] = ()
    network: str | None = None
    account: str | None = None
    customer_tag: str | None = None
    channel: str | None = None
    group: str | None = None
    rank_step: int = 0

    def conditions(self) -> dict[Condition, str | tuple[str, ...]]:
        """Return the conditions that the rule has."""
        values = {condition: getattr(self, condition.value) for condition in Condition}
        return {condition: value for condition, value in values.items() if value}

    def unmet(self, facts: RouteFacts) -> list[Condition]:
        """Return the conditions that do not hold; none where the rule matches."""
        return [condition for condition in self.conditions() if not self._holds(condition, facts)]

    def _holds(self, condition: Condition, facts: RouteFacts) -> bool:
        match condition:
            case Condition.SITUATION:
                return self.situation == facts.assessment.situation.value
            case Condition.LANGUAGE:
                return self.language == facts.assessment.language
            case Condition.WORDS:
                text = folded(facts.text)
                return any(matches(folded(word), text) for word in self.words)
            case Condition.NETWORK:
                return self.network == facts.network
            case Condition.ACCOUNT:
                return bare_handle(self.account or "") == bare_handle(facts.account)
            case Condition.CUSTOMER_TAG:
                return self.customer_tag in facts.customer_tags


def first_match(routes: Iterable[Route], facts: RouteFacts) -> Route | None:
    """Return the first rule that matches."""
    return next((route for route in routes if not route.unmet(facts)), None)
