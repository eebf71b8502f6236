"""The Bolt app with all its listeners."""

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from handlers.context import AppContext
from handlers.slack import (
    case_forms,
    cases,
    commands,
    handoffs,
    home,
    private_replies,
    replies,
    thread_replies,
    unhandled,
)


def slack_app(ctx: AppContext, client: AsyncWebClient, *, signing_secret: str | None) -> AsyncApp:
    """Listen for everything that our blocks, our command and our manifest can bring in."""
    app = bolt_app(client, signing_secret=signing_secret)
    for module in (
        cases,
        replies,
        handoffs,
        private_replies,
        case_forms,
        commands,
        thread_replies,
        home,
        unhandled,
    ):
        module.register(app, ctx)
    return app


def bolt_app(client: AsyncWebClient, *, signing_secret: str | None) -> AsyncApp:
    """Bolt as we use it, without a listener. `signing_secret` is `None` in Socket Mode, where nothing is signed.

    `process_before_response`: Slack hears "taken" only after the commit, so that what a crash lost is delivered again; and Bolt's
    default runner looks for the ack every 10 ms.
    """
    app = AsyncApp(
        # Without a name Bolt reads the source of every frame of the stack to find one, for 50 ms.
        name="switchboard",
        # Given a client, Bolt would look for another token in the environment, and complain where it finds one.
        token=client.token,
        signing_secret=signing_secret or "",
        request_verification_enabled=signing_secret is not None,
        process_before_response=True,
        raise_error_for_unhandled_request=False,
    )
    for how in ("base_url", "timeout", "session", "retry_handlers"):
        setattr(app.client, how, getattr(client, how))
    return app
