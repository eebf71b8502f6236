"""`/mentions topics` and `causes`, their buttons and forms, and what follows from a fix."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.slack.causes.ids import CauseAction, CauseBlock
from domain.assistance.topic_names import TopicNameRequest, TopicNames
from domain.cases.case import Case
from domain.causes.cause import Cause, CauseState
from domain.causes.reports import TopicReport
from domain.delivery.cause_effects import PostCauseFixed
from domain.delivery.effects import Job
from domain.delivery.outcomes import Done, Outcome
from domain.intake.posts import Author
from domain.model_calls import NoAnswer
from domain.reports.filters import Filters
from handlers.causes.tracking import compare_posts
from handlers.context import AppContext
from handlers.delivery.performers.causes import CauseFixedPoster
from handlers.desk import Desk
from handlers.slack import causes, quick_answers, topics
from handlers.slack.case_views import details_view
from handlers.slack.commands import run_command
from handlers.slack.listeners import on_command, on_press, on_submit
from handlers.slack.roles import require_nothing
from handlers.topic_finder import report_topics
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.made import NOW, SAM, a_post, arrive, cases, do, queued, trail
from tests.handlers.slack.listening import Ack, a_slack_context, opened_views

STOP_WORDS = {"en": frozenset(["acme", "the", "app", "takes", "not", "my", "where", "is"])}
VOUCHER = "@acme card declined, the app takes my voucher not"
PARCEL = "@acme where is my parcel"


@dataclass
class Assistant:
    """Name topics; or fail, where there are no names."""

    names: tuple[str, ...] = ()
    asked: list[TopicNameRequest] = field(default_factory=list)

    async def name_topics(self, request: TopicNameRequest) -> TopicNames:
        self.asked.append(request)
        if not self.names:
            raise NoAnswer("it is busy")
        return TopicNames(names=self.names, model="small")


@dataclass
class TeamChat:
    """Keep what is posted."""

    posted: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    async def post(self, channel: str, content: Mapping[str, Any], **_: object) -> Outcome:
        self.posted.append((channel, content))
        return Done({"channel": "D1", "ts": "1.1"})


@pytest.fixture
def ctx(store: Store, desk: Desk) -> AppContext:
    """A context, and a day of posts: eight about a voucher and five about parcels."""
    day = NOW - timedelta(days=1)
    for number in range(13):
        author = Author(id=str(100 + number), handle=f"u{number}", name=f"U {number}", followers=1)
        text = VOUCHER if number < 8 else PARCEL
        arrive(store, a_post(f"7{number:02}", text, author=author, created_at=day), now=day)
    return a_slack_context(desk, stop_words=STOP_WORDS)


async def command(ctx: AppContext, typed: str) -> dict[str, Any]:
    """Run the command; return what it is acknowledged with, after the background has ended."""
    ack: Any = Ack()
    body = {"user_id": SAM, "text": typed, "channel_id": "C1", "response_url": "https://slack.example/r"}
    await on_command(ctx, run_command, authorize=require_nothing)(ack=ack, command=body)
    await asyncio.gather(*ctx.background._tasks)
    [given] = ack.given
    return given  # type: ignore[no-any-return]


async def press(ctx: AppContext, action: Any, value: str, **more: object) -> None:  # noqa: ANN401 - a listener
    body = {
        "user": {"id": SAM},
        "actions": [{"action_id": "any", "value": value}],
        "channel": {"id": "C1"},
        "trigger_id": "t",
        "response_url": "https://slack.example/r2",
    }
    await on_press(ctx, action)(ack=Ack(), body=body | more)


async def submit(ctx: AppContext, action: Any, metadata: str, **inputs: Any) -> dict[str, Any]:  # noqa: ANN401
    """Submit a form; return how it is answered."""
    values = {
        block: {getattr(CauseAction, CauseBlock(block).name).value: state} for block, state in inputs.items()
    }
    view = {"id": "V1", "private_metadata": metadata, "state": {"values": values}}
    ack: Any = Ack()
    await on_submit(ctx, action)(ack=ack, body={"user": {"id": SAM}, "view": view})
    [given] = ack.given
    return given  # type: ignore[no-any-return]


def form(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - states of inputs
    """Return the inputs of the form of a cause."""
    inputs = {
        "cause.name": {"value": "Voucher refused"},
        "cause.owner": {"selected_user": SAM},
        "cause.state": {"selected_option": {"value": "open"}},
        "cause.fixed_on": {"selected_date": None},
        "cause.phrases": {"value": "voucher\n"},
    }
    return inputs | {f"cause.{name}": state for name, state in changes.items()}


def responses(ctx: AppContext) -> list[str]:
    """Return what was answered by the response URL, as JSON."""
    modals: Any = ctx.modals
    return [json.dumps(content["blocks"], ensure_ascii=False) for _, content, _ in modals.responses]


def stored(store: Store) -> list[Cause]:
    def load(uow: UnitOfWork) -> list[Cause]:
        return uow.causes.all()

    return do(store, load)


def a_voucher_case(store: Store) -> Case:
    return next(case for case in cases(store) if case.author.id == "100")


async def test_topics_are_acknowledged_at_once_and_answered_where_they_were_asked(ctx: AppContext) -> None:
    assert await command(ctx, "topics 7d") == {}
    [shown] = responses(ctx)
    assert "What 13 posts are about" in shown
    assert "voucher · card · declined" in shown
    assert "8 people" in shown
    assert "is no period" in (await command(ctx, "topics lately"))["text"]


async def test_a_model_names_topics_and_its_failure_leaves_their_words(ctx: AppContext) -> None:
    assistant: Any = Assistant(names=("Voucher refused", "Parcels are late"))
    await command(replace(ctx, assistant=assistant), "topics 7d")
    assert "Voucher refused" in responses(ctx)[-1]
    assert "Names by small" in responses(ctx)[-1]
    [asked] = assistant.asked
    assert [words for words, _ in asked.topics] == [("voucher", "card", "declined"), ("parcel",)]
    assert "u0" in asked.known or "u7" in asked.known
    await command(replace(ctx, assistant=Assistant()), "topics 7d")  # type: ignore[arg-type]
    assert '"text": "voucher · card · declined"' in responses(ctx)[-1]


async def test_who_asked_is_told_that_topics_could_not_be_found(
    ctx: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(topics, "report_topics", fail)
    await command(ctx, "topics 7d")
    assert "could not be found just now" in responses(ctx)[-1]


async def test_topics_that_two_ask_for_at_once_are_found_once(
    ctx: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[Filters] = []

    async def counted(*args: Any, **asked: Any) -> TopicReport:  # noqa: ANN401 - as it is called
        found.append(asked["filters"])
        return await report_topics(*args, **asked)

    monkeypatch.setattr(topics, "report_topics", counted)
    typed = ("topics 7d", "topics 7d", "topics 7d language:en")
    await asyncio.gather(*(command(ctx, text) for text in typed))
    assert len(responses(ctx)) == 3
    assert [one.words for one in found] == ["", "language:en"]


async def test_a_topic_becomes_a_cause_and_is_counted(store: Store, ctx: AppContext) -> None:
    await command(ctx, "topics 7d")
    shown = json.loads(responses(ctx)[-1])
    value = next(block for block in shown if block["type"] == "actions")["elements"][0]["value"]
    await press(ctx, causes._open_new, value)
    [view] = opened_views(ctx)
    assert view["private_metadata"] == "0:0"
    assert await submit(ctx, causes._save, "0:0", **form()) == {}
    [cause] = stored(store)
    assert (cause.name, cause.owner, cause.phrases) == ("Voucher refused", SAM, ("voucher",))
    do(store, compare_posts)
    listed = json.dumps((await command(ctx, "causes 7d"))["blocks"], ensure_ascii=False)
    assert "8 cases, nothing is known of the week before" in listed
    assert "8 customers still wait for us" in listed
    await command(ctx, "summary 7d")
    assert "“Voucher refused”: 8 cases" in responses(ctx)[-1]
    assert "8 cases (was" not in responses(ctx)[-1]


async def test_what_is_wrong_in_the_form_is_said_at_its_input(store: Store, ctx: AppContext) -> None:
    for changes, block in (
        ({"name": {"value": " "}}, "cause.name"),
        ({"phrases": {"value": "*"}}, "cause.phrases"),
        (
            {
                "state": {"selected_option": {"value": "fixed"}},
                "fixed_on": {"selected_date": f"{NOW + timedelta(days=2):%Y-%m-%d}"},
            },
            "cause.fixed_on",
        ),
    ):
        answered = await submit(ctx, causes._save, "0:0", **form(**changes))
        assert list(answered["errors"]) == [block]
    assert stored(store) == []


async def test_a_second_press_makes_no_second_cause_of_the_name(store: Store, ctx: AppContext) -> None:
    assert await submit(ctx, causes._save, "0:0", **form()) == {}
    again = await submit(ctx, causes._save, "0:0", **form(name={"value": " voucher  REFUSED "}))
    assert again["errors"] == {
        "cause.name": "There is a cause “Voucher refused” already (open). Edit that one in /mentions causes, or choose another name."
    }
    assert await submit(ctx, causes._save, "0:0", **form(name={"value": "Late parcels"})) == {}
    first, second = sorted(stored(store), key=lambda cause: cause.id)
    taken = await submit(ctx, causes._save, f"{second.id}:{second.version}", **form())
    assert list(taken["errors"]) == ["cause.name"]
    assert await submit(ctx, causes._save, f"{first.id}:{first.version}", **form()) == {}
    assert [cause.name for cause in stored(store)].count("Voucher refused") == 1


async def test_a_fix_lists_who_waits_for_the_one_who_set_it(store: Store, ctx: AppContext) -> None:
    await submit(ctx, causes._save, "0:0", **form())
    do(store, compare_posts)
    [cause] = stored(store)
    await press(ctx, causes._open_form, str(cause.id))
    metadata = opened_views(ctx)[-1]["private_metadata"]
    fixed = form(state={"selected_option": {"value": CauseState.FIXED.value}})
    assert await submit(ctx, causes._save, metadata, **fixed) == {}
    stale = await submit(ctx, causes._save, metadata, **form())
    assert "somebody else changed this cause" in json.dumps(stale)
    [row] = queued(store, "post_cause_fixed")
    chat: Any = TeamChat()
    effect = PostCauseFixed(**row["payload"])
    job = Job(id=1, effect=effect, generation=1, attempts=1, checks=0, reconciling=False, created_at=NOW)
    await CauseFixedPoster(replace(ctx, team_chat=chat)).perform(job)
    [(to, content)] = chat.posted
    assert to == SAM
    assert "Voucher refused is fixed: 8 customers still wait for us" in content["text"]
    buttons = [block["accessory"] for block in content["blocks"] if "accessory" in block]
    assert {one["action_id"] for one in buttons} == {"case.answer"}
    assert len(buttons) == 8
    assert "Proposed answer: " in json.dumps(content["blocks"])
    assert queued(store, "send_reply") == []
    await press(ctx, causes._show_waiting, str(cause.id))
    assert "8 customers still wait" in responses(ctx)[-1]


async def test_a_changed_name_leaves_the_time_of_the_fix(store: Store, ctx: AppContext) -> None:
    fixed = {"state": {"selected_option": {"value": CauseState.FIXED.value}}}
    await submit(ctx, causes._save, "0:0", **form(**fixed))
    [cause] = stored(store)
    assert cause.fixed_at == NOW
    await press(ctx, causes._open_form, str(cause.id))
    view = opened_views(ctx)[-1]
    day = next(one["element"] for one in view["blocks"] if one.get("block_id") == "cause.fixed_on")
    changed = form(**fixed, name={"value": "Other"}, fixed_on={"selected_date": day["initial_date"]})
    assert await submit(ctx, causes._save, view["private_metadata"], **changed) == {}
    [renamed] = stored(store)
    assert (renamed.name, renamed.fixed_at) == ("Other", NOW)
    earlier = form(**fixed, fixed_on={"selected_date": f"{NOW - timedelta(days=2):%Y-%m-%d}"})
    assert await submit(ctx, causes._save, f"{cause.id}:{renamed.version}", **earlier) == {}
    [moved] = stored(store)
    assert moved.fixed_at is not None
    assert moved.fixed_at < NOW - timedelta(days=1)


async def test_details_say_the_cause_and_a_person_corrects_it(store: Store, ctx: AppContext) -> None:
    case = a_voucher_case(store)
    assert "Causes…" not in json.dumps(await details_view(ctx, case.id, SAM), ensure_ascii=False)
    await submit(ctx, causes._save, "0:0", **form())
    do(store, compare_posts)
    shown = json.dumps(await details_view(ctx, case.id, SAM), ensure_ascii=False)
    assert "*Cause:* Voucher refused (open)" in shown
    assert "Causes…" in shown
    await press(ctx, causes._open_of_case, f"{case.id}:{case.version}", view={"id": "V1", "type": "modal"})
    metadata = opened_views(ctx)[-1]["private_metadata"]
    none: dict[str, Any] = {"cause.chosen": {"selected_options": []}}
    assert await submit(ctx, causes._save_of_case, metadata, **none) == {}
    assert "*Cause:*" not in json.dumps(await details_view(ctx, case.id, SAM), ensure_ascii=False)
    assert trail(store, case.id)[-1].action == "cause_decided"


async def test_causes_that_take_long_are_acknowledged_at_once_and_come_later(
    ctx: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quick_answers, "QUICK_SECONDS", 0.0)
    modals: Any = ctx.modals
    assert await command(ctx, "causes 7d") == {}
    [(url, content, in_channel)] = modals.responses
    assert (url, in_channel) == ("https://slack.example/r", False)
    assert "No cause is tracked yet" in content["text"]

    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(causes, "list_causes", fail)
    assert await command(ctx, "causes 7d") == {}
    assert "counting them failed" in modals.responses[-1][1]["text"]
