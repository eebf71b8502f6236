"""Build cases, posts, messages and hand-offs for the tests of rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.accounts import Account
from domain.cases.case import Case, CaseState
from domain.cases.messages import Direction, Message
from domain.handoffs.handoff import Handoff, HandoffState
from domain.intake.posts import Author, MatchReason, Post
from domain.intake.private_messages import IncomingMessage
from domain.policy import Policy
from domain.replies.checks import CHECKS
from domain.replies.rules_of_engagement import Rule, RulesOfEngagement
from domain.triage.assessment import Assessment, Urgency, assess_by_rules
from domain.triage.evidence import collect_evidence
from domain.triage.situations import Cues, Situation
from domain.venues import Venue

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
ACME = Account(network="x", id="1", handle="acme", name="Acme")
ANA = Author(id="77", handle="anaruiz", name="Ana Ruiz")
BEN = Author(id="88", handle="ben", name="Ben Okri")
SAM, MIA = "U0SAM", "U0MIA"
POLICY = Policy(
    brand="Acme", support_channel="C0SUPPORT", fallback_channel="C0FALLBACK", alert_channel="C0ONCALL"
)
#: Every rule of engagement, some of them hard.
RULES = RulesOfEngagement(
    version="7",
    rules=tuple(
        Rule(name=name, reason=f"It is {name}.", hard=name in {"empty", "too_long", "placeholder"})
        for name in CHECKS
    ),
    known_hosts=frozenset({"acme.example"}),
)


def an_assessment(
    urgency: Urgency = Urgency.NORMAL, situation: Situation = Situation.OTHER, *reasons: str
) -> Assessment:
    """Build an assessment of an English text."""
    return Assessment("en", situation, urgency, reasons, 0.0)


def assessed_by_rules(
    text: str, *, language: str, sentiment: float, cues: Cues, followers: int = 0
) -> Assessment:
    """Classify a text by its phrases."""
    evidence = collect_evidence(text, language=language, sentiment=sentiment, cues=cues)
    return assess_by_rules(evidence, language=language, followers=followers)


def a_case(**changes: Any) -> Case:  # noqa: ANN401 - any of the fields
    """Build an open case of Ana's that has waited since `NOW` for a reply to her post "900"."""
    case = Case(
        id=1,
        version=1,
        network=ACME.network,
        account_id=ACME.id,
        author=ANA,
        state=CaseState.OPEN,
        assessment=an_assessment(),
        opened_at=NOW,
        last_message_at=NOW,
        channel="C0SUPPORT",
        conversation_id="900",
        reply_to_id="900",
        waiting_since=NOW,
    )
    return replace(case, **changes)


def a_post(post_id: str = "900", **changes: Any) -> Post:  # noqa: ANN401 - any of the fields
    """Build a mention by Ana at `NOW`, in a conversation of its own."""
    post = Post(
        network=ACME.network,
        account_id=ACME.id,
        id=post_id,
        revision_id=post_id,
        author=ANA,
        text="@acme hello?",
        created_at=NOW,
        url=f"https://x.example/anaruiz/status/{post_id}",
        match_reason=MatchReason.MENTION,
        conversation_id=post_id,
    )
    return replace(post, **changes)


def a_message(message_id: int = 1, **changes: Any) -> Message:  # noqa: ANN401 - any of the fields
    """Build a public message of Ana's in case 1."""
    message = Message(
        id=message_id,
        case_id=1,
        direction=Direction.IN,
        venue=Venue.PUBLIC,
        author_id=ANA.id,
        author_name=ANA.name,
        text="@acme hello?",
        created_at=NOW,
    )
    return replace(message, **changes)


def a_handoff(
    venue: Venue = Venue.CHAT,
    state: HandoffState = HandoffState.OFFERED,
    **changes: Any,  # noqa: ANN401 - any of the fields
) -> Handoff:
    """Build a hand-off of case 1 that Sam offered at `NOW`."""
    handoff = Handoff(
        id=1,
        case_id=1,
        venue=venue,
        state=state,
        offered_at=NOW,
        offered_by=SAM,
        expires_at=NOW + HOUR,
        nonce="n",
        code="c",
    )
    return replace(handoff, **changes)


def an_incoming_message(venue: Venue = Venue.DM, **changes: Any) -> IncomingMessage:  # noqa: ANN401 - any of the fields
    """Build a private message from Ana, to our account on the network."""
    incoming = IncomingMessage(
        venue=venue,
        network=ACME.network,
        account_id=ACME.id,
        external_id="d1",
        author=ANA,
        text="Hi, it is me",
        at=NOW,
        address=ANA.id,
    )
    return replace(incoming, **changes)
