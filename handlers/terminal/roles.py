"""Check for `check` who has which role: user groups that are unknown or empty, and roles without a group."""

from adapters.settings import policy
from adapters.settings.choices import Choices
from adapters.slack.api_calls import CALL_ERRORS
from adapters.slack.directory import Directory
from adapters.slack.escaping import one_line
from adapters.slack.wording import count_of
from domain.access import Members, Role
from domain.diagnostics import CheckLine

#: Each role that a user group can have, how it is called, and the setting that names the group.
_SETTINGS = {
    Role.VIEWER: ("Viewers", "roles.viewer_group"),
    Role.LEAD: ("Leads", "roles.lead_group"),
    Role.MANAGER: ("Managers", "reports.managers_group"),
    Role.RECORDS: ("Who keeps records", "roles.records_group"),
    Role.DRAFTER: ("On call: who drafts notices", "outages.draft_group"),
    Role.APPROVER: ("On call: who approves notices", "outages.approve_group"),
    Role.ANNOUNCER: ("On call: who sends notices", "outages.announce_group"),
    Role.PAUSER: ("On call: who pauses sending", "outages.pause_group"),
}


async def check_roles(choices: Choices, directory: Directory) -> list[CheckLine]:
    """Return a line for each role that a user group can have."""
    channels = {name: name for name in choices.channels()}
    members = policy(choices, brand="", channel_ids=channels, drafting=False).members
    return [await _check(role, members(role), directory) for role in _SETTINGS]


async def _check(role: Role, members: Members, directory: Directory) -> CheckLine:
    name, setting = _SETTINGS[role]
    if not members.group:
        return CheckLine(name, ok=None, detail=f"{_without_group(members, directory)}: no {setting} is set")
    name = f"{name} (@{one_line(members.group).removeprefix('@')})"
    try:
        await directory.group_id(members.group)
    except CALL_ERRORS as error:
        remedy = f"Check {setting} in switchboard.toml: nobody has this role"
        return CheckLine(name, ok=False, detail=str(error), remedy=remedy)
    people = await directory.group_members(members.group)
    if not people:
        return CheckLine(name, ok=False, detail="the group has no members", remedy="Add somebody to it")
    agents = await directory.agents()
    if role is Role.LEAD and (others := len(people - agents)):
        detail = f"{others} of {len(people)} members may not act on cases"
        return CheckLine(name, ok=False, detail=detail, remedy=f"Add them to {directory.who_may_act} too")
    return CheckLine(name, ok=True, detail=count_of(len(people), "member"))


def _without_group(members: Members, directory: Directory) -> str:
    if members.role is not None:
        return f"every member of {directory.who_may_act}"
    return f"every member of {members.channel}" if members.channel else "nobody"
