"""Roles: every listener of the app asks for a permission, and each role may do what the table says."""

from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from adapters.slack.action_ids import ActionId, BlockId, OverflowChoice, card_value, overflow_value
from adapters.slack.cases.form_ids import CaseFormAction, CaseFormBlock, tags_value
from adapters.slack.role_texts import outsider
from domain.access import GRANTS, Permission, Role, Standing, roles_with
from domain.cases.tags import NEED_REASON, NO_TAGS
from domain.delivery.effects import NotifyPerson
from domain.errors import DeskError
from domain.outages.policy import Right
from domain.policy import Roles
from handlers.access import has_role, may, who_may
from handlers.cases import assignment
from handlers.context import AppContext
from handlers.slack import app as slack
from handlers.slack import case_forms, cases, tags
from handlers.slack.case_views import take_over_view
from handlers.slack.commands import _FOR_AGENTS
from handlers.slack.outage_rights import outage_actor
from handlers.slack.payloads import Press, Submission
from handlers.slack.records import RECORDS_COMMANDS
from handlers.slack.report_commands import REPORT_COMMANDS
from handlers.slack.roles import Require, require_lead
from storage.engine import Store
from tests.handlers.made import MIA, NOW, SAM, a_stored_case, case_of, do, queued
from tests.handlers.slack.listening import Ack, ephemerals
from tests.handlers.slack.permissions import PERMISSIONS
from tests.handlers.slack.test_commands import answer

GROUPS = {
    Role.VIEWER: "@viewers",
    Role.LEAD: "@leads",
    Role.MANAGER: "@managers",
    Role.RECORDS: "@auditors",
    Role.DRAFTER: "@drafters",
    Role.APPROVER: "@approvers",
    Role.ANNOUNCER: "@announcers",
    Role.PAUSER: "@pausers",
}
#: What runs without a permission: the acknowledgements of what nobody waits for, App Home, which shows a
#: reason to whoever may see nothing, the command, whose subcommands ask, and lines in threads, which ask.
WITHOUT = {
    "event app_mention",
    "event message",
    "event app_home_opened",
    "event *",
    "view_closed *",
    "command /mentions",
}
Listener = Callable[..., Awaitable[None]]


class Registered:
    """Keep the listeners by what Bolt finds them by: "action case.claim"."""

    def __init__(self) -> None:
        self.listeners: dict[str, Listener] = {}

    def use(self, *_: object) -> None:
        """Take a middleware."""

    def __getattr__(self, kind: str) -> Any:  # noqa: ANN401 - a decorator, as Bolt's
        return lambda what: (
            lambda listener: self.listeners.setdefault(
                f"{kind} {getattr(what, 'pattern', what) or '*'}", listener
            )
        )


def user_of(role: Role) -> str:
    """Return the id of the person who has this role alone."""
    return SAM if role is Role.AGENT else f"U0{role.name}"


@pytest.fixture
def ctx(sqlite_ctx: AppContext) -> AppContext:
    """A context in which every role has a group, each of one person."""
    return with_groups(sqlite_ctx)


def with_groups(ctx: AppContext, contact_data: Collection[Role] | None = None) -> AppContext:
    directory: Any = ctx.directory
    directory.groups = {group: {user_of(role)} for role, group in GROUPS.items()}
    roles = Roles(viewer="@viewers", lead="@leads", records="@auditors")
    if contact_data is not None:
        roles = replace(roles, contact_data=frozenset(contact_data))
    groups = {
        Right.DRAFT: "@drafters",
        Right.APPROVE: "@approvers",
        Right.ANNOUNCE: "@announcers",
        Right.PAUSE: "@pausers",
    }
    outages = replace(ctx.policy.outages, groups=groups)
    policy = replace(ctx.policy, roles=roles, reports_group="@managers", outages=outages)
    return replace(ctx, policy=policy)


@pytest.fixture
def listeners(ctx: AppContext, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, Listener]:
    """Every listener that the app registers."""
    registered: Any = Registered()
    monkeypatch.setattr(slack, "bolt_app", lambda *_, **__: registered)
    slack.slack_app(ctx, registered, signing_secret=None)
    return dict(registered.listeners)


def stated() -> Iterator[tuple[str, Permission]]:
    """Yield every listener of `permissions.py` with its permission."""
    for permission, text in PERMISSIONS.items():
        kind = ""
        for word in text.split():
            if word.endswith(":"):
                kind = word.removesuffix(":")
            else:
                yield f"{kind} {word}", permission


def test_every_listener_asks_for_the_permission_that_is_stated(listeners: Mapping[str, Listener]) -> None:
    found = {name: vars(listener).get("permission") for name, listener in listeners.items()}
    assert {name for name, permission in found.items() if permission is None} == WITHOUT
    assert {name: found[name] for name in found.keys() - WITHOUT} == dict(stated()), (
        "add it to permissions.py"
    )


@pytest.mark.parametrize("role", Role)
async def test_whoever_lacks_the_permission_is_refused_by_every_listener_and_told_who_has_it(
    ctx: AppContext, listeners: Mapping[str, Listener], role: Role
) -> None:
    user, granted = user_of(role), {p for p in Permission if role in roles_with(p)}
    for name, permission in stated():
        assert await may(ctx, user, permission) == (permission in granted), name
        if permission in granted:
            continue
        ack: Any = Ack()
        payload = {
            "user": {"id": user},
            "user_id": user,
            "channel": {"id": "C1"},
            "actions": [{"action_id": "any", "value": "1:1"}],
            "trigger_id": "t",
            "view": {"id": "V1"},
        }
        kind = name.partition(" ")[0]
        if kind == "action":
            payload.pop("view")
        shown = len(ephemerals(ctx))
        await listeners[name](
            **{"ack": ack, {"command": "command", "shortcut": "shortcut"}.get(kind, "body"): payload}
        )
        [response] = ack.given
        told = [*ephemerals(ctx)[shown:], str(response)]
        if kind != "view_closed":
            assert any("and you are not one of them" in text for text in told), (name, told)


@pytest.mark.parametrize("role", Role)
async def test_every_subcommand_asks_for_its_permission(ctx: AppContext, role: Role) -> None:
    needed = {
        **dict.fromkeys(REPORT_COMMANDS, Permission.SEE_REPORTS),
        "agents": Permission.SEE_REPORTS if role is Role.MANAGER else Permission.WORK_ON_CASES,
        **dict.fromkeys(RECORDS_COMMANDS, Permission.KEEP_RECORDS),
        **dict.fromkeys(_FOR_AGENTS, Permission.WORK_ON_CASES),
        **dict.fromkeys(NEED_REASON, Permission.LIST_CUSTOMERS),
        "find": Permission.SEE_CASES,
        "help": Permission.SEE_CASES,
    }
    for subcommand, permission in needed.items():
        if permission not in GRANTS[role]:
            answered = await answer(ctx, {"user_id": user_of(role), "text": f"{subcommand} @ana one two"})
            assert "and you are not one of them" in answered["text"], subcommand


async def test_the_groups_that_have_a_permission_are_named(ctx: AppContext) -> None:
    assert who_may(ctx, Permission.SEE_CASES) == ["@viewers", "#support", "@leads", "@managers", "@auditors"]
    assert who_may(ctx, Permission.WORK_ON_OUTAGES) == ["@drafters", "@approvers", "@announcers", "@pausers"]
    with pytest.raises(DeskError, match=r"a colleague has claimed is for members of @leads, and you are not"):
        await require_lead(ctx, SAM)
    with pytest.raises(
        DeskError, match=r"^Nothing was sent: summaries and exports are for members of @managers"
    ):
        await Require(Permission.SEE_REPORTS, happened="Nothing was sent")(ctx, SAM)


async def test_without_groups_agents_have_every_role_but_the_viewers_and_on_call(
    sqlite_ctx: AppContext,
) -> None:
    directory: Any = sqlite_ctx.directory
    directory.channels = {"#oncall": {MIA}}
    outages = replace(sqlite_ctx.policy.outages, oncall_channel="#oncall")
    ctx = replace(sqlite_ctx, policy=replace(sqlite_ctx.policy, outages=outages))
    mine = {role for role in Role if await has_role(ctx, SAM, role)}
    assert mine == {Role.AGENT, Role.LEAD, Role.MANAGER, Role.RECORDS}
    assert {role for role in Role if await has_role(ctx, MIA, role)} == {*Role} - {Role.VIEWER}
    assert who_may(ctx, Permission.WORK_ON_OUTAGES) == ["the on-call channel"]
    assert (await outage_actor(ctx, MIA)).rights == frozenset(Right)
    assert not any([await has_role(ctx, "U0LEO", role) for role in Role])


async def test_whoever_sees_contact_data_is_a_setting(ctx: AppContext) -> None:
    seen = [role for role in Role if await may(ctx, user_of(role), Permission.SEE_CONTACT_DATA)]
    assert seen == [Role.AGENT, Role.LEAD, Role.MANAGER, Role.RECORDS]
    ctx = with_groups(ctx, contact_data=[Role.VIEWER])
    assert [r for r in Role if await may(ctx, user_of(r), Permission.SEE_CONTACT_DATA)] == [Role.VIEWER]


async def test_a_colleagues_case_is_reassigned_by_a_lead_alone(sqlite: Store, ctx: AppContext) -> None:
    case = do(sqlite, assignment.claim, case_id=a_stored_case(sqlite).id, user_id=MIA, now=NOW)
    chosen = {"selected_option": {"value": overflow_value(OverflowChoice.ASSIGN, case.id, case.version)}}
    press = Press(user_id=SAM, action=chosen, trigger_id="t", channel="C1", thread_ts=None, view={})
    with pytest.raises(DeskError, match="@leads"):
        await cases._run_menu_choice(ctx, press)
    form = Submission(
        user_id=SAM,
        view_id="V1",
        metadata=card_value(case.id, case.version),
        values={BlockId.ASSIGN_TO: {ActionId.ASSIGN_TO: {"selected_user": SAM}}},
    )
    with pytest.raises(DeskError, match="@leads"):
        await case_forms._assign(ctx, form)
    assert case_of(sqlite, case.id).claimed_by == MIA
    # Somebody who has claimed the case hands it on without being a lead.
    assert await case_forms._assign(ctx, replace(form, user_id=MIA)) is None
    assert case_of(sqlite, case.id).claimed_by == SAM
    directory: Any = ctx.directory
    directory.groups["@leads"] = {MIA}
    to_mia: dict[str, Any] = {BlockId.ASSIGN_TO: {ActionId.ASSIGN_TO: {"selected_user": MIA}}}
    assert await case_forms._assign(ctx, replace(form, user_id=MIA, values=to_mia)) is None
    assert case_of(sqlite, case.id).claimed_by == MIA


async def test_the_vip_list_is_changed_by_leads_alone_also_in_the_form_of_tags(
    sqlite: Store, ctx: AppContext
) -> None:
    case = a_stored_case(sqlite)
    answered = await answer(ctx, {"user_id": SAM, "text": "vip @anaruiz pays for 400 seats"})
    assert "VIP and watch lists is for members of @leads" in answered["text"]
    assert "members of" not in (await answer(ctx, {"user_id": SAM, "text": "vip"}))["text"]
    values: dict[str, Any] = {
        CaseFormBlock.TAGS_OF_CUSTOMER: {CaseFormAction.TAGS_OF_CUSTOMER: {"value": "vip"}},
        CaseFormBlock.TAGS_REASON: {CaseFormAction.TAGS_REASON: {"value": "pays"}},
    }
    metadata = tags_value(case.id, case.version, NO_TAGS)
    form = Submission(user_id=SAM, view_id="V1", metadata=metadata, values=values)
    refused = await tags._save(ctx, form) or {}
    assert "members of @leads" in refused["errors"][CaseFormBlock.TAGS_OF_CUSTOMER]
    values[CaseFormBlock.TAGS_OF_CUSTOMER] = {CaseFormAction.TAGS_OF_CUSTOMER: {"value": "nice"}}
    assert await tags._save(ctx, form) is None


async def test_a_lead_who_is_no_agent_assigns_lists_customers_and_takes_nothing_over(
    sqlite: Store, ctx: AppContext, listeners: Mapping[str, Listener]
) -> None:
    lead = user_of(Role.LEAD)
    case = do(sqlite, assignment.claim, case_id=a_stored_case(sqlite).id, user_id=SAM, now=NOW)
    value = card_value(case.id, case.version)
    chosen = {"selected_option": {"value": overflow_value(OverflowChoice.ASSIGN, case.id, case.version)}}
    press = Press(user_id=lead, action=chosen, trigger_id="t", channel="C1", thread_ts=None, view={})
    await cases._run_menu_choice(ctx, press)
    view = {
        "id": "V1",
        "private_metadata": value,
        "state": {"values": {BlockId.ASSIGN_TO: {ActionId.ASSIGN_TO: {"selected_user": SAM}}}},
    }
    form = {"user": {"id": lead}, "view": view}
    do(sqlite, assignment.release, case_id=case.id, user_id=SAM, now=NOW)
    await listeners["view assign"](ack=Ack(), body=form)
    assert case_of(sqlite, case.id).claimed_by == SAM

    shown = await take_over_view(ctx, case.id, lead)
    assert "Back to the queue" in str(shown)
    assert "submit" not in shown
    assert "Take it over?" not in str(shown)
    assert "submit" in await take_over_view(ctx, case.id, SAM)
    ack: Any = Ack()
    await listeners["view take_over"](ack=ack, body=form)
    assert "and you are not one of them" in str(ack.given)
    assert "VIP" in (await answer(ctx, {"user_id": lead, "text": "vip @anaruiz pays a lot"}))["text"]
    assert "anaruiz" in str(await answer(ctx, {"user_id": lead, "text": "vip"}))


async def test_a_lead_puts_a_colleagues_case_back_and_the_rota_gives_it_to_others(
    sqlite: Store, ctx: AppContext
) -> None:
    case = do(sqlite, assignment.claim, case_id=a_stored_case(sqlite).id, user_id=SAM, now=NOW)
    directory: Any = ctx.directory
    directory.groups["@leads"] = {MIA}
    for user, offered in ((MIA, True), (SAM, False)):
        assert ("Back to the queue" in str(await take_over_view(ctx, case.id, user))) is offered
    press = Press(
        user_id=MIA,
        action={"value": card_value(case.id, case.version)},
        trigger_id="t",
        channel=None,
        thread_ts=None,
        view={"id": "V1"},
    )
    await cases._return(ctx, press)
    assert case_of(sqlite, case.id).claimed_by is None
    [told] = [row["payload"] for row in queued(sqlite, NotifyPerson.kind)]
    assert (told["user_id"], told["actor"], told["action"]) == (SAM, MIA, "released")
    with sqlite.unit_of_work() as uow:
        assert uow.agents.let_go([case.id]) == {case.id: {SAM}}


@pytest.mark.parametrize("standing", [one for one in Standing if one is not Standing.MEMBER])
async def test_a_role_is_for_members_of_the_workspace_unless_the_settings_let_others_have_it(
    ctx: AppContext, standing: Standing
) -> None:
    directory: Any = ctx.directory
    for role in Role:
        directory.standings = {user_of(role): standing}
        assert not await has_role(ctx, user_of(role), role)
        permission = next(one for one in Permission if role in roles_with(one))
        with pytest.raises(DeskError) as refused:
            await Require(permission)(ctx, user_of(role))
        assert str(refused.value).endswith(outsider(standing).removeprefix("Nothing was done: "))
        allowed = replace(ctx, policy=replace(ctx.policy, may_also_act=frozenset({standing})))
        assert await has_role(allowed, user_of(role), role)


async def test_while_slack_does_not_tell_the_members_of_a_group_that_is_what_is_said(ctx: AppContext) -> None:
    directory: Any = ctx.directory
    directory.unread = {"@managers"}
    directory.groups["@managers"] = set()
    with pytest.raises(DeskError, match="Slack does not tell who is a member of @managers, so nobody may"):
        await Require(Permission.SEE_REPORTS)(ctx, user_of(Role.MANAGER))
    with pytest.raises(DeskError, match="for members of @leads, and you are not one of them"):
        await require_lead(ctx, SAM)
