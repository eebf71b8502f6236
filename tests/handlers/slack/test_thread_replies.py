"""Send the assignee's `@Switchboard …` in a case's thread to the customer once; tell others why not."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from adapters.slack.card_metadata import CardIdentity
from adapters.slack.modal_client import CARD_NOT_READ
from domain.errors import Refused
from domain.replies.rules_of_engagement import Rule, RulesOfEngagement, Where
from domain.venues import Venue
from handlers.context import AppContext
from handlers.replies.private import PrivateReply, record_delivered, send_private_reply
from handlers.slack.listeners import INTERNAL_ERROR
from handlers.slack.thread_replies import NO_CASE, NOT_STORED, handle_mention
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.made import MIA, NOW, SAM, do, messages, queued, trail
from tests.handlers.slack.handoff_forms import CARD, CHANNEL, case_with_card, in_private
from tests.handlers.slack.listening import ephemerals, set_card_identity

TS = "1700000001.000200"


def event(text: str = "<@U0BOT> Hi <@U0MIA>", **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of an event
    """Build Sam's mention of the bot in the card's thread."""
    return {"channel": CHANNEL, "user": SAM, "ts": TS, "thread_ts": CARD, "text": text, **changes}


async def test_the_assignees_words_go_to_the_customer_without_what_only_slack_understands(
    store: Store, ctx: AppContext
) -> None:
    case = in_private(store)
    await handle_mention(ctx, event())
    ours = messages(store, case.id)[-1]
    assert (ours.text, ours.venue, ours.sent_by, ours.thread_ts) == ("Hi Mia Lindqvist", Venue.DM, SAM, TS)
    assert len(queued(store, "send_private")) == 1
    assert ephemerals(ctx) == []


async def test_a_broken_rule_is_told_and_nothing_is_sent(store: Store, ctx: AppContext) -> None:
    case = in_private(store)
    rule = Rule(name="all_caps", reason="Write it in small letters.", hard=False, where=Where.EVERYWHERE)
    strict = replace(ctx, rules=RulesOfEngagement(version="9", rules=[rule]))
    await handle_mention(strict, event("<@U0BOT> WE ARE WORKING ON IT"))
    [told] = ephemerals(ctx)
    assert "Write it in small letters. To send it as it is, write it again with “send anyway:”" in str(told)
    assert queued(store, "send_private") == []
    confirmed = event("<@U0BOT> Send anyway: WE ARE WORKING ON IT", ts="1700000002.000300")
    await handle_mention(strict, confirmed)
    assert messages(store, case.id)[-1].text == "WE ARE WORKING ON IT"
    assert trail(store, case.id)[-1].detail["confirmed"] == ["all_caps"]


async def test_an_event_that_comes_again_is_sent_once(store: Store, ctx: AppContext) -> None:
    case = in_private(store)
    for _ in range(3):
        await handle_mention(ctx, event())
    assert len(queued(store, "send_private")) == 1
    await handle_mention(ctx, event("<@U0BOT> Hi", ts="1700000002.000300"))
    assert [m.text for m in messages(store, case.id)][-2:] == ["Hi Mia Lindqvist", "Hi"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"user": MIA}, "<@U0SAM> claimed this case"),
        ({"text": "I would tell it to <@U0BOT>"}, "only a message that begins with the bot's name"),
        ({"text": "<@U0MIA> <@U0BOT> hm?"}, "only a message that begins with the bot's name"),
        ({"text": "what does Switchboard think?"}, "only a message that begins with the bot's name"),
        ({"user": "U0LEO"}, "Nothing was sent to the customer: only members of #support may act here"),
        ({"text": "<@U0BOT>"}, "there is no text"),
        ({"thread_ts": "1600000000.000100"}, NO_CASE),
        ({"channel": "C0OTHER"}, NO_CASE),
        (
            {"files": [{"id": "F1", "name": "a.exe", "mimetype": "application/x-dosexec", "size": 9}]},
            "“a.exe” cannot",
        ),
        (
            {
                "files": [
                    {"id": f"F{n}", "name": "a.png", "mimetype": "image/png", "size": 9} for n in range(6)
                ]
            },
            "5 files",
        ),
        ({"text": "<@U0BOT> " + "x" * 10_001}, "10,001 characters"),
    ],
)
async def test_whoever_cannot_be_heard_hears_why_and_nothing_is_sent(
    store: Store, ctx: AppContext, changes: dict[str, Any], words: str
) -> None:
    case = in_private(store)
    before = messages(store, case.id)
    await handle_mention(ctx, event(**changes))
    [said] = ephemerals(ctx)
    assert words in said
    assert messages(store, case.id) == before


async def test_below_a_card_that_is_not_known_to_stand_there_yet_the_card_says_whose_it_is(
    store: Store, ctx: AppContext
) -> None:
    """The card's ts is not committed yet, or the card has moved to another channel since."""
    case = in_private(store)
    set_card_identity(ctx, "C0OTHER", "1700000009.000100", CardIdentity.of(case))
    await handle_mention(ctx, event("<@U0BOT> Hi", channel="C0OTHER", thread_ts="1700000009.000100"))
    assert ephemerals(ctx) == []
    ours = messages(store, case.id)[-1]
    assert (ours.text, ours.thread_ts, ours.thread_channel) == ("Hi", TS, "C0OTHER")
    do(store, record_delivered, message_id=ours.id, now=NOW)
    [reaction] = queued(store, "mark_message")
    assert reaction["payload"] == {"channel": "C0OTHER", "ts": TS, "mark": "white_check_mark"}


@pytest.mark.parametrize(
    "changed",
    [
        lambda identity: replace(identity, case_id=identity.case_id + 1),
        lambda identity: replace(identity, opened_at="2025-01-01T00:00:00+00:00"),
    ],
    ids=["another case", "another time"],
)
async def test_a_card_of_another_database_is_nobodys(
    store: Store, ctx: AppContext, changed: Callable[[CardIdentity], CardIdentity]
) -> None:
    case = in_private(store)
    before = messages(store, case.id)
    set_card_identity(ctx, "C0OTHER", CARD, changed(CardIdentity.of(case)))
    await handle_mention(ctx, event(channel="C0OTHER"))
    assert ephemerals(ctx) == [NO_CASE]
    assert messages(store, case.id) == before


async def test_where_slack_does_not_say_whose_card_it_is_nothing_is_sent(
    store: Store, ctx: AppContext
) -> None:
    case = in_private(store)
    before = messages(store, case.id)
    set_card_identity(ctx, "C0OTHER", CARD, Refused(CARD_NOT_READ))
    await handle_mention(ctx, event(channel="C0OTHER"))
    assert ephemerals(ctx) == [CARD_NOT_READ]
    assert messages(store, case.id) == before


async def test_in_a_public_conversation_nothing_is_sent_from_the_thread(
    store: Store, ctx: AppContext
) -> None:
    case = case_with_card(store)
    await handle_mention(ctx, event())
    assert "this conversation is public, and in public only the answer form sends" in ephemerals(ctx)[0]
    assert len(messages(store, case.id)) == 1


async def test_an_agents_files_go_along_as_what_slack_says_they_are(store: Store, ctx: AppContext) -> None:
    case = in_private(store)
    file = {"id": "F1", "name": "label.pdf", "mimetype": "application/pdf", "size": 1200}
    await handle_mention(ctx, event("<@U0BOT>", files=[file]))
    ours = messages(store, case.id)[-1]
    with store.unit_of_work() as uow:
        [kept] = uow.files.of_messages([ours.id])[ours.id]
    assert (kept.source, kept.name, kept.media_type, kept.size) == (
        "F1",
        "label.pdf",
        "application/pdf",
        1200,
    )


async def test_outside_of_a_thread_the_bot_says_what_it_can_do(ctx: AppContext) -> None:
    await handle_mention(ctx, event(thread_ts=None))
    assert ephemerals(ctx) == ["What /mentions can do"]


async def test_a_failure_of_ours_is_said_and_not_hidden(
    store: Store, ctx: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_private(store)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("handlers.slack.thread_replies.send_private_reply", broken)
    await handle_mention(ctx, event())
    assert ephemerals(ctx) == [INTERNAL_ERROR]


@pytest.mark.parametrize(("failures", "told"), [(2, []), (3, [NOT_STORED])])
async def test_a_line_waits_for_a_database_that_cannot_be_reached(
    store: Store, ctx: AppContext, monkeypatch: pytest.MonkeyPatch, failures: int, told: list[str]
) -> None:
    case = in_private(store)
    left = iter(range(failures))

    def unreachable(uow: UnitOfWork, reply: PrivateReply, **more: Any) -> None:  # noqa: ANN401 - as it is called
        if next(left, None) is not None:
            raise OperationalError("INSERT", {}, Exception("connection refused"))
        send_private_reply(uow, reply, **more)

    monkeypatch.setattr("handlers.slack.thread_replies.RETRY_AFTER_SECONDS", (0.0, 0.0, 0.0))
    monkeypatch.setattr("handlers.slack.thread_replies.send_private_reply", unreachable)
    await handle_mention(ctx, event("<@U0BOT> It is 49 €"))
    assert ephemerals(ctx) == told
    sent = [message.text for message in messages(store, case.id)]
    assert sent.count("It is 49 €") == (0 if told else 1)


scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=10)
events = st.dictionaries(
    st.sampled_from(["channel", "user", "ts", "thread_ts", "text", "files", "blocks"]),
    scalars
    | st.lists(scalars, max_size=3)
    | st.lists(
        st.dictionaries(
            st.sampled_from(["id", "name", "mimetype", "size", "type", "elements"]),
            scalars | st.lists(scalars),
        ),
        max_size=3,
    ),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events)
async def test_whatever_comes_is_heard_or_dropped(ctx: AppContext, sent: dict[str, Any]) -> None:
    await handle_mention(ctx, sent)
    await handle_mention(
        ctx, event(**{name: value for name, value in sent.items() if name in {"text", "files", "blocks"}})
    )
    assert INTERNAL_ERROR not in ephemerals(ctx)
