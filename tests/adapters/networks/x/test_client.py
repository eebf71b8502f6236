"""Call X's API: URLs, OAuth signatures, and no secret in logs or exceptions."""

import logging
import traceback

import pytest

from adapters.networks.x import Keys, X
from adapters.networks.x.profile import PROFILE
from domain.intake.streams import SourceError
from tests.adapters.networks.x.servers import (
    ACME,
    KEYS,
    SECRETS,
    Answer,
    SystemClock,
    adapter_at,
    payload,
    sandbox_x,
    scripted_x,
)

ODD = 'naïve & "50%" + 1=1 ~ (x) * 日本 OR #tag'


async def test_paths_are_appended_to_the_base_and_signed_for_this_account() -> None:
    async with scripted_x(Answer('{"meta": {}}')) as (x, script):
        await x.search(ACME, "acme", None)
    request = script.requests[0]
    assert request.path == "/base/2/tweets/search/recent"
    assert request.headers["Authorization"].startswith("OAuth ")
    assert f'oauth_consumer_key="{KEYS.consumer_key}"' in request.headers["Authorization"]
    assert KEYS.consumer_secret not in request.headers["Authorization"]


@pytest.mark.parametrize("query", [ODD, '"acme pay" -is:retweet', "a:b"])
async def test_odd_characters_are_signed_as_they_are_sent(query: str) -> None:
    """The sandbox's X verifies the signature; the scripted server records the characters."""
    async with sandbox_x() as (x, _):
        try:
            await x.search(await x.account(), query, None)
        except SourceError as error:
            assert "401" not in str(error)  # noqa: PT017 - a query that X cannot read is fine here
    async with scripted_x(Answer('{"meta": {}}')) as (x, script):
        await x.search(ACME, query, None)
    assert script.requests[0].query["query"] == query


@pytest.mark.parametrize("wrong", ["consumer_secret", "access_token_secret", "access_token", "consumer_key"])
async def test_wrong_keys_are_refused_without_being_shown(wrong: str) -> None:
    fields = {
        name: getattr(KEYS, name)
        for name in ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
    }
    async with sandbox_x() as (right, _):
        x = X(
            base_url=right._client.base_url,
            keys=Keys(**fields | {wrong: "wrong-key-77"}),
            clock=SystemClock(),
        )
        with pytest.raises(SourceError, match="401") as caught:
            await x.account()
        await x.close()
    assert "wrong-key-77" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "said",
    [Answer(payload("401_unauthorized.json"), status=401), Answer("<html>", status=503), Answer("{"), Answer(lost=True), Answer('{"meta": {}}')],
    ids=["401", "503", "garbage", "lost", "fine"],
)  # fmt: skip
async def test_no_secret_in_logs_or_exceptions(said: Answer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("oauthlib").setLevel(logging.INFO)  # as adapters.logs formats it
    told = ""
    async with scripted_x(said) as (x, _):
        try:
            await x.mentions(ACME, None)
        except SourceError as error:
            told = "".join(traceback.format_exception(error))
        outcome = await x.reply("hello", "1990")
    for secret in (*SECRETS, "oauth_", "OAuth "):
        assert secret not in caplog.text + told + repr(outcome)


def test_keys_do_not_show_themselves() -> None:
    assert not [secret for secret in SECRETS if secret in repr(KEYS)]


async def test_one_session_serves_all_calls_and_closing_is_safe_to_repeat() -> None:
    async with scripted_x(Answer('{"meta": {}}')) as (x, script):
        for _ in range(3):
            await x.mentions(ACME, None)
        assert len({request.transport for request in script.requests}) == 1
        await x.close()
        await x.close()
        await x.mentions(ACME, None)


async def test_a_redirect_is_not_followed_with_our_signature() -> None:
    async with sandbox_x() as (there, network):
        elsewhere = Answer("", status=307, headers={"Location": f"{there._client.base_url}/2/tweets"})
        async with scripted_x(elsewhere) as (x, _):
            await x.reply("hello", "1990")
    assert not network.ledger.entries


async def test_the_probe_is_content_with_the_pretend_x() -> None:
    async with sandbox_x() as (x, _):
        lines = {line.name: line for line in await x.probe(direct=True)}
    assert [name for name, line in lines.items() if line.ok is False] == []
    assert lines["X keys"].detail == "@acme (id 90000001)"
    assert lines["X clock"].ok
    assert lines["X mentions"].ok


@pytest.mark.parametrize(("ahead", "word"), [(600.0, "ahead"), (-600.0, "behind")])
async def test_the_probe_tells_a_wrong_clock_even_where_the_keys_are_refused(ahead: float, word: str) -> None:
    async with scripted_x(Answer(payload("401_unauthorized.json"), status=401), ahead=ahead) as (x, _):
        lines = {line.name: line for line in await x.probe(direct=True)}
    assert lines["X keys"].ok is False
    assert lines["X keys"].remedy
    assert lines["X clock"].ok is False
    assert word in lines["X clock"].detail
    assert "NTP" in lines["X clock"].remedy


@pytest.mark.parametrize(
    ("level", "ok"), [("read-write", True), ("read", False), ("read-write-directmessages", True)]
)
async def test_the_probe_tells_a_missing_right_to_post(level: str, ok: bool) -> None:
    me = Answer('{"data": {"id": "1", "username": "acme", "name": "A"}}', headers={"x-access-level": level})
    async with scripted_x(me, Answer(status=403, body="{}")) as (x, _):
        lines = {line.name: line for line in await x.probe(direct=True)}
    assert lines["X right to post"].ok is ok
    assert lines["X mentions"].ok is False


@pytest.mark.parametrize(
    "said", [Answer("{"), Answer("[]"), Answer('{"data": 3}'), Answer(lost=True), Answer(status=500)]
)
async def test_the_probe_survives_nonsense(said: Answer) -> None:
    async with scripted_x(said) as (x, _):
        lines = await x.probe(direct=True)
    assert lines[0].ok is False
    assert lines[0].remedy


async def test_the_probe_tells_an_address_where_nobody_is() -> None:
    async with adapter_at("http://127.0.0.1:9") as x:
        [line] = await x.probe(direct=True)
    assert line.ok is False
    assert "X_API_URL" in line.remedy


def test_the_count_and_the_name() -> None:
    assert (PROFILE.name, PROFILE.count("hello").length) == ("x", 5)


@pytest.mark.parametrize("said", [Answer(status=500), Answer("<html>", status=503), Answer("{}", status=429)])
async def test_the_probe_leaves_the_keys_alone_where_x_is_down_or_busy(said: Answer) -> None:
    async with scripted_x(said) as (x, _):
        lines = {line.name: line for line in await x.probe(direct=True)}
    assert lines["X keys"].ok is False
    assert "copy" not in lines["X keys"].remedy
    assert "again in some minutes" in lines["X keys"].remedy
