"""Contact data in Slack: hidden from whoever has no need, and shown on request, with an audit entry."""

from dataclasses import replace
from typing import Any

from adapters.slack.cases.form_ids import CaseFormAction
from domain.cases.files import File
from domain.delivery.outcomes import Done
from domain.delivery.thread_effects import ShareFile
from domain.policy import Roles
from domain.records.audit import Action
from handlers.context import AppContext
from handlers.delivery.performers.files import FileSharer
from handlers.intake.private_files import unshared_files
from handlers.slack import cases, contact_data
from storage.engine import Store
from tests.handlers.made import MIA, NOW, SAM, a_stored_case, audit_actions, case_of, queued
from tests.handlers.slack.listening import Ack, ephemerals, opened_views
from tests.handlers.slack.test_records import LEO, Registered, said, with_groups

TEXT = "@acme call me on +34 600 123 456, or ana@example.com"


def with_masks(ctx: AppContext) -> AppContext:
    return replace(ctx, policy=replace(ctx.policy, masks_contacts=True))


async def press(ctx: AppContext, action_id: str, user: str, value: str) -> None:
    app: Any = Registered()
    for module in (cases, contact_data):
        module.register(app, ctx)
    body = {
        "user": {"id": user},
        "channel": {"id": "C1"},
        "actions": [{"value": value}],
        "trigger_id": "t",
        "view": {"id": "V1"},
    }
    await app.actions[action_id](ack=Ack(), body=body)


async def test_viewers_see_contact_data_masked_unless_the_settings_show_it_to_them(
    sqlite: Store, sqlite_ctx: AppContext
) -> None:
    case = a_stored_case(sqlite, TEXT)
    ctx = with_groups(sqlite_ctx, viewer="@watchers")
    for user, sees in ((LEO, False), (SAM, True)):
        await press(ctx, "case.details", user, f"{case.id}:{case.version}")
        assert ("ana@example.com" in str(opened_views(ctx)[-1])) is sees
        assert ("a…@example.com" in str(opened_views(ctx)[-1])) is not sees
        assert ("+34 600" in await said(ctx, "find call", user)) is sees
    await press(ctx, CaseFormAction.SHOW_CONTACTS, LEO, f"{case.id}:{case.version}")
    assert "only members of #support may act here, and you are not" in ephemerals(ctx)[-1]
    assert Action.CONTACTS_SHOWN not in [action for _, action, _ in audit_actions(sqlite, case.id)]
    roles = Roles(viewer="@watchers", contact_data=frozenset({"viewer"}))  # type: ignore[arg-type]
    ctx = replace(ctx, policy=replace(ctx.policy, roles=roles))
    assert "+34 600" in await said(ctx, "find call", LEO)
    assert "+34 600" not in await said(ctx, "find call", SAM)


async def test_where_it_is_masked_an_agent_asks_for_it_and_the_audit_trail_has_that(
    sqlite: Store, sqlite_ctx: AppContext
) -> None:
    case = a_stored_case(sqlite, TEXT)
    ctx = with_masks(sqlite_ctx)
    value = f"{case.id}:{case.version}"
    await press(ctx, "case.details", SAM, value)
    details = opened_views(ctx)[-1]
    assert "ana@example.com" not in str(details)
    assert CaseFormAction.SHOW_CONTACTS in str(details)
    await press(ctx, CaseFormAction.SHOW_CONTACTS, SAM, value)
    assert "• ana@example.com\n• +34 600 123 456" in ephemerals(ctx)[-1]
    assert audit_actions(sqlite, case.id)[-1][1] is Action.CONTACTS_SHOWN
    assert case_of(sqlite, case.id).version == case.version
    assert f"<@{SAM}> looked at the customer" in await said(ctx, f"audit {case.id}")


class Shares:
    """A team chat that keeps what files it shares."""

    def __init__(self) -> None:
        self.shared: list[str] = []

    async def share_file(self, _channel: str, file: File, *, thread_ts: str) -> Done:
        self.shared.append(f"{file.name} {thread_ts}")
        return Done({"ts": "9.9"})


async def test_files_are_kept_out_of_the_thread_until_somebody_asks(
    sqlite: Store, sqlite_ctx: AppContext
) -> None:
    case = a_stored_case(sqlite, TEXT)
    chat: Any = Shares()
    with sqlite.unit_of_work() as uow:
        uow.cases.record_card_location(case.id, channel="C0SUPPORT", ts="1.1", digest="")
        [message] = uow.messages.of_case(case.id)
        file = File(
            id=0,
            case_id=case.id,
            message_id=message.id,
            name="passport.png",
            media_type="image/png",
            size=3,
            created_at=NOW,
            content=b"png",
        )
        uow.files.add_many([file])
    ctx = replace(with_masks(sqlite_ctx), team_chat=chat)

    async def share() -> list[str]:
        with sqlite.unit_of_work() as uow:
            [effect] = unshared_files(uow, uow.cases.get(case.id))
        job: Any = type("AJob", (), {"effect": effect})
        await FileSharer(ctx).perform(job)
        return list(chat.shared)

    assert await share() == []
    value = f"{case.id}:{case.version}"
    await press(ctx, CaseFormAction.SHOW_CONTACTS, MIA, value)
    await press(ctx, CaseFormAction.SHOW_FILES, MIA, value)
    assert audit_actions(sqlite, case.id)[-1][1] is Action.FILES_SHOWN
    assert len(queued(sqlite, ShareFile.kind)) == 1
    assert await share() == ["passport.png 1.1"]
    with sqlite.unit_of_work() as uow:
        [kept] = uow.files.of_messages([message.id])[message.id]
        uow.files.save(replace(kept, shared_at=NOW))
    with sqlite.unit_of_work() as uow:
        assert unshared_files(uow, uow.cases.get(case.id)) == []
