"""Create cases with cards in the simulated Slack, and the clicks on their Claim buttons."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import delete

from adapters.networks.x.profile import PROFILE
from adapters.slack.action_ids import ActionId
from adapters.slack.cards import render_card
from adapters.slack.message_content import digest
from domain.intake.posts import Post
from domain.intake.stream_names import MENTIONS
from domain.networks import OurAccount
from handlers.cases.views import view_case
from handlers.intake.mentions import ingest_posts
from handlers.triage.classify import Classifier
from sandbox.slack.actions import build_action
from sandbox.slack.payloads import message_action
from sandbox.slack.posting import bot_message
from sandbox.world import World
from storage.engine import open_store
from storage.outbox_tables import outbox
from storage.unit_of_work import UnitOfWork
from tests.bench.posts import ACCOUNT, BEGAN, batches, classifier, posts
from tests.stories import SAM, SUPPORT


def claims(world: World, url: str, many: int) -> list[str]:
    """Create open cases with cards in the database at `url`; returns the request body of each click."""
    store, reader = open_store(url), classifier()
    bodies: list[str] = []
    number = 0
    while len(bodies) < many:
        for batch in batches(posts(many, first=number)):
            with store.unit_of_work() as uow:
                bodies += [_body(world, card) for card in _opened(world, uow, batch, reader)]
        number += many
    with store.engine.begin() as connection:
        connection.execute(delete(outbox))  # their cards are posted already
    store.close()
    return bodies[:many]


def _opened(world: World, uow: UnitOfWork, batch: list[Post], reader: Classifier) -> list[dict[str, Any]]:
    """Return the cards of the cases that the batch opens."""
    now = datetime.now(UTC)
    authors = {post.author.id for post in batch}
    place = (ACCOUNT.network, ACCOUNT.id)
    before = {case.id for case in uow.cases.foldable(*place, authors, since=BEGAN)}
    ingest_posts(
        uow,
        account=ACCOUNT,
        profile=PROFILE,
        posts=batch,
        stream=MENTIONS,
        newest_id=batch[-1].id,
        classifier=reader,
        now=now,
    )
    opened = uow.cases.foldable(*place, authors, since=BEGAN)
    return [_card(world, uow, case.id, now) for case in opened if case.id not in before]


def _card(world: World, uow: UnitOfWork, case_id: int, now: datetime) -> dict[str, Any]:
    """Post a case's card and return it."""
    view = view_case(uow, case_id=case_id, now=now)
    content = render_card(view, ours=OurAccount(profile=PROFILE, handle=ACCOUNT.handle))
    message = bot_message(world.slack, {**content})
    world.slack.store.add(SUPPORT, message)
    uow.cases.record_card_location(case_id, channel=SUPPORT, ts=message["ts"], digest=digest(content))
    uow.cases.record_thread_position(case_id, audit_id=uow.audit.of_case(case_id)[-1].id)
    return message


def _body(world: World, card: dict[str, Any]) -> str:
    """Build the body that Slack sends when Sam presses the card's Claim button."""
    action = build_action(card["blocks"], ActionId.CASE_CLAIM)
    payload = message_action(
        world.slack,
        SAM,
        world.slack.channel(SUPPORT),
        card,
        action | _pressed(card, action) | {"action_ts": card["ts"]},
        {},
    )
    return urlencode({"payload": json.dumps(payload)})


def _pressed(card: dict[str, Any], action: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that Slack copies from the button."""
    buttons = (element for block in card["blocks"] for element in block.get("elements", []))
    button = next(element for element in buttons if element.get("action_id") == action["action_id"])
    return {"text": button["text"], "value": button["value"]}
