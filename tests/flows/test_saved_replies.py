"""A newcomer makes a saved reply in Slack, sees it suggested, edits it, and retires it."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.handlers.made import a_words
from tests.stories import MIA, RUTH, SAM, SUPPORT, Story, details, running_story, shown

#: With the sentence encoder, as users run it.
READING = "[intake]\npoll_seconds = 0.2\n"
QUESTION = "@acme I got a gift voucher for my birthday, how long can I use it?"
ANSWER = "Hi Anaruiz, vouchers are valid for three years. Enjoy!"
TEMPLATE = "Hi[[ {{ first_name }}]], vouchers are valid for three years. Enjoy!"
EXAMPLES = "how long is my gift voucher valid\nwhen does a voucher expire"


@pytest.fixture
async def story(tmp_path: Path, database_url: str) -> AsyncIterator[Story]:
    """A sandbox and a bot with the encoder, on each database in turn."""
    async with running_story(tmp_path, database_url, choices=READING) as story:
        yield story


async def opened(story: Story, user: str, words: str = "") -> dict[str, Any]:
    """Type /mentions replies, and return the list."""
    await story.world.slack.command(user, SUPPORT, f"/mentions replies {words}")
    return await view(story, user, "saved_replies")


async def view(story: Story, user: str, callback_id: str) -> dict[str, Any]:
    """Wait for this modal before the person."""
    return await story.until(
        lambda: (
            found
            if (found := story.world.slack.open_view(user)) and found["callback_id"] == callback_id
            else None
        ),
        f"the modal {callback_id} before {user}, who sees {story.world.slack.open_view(user)}",
    )


async def pressed(story: Story, user: str, action: str, value: object = None) -> dict[str, Any]:
    """Press in the open modal; return the modal after it."""
    found = story.world.slack.open_view(user)
    assert found is not None
    await story.world.slack.press_in_view(user, found["id"], action, value)
    after = story.world.slack.open_view(user)
    assert after is not None
    return after


async def submitted(story: Story, user: str, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - an ack
    found = story.world.slack.open_view(user)
    assert found is not None
    return await story.world.slack.submit(user, found["id"], values)


def menu(listed: dict[str, Any], title: str) -> dict[str, str]:
    """Return the values of a row's menu by their labels."""
    rows = (block for block in listed["blocks"] if "accessory" in block)
    row = next(row for row in rows if f"*{title}*" in row["text"]["text"])
    return {option["text"]["text"]: option["value"] for option in row["accessory"]["options"]}


async def chosen(story: Story, user: str, listed: dict[str, Any], title: str, label: str) -> dict[str, Any]:
    return await pressed(story, user, "replies.menu", menu(listed, title)[label])


async def made(story: Story, user: str = SAM, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - of any input
    """Make a reply by the form, and return the list with it."""
    await opened(story, user)
    await pressed(story, user, "replies.new")
    values = {
        "saved.title": "Voucher validity",
        "saved.situations": ["question"],
        "saved.wording.0.0": TEMPLATE,
        "saved.examples": EXAMPLES,
    }
    ack = await submitted(story, user, values | changes)
    assert ack.payload["response_action"] == "update", ack
    return await view(story, user, "saved_replies")


async def test_a_newcomer_saves_a_reply_sees_it_suggested_edits_and_retires_it(story: Story) -> None:
    listed = await made(story)
    assert "*Voucher validity* is saved" in shown(listed)
    story.customer_writes(QUESTION)
    card = await story.card("gift voucher for my birthday")
    assert "Hi Anaruiz, vouchers are valid for three years." in shown(card)

    listed = await opened(story, SAM, "voucher validity")
    await chosen(story, SAM, listed, "Voucher validity", "Edit…")
    better = TEMPLATE.replace("three", "five")
    await submitted(story, SAM, {"saved.wording.0.0": better})
    story.customer_writes("@acme until when can I use my gift voucher?", who="benokri")
    card = await story.card("until when can I use")
    assert "vouchers are valid for five years." in shown(card)

    listed = await opened(story, SAM, "voucher validity")
    listed = await chosen(story, SAM, listed, "Voucher validity", "Retire")
    assert "is retired: it is not suggested any more" in shown(listed)
    assert set(menu(listed, "Voucher validity")) == {"Edit…", "History…", "Bring back"}
    await story.until(
        lambda: "vouchers are valid" not in shown(story.card_at(card["ts"])), "the card without the reply"
    )
    story.customer_writes("@acme how many years is a gift voucher good for?", who="kiraw")
    card = await story.card("how many years")
    assert "vouchers are valid" not in shown(card)

    history = await chosen(story, SAM, listed, "Voucher validity", "History…")
    told = shown(history)
    for words in ("*Version 3* retired by <@U0SAM>", "*Version 2* edited by <@U0SAM>", "*Version 1* made by"):
        assert words in told, told
    assert "five years" in told
    listed = await pressed(story, SAM, "replies.back")
    listed = await chosen(story, SAM, listed, "Voucher validity", "Bring back")
    assert "is saved: it can be suggested from now on" in shown(listed)
    story.customer_writes("@acme when does my gift voucher expire, in what year?", who="leonie")
    card = await story.card("in what year")
    assert "vouchers are valid for five years." in shown(card)


async def test_an_answer_that_was_sent_is_saved_from_details(story: Story) -> None:
    story.customer_writes(QUESTION)
    card = await story.card("gift voucher for my birthday")
    assert "Save as reply…" not in shown(await details(story, card["ts"]))
    await story.world.slack.close_view(SAM, story.world.slack.open_view(SAM)["id"])  # type: ignore[index]
    await story.answer(SAM, card["ts"], ANSWER)
    await story.card_shows(card["ts"], "Sent")
    await details(story, card["ts"])
    form = await pressed(story, SAM, "case.save_reply")
    assert form["callback_id"] == "saved_reply"
    told = shown(form)
    assert TEMPLATE in told
    assert "I got a gift voucher for my birthday, how long can I use it?" in told
    await submitted(story, SAM, {"saved.title": "Voucher validity"})
    assert "is saved" in shown(await view(story, SAM, "saved_replies"))
    story.customer_writes("@acme how long can I use my gift voucher?", who="benokri")
    assert "vouchers are valid for three years." in shown(await story.card("use my gift voucher"))


async def test_bad_input_is_told_at_its_field_and_nothing_is_saved(story: Story) -> None:
    await opened(story, SAM)
    await pressed(story, SAM, "replies.new")
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    ack = await submitted(
        story,
        SAM,
        {
            "saved.title": "Late parcel",
            "saved.situations": ["question"],
            "saved.wording.0.0": "Hi {{ frist_name }}",
            "saved.examples": "one",
            "saved.expiry": yesterday,
        },
    )
    assert ack.payload["response_action"] == "errors"
    assert ack.payload["errors"] == {
        "saved.title": "Another saved reply has this name. Choose a different one.",
        "saved.wording.0.0": (
            "There is no {{ frist_name }}. There are {{ brand }}, {{ first_name }} and {{ help_url }}."
        ),
        "saved.expiry": "That day has passed. Pick a later one, or none.",
    }
    ack = await submitted(
        story,
        SAM,
        {
            "saved.title": "Voucher validity",
            "saved.situations": ["question"],
            "saved.wording.0.0": "x" * 300,
            "saved.examples": "one",
        },
    )
    assert "Too long for X by 20: 300 of 280" in ack.payload["errors"]["saved.wording.0.0"]
    listed = await opened(story, MIA, "voucher validity")
    assert "No saved reply has “voucher validity” in it" in shown(listed)


async def test_the_second_of_two_editors_sees_what_changed_and_loses_nothing(story: Story) -> None:
    await made(story)
    for user in (SAM, MIA):
        await chosen(story, user, await opened(story, user, "voucher validity"), "Voucher validity", "Edit…")
    await submitted(story, MIA, {"saved.title": "Gift vouchers", "saved.owner": RUTH})
    ack = await submitted(
        story, SAM, {"saved.wording.0.0": "Hi, five years.", "saved.examples": "till when is it valid"}
    )
    assert ack.payload["response_action"] == "update"
    form = await view(story, SAM, "saved_reply")
    told = shown(form)
    assert "<@U0MIA> changed this reply while you were writing." in told
    assert "Name: ~Voucher validity~ → Gift vouchers" in told
    assert "Hi, five years." in told
    assert "till when is it valid" in told
    await submitted(story, SAM, {})
    listed = await view(story, SAM, "saved_replies")
    assert "*Voucher validity* is saved" in shown(listed)
    assert "Hi, five years." in shown(listed)


async def test_what_was_changed_meanwhile_is_not_retired(story: Story) -> None:
    await made(story)
    listed = await opened(story, SAM, "voucher validity")
    await chosen(story, MIA, await opened(story, MIA, "voucher validity"), "Voucher validity", "Retire")
    listed = await chosen(story, SAM, listed, "Voucher validity", "Retire")
    assert "Nothing was done: <@U0MIA> changed *Voucher validity* meanwhile." in shown(listed)


async def test_another_language_is_written_beside_the_first(story: Story) -> None:
    await made(story)
    listed = await opened(story, SAM, "voucher validity")
    await chosen(story, SAM, listed, "Voucher validity", "Edit…")
    form = await pressed(story, SAM, "saved.language", "de")
    assert "Fits both" in shown(form)
    await submitted(
        story,
        SAM,
        {
            "saved.wording.1.0": "Hallo, Gutscheine gelten drei Jahre, freu dich.",
            "saved.form.1.0": "informal",
        },
    )
    listed = await view(story, SAM, "saved_replies")
    assert "English, German" in shown(listed)
    await chosen(story, SAM, listed, "Voucher validity", "Edit…")
    found = story.world.slack.open_view(SAM)
    assert found is not None
    await story.world.slack.press_in_view(
        SAM, found["id"], "saved.language", "de", values={"saved.wording.0.0": "Not saved yet"}
    )
    form = await view(story, SAM, "saved_reply")
    assert "The wordings in English are not saved yet." in shown(form)
    assert "Not saved yet" in shown(form)


async def test_the_list_is_searched_and_paged(story: Story) -> None:
    listed = await opened(story, SAM)
    assert f"{len(a_words().shipped_replies)} saved replies · page 1 of 4" in shown(listed)
    listed = await pressed(story, SAM, "replies.next", "1")
    assert "page 2 of 4" in shown(listed)
    await submitted(story, SAM, {"replies.search": "parcel damaged"})
    listed = await view(story, SAM, "saved_replies")
    assert "1 saved reply" in shown(listed)
    assert "*Damaged or wrong parcel*" in shown(listed)
    await submitted(story, SAM, {"replies.search": "nothing of that kind"})
    listed = await view(story, SAM, "saved_replies")
    assert "No saved reply has “nothing of that kind” in it." in shown(listed)
