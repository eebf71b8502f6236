"""Decide what somebody may do in Slack, by the roles that the settings give to user groups.

The only place that asks who is in which group: listeners state a `Require`, which `listeners.py` asks before
it runs them, also when a form is submitted, as somebody may have lost a role since they opened it.
"""

from dataclasses import dataclass

from adapters.slack.escaping import one_line
from adapters.slack.role_texts import agents_unknown, not_an_agent, not_permitted
from domain.access import Members, Permission, Role, roles_with
from domain.errors import DeskError
from handlers.context import AppContext

ONCALL_CHANNEL = "the on-call channel"


async def may(ctx: AppContext, user_id: str, permission: Permission) -> bool:
    """Return whether one of the user's roles grants the permission."""
    for role in roles_with(permission, contact_roles=ctx.policy.roles.contact_data):
        if await has_role(ctx, user_id, role):
            return True
    return False


async def permissions_of(ctx: AppContext, user_id: str) -> frozenset[Permission]:
    """Return all permissions of the user."""
    return frozenset([permission for permission in Permission if await may(ctx, user_id, permission)])


async def has_role(ctx: AppContext, user_id: str, role: Role) -> bool:
    """Return whether the user has the role; somebody who is deactivated in Slack has none."""
    if role is Role.AGENT:
        return await ctx.directory.may_act(user_id)
    members = ctx.policy.members(role)
    if members.group:
        is_member = user_id in await ctx.directory.group_members(members.group)
    elif members.channel:
        is_member = user_id in await ctx.directory.members(members.channel)
    else:
        return members.role is not None and await has_role(ctx, user_id, members.role)
    # A group keeps its members once they are deactivated.
    return is_member and await ctx.directory.is_active(user_id)


def who_may(ctx: AppContext, permission: Permission) -> list[str]:
    """Return the groups and channels whose members have the permission: "@leads", "the on-call channel"."""
    roles = roles_with(permission, contact_roles=ctx.policy.roles.contact_data)
    names = [_name(ctx, role, ctx.policy.members(role)) for role in roles]
    return list(dict.fromkeys(name for name in names if name))


def _name(ctx: AppContext, role: Role, members: Members) -> str:
    if role is Role.AGENT or members.role is Role.AGENT:
        return ctx.directory.who_may_act
    if members.group:
        return f"@{one_line(members.group).removeprefix('@')}"
    return ONCALL_CHANNEL if members.channel else ""


@dataclass(frozen=True, slots=True)
class Require:
    """Raises `DeskError` unless the user has the permission; with `None` it refuses nobody.

    `happened` is what whoever is refused is told, such as "Nothing was sent".
    """

    permission: Permission | None
    happened: str = ""

    async def __call__(self, ctx: AppContext, user_id: str) -> None:
        """Raise `DeskError` unless this user may."""
        if self.permission is None or await may(ctx, user_id, self.permission):
            return
        if not ctx.directory.knows_agents:
            raise DeskError(agents_unknown(ctx.directory.who_may_act, happened=self.happened))
        who = who_may(ctx, self.permission)
        if who == [ctx.directory.who_may_act]:
            raise DeskError(not_an_agent(who[0], happened=self.happened))
        raise DeskError(not_permitted(self.permission, who, happened=self.happened))


require_agent = Require(Permission.WORK_ON_CASES)
require_lead = Require(Permission.REASSIGN_CASES)
require_list_right = Require(Permission.LIST_CUSTOMERS)
require_viewer = Require(Permission.SEE_CASES)
require_records = Require(Permission.KEEP_RECORDS)
require_reports = Require(Permission.SEE_REPORTS)
require_any_right = Require(Permission.WORK_ON_OUTAGES)
#: Whoever reaches such a listener is asked for a permission once it is known what they want.
require_nothing = Require(None)


async def may_see(ctx: AppContext, user_id: str) -> bool:
    """Return whether the user may see cases."""
    return await may(ctx, user_id, Permission.SEE_CASES)
