"""Define what is asked of issue trackers."""

from pydantic import Field

from adapters.settings.section import Section


class TrackerChoices(Section):
    """How issues are followed. Which trackers there are is in the environment."""

    link_to_slack: bool = Field(
        True,
        description="whether a new issue links to the case's thread in Slack; false: nothing leads there",
    )
    read_seconds: int = Field(
        120, ge=1, le=3600, description="how often the trackers are asked whether an issue was closed"
    )
