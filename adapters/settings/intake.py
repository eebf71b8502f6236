"""Define the settings of intake."""

from typing import Annotated

from pydantic import Field

from adapters.settings.routes import Handle
from adapters.settings.section import Section, Words


class Intake(Section):
    """How mentions are polled, searched and folded into cases."""

    poll_seconds: float = Field(15.0, gt=0, description="seconds between two readings of a network")
    push: bool = Field(
        False,
        description="hear of posts at once where the network pushes them, beside polling; it may charge for each",
    )
    accounts: Annotated[tuple[Handle, ...], Field(strict=False)] = Field(
        (), description="handles of our other accounts; posts that mention them are searched for"
    )
    search_terms: Words = Field((), description="words or phrases searched for beside the mentions")
    excluded_words: Words = Field((), description="a search result with one of these words is left out")
    fold_hours: int = Field(48, ge=0, description="hours in which an author's next post joins the open case")
    quiet_alert_hours: int = Field(
        24, ge=0, description="hours without a new post after which somebody is told; 0: never"
    )
    recheck_days: int = Field(
        7,
        ge=0,
        description="days in which each post is looked up daily, and its text removed here once it is gone; "
        "a network may charge for each look-up; 0: never",
    )
    look_back_hours: int = Field(
        3,
        ge=0,
        description="hours over which mentions are listed again each hour, and all of the day (UTC), for late ones; 0: never",
    )
    look_back_budget: float = Field(
        0.5,
        ge=0,
        description="US dollars a day that reading mentions of the day before again may cost on each network",
    )
    pause_minutes: int = Field(
        1,
        ge=1,
        description="minutes until a stream is tried again that the network refused or that is out of credit",
    )
    daily_budget: float = Field(
        0.0,
        ge=0,
        description="US dollars that reading and answering may cost in a day (UTC) on each network; over it "
        "search pauses until midnight; 0: no budget",
    )
    budget_pauses_mentions: bool = Field(
        False, description="over the daily budget, read no mentions either; they are read the next day"
    )

    @property
    def searched(self) -> tuple[str, ...]:
        """Everything that is searched for besides the mentions."""
        return (*(f"@{handle.removeprefix('@')}" for handle in self.accounts), *self.search_terms)
