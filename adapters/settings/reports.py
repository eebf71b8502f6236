"""Define the section `[reports]` of `switchboard.toml`."""

from typing import Annotated

from pydantic import AfterValidator, Field

from adapters.settings.digests import Digest, check_digests
from adapters.settings.section import Section


class Reports(Section):
    """Who may see figures, and where digests of them are posted."""

    managers_group: str = Field(
        "",
        description="the user group (handle or id) that may see summaries and exports; empty: who may act on cases",
    )
    digests: Annotated[tuple[Digest, ...], Field(strict=False), AfterValidator(check_digests)] = Field(
        (),
        description="summaries that come by themselves: tables with `channel`, `when` (such as `mon 09:00` or "
        "`daily 08:30`), `filters`, and `time_zone` where it is not that of `[office]`",
    )
