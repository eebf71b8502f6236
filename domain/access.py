"""Decide who may do what: roles, and the permissions that each of them grants (role-based access control)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody is. Roles add up: a person has the permissions of all of theirs.

    The last four are those of people on call.
    """

    VIEWER = "viewer"
    AGENT = "agent"
    LEAD = "lead"
    MANAGER = "manager"
    RECORDS = "records"
    DRAFTER = "drafter"
    APPROVER = "approver"
    ANNOUNCER = "announcer"
    PAUSER = "pauser"


class Standing(StrEnum):
    """What somebody is in the workspace. Members act by their roles; others only where the settings say so.

    The deactivated, and those of whom nothing is known, never act.
    """

    MEMBER = "member"
    GUEST = "guest"
    STRANGER = "stranger"
    BOT = "bot"
    DEACTIVATED = "deactivated"
    UNKNOWN = "unknown"


class Permission(StrEnum):
    """What a role lets somebody do.

    `ASSIGN_CASES`: give a case that nobody else has claimed to somebody.
    `REASSIGN_CASES`: give a case that somebody has claimed to a third person, or back to the queue.
    `LIST_CUSTOMERS`: put customers on the lists that rank or report them, or take them off.
    `FORGET_TAUGHT`: discard all that the desk has taught the bot.
    `KEEP_RECORDS`: see the audit trail, place and lift legal holds.
    `WORK_ON_OUTAGES`: begin anything about outages; each step of a notice needs its own permission too.
    """

    SEE_CASES = "see_cases"
    SEE_CONTACT_DATA = "see_contact_data"
    WORK_ON_CASES = "work_on_cases"
    ASSIGN_CASES = "assign_cases"
    REASSIGN_CASES = "reassign_cases"
    LIST_CUSTOMERS = "list_customers"
    FORGET_TAUGHT = "forget_taught"
    SEE_REPORTS = "see_reports"
    KEEP_RECORDS = "keep_records"
    WORK_ON_OUTAGES = "work_on_outages"
    DRAFT_NOTICES = "draft_notices"
    APPROVE_NOTICES = "approve_notices"
    ANNOUNCE_NOTICES = "announce_notices"
    PAUSE_SENDING = "pause_sending"


#: The permissions of each role, but for `SEE_CONTACT_DATA`, of which the settings say who has it.
GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.VIEWER: frozenset({Permission.SEE_CASES}),
    Role.AGENT: frozenset({Permission.SEE_CASES, Permission.WORK_ON_CASES, Permission.ASSIGN_CASES}),
    Role.LEAD: frozenset(
        {
            Permission.SEE_CASES,
            Permission.ASSIGN_CASES,
            Permission.REASSIGN_CASES,
            Permission.LIST_CUSTOMERS,
            Permission.FORGET_TAUGHT,
        }
    ),
    Role.MANAGER: frozenset({Permission.SEE_CASES, Permission.SEE_REPORTS}),
    Role.RECORDS: frozenset({Permission.SEE_CASES, Permission.KEEP_RECORDS}),
    Role.DRAFTER: frozenset({Permission.WORK_ON_OUTAGES, Permission.DRAFT_NOTICES}),
    Role.APPROVER: frozenset({Permission.WORK_ON_OUTAGES, Permission.APPROVE_NOTICES}),
    Role.ANNOUNCER: frozenset({Permission.WORK_ON_OUTAGES, Permission.ANNOUNCE_NOTICES}),
    Role.PAUSER: frozenset({Permission.WORK_ON_OUTAGES, Permission.PAUSE_SENDING}),
}
#: Who sees contact data where the settings say nothing: all but those who only look on.
DEFAULT_CONTACT_ROLES = frozenset({Role.AGENT, Role.LEAD, Role.MANAGER, Role.RECORDS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """Who has a role: the members of a user group, else of a channel, else whoever has another role.

    Nobody has it where all are empty.
    """

    group: str = ""
    channel: str = ""
    role: Role | None = None


def roles_with(
    permission: Permission, *, contact_roles: Collection[Role] = DEFAULT_CONTACT_ROLES
) -> tuple[Role, ...]:
    """Return the roles that grant the permission, in the order of `Role`."""
    if permission is Permission.SEE_CONTACT_DATA:
        return tuple(role for role in Role if role in contact_roles)
    return tuple(role for role in Role if permission in GRANTS[role])
