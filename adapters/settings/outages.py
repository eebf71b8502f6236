"""Define the section `[outages]` of `switchboard.toml`."""

from typing import Annotated

from pydantic import Field

from adapters.settings.section import Section, Words


class Component(Section):
    """A part of what we run, as customers know it."""

    name: str = Field(min_length=1, max_length=60)
    words: Words = ()
    ids: dict[
        Annotated[str, Field(pattern=r"^\w+$", max_length=30)], Annotated[str, Field(max_length=100)]
    ] = Field(default_factory=dict)


class Outages(Section):
    """What outages may name, who may announce them, and when somebody is reminded."""

    components: Annotated[tuple[Component, ...], Field(strict=False)] = Field(
        (),
        description="parts of what we run: tables with `name`, `words` that posts use for it, and `ids` "
        'by destination, such as ids = { statuspage = "kz8dq1" }',
    )
    approval: bool = Field(True, description="a second person approves each notice before it leaves")
    draft_group: str = Field(
        "",
        description="the user group (handle or id) that may draft notices and link cases; empty: the on-call channel's members",
    )
    approve_group: str = Field(
        "", description="the user group that may approve notices; empty: the on-call channel's members"
    )
    announce_group: str = Field(
        "",
        description="the user group that may send notices to where they go; empty: the on-call channel's members",
    )
    pause_group: str = Field(
        "", description="the user group that may pause all sending; empty: the on-call channel's members"
    )
    update_minutes: int = Field(
        30, ge=5, description="minutes until the next update that the form proposes to promise"
    )
    link_days: int = Field(
        1, ge=1, description="days before an outage was announced whose mentions may be linked to it"
    )
    link_above: float = Field(
        0.0,
        ge=0,
        le=1,
        description="certainty (0 to 1) above which a mention is linked without a person; 0: never",
    )
    mails_per_second: float = Field(
        10.0,
        gt=0,
        description="mails to the e-mail list a second; what your mail server takes without refusing any",
    )
