"""Build cases, messages and views to render: one plain story, changed by each test."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.networks.x.profile import PROFILE
from domain.cases.case import Case, CaseState
from domain.cases.messages import Delivery, Direction, Message
from domain.cases.views import CaseView
from domain.handoffs.forms import HandoffForm, VenueChoice
from domain.handoffs.handoff import Handoff, HandoffState
from domain.handoffs.venue_choice import NotSetUp
from domain.intake.posts import Author, MatchReason
from domain.knowledge.acceptance import DESKS, SITUATION
from domain.knowledge.acceptance import OURS as OUR_POSTS
from domain.knowledge.desk_examples import (
    Comparison,
    DeskExample,
    ExamplesState,
    Origin,
    TaughtExample,
    TaughtView,
    Training,
)
from domain.networks import OurAccount, TextCount
from domain.records.audit import SYSTEM
from domain.replies.forms import PrivateReplyForm, PublicReplyForm
from domain.triage.assessment import Assessment, Urgency
from domain.triage.drafts import Source, Suggestion
from domain.triage.situations import Situation
from domain.venues import Venue

NOW = datetime(2026, 11, 21, 14, 6, tzinfo=UTC)
TEAM_URL = "https://acme.slack.com/"
BRAND = "acme"

ANA = Author(id="501", handle="anaruiz", name="Ana Ruiz", followers=1240)
READING = Assessment("es", Situation.CANNOT_PAY, Urgency.URGENT, ("money at stake",), -0.5)


def count(text: str) -> TextCount:
    """Count plain characters."""
    return TextCount(length=len(text), limit=280)


def our_account(handle: str) -> OurAccount:
    """Build our account on X, with a count that needs no library."""
    return OurAccount(profile=replace(PROFILE, count=count), handle=handle)


OURS = our_account(BRAND)


def case(**changes: Any) -> Case:  # noqa: ANN401 - any field of a case
    """Build an open, unclaimed case."""
    made = Case(
        id=12,
        version=7,
        network="x",
        account_id="900",
        author=ANA,
        state=CaseState.OPEN,
        assessment=READING,
        opened_at=NOW - timedelta(minutes=4),
        last_message_at=NOW - timedelta(minutes=4),
        channel="C0SUPPORT",
        conversation_id="1001",
        reply_to_id="1001",
        waiting_since=NOW - timedelta(minutes=4),
        reply_due=NOW + timedelta(minutes=11),
        card_channel="C0SUPPORT",
        card_ts="1795269960.000100",
    )
    return replace(made, **changes)


def post(**changes: Any) -> Message:  # noqa: ANN401 - any field of a message
    """Build a customer's post."""
    made = Message(
        id=31,
        case_id=12,
        direction=Direction.IN,
        venue=Venue.PUBLIC,
        author_id="501",
        author_name="Ana Ruiz",
        text="Third time the app eats my payment and shows an error. @acme are you even awake??",
        created_at=NOW - timedelta(minutes=4),
        external_id="1001",
        url="https://x.com/anaruiz/status/1001",
        match_reason=MatchReason.MENTION,
    )
    return replace(made, **changes)


def reply(delivery: Delivery, **changes: Any) -> Message:  # noqa: ANN401 - any field of a message
    """Build our reply."""
    made = post(
        id=32,
        direction=Direction.OUT,
        text="Hola Ana, sentimos el problema con el pago.",
        url="https://x.com/acme/status/2001" if delivery is Delivery.SENT else None,
        delivery=delivery,
        sent_by="U0SAM",
        sent_at=NOW if delivery is Delivery.SENT else None,
        error="X says no" if delivery is Delivery.FAILED else None,
    )
    return replace(made, **changes)


def suggestion(**changes: Any) -> Suggestion:  # noqa: ANN401 - any field of a suggestion
    """Build a filled saved reply."""
    made = Suggestion(
        case_id=12,
        message_id=31,
        text="Hola Ana, sentimos el problema con el pago …",
        language="es",
        source=Source.SAVED_REPLY,
        name="payment_errors",
        version="3",
        title="Payment errors",
        created_at=NOW,
    )
    return replace(made, **changes)


def view(**changes: Any) -> CaseView:  # noqa: ANN401 - any field of a view
    """Build the view of Ana's case, her third contact."""
    made = CaseView(case=case(), messages=[post()], suggestion=suggestion(), contacts=3)
    return replace(made, **changes)


def answered(delivery: Delivery, **changes: Any) -> CaseView:  # noqa: ANN401 - any field of the case
    """Build the same view with our reply."""
    ours = reply(delivery)
    return view(case=case(claimed_by="U0SAM", **changes), messages=[post(), ours], latest_reply=ours)


def in_doubt() -> CaseView:
    """A case in which two answers wait until it is settled whether the one before them arrived."""
    doubtful = answered(Delivery.UNSURE)
    reply = doubtful.latest_reply
    assert reply is not None
    waiting = [replace(reply, id=reply.id + number, delivery=Delivery.QUEUED) for number in (1, 2)]
    return replace(doubtful, messages=[*doubtful.messages, *waiting])


def thanked(**changes: Any) -> CaseView:  # noqa: ANN401 - any field of the case
    """Build the same view after our reply, when Ana has written that it works."""
    praise = Assessment("en", Situation.PRAISE, Urgency.LOW, (), 0.9)
    ours, thanks = reply(Delivery.SENT), post(id=33, text="it works, thank you!", assessment=praise)
    return view(
        case=case(assessment=praise, **changes),
        messages=[post(), ours, thanks],
        latest_reply=ours,
        suggestion=None,
    )


def handoff(state: HandoffState = HandoffState.ARRIVED, **changes: Any) -> Handoff:  # noqa: ANN401 - any field
    """Build a hand-off to direct messages where Ana has arrived."""
    made = Handoff(
        id=5,
        case_id=12,
        venue=Venue.DM,
        state=state,
        offered_at=NOW,
        offered_by="U0SAM",
        expires_at=NOW + timedelta(hours=24),
        nonce="secret",
        code="123456",
        message_id=32,
        arrived_at=NOW + timedelta(minutes=4) if state is HandoffState.ARRIVED else None,
        ended_at=NOW + timedelta(hours=24) if not state.is_current else None,
    )
    return replace(made, **changes)


def written(venue: Venue = Venue.DM, **changes: Any) -> Message:  # noqa: ANN401 - any field of a message
    """Build a customer's private message."""
    made = post(
        id=33,
        venue=venue,
        text="Order 4711",
        author_id="ana@example.org",
        created_at=NOW + timedelta(minutes=4),
        external_id="3001",
        url=None,
    )
    return replace(made, **changes)


def moved(**changes: Any) -> CaseView:  # noqa: ANN401 - any field of a view
    """Build the view of Ana's case after she arrived in direct messages and wrote there."""
    claimed = case(claimed_by="U0SAM")
    return replace(view(case=claimed, messages=[post(), written()], handoff=handoff()), **changes)


NO_CHAT = NotSetUp("PUBLIC_URL is not set")


def handoff_form(**changes: Any) -> HandoffForm:  # noqa: ANN401 - any field of a form
    """Build the form of a move as it opens; live chat is not set up."""
    made = HandoffForm(
        view=view(),
        choices=[
            VenueChoice(venue=Venue.DM),
            VenueChoice(venue=Venue.EMAIL),
            VenueChoice(venue=Venue.CHAT, unavailable_reason=NO_CHAT),
        ],
        chosen=Venue.DM,
        text="Ana, please send us a DM: https://x.com/messages/compose?recipient_id=900",
        length=47,
        limit=280,
        seen=31,
        nonce="abc",
        cost=0.2,
    )
    return replace(made, **changes)


def private_reply_form(**changes: Any) -> PrivateReplyForm:  # noqa: ANN401 - any field of a form
    """Build the private reply form as it opens."""
    made = PrivateReplyForm(view=moved(), handoff=handoff(), text="", limit=10_000, seen=33)
    return replace(made, **changes)


def form(**changes: Any) -> PublicReplyForm:  # noqa: ANN401 - any field of a form
    """Build the public reply form as it opens."""
    return replace(
        PublicReplyForm(view=view(), text="Hola Ana", length=8, limit=280, seen=31, revision=0), **changes
    )


def taught() -> TaughtView:
    """Build what a desk has taught: two examples, one of them shown, and what was learnt from them."""
    example = DeskExample(
        id=5,
        case_id=12,
        message_id=1,
        origin=Origin.CORRECTION,
        situation=Situation.DELIVERY,
        urgency=Urgency.HIGH,
        request=True,
        read_situation=Situation.QUESTION,
        read_urgency=Urgency.NORMAL,
        taught_by="U0SAM",
        at=NOW,
    )
    state = ExamplesState(2, NOW)
    training = Training(
        at=NOW,
        asked_by=SYSTEM,
        base="b",
        learnt_from=state,
        accepted=True,
        comparisons=(
            Comparison(name=f"{OUR_POSTS} {SITUATION}", count=562, before=371, lost=2, won=5),
            Comparison(name=f"{DESKS} {SITUATION}", count=2, before=0, lost=0, won=1),
        ),
    )
    return TaughtView(
        corrections=1,
        dismissals=1,
        by_person=[("U0SAM", 1), ("U0MIA", 1)],
        newest=[TaughtExample(example=example, text="the blue box\nate <it>")],
        training=training,
        current=state,
        can_learn=True,
    )
