"""Build Bolt's app with our client and nothing from the environment."""

import logging

import pytest

from adapters.slack.api_calls import web_client
from handlers.slack.app import bolt_app


@pytest.mark.parametrize("signing_secret", [None, "s3cret"])
def test_what_stands_in_the_environment_is_neither_used_nor_complained_of(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, signing_secret: str | None
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-of-the-environment")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "of-the-environment")
    ours = web_client("xoxb-ours", base_url="http://127.0.0.1:1/slack/api/", timeout_seconds=7)
    with caplog.at_level(logging.INFO):
        app = bolt_app(ours, signing_secret=signing_secret)
    assert caplog.messages == []
    theirs = app.client
    assert (theirs.token, theirs.base_url, theirs.timeout, theirs.retry_handlers) == (
        "xoxb-ours",
        "http://127.0.0.1:1/slack/api/",
        7,
        [],
    )
