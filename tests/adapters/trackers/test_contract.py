"""Hold every tracker to the contract of `domain.trackers.trackers.Tracker`."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.trackers.registry import TRACKERS, connect_trackers
from adapters.trackers.texts import THREAD
from bot import SystemClock
from domain.delivery.outcomes import Absent, Done, Failed, Later, Unknown
from domain.trackers.issues import IssueState
from domain.trackers.trackers import OutgoingIssue, TrackerUnavailable
from sandbox.faults import Fault, Mode
from tests.adapters.trackers.stand_ins import STAND_INS, StandIn

every_tracker = pytest.mark.parametrize("name", list(STAND_INS))
NOWHERE = "http://127.0.0.1:9"
LONG_AGO = timedelta(minutes=10)
THREAD_URL = "https://acme.slack.com/archives/C1/p17?thread_ts=1.7&cid=C1"


def an_issue(there: StandIn, **changes: Any) -> OutgoingIssue:  # noqa: ANN401 - any of the fields
    usual: dict[str, Any] = {
        "reference": str(uuid.uuid4()),
        "project": there.client.projects[0],
        "title": "Checkout\nfails <b>twice</b> ",
        "text": "Two customers wrote:\n> it fails",
        "thread_url": THREAD_URL,
    }
    return OutgoingIssue(**usual | changes)


def since(there: StandIn) -> datetime:
    return there.board.clock() - LONG_AGO


async def created(there: StandIn, **changes: str) -> dict[str, str]:
    outcome = await there.client.create(an_issue(there, **changes))
    assert isinstance(outcome, Done), outcome
    assert json.loads(json.dumps(outcome.result)) == outcome.result
    assert outcome.result.keys() == {"id", "key", "url"}
    return dict(outcome.result)


def test_every_registered_tracker_has_a_stand_in() -> None:
    assert set(TRACKERS) == set(STAND_INS)
    assert not connect_trackers({}, SystemClock())


@every_tracker
async def test_an_issue_is_created_found_read_closed_and_reopened(name: str) -> None:
    async with STAND_INS[name]() as there:
        issue = an_issue(there)
        assert isinstance(await there.client.find(issue, since=since(there)), Absent)
        outcome = await there.client.create(issue)
        assert isinstance(outcome, Done)
        result = outcome.result
        await created(there, title="Another")
        assert await there.client.find(issue, since=since(there)) == outcome
        [one, _] = there.board.issues.values()
        assert (one.title, one.project) == ("Checkout fails <b>twice</b>", there.client.projects[0])
        assert str(result["url"]).startswith("http")
        for word, state in zip(
            (*there.board.outcomes, ""), ["fixed", "dropped", "dropped", "open"], strict=True
        ):
            before = datetime.now(UTC) - timedelta(seconds=1)
            there.board.close(one, word)
            for moment in (before, None):
                [seen] = await there.client.read([str(result["id"])], since=moment)
                assert (seen.state, seen.key, seen.id) == (IssueState(state), result["key"], result["id"])
                assert seen.title == one.title
                if word:
                    assert seen.state_name == word.replace("_", " ")


@every_tracker
async def test_many_are_read_at_once_and_unknown_ones_left_out(name: str) -> None:
    async with STAND_INS[name]() as there:
        made = [await created(there, project=there.client.projects[number % 2]) for number in range(4)]
        unknown = {"github": "acme/app#99", "jira": "99999", "linear": str(uuid.uuid4())}[name]
        ids = [str(one["id"]) for one in made]
        for moment in (since(there), None):
            read = await there.client.read([*ids, unknown], since=moment)
            assert {one.id for one in read} == set(ids)


@every_tracker
async def test_an_issue_is_known_by_its_address_and_key(name: str) -> None:
    async with STAND_INS[name]() as there:
        made = await created(there)
        for text in (made["url"], there.address(made["key"]), f" {made['key']} "):
            named = there.client.recognise(text)
            assert named is not None, text
            found = await there.client.look_up(named)
            assert found is not None
            assert (found.id, found.state) == (made["id"], IssueState.OPEN)
        missing = there.client.recognise(made["key"].replace("1", "77"))
        assert missing is not None
        assert await there.client.look_up(missing) is None
        for text in ("", "hello", "12", "QQ-1x", "https://evil.example/browse/SUP-1", "../../etc#1"):
            assert there.client.recognise(text) is None, text


@every_tracker
async def test_a_lost_answer_is_found_again(name: str) -> None:
    async with STAND_INS[name]() as there:
        modes: tuple[tuple[Mode, bool], ...] = (("lost-before", False), ("lost-after", True))
        for mode, was_made in modes:
            there.faults.add(Fault(there.creates, mode))
            issue = an_issue(there)
            assert isinstance(await there.client.create(issue), Unknown)
            found = await there.client.find(issue, since=since(there))
            assert isinstance(found, Done if was_made else Absent)
        assert len(there.board.issues) == 1


@every_tracker
async def test_refusals_say_what_to_do_and_never_a_secret(name: str) -> None:
    async with STAND_INS[name]() as there:
        for status in (401, 403, 404):
            there.faults.add(Fault(there.creates, "status", status=status, body='{"message": "no"}'))
            outcome = await there.client.create(an_issue(there))
            assert isinstance(outcome, Failed), outcome
            assert f"HTTP {status}" in outcome.reason
            assert there.profile.label in outcome.reason
            assert not any(secret in outcome.reason for secret in there.secrets)
            there.faults.add(Fault(there.reads, "status", status=status, times=1))
            if name == "github" and status == 404:
                continue  # read without `since`, it is one issue that is gone
            with pytest.raises(TrackerUnavailable) as told:
                await there.client.read(["acme/app#1"], since=None)
            assert not told.value.passes
            assert not any(secret in told.value.reason for secret in there.secrets)


@every_tracker
async def test_a_rate_limit_is_waited_for(name: str) -> None:
    async with STAND_INS[name]() as there:
        there.board.limit = 0
        outcome = await there.client.create(an_issue(there))
        assert isinstance(outcome, Later)
        assert outcome.pause_destination
        assert outcome.wait is not None
        assert timedelta(seconds=30) < outcome.wait <= timedelta(seconds=61)
        with pytest.raises(TrackerUnavailable) as told:
            await there.client.read(["acme/app#1"], since=None)
        assert told.value.passes
        assert told.value.wait is not None
        assert told.value.wait > timedelta(seconds=30)


@every_tracker
async def test_a_fault_of_the_other_side_is_unsure_and_passes(name: str) -> None:
    async with STAND_INS[name]() as there:
        there.faults.add(Fault(there.creates, "status", status=503, body="<html>"))
        outcome = await there.client.create(an_issue(there))
        assert isinstance(outcome, Unknown)
        assert outcome.responded
        for status in (502, 200):  # the second cannot be read
            there.faults.add(Fault(there.finds, "status", status=status, body="<html>"))
            assert isinstance(await there.client.find(an_issue(there), since=since(there)), Later)
            there.faults.add(Fault(there.reads, "status", status=status, body="<html>"))
            with pytest.raises(TrackerUnavailable) as told:
                await there.client.read(["acme/app#1"], since=since(there))
            assert told.value.passes


@every_tracker
async def test_an_issue_of_a_project_that_is_gone_leaves_the_others_followed(name: str) -> None:
    async with STAND_INS[name]() as there:
        made = await created(there)
        for moment in (None, since(there)):
            found = await there.client.read(["aaa/gone#1", made["id"]], since=moment)
            assert [one.id for one in found] == [made["id"]]


@every_tracker
async def test_nowhere_is_reported(name: str) -> None:
    async with STAND_INS[name](NOWHERE) as there:
        assert isinstance(await there.client.create(an_issue(there)), Later)
        assert all(line.ok is False for line in await there.client.probe())


@every_tracker
async def test_the_check_tries_login_and_projects(name: str) -> None:
    async with STAND_INS[name]() as there:
        lines = await there.client.probe()
        assert [(line.ok, line.name.split()[-1]) for line in lines] == [
            (True, one) for one in there.board.projects
        ]
        there.board.projects = ("other",)
    async with STAND_INS[name](token="wrong") as there:
        lines = await there.client.probe()
        assert lines
        for line in lines:
            assert line.ok is False
            assert "HTTP 401" in line.detail
            assert "wrong" not in line.detail


WORDS = (
    "Reported by @octocat, see #12, GH-3 and ENG-7.\n"
    "> @everyone @acme/team [~admin] [@ana] <!channel> *hi* <img src=x>\n"
    "> &#64;octocat https://linear.app/acme/profiles/ana www.evil.example\n"
    "> ![x](https://evil.example/y) `code\n"
    "> :fire: :+1: ~~not~~ charged at 10:30:45\n"
    "1. Steps at https://logs.example/a_b"
)


@every_tracker
async def test_words_of_customers_mention_nobody_and_link_nowhere(name: str) -> None:
    async with STAND_INS[name]() as there:
        await created(there, text=WORDS)
        [body] = there.bodies
        text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
        assert THREAD in text
        assert THREAD_URL in text
        assert "https://logs.example/a_b" in text
        assert "https://evil" not in text
        assert "https://linear.app/acme/profiles" not in text
        if isinstance(body, str):
            assert not [one for one in ("@octocat", "@everyone", "@acme", "@ana") if one in body]
            assert "&#64;" not in body
            assert "#12" not in body
            assert "<img" not in body.replace("\\<img", "")
            assert "GH-3" not in body
            assert ":\u200bfire: :\u200b+1: \\~\\~not\\~\\~ charged at 10:30:45" in body
            assert "> @\u200beveryone" in body
        else:
            assert '"mention"' not in text
