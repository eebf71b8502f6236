"""Views: trigger ids, modal stacks, hashes, Home views."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import Workspace
from tests.sandbox.slack.apps import modal
from tests.sandbox.slack.conftest import Clock

HOME = {"type": "home", "blocks": [{"type": "divider"}]}


async def test_a_trigger_works_once(client: AsyncWebClient, workspace: Workspace) -> None:
    trigger = workspace.triggers.new("U0SAM")
    opened = (await client.views_open(trigger_id=trigger, view=modal(private_metadata="7")))["view"]

    shown = workspace.open_view("U0SAM")
    assert shown is not None
    assert (shown["id"], shown["private_metadata"], shown["root_view_id"]) == (
        opened["id"],
        "7",
        opened["id"],
    )
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await client.views_open(trigger_id=trigger, view=modal())


async def test_a_trigger_lives_three_seconds(
    client: AsyncWebClient, workspace: Workspace, clock: Clock
) -> None:
    early, late = workspace.triggers.new("U0SAM"), workspace.triggers.new("U0SAM")
    clock.advance(2.9)
    await client.views_open(trigger_id=early, view=modal())
    clock.advance(0.1)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await client.views_open(trigger_id=late, view=modal())


async def test_a_refused_view_leaves_its_trigger_usable(client: AsyncWebClient, workspace: Workspace) -> None:
    trigger = workspace.triggers.new("U0SAM")
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await client.views_open(trigger_id=trigger, view=modal(title="x" * 25))
    await client.views_open(trigger_id=trigger, view=modal())


async def test_an_unknown_trigger_is_an_invalid_argument(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError, match="invalid_arguments") as caught:
        await client.views_open(trigger_id="1.2.3", view=modal())
    assert "invalid `trigger_id`" in caught.value.response["response_metadata"]["messages"][0]


async def test_long_expired_triggers_are_forgotten(
    client: AsyncWebClient, workspace: Workspace, clock: Clock
) -> None:
    old = workspace.triggers.new("U0SAM")
    clock.advance(3604)
    workspace.triggers.new("U0SAM")
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await client.views_open(trigger_id=old, view=modal())


async def test_modals_stack_up_to_three(client: AsyncWebClient, workspace: Workspace) -> None:
    await client.views_open(trigger_id=workspace.triggers.new("U0SAM"), view=modal(title="one"))
    for title in ("two", "three"):
        await client.views_push(trigger_id=workspace.triggers.new("U0SAM"), view=modal(title=title))
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        await client.views_push(trigger_id=workspace.triggers.new("U0SAM"), view=modal(title="four"))

    for title in ("three", "two", "one"):
        top = workspace.open_view("U0SAM")
        assert top is not None
        assert top["title"]["text"] == title
        await workspace.close_view("U0SAM", top["id"])
    assert workspace.open_view("U0SAM") is None


async def test_an_update_is_refused_on_an_older_hash(client: AsyncWebClient, workspace: Workspace) -> None:
    opened = (await client.views_open(trigger_id=workspace.triggers.new("U0SAM"), view=modal(title="one")))[
        "view"
    ]
    updated = (await client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal(title="two")))[
        "view"
    ]

    assert updated["hash"] != opened["hash"]
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal(title="three"))
    shown = workspace.open_view("U0SAM")
    assert shown is not None
    assert (shown["id"], shown["title"]["text"]) == (opened["id"], "two")


async def test_a_closed_view_is_not_found(client: AsyncWebClient, workspace: Workspace) -> None:
    opened = (await client.views_open(trigger_id=workspace.triggers.new("U0SAM"), view=modal()))["view"]
    await workspace.close_view("U0SAM", opened["id"])
    with pytest.raises(SlackApiError, match="not_found"):
        await client.views_update(view_id=opened["id"], view=modal())


async def test_external_ids_name_one_view(client: AsyncWebClient, workspace: Workspace) -> None:
    await client.views_open(trigger_id=workspace.triggers.new("U0SAM"), view=modal(external_id="case-1"))
    with pytest.raises(SlackApiError, match="duplicate_external_id"):
        await client.views_open(trigger_id=workspace.triggers.new("U0MIA"), view=modal(external_id="case-1"))
    updated = await client.views_update(external_id="case-1", view=modal(title="two", external_id="case-1"))
    assert updated["view"]["title"]["text"] == "two"


async def test_a_home_is_published_per_person(client: AsyncWebClient, workspace: Workspace) -> None:
    first = (await client.views_publish(user_id="U0SAM", view=HOME))["view"]
    again = (await client.views_publish(user_id="U0SAM", view=HOME, hash=first["hash"]))["view"]

    assert again["id"] == first["id"]
    assert workspace.home("U0MIA") is None
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_publish(user_id="U0SAM", view=HOME, hash=first["hash"])
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await client.views_publish(user_id="U0SAM", view=modal())
    with pytest.raises(SlackApiError, match="user_not_found"):
        await client.views_publish(user_id="U0NOBODY", view=HOME)
