"""Define the section `[outlook]` of `switchboard.toml`: what the staffing outlook is computed with."""

from datetime import timedelta

from pydantic import Field

from adapters.settings.section import Section
from domain.reports.outlook import OutlookPolicy


class OutlookChoices(Section):
    """How long answers take, and what is to be answered in time."""

    handling_minutes: float = Field(
        0,
        ge=0,
        le=1440,
        description="the minutes that one answer takes an agent; 0: as measured from claim to answer, 6 until it is",
    )
    at_once: int = Field(1, ge=1, le=20, description="how many customers an agent works on at the same time")
    target_minutes: float = Field(
        0,
        ge=0,
        le=10_080,
        description="the minutes within which customers are to be answered; 0: the target of an ordinary question under `sla`",
    )
    share: float = Field(0.9, ge=0.5, le=0.99, description="the share that is to be answered within them")

    @property
    def policy(self) -> OutlookPolicy:
        """The settings as the outlook takes them."""
        return OutlookPolicy(
            handling=timedelta(minutes=self.handling_minutes) if self.handling_minutes else None,
            at_once=self.at_once,
            target=timedelta(minutes=self.target_minutes) if self.target_minutes else None,
            share=self.share,
        )
