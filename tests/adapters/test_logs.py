"""Format log lines, and redact secrets from them."""

import io
import json
import logging

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from adapters.logs import configure_logging
from adapters.networks.registry import NETWORKS, loggers_of
from domain.access import Standing
from domain.log_context import log_scope, note_subject
from handlers.desk import Desk
from handlers.slack.listeners import run_authorized
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.context import a_context

SECRETS = ("consumer-secret-1", "xoxb-known-1", "pass/word+1")


class Anybody:
    """A directory by which everybody may act."""

    async def agents(self) -> frozenset[str]:
        return frozenset({"U0SAM"})

    async def standing(self, _user_id: str) -> Standing:
        return Standing.MEMBER


@pytest.fixture
def json_stream(stream: io.StringIO) -> io.StringIO:
    """The same stream, written in the other form."""
    configure_logging(SECRETS, loggers_of(NETWORKS), form="json", stream=stream)
    return stream


@pytest.fixture
def stream() -> io.StringIO:
    stream = io.StringIO()
    configure_logging(SECRETS, loggers_of(NETWORKS), stream=stream)
    return stream


def test_one_line_with_time_level_name_message_and_extras(stream: io.StringIO) -> None:
    logging.getLogger("desk").warning("case %s is due", 7, extra={"case": 7, "channel": "#support"})
    line = stream.getvalue()
    assert line.count("\n") == 1
    assert line[:2] == "20"
    assert line.endswith("WARNING desk case 7 is due case=7 channel=#support\n")


@pytest.mark.parametrize(
    "leak",
    [
        *SECRETS,
        "xoxb-123-abc",
        "xapp-1-A0-xyz",
        "xoxe.xoxp-1-Mi0yL",
        "sk-proj-abcdefgh12345",
        "Bearer abc.def-ghi",
        'Authorization: OAuth oauth_consumer_key="ck9999", oauth_token="tk9999", oauth_signature="sg9999"',
        "{'oauth_token': 'tk9999'}",
        "postgresql://user:tk9999@host/db",
    ],
)
@pytest.mark.parametrize("way", ["message", "args", "extra", "exception"])
def test_secrets_never_reach_the_log(stream: io.StringIO, leak: str, way: str) -> None:
    log = logging.getLogger("adapters.networks.x")
    if way == "message":
        log.info("before " + leak + " after")  # noqa: G003 - the message itself is what leaks
    elif way == "args":
        log.info("before %s after", {"headers": leak})
    elif way == "extra":
        log.info("before", extra={"headers": leak})
    else:
        try:
            int(leak)
        except ValueError:
            log.exception("before")
    told = stream.getvalue()
    assert "before" in told
    assert "[hidden]" in told
    for part in (*SECRETS, "123-abc", "A0-xyz", "Mi0yL", "abcdefgh12345", "abc.def", "9999"):
        assert part not in told


def test_a_customers_text_cannot_forge_a_line(stream: io.StringIO) -> None:
    logging.getLogger("desk").info("text %s", "a\n2026-01-01 ERROR forged\r\x1b[31m\u2028\ud800")
    assert len(stream.getvalue().splitlines()) == 1
    assert "\x1b" not in stream.getvalue()


def test_chatty_libraries_do_not_log_at_debug() -> None:
    stream = io.StringIO()
    handler = configure_logging((), loggers_of(NETWORKS), level=logging.DEBUG, stream=stream)
    try:
        logging.getLogger("tweepy.asynchronous.client").debug("Headers: secret")
        logging.getLogger("oauthlib.oauth1.rfc5849").debug("Signature: secret")
        logging.getLogger("requests_oauthlib.oauth1_auth").debug("Signing request: secret")
        logging.getLogger("adapters.networks.x").debug("own debug")
    finally:
        logging.getLogger().removeHandler(handler)
        logging.getLogger().setLevel(logging.WARNING)
    assert "secret" not in stream.getvalue()
    assert "own debug" in stream.getvalue()


def test_configuring_again_replaces_the_handler(stream: io.StringIO) -> None:
    again = io.StringIO()
    handler = configure_logging((*SECRETS, "late-secret-1"), loggers_of(NETWORKS), stream=again)
    logging.getLogger("desk").info("late-secret-1")
    logging.getLogger().removeHandler(handler)
    assert stream.getvalue() == ""
    assert again.getvalue().endswith("[hidden]\n")


def test_json_lines_name_the_case_and_the_user(json_stream: io.StringIO) -> None:
    log = logging.getLogger("desk")
    with log_scope(user_id="U0SAM"):
        note_subject(case_id=7, user_id=None)
        log.warning(
            "a “form” was late\nby %s s",
            3,
            extra={"channel": "#support", "seconds": 3, "color_message": "\x1b[36mlate"},
        )
    log.info("the token is %s", SECRETS[1])
    first, second = (json.loads(line) for line in json_stream.getvalue().splitlines())
    assert first.pop("time").startswith("20")
    assert first == {
        "level": "WARNING",
        "logger": "desk",
        "message": "a “form” was late\nby 3 s",
        "case": 7,
        "user": "U0SAM",
        "channel": "#support",
        "seconds": 3,
    }
    assert "case" not in second
    assert second["message"] == "the token is [hidden]"


async def test_what_a_person_does_is_logged_with_their_id_and_case(
    json_stream: io.StringIO, sqlite: Store
) -> None:
    """Also from the store's threads, and after the use case."""
    desk = Desk(sqlite)

    def fail(uow: UnitOfWork, *, case_id: int) -> None:
        logging.getLogger("use case").warning("before")
        raise LookupError

    async def action() -> None:
        await desk.run(fail, case_id=7)

    ctx = a_context(desk, directory=Anybody())
    await run_authorized(ctx, "an action", "U0SAM", action)
    desk.close()
    lines = [json.loads(line) for line in json_stream.getvalue().splitlines()]
    assert [line["message"] for line in lines] == ["before", "an action failed"]
    assert [(line["case"], line["user"]) for line in lines] == [(7, "U0SAM")] * 2
    assert "LookupError" in lines[1]["exception"]


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_the_database_refuses_is_not_quoted(store: Store, form: str) -> None:
    stream = io.StringIO()
    handler = configure_logging((), (), form=form, stream=stream)
    row = {"id": 1, "key": "k", "address": "what a customer wrote"}
    try:
        with store.engine.begin() as connection:
            for _ in range(2):
                connection.execute(text("INSERT INTO preferences (user_id) VALUES (:key)"), row)
    except DBAPIError:
        logging.getLogger("desk").exception("it failed")
    finally:
        logging.getLogger().removeHandler(handler)
    assert "IntegrityError" in stream.getvalue()
    assert "(k)" not in stream.getvalue()
    assert "'k'" not in stream.getvalue()
