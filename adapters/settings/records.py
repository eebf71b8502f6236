"""Define how long content is kept, and who may see what."""

from typing import Annotated, Literal

from pydantic import Field

from adapters.settings.section import Section


class Retention(Section):
    """How long content of closed cases is kept. What holds nothing of a customer stays for the figures."""

    posts_days: int = Field(
        0, ge=0, description="days for which the words of public posts and answers are kept; 0: forever"
    )
    chats_days: int = Field(
        0, ge=0, description="days for which live chats and direct messages are kept; 0: forever"
    )
    mails_days: int = Field(0, ge=0, description="days for which mails are kept; 0: forever")
    files_days: int = Field(0, ge=0, description="days for which files are kept; 0: forever")
    audit_days: int = Field(
        0,
        ge=0,
        description="days for which the audit trail tells who acted, and details; what was done, and when, stays; 0: forever",
    )


ContactRole = Literal["viewer", "agent", "lead", "manager", "records"]


class Roles(Section):
    """Who may see what, beside those who may act. Groups of outages are under `outages`."""

    viewer_group: str = Field(
        "",
        description="the user group (handle or id) that may see the queue, search and open details, and act on nothing; empty: nobody",
    )
    lead_group: str = Field(
        "",
        description="the user group that may reassign colleagues' cases, change the VIP and watch lists, and forget what was taught; empty: whoever may act",
    )
    records_group: str = Field(
        "",
        description="the user group that may see the audit trail, and place and lift legal holds; empty: whoever may act",
    )
    contact_data: Annotated[tuple[ContactRole, ...], Field(strict=False)] = Field(
        ("agent", "lead", "manager", "records"),
        description="the roles that see customers' e-mail addresses, phone numbers and files, of: viewer, agent, lead, manager, records",
    )
