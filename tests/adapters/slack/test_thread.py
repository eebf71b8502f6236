"""Render the thread: messages of both sides, and audit entries as context lines."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from adapters.slack.records.audit_lines import describe
from adapters.slack.thread import redraw_thread, render_thread
from domain.cases.messages import Delivery, Message
from domain.cases.views import ThreadView
from domain.records.audit import SYSTEM, Action, Entry
from tests.adapters.slack.inspection import check_message, said
from tests.adapters.slack.samples import NOW, OURS, case, post, reply

PEOPLE = frozenset({"U0SAM", "U0MIA"})


def entry(
    action: Action,
    detail: Mapping[str, object] | None = None,
    *,
    actor: str = "U0SAM",
    message_id: int | None = None,
    id_: int = 1,
) -> Entry:
    return Entry(
        at=NOW,
        actor=actor,
        action=action,
        case_id=12,
        version=7,
        message_id=message_id,
        detail=detail or {},
        id=id_,
    )


def thread_text(*entries: Entry, messages: tuple[Message, ...] = ()) -> str:
    numbered = [replace(one, id=index) for index, one in enumerate(entries, start=1)]
    shown = ThreadView(case=case(), entries=numbered, messages={one.id: one for one in messages})
    part = render_thread(shown, ours=OURS)
    assert part.content is not None
    assert part.seen == len(entries)
    check_message(part.content, people=PEOPLE)
    return said(part.content)


def test_both_sides_are_quoted_with_who_and_when() -> None:
    story = thread_text(
        entry(Action.CUSTOMER_WROTE, actor=SYSTEM, message_id=31),
        entry(Action.CLAIMED),
        entry(Action.REPLY_SENT, actor=SYSTEM, message_id=32),
        messages=(post(), reply(Delivery.SENT)),
    )
    assert [line for line in story.split("\n") if line] == [
        "Ana Ruiz  @anaruiz · {time} · View on X",
        "Third time the app eats my payment and shows an error. @acme are you even awake??",
        "Claimed by <@U0SAM> · <!date^1795269960^{time}|2026-11-21 14:06 UTC>",
        "✓ <@U0SAM> answered as @acme · {time} · View on X",
        "Hola Ana, sentimos el problema con el pago.",
    ]


def test_an_edit_is_one_line_with_the_text_before() -> None:
    story = thread_text(
        entry(Action.CUSTOMER_EDITED, {"before": "I hate\nthis"}, actor=SYSTEM, message_id=31),
        messages=(post(text="I love\nthis"),),
    )
    assert [line for line in story.split("\n") if line] == [
        "✏️ Ana Ruiz edited a post · {time} · View on X: “I love this” (before: “I hate this”)"
    ]


def test_the_text_of_a_deleted_post_is_not_shown() -> None:
    gone = post(deleted_at=NOW)
    story = thread_text(
        entry(Action.CUSTOMER_WROTE, actor=SYSTEM, message_id=31),
        entry(Action.CUSTOMER_EDITED, {"before": "my secret"}, actor=SYSTEM, message_id=31),
        entry(Action.POST_GONE, actor=SYSTEM, message_id=31),
        messages=(gone,),
    )
    assert "eats my payment" not in story
    assert "my secret" not in story
    assert "🗑️ A post was deleted by its author" in story


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (
            entry(Action.TAKEN_OVER, {"from": "U0SAM"}, actor="U0MIA"),
            "Taken over by <@U0MIA> from <@U0SAM>",
        ),
        (entry(Action.ASSIGNED, {"to": "U0MIA"}), "<@U0SAM> assigned it to <@U0MIA>"),
        (entry(Action.RELEASED), "Released by <@U0SAM>"),
        (
            entry(Action.SNOOZED, {"until": NOW.isoformat()}),
            "💤 Snoozed by <@U0SAM> until <!date^1795269960^{date_short_pretty} at {time}|2026-11-21 14:06 UTC>",
        ),
        (entry(Action.WOKEN, actor=SYSTEM), "⏰ Back from snooze"),
        (
            entry(Action.REPLY_FAILED, {"reason": "X said <no>"}),
            "⚠️ The reply was not sent: X said &lt;no&gt;",
        ),
        (entry(Action.REPLY_UNSURE), "❓ Not sure the reply was sent"),
        (entry(Action.REPLY_RETRIED), "<@U0SAM> pressed Try again"),
        (
            entry(Action.REPLY_QUEUED, {"waits": True}),
            "❓ *It waits: nobody knows whether the one before arrived.* Say so on the card. <@U0SAM> sent a reply",
        ),
        (
            entry(Action.REPLY_DOUBT_REMINDED, {"waiting": 2}),
            "❓ *Still not sure the reply arrived.* 2 answers wait behind it. Say so on the card.",
        ),
        (entry(Action.REPLY_SETTLED_BY_PERSON, {"sent": True}), "<@U0SAM> looked: it was sent"),
        (entry(Action.REPLY_SETTLED_BY_PERSON, {"sent": False}), "<@U0SAM> looked: it was not sent"),
        (entry(Action.RESOLVED), "✅ Resolved by <@U0SAM>"),
        (entry(Action.DISMISSED), "➖ <@U0SAM> said it is not a request"),
        (entry(Action.REOPENED), "Reopened by <@U0SAM>"),
        (
            entry(Action.ROUTE_FAILED, {"reason": "the channel is archived"}, actor=SYSTEM),
            "⚠️ The card could not be shown where it belongs: the channel is archived",
        ),
    ],
)
def test_each_action_is_a_line(shown: Entry, words: str) -> None:
    assert describe(shown) == words


def test_every_action_has_words() -> None:
    assert all(describe(entry(action)) for action in Action)


def test_a_broken_detail_is_left_out() -> None:
    assert describe(entry(Action.SNOOZED, {"until": "soon"})) == "💤 Snoozed by <@U0SAM>"


def test_without_entries_there_is_no_message() -> None:
    part = render_thread(ThreadView(case=case(thread_audit_id=9), entries=[], messages={}), ours=OURS)
    assert (part.content, part.seen, part.more) == (None, 9, False)


def test_many_entries_are_split_and_none_is_lost() -> None:
    lines = [entry(Action.CUSTOMER_WROTE, message_id=index, id_=index) for index in range(1, 101)]
    posts = {index: post(id=index, text=f"message {index} " * 200) for index in range(1, 101)}
    story, seen, more = "", 0, True
    while more:
        rest = [one for one in lines if one.id > seen]
        part = render_thread(ThreadView(case=case(), entries=rest, messages=posts), ours=OURS)
        assert part.content is not None
        assert part.seen > seen
        check_message(part.content)
        story, seen, more = story + said(part.content), part.seen, part.more
    assert all(f"message {index} " in story for index in range(1, 101))


def test_a_redrawn_message_shows_the_same_without_deleted_text() -> None:
    lines = [
        entry(Action.CUSTOMER_WROTE, actor=SYSTEM, message_id=31, id_=1),
        entry(Action.CLAIMED, id_=2),
        entry(Action.CUSTOMER_WROTE, actor=SYSTEM, message_id=33, id_=3),
    ]
    both = {31: post(deleted_at=NOW, text=""), 33: post(id=33, text="hello?")}
    content = redraw_thread(ThreadView(case=case(), entries=lines, messages=both), ours=OURS)
    assert content is not None
    check_message(content, people=PEOPLE)
    assert "deleted by its author" in said(content)
    assert "Claimed by" in said(content)
    assert "hello?" in said(content)


def test_a_redrawn_message_fits_though_edits_made_it_longer() -> None:
    lines = [entry(Action.CUSTOMER_WROTE, message_id=index, id_=index) for index in range(1, 13)]
    posts = {index: post(id=index, text=f"message {index} " * 500) for index in range(1, 13)}
    content = redraw_thread(ThreadView(case=case(), entries=lines, messages=posts), ours=OURS)
    assert content is not None
    check_message(content)
    assert all(f"message {index} " in said(content) for index in range(1, 13))


def test_without_shown_entries_nothing_is_redrawn() -> None:
    assert redraw_thread(ThreadView(case=case(), entries=[], messages={}), ours=OURS) is None
