"""Refuse what somebody's roles do not let them do in Slack, and say who may.

Listeners state a `Require`, which `listeners.py` asks before it runs them, also when a form is submitted, as
somebody may have lost a role since they opened it.
"""

from dataclasses import dataclass

from adapters.slack.role_texts import members_unknown, not_an_agent, not_permitted, outsider
from domain.access import Permission
from domain.errors import DeskError
from handlers.access import allows, may, unread_members, who_may
from handlers.context import AppContext


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
        if unread := unread_members(ctx, self.permission):
            raise DeskError(members_unknown(unread, happened=self.happened))
        standing = await ctx.directory.standing(user_id)
        if not allows(ctx, standing):
            raise DeskError(outsider(standing, happened=self.happened))
        who = who_may(ctx, self.permission)
        if who == [ctx.directory.who_may_act]:
            raise DeskError(not_an_agent(who[0], happened=self.happened))
        raise DeskError(not_permitted(self.permission, who, happened=self.happened))


require_agent = Require(Permission.WORK_ON_CASES)
require_assigner = Require(Permission.ASSIGN_CASES)
require_lead = Require(Permission.REASSIGN_CASES)
require_list_right = Require(Permission.LIST_CUSTOMERS)
require_viewer = Require(Permission.SEE_CASES)
require_records = Require(Permission.KEEP_RECORDS)
require_reports = Require(Permission.SEE_REPORTS)
require_any_right = Require(Permission.WORK_ON_OUTAGES)
require_draft_right = Require(Permission.DRAFT_NOTICES)
require_announce_right = Require(Permission.ANNOUNCE_NOTICES)
require_pause_right = Require(Permission.PAUSE_SENDING)
#: Whoever reaches such a listener is asked for a permission once it is known what they want.
require_nothing = Require(None)
