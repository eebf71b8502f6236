"""Define the settings of the promises of our answers."""

from pydantic import Field

from adapters.settings.section import Section


class Promises(Section):
    """How what our answers promise is reminded of."""

    remind_minutes: int = Field(
        60,
        ge=0,
        description="minutes of office hours before a promise is due in which its holder is reminded; 0: never",
    )
    tell_managers: bool = Field(
        False, description="tell `sla.managers` of promises that were not kept, beside whoever has the case"
    )
