"""Decide who has which role and permission: the only place that asks who is in which group."""

from collections.abc import Collection

from adapters.slack.escaping import one_line
from domain.access import Members, Permission, Role, Standing, roles_with
from handlers.context import AppContext

ONCALL_CHANNEL = "the on-call channel"
#: Of a group with more members nobody is asked for: somebody else is in it.
MAX_ASKED = 30


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
    """Return whether the user has the role.

    Lists of members also name guests, people of other organisations, bots and, for a while, the deactivated:
    they have no role unless the settings let them act.
    """
    return await _is_among(ctx, user_id, role) and await is_allowed(ctx, user_id)


async def is_nobody_left(ctx: AppContext, role: Role, *, but: Collection[str]) -> bool:
    """Return whether nobody has an on-call role except these users; false where Slack does not tell."""
    members = ctx.policy.members(role)
    of = (
        ctx.directory.group_members(members.group)
        if members.group
        else ctx.directory.members(members.channel)
    )
    found = await of
    if not found or len(found) > MAX_ASKED:
        return False
    for user_id in sorted(found - set(but)):
        standing = await ctx.directory.standing(user_id)
        if standing is Standing.UNKNOWN or allows(ctx, standing):
            return False
    return True


async def is_allowed(ctx: AppContext, user_id: str) -> bool:
    """Return whether this is a member of the workspace, or somebody whom the settings let act."""
    return allows(ctx, await ctx.directory.standing(user_id))


def allows(ctx: AppContext, standing: Standing) -> bool:
    """Return whether people with this standing may act if they have a role."""
    return standing is Standing.MEMBER or standing in ctx.policy.may_also_act


async def _is_among(ctx: AppContext, user_id: str, role: Role) -> bool:
    if role is Role.AGENT:
        return user_id in await ctx.directory.agents()
    members = ctx.policy.members(role)
    if members.group:
        return user_id in await ctx.directory.group_members(members.group)
    if members.channel:
        return user_id in await ctx.directory.members(members.channel)
    return members.role is not None and await _is_among(ctx, user_id, members.role)


def unread_members(ctx: AppContext, permission: Permission) -> list[str]:
    """Return the groups and channels of those who have the permission whose members Slack does not tell."""
    unread = []
    for role in roles_with(permission, contact_roles=ctx.policy.roles.contact_data):
        members = ctx.policy.members(role)
        if role is Role.AGENT or members.role is Role.AGENT:
            is_known = ctx.directory.knows_agents
        else:
            is_known = not (members.group or members.channel) or ctx.directory.knows_members(
                group=members.group, channel=members.channel
            )
        if not is_known:
            unread.append(_name(ctx, role, members))
    return list(dict.fromkeys(unread))


def who_may(ctx: AppContext, permission: Permission) -> list[str]:
    """Return the groups and channels whose members have the permission: "@leads", "the on-call channel"."""
    roles = roles_with(permission, contact_roles=ctx.policy.roles.contact_data)
    names = [name_of_role(ctx, role) for role in roles]
    return list(dict.fromkeys(name for name in names if name))


def name_of_role(ctx: AppContext, role: Role) -> str:
    """Return the group or channel whose members have the role: "@leads", "the on-call channel"."""
    return _name(ctx, role, ctx.policy.members(role))


def _name(ctx: AppContext, role: Role, members: Members) -> str:
    if role is Role.AGENT or members.role is Role.AGENT:
        return ctx.directory.who_may_act
    if members.group:
        return f"@{one_line(members.group).removeprefix('@')}"
    return ONCALL_CHANNEL if members.channel else ""


async def hides_contacts(ctx: AppContext, user_id: str) -> bool:
    """Return whether contact data is masked in what this user is shown.

    Whoever may see it has to ask, where the settings mask it, so that the audit trail has it.
    """
    return ctx.policy.masks_contacts or not await may(ctx, user_id, Permission.SEE_CONTACT_DATA)
