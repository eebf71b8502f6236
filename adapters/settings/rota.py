"""Define the section `[rota]` of `switchboard.toml`."""

from typing import Literal

from pydantic import Field

from adapters.settings.section import Section


class Rota(Section):
    """Who is given cases, and when a claim returns to the queue."""

    mode: Literal["off", "round_robin", "least_busy"] = Field(
        "off",
        description="how unclaimed cases are given to agents who are present in Slack: in turn, or to whoever "
        "has the fewest; off: agents claim them",
    )
    cap: int = Field(5, ge=1, description="the most open cases that somebody is given")
    stale_minutes: int = Field(
        480,
        ge=0,
        description="minutes after which a claim in which nothing is done while the customer waits returns to the queue; 0: never",
    )
