"""Open modals and send ephemerals, or report why not."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.ephemerals import render_refusal
from adapters.slack.modal_client import ModalError, Modals
from adapters.slack.modals import render_public_reply, render_snooze
from domain.errors import DeskError
from sandbox.faults import Fault
from sandbox.slack import Workspace
from tests.adapters.slack.inspection import said
from tests.adapters.slack.samples import OURS, case, form

REFUSAL = render_refusal(DeskError("Nothing was changed."))


@pytest.fixture
def modals(client: AsyncWebClient) -> Modals:
    return Modals(client)


def trigger(workspace: Workspace) -> str:
    return str(workspace.triggers.new("U0SAM"))


async def test_a_form_opens_once(modals: Modals, workspace: Workspace) -> None:
    pressed = trigger(workspace)
    view_id = await modals.open_view(pressed, render_public_reply(form(), ours=OURS))
    shown = workspace.open_view("U0SAM")
    assert shown is not None
    assert shown["id"] == view_id
    with pytest.raises(ModalError, match="press the button again"):
        await modals.open_view(pressed, render_snooze(case()))


async def test_a_late_form_says_press_again(modals: Modals, workspace: Workspace) -> None:
    workspace.limits.trigger_seconds = 0.0
    pressed = trigger(workspace)
    with pytest.raises(ModalError, match="three seconds"):
        await modals.open_view(pressed, render_snooze(case()))


async def test_a_form_whose_answer_is_lost_is_an_error_for_a_person(
    modals: Modals, workspace: Workspace
) -> None:
    workspace.faults.add(Fault("slack:views.open", "lost-after"))
    with pytest.raises(
        ModalError, match=r"did not say whether the form opened: .* broke while it was to open"
    ):
        await modals.open_view(trigger(workspace), render_snooze(case()))
    assert workspace.open_view("U0SAM") is not None  # "did not open" would be false


async def test_a_form_that_slack_failed_to_open_is_an_error_for_a_person(
    modals: Modals, workspace: Workspace
) -> None:
    workspace.faults.add(Fault("slack:views.open", "status", status=500))
    with pytest.raises(ModalError, match="The form did not open"):
        await modals.open_view(trigger(workspace), render_snooze(case()))


async def test_a_form_is_changed_while_it_is_what_was_seen(modals: Modals, workspace: Workspace) -> None:
    view_id = await modals.open_view(trigger(workspace), render_public_reply(form(), ours=OURS))
    opened = workspace.open_view("U0SAM")
    assert opened is not None
    longer = render_public_reply(form(text="Hola", length=4), ours=OURS)
    assert await modals.update_view(view_id, longer, seen_hash=opened["hash"])
    changed = workspace.open_view("U0SAM")
    assert changed is not None
    assert "*4 / 280*" in said(changed)
    assert not await modals.update_view(view_id, longer, seen_hash=opened["hash"])
    assert not await modals.update_view("V0GONE", longer)


async def test_a_refusal_is_seen_by_one_person_alone(modals: Modals, workspace: Workspace) -> None:
    await modals.send_ephemeral("C0SUPPORT", "U0SAM", REFUSAL)
    [shown] = workspace.ephemerals("U0SAM", "C0SUPPORT")
    assert shown["text"] == "Nothing was changed."
    assert workspace.ephemerals("U0MIA") == []


async def test_somebody_who_is_not_there_is_told_directly(modals: Modals, workspace: Workspace) -> None:
    await modals.send_ephemeral("C0SUPPORT", "U0LEO", REFUSAL)
    [entry] = workspace.ledger.of("slack", "chat.postMessage")
    assert entry.detail["text"] == "Nothing was changed."
    assert str(entry.detail["channel"]).startswith("D")


async def test_not_being_able_to_tell_is_logged(
    modals: Modals, workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    for method in ("chat.postEphemeral", "chat.postMessage"):
        workspace.faults.add(Fault(f"slack:{method}", "status", status=500, body="oops", times=-1))
    await modals.send_ephemeral("C0SUPPORT", "U0SAM", REFUSAL)
    await modals.notify("1.2.3", "U0SAM", REFUSAL)
    assert caplog.text.count("could not be told") == 2


async def test_whoever_no_notice_can_be_shown_to_is_told_directly(
    modals: Modals, workspace: Workspace
) -> None:
    pressed = trigger(workspace)
    await modals.open_view(pressed, render_snooze(case()))
    await modals.notify(pressed, "U0SAM", REFUSAL)
    workspace.faults.add(Fault("slack:views.*", "status", status=503, body="", times=-1))
    await modals.notify(trigger(workspace), "U0SAM", REFUSAL)
    workspace.faults.add(Fault("slack:chat.postEphemeral", "status", status=503, body=""))
    await modals.send_ephemeral("C0SUPPORT", "U0SAM", REFUSAL)
    told = workspace.ledger.of("slack", "chat.postMessage")
    assert [(one.detail["channel"], one.detail["text"]) for one in told] == [
        ("D0SAM", "Nothing was changed.")
    ] * 3


async def test_a_notice_opens_over_the_form_and_keeps_it(modals: Modals, workspace: Workspace) -> None:
    await modals.open_view(trigger(workspace), render_public_reply(form(), ours=OURS))
    await modals.open_notice(trigger(workspace), REFUSAL)
    notice = workspace.open_view("U0SAM")
    assert notice is not None
    assert notice["callback_id"] == "notice"
    await workspace.close_view("U0SAM", notice["id"])
    below = workspace.open_view("U0SAM")
    assert below is not None
    assert below["callback_id"] == "answer"


async def test_a_notice_opens_where_no_form_is(modals: Modals, workspace: Workspace) -> None:
    await modals.open_notice(trigger(workspace), REFUSAL)
    notice = workspace.open_view("U0SAM")
    assert notice is not None
    assert "Nothing was changed." in said(notice)


def response_url(workspace: Workspace, address: str) -> str:
    key = workspace.triggers.new_response_url("U0SAM", "C0SUPPORT")
    return f"{address.removesuffix('api/')}response/{key}"


async def test_a_command_is_answered_where_it_was_typed(
    modals: Modals, workspace: Workspace, address: str
) -> None:
    url = response_url(workspace, address)
    await modals.respond(url, "C0SUPPORT", "U0SAM", REFUSAL)
    [told] = workspace.ephemerals("U0SAM", "C0SUPPORT")
    assert "Nothing was changed." in said(told)
    await modals.respond(url, "C0SUPPORT", "U0SAM", REFUSAL, in_channel=True)
    [shared] = workspace.messages("C0SUPPORT")
    assert "Nothing was changed." in said(shared)


async def test_where_a_response_url_is_used_up_the_person_is_told_otherwise(
    modals: Modals, workspace: Workspace, address: str
) -> None:
    workspace.limits.response_url_uses = 0
    url = response_url(workspace, address)
    await modals.respond(url, "C0SUPPORT", "U0SAM", REFUSAL)
    assert len(workspace.ephemerals("U0SAM", "C0SUPPORT")) == 1
    with pytest.raises(ModalError, match="It was not shared"):
        await modals.respond(url, "C0SUPPORT", "U0SAM", REFUSAL, in_channel=True)
    await modals.respond("", None, "U0SAM", REFUSAL)
    assert len(workspace.ephemerals("U0SAM")) == 1
