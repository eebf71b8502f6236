"""Build the Bolt app and register its listeners."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from handlers.context import AppContext
from handlers.slack import (
    case_assistance,
    case_forms,
    cases,
    causes,
    commands,
    contact_data,
    digests,
    flood,
    handoffs,
    home,
    issues,
    notes,
    outage_answers,
    outage_boards,
    outage_choice,
    outage_command,
    outage_forms,
    outage_links,
    outage_previews,
    outage_reviews,
    outage_shortcuts,
    outlook,
    private_replies,
    promises,
    records,
    rehearsal_routing,
    rehearsals,
    replies,
    reply_figures,
    reports,
    rewriting,
    saved_replies,
    spikes,
    tags,
    teaching,
    thread_replies,
    unhandled,
    unproven_mails,
)
from handlers.slack.current_request import stores_requests
from handlers.slack.request_gate import GatedApp, RequestGate

_WITH_LISTENERS = (
    cases,
    replies,
    handoffs,
    private_replies,
    rewriting,
    case_forms,
    case_assistance,
    flood,
    teaching,
    tags,
    notes,
    promises,
    unproven_mails,
    issues,
    commands,
    saved_replies,
    reply_figures,
    reports,
    digests,
    causes,
    outlook,
    records,
    contact_data,
    spikes,
    thread_replies,
    home,
    outage_boards,
    outage_reviews,
    outage_forms,
    outage_choice,
    outage_previews,
    outage_links,
    outage_answers,
    outage_command,
    outage_shortcuts,
    rehearsals,
    unhandled,
)


def slack_app(
    ctx: AppContext,
    client: AsyncWebClient,
    *,
    signing_secret: str | None,
    find_rehearsal: rehearsal_routing.FindContext | None = None,
) -> AsyncApp:
    """Build the app with a listener for every action, command, view and event that we can receive.

    Without `find_rehearsal` it is a rehearsal's own, whose requests have passed the gate of the real one.
    `find_rehearsal` returns the context of the rehearsal that goes on, to which what is of it goes.
    """
    app = bolt_app(client, signing_secret=signing_secret)
    for module in _WITH_LISTENERS:
        module.register(app, ctx)
    if find_rehearsal is not None:
        build = partial(slack_app, client=client, signing_secret=None)
        router = rehearsal_routing.RehearsalRouter(ctx, find_rehearsal, build)
        app.use(router)

        def is_looked_up_later(body: Mapping[str, Any]) -> bool:
            return stores_requests(app.find_listener(body)) and not router.is_of_rehearsal(body)

        app.gate = RequestGate(ctx, is_looked_up_later=is_looked_up_later)
    return app


def bolt_app(client: AsyncWebClient, *, signing_secret: str | None) -> GatedApp:
    """Build a Bolt app without listeners. `signing_secret` is `None` in Socket Mode, where nothing is signed.

    `process_before_response`: Slack is acknowledged only after the commit, so that it redelivers what a crash
    lost; besides, Bolt's default runner polls for the ack every 10 ms.
    """
    app = GatedApp(
        # Not the client: given one, Bolt also reads a token from the environment, and warns if it finds any.
        # Without a name Bolt reads the source of every frame of the stack to find one, for 50 ms.
        name="switchboard",
        token=client.token,
        signing_secret=signing_secret or "",
        request_verification_enabled=signing_secret is not None,
        process_before_response=True,
        raise_error_for_unhandled_request=False,
    )
    for attribute in ("base_url", "timeout", "session", "retry_handlers"):
        setattr(app.client, attribute, getattr(client, attribute))
    return app
