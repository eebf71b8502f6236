"""Look up a person's rights on outages, which every step of a notice asks for."""

from domain.access import Role
from domain.outages.lifecycle import Actor
from domain.policy import ON_CALL_ROLES
from handlers.access import has_role
from handlers.context import AppContext


async def outage_actor(ctx: AppContext, user_id: str) -> Actor:
    """Return the person with their rights; somebody who is deactivated in Slack has none."""
    roles: list[Role] = [role for role in ON_CALL_ROLES if await has_role(ctx, user_id, role)]
    rights = frozenset(ON_CALL_ROLES[role] for role in roles)
    return Actor(user_id=user_id, rights=rights, groups=ctx.policy.outages.groups)
