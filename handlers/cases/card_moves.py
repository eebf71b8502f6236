"""Route a case again after it was corrected, when somebody asks for it: its card moves to another channel."""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.cases.case import Case
from domain.cases.case_lifecycle import rerouted
from domain.cases.messages import Direction
from domain.cases.preconditions import require_active
from domain.cases.routes import Route, RouteFacts
from domain.delivery.effects import PostCard
from domain.delivery.erasure_effects import DeleteMessage, DeleteThreadFiles
from domain.delivery.routing_effects import MarkMoved
from domain.errors import Refused
from domain.policy import Policy
from domain.records.audit import Action
from handlers.cases.transitions import save_change
from handlers.cases.views import MAX_CASE_MESSAGES
from handlers.cases.waits import follow_messages
from storage.unit_of_work import UnitOfWork

NOTHING_TO_MOVE = "Nothing was moved: the card is where the rules of routing send it."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedMove:
    """Where the rules send the card of a case now; `route` is `None` where no rule applies any more."""

    channel: str
    route: Route | None


def proposed_move(uow: UnitOfWork, case: Case, policy: Policy, *, account: str) -> ProposedMove | None:
    """Return where the rules send the card now, as the case is assessed; `None` where it is there.

    `account` is the handle of ours that the case is about. No move is proposed of a card that is not posted.
    """
    if not case.state.is_active or case.card_ts is None:
        return None
    messages = uow.messages.of_case(case.id, limit=MAX_CASE_MESSAGES)
    facts = RouteFacts(
        assessment=case.assessment,
        text=next((message.text for message in messages if message.direction is Direction.IN), ""),
        network=case.network,
        account=account,
        customer_tags=case.routing.customer_tags,
    )
    route = policy.route(facts)
    channel = policy.channel_of(route)
    return None if channel == case.channel else ProposedMove(channel=channel, route=route)


def move_card(
    uow: UnitOfWork, *, case_id: int, policy: Policy, account: str, user_id: str, now: datetime
) -> Case:
    """Move the card to where the rules send it now; targets and rank follow. Raises `Refused`.

    Its thread is written anew below the new card. The old card says where it went; what the bot wrote below
    it is deleted, because what tells of a customer is found by the place of their card.
    """
    case = uow.cases.get(case_id)
    require_active(case)
    move = proposed_move(uow, case, policy, account=account)
    if move is None or case.card_channel is None or case.card_ts is None:
        raise Refused(NOTHING_TO_MOVE)
    moved = save_change(
        uow,
        rerouted(case, move.route, policy),
        actor=user_id,
        action=Action.CARD_MOVED,
        now=now,
        detail={
            "from": case.card_channel,
            "to": move.channel,
            "rule": move.route.name if move.route is not None else None,
        },
    )
    messages = uow.messages.of_case(case.id, limit=MAX_CASE_MESSAGES)
    follow_messages(uow, moved, messages, now=now)
    for files in uow.files.of_messages([message.id for message in messages]).values():
        for file in files:
            if file.shared_at is not None:
                uow.files.save(replace(uow.files.get(file.id), shared_at=None))
    old = (case.card_channel, case.card_ts)
    posts = uow.thread_posts.take(case.id)
    uow.outbox.add(
        [PostCard(case.id, move.channel, again=moved.version), MarkMoved(case.id, *old)],
        now=now,
        priority=moved.sort_key,
    )
    uow.outbox.add([DeleteMessage(old[0], post.ts) for post in posts], now=now)
    uow.outbox.add([DeleteThreadFiles(case.id, *old)], now=now)
    return moved
