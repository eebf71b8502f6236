"""Check who has which role: unknown and empty groups, and roles without one."""

from typing import cast

from adapters.settings import Choices
from adapters.settings.choices import Slack
from adapters.settings.outages import Outages
from adapters.settings.records import Roles
from adapters.settings.reports import Reports
from adapters.slack.api_calls import UnreadableResponse
from adapters.slack.directory import Directory
from handlers.terminal.roles import check_roles


class Groups:
    """User groups by handle; Sam and Mia are the agents."""

    who_may_act = "#support"

    def __init__(self, **groups: set[str]) -> None:
        self._groups = groups

    async def group_id(self, group: str) -> str:
        if group.removeprefix("@") not in self._groups:
            raise UnreadableResponse(f"there is no user group {group}")
        return "S0GROUP"

    async def group_members(self, group: str) -> set[str]:
        return self._groups[group.removeprefix("@")]

    async def agents(self) -> set[str]:
        return {"U0SAM", "U0MIA"}


async def told(choices: Choices, **groups: set[str]) -> dict[str, tuple[bool | None, str]]:
    lines = await check_roles(choices, cast("Directory", Groups(**groups)))
    assert all(line.remedy for line in lines if line.ok is False)
    return {line.name: (line.ok, line.detail) for line in lines}


async def test_a_role_without_a_group_says_who_has_it() -> None:
    found = await told(Choices(slack=Slack(oncall_channel="#fire")))
    assert len(found) == 8
    assert {ok for ok, _ in found.values()} == {None}
    assert found["Viewers"][1] == "nobody: no roles.viewer_group is set"
    assert found["Leads"][1] == "every member of #support: no roles.lead_group is set"
    assert found["On call: who pauses sending"][1] == "every member of #fire: no outages.pause_group is set"


async def test_a_group_that_is_unknown_or_empty_and_leads_who_are_no_agents_fail() -> None:
    choices = Choices(
        roles=Roles(viewer_group="ghosts", lead_group="@leads", records_group="auditors"),
        reports=Reports(managers_group="@managers"),
        outages=Outages(draft_group="@drafters"),
    )
    groups = {
        "leads": {"U0SAM", "U0LEO"},
        "auditors": set[str](),
        "managers": {"U0LEO"},
        "drafters": {"U0MIA"},
    }
    found = await told(choices, **groups)
    assert found["Viewers (@ghosts)"] == (False, "there is no user group ghosts")
    assert found["Leads (@leads)"] == (False, "1 of 2 members may not act on cases")
    assert found["Who keeps records (@auditors)"] == (False, "the group has no members")
    assert found["Managers (@managers)"] == (True, "1 member")
    assert found["On call: who drafts notices (@drafters)"] == (True, "1 member")
    assert (await told(choices, **groups | {"leads": {"U0SAM"}}))["Leads (@leads)"] == (True, "1 member")
