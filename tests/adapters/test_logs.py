"""Format log lines, and redact secrets from them."""

import io
import logging
from collections.abc import Iterator

import pytest

from adapters.logs import CAPPED, QUIET, configure_logging
from adapters.networks.registry import NETWORKS, loggers_of

SECRETS = ("consumer-secret-1", "xoxb-known-1", "pass/word+1")


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    loggers = (*CAPPED, *QUIET, *loggers_of(NETWORKS))
    before = root.level, [(name, logging.getLogger(name).level) for name in loggers]
    stream = io.StringIO()
    handler = configure_logging(SECRETS, loggers_of(NETWORKS), stream=stream)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before[0])
    for name, level in before[1]:
        logging.getLogger(name).setLevel(level)


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
