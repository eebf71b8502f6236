"""Hypothesis strategies for all that a case may hold: long, empty, non-Latin, hostile."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import strategies as st

from domain.cases.case import Case, CaseState
from domain.cases.files import MAX_FILE_SIZE, MAX_FILES, File
from domain.cases.messages import Delivery, Direction, Message
from domain.cases.next_step import ListedCase
from domain.cases.views import CaseView, HomeView, ThreadView
from domain.handoffs.forms import HandoffForm, VenueChoice
from domain.handoffs.handoff import Handoff, HandoffState, Proof
from domain.handoffs.offer_message import OfferFault, OfferViolation
from domain.handoffs.venue_choice import CannotBeOffered, NotSetUp, Obstacle
from domain.intake.posts import MAX_ALT_TEXT, Author, Media, MediaKind, ReplyBlock
from domain.records.audit import SYSTEM, Action, Entry
from domain.replies.forms import Option, PrivateReplyForm, PublicReplyForm
from domain.replies.rules_of_engagement import RuleViolation
from domain.triage.assessment import Assessment, Urgency
from domain.triage.drafts import Source, Suggestion
from domain.triage.situations import Situation
from domain.venues import Venue

HOSTILE = [
    "<!channel>",
    "<!here|here>",
    "<@U0KAI>",
    "<https://evil.example|yourbank.com>",
    "<!date^1^{date}^https://evil.example|now>",
    "https://evil.example",
    "@channel",
    "&lt;!channel&gt;",
    "*bold* _it_ ~no~ `code` ```block``` :fire:",
    "> quoted",
    "*" * 4000,
    "* " * 2000,
    "\u202egnp.exe",
    "\u2067\u2069\u2069",
    "\ud83d",
    "\x00\x07\x1b[31m",
    "\r\n\u2028",
    "👩‍💻🇪🇸",
    "مرحبا שלום",
    "漢字",
    "<script>alert(1)</script>",
    "",
    " ",
    "&" * 4000,
    "x" * 10_000,
    "👍" * 3000,
]
PEOPLE = frozenset({"U0SAM", "U0MIA"})

TEXT = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=30), max_size=4).map("".join)
WHO = st.sampled_from(sorted(PEOPLE))
MAYBE_WHO = st.none() | WHO
WHEN = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds
ID = st.integers(min_value=1, max_value=2**63 - 1)
URL = (
    st.none()
    | st.sampled_from(
        [
            "https://x.com/ana/status/1",
            "javascript:alert(1)",
            "https://evil|bank>",
            "",
            "https://x.com/" + "a" * 5000,
        ]
    )
    | TEXT
)

AUTHORS = st.builds(
    Author, id=st.just("501"), handle=TEXT, name=TEXT, followers=st.integers(min_value=0, max_value=10**12)
)
READINGS = st.builds(
    Assessment,
    language=st.sampled_from(["es", "en", "xx"]) | TEXT,
    situation=st.sampled_from(Situation),
    urgency=st.sampled_from(Urgency),
    reasons=st.lists(TEXT, max_size=3).map(tuple),
    sentiment=st.just(0.0),
)
CASES = st.builds(
    Case,
    id=ID,
    version=ID,
    network=st.sampled_from(["x", "bluesky", "email"]),
    account_id=st.just("900"),
    author=AUTHORS,
    state=st.sampled_from(CaseState),
    assessment=READINGS,
    opened_at=WHEN,
    last_message_at=WHEN,
    channel=st.just("C0SUPPORT"),
    conversation_id=st.just("1"),
    reply_to_id=st.sampled_from(["1001", "x>y"]),
    claimed_by=MAYBE_WHO,
    claimed_at=st.none() | WHEN,
    waiting_since=st.none() | WHEN,
    reply_due=st.none() | WHEN,
    first_replied_at=st.none() | WHEN,
    snoozed_until=st.none() | WHEN,
    closed_by=MAYBE_WHO,
    closed_at=st.none() | WHEN,
    reply_block=st.none() | st.sampled_from(ReplyBlock),
    card_channel=st.none() | st.just("C0SUPPORT"),
    card_ts=st.none() | st.just("1795269960.000100"),
)
_SAID = {
    "case_id": st.just(12),
    "venue": st.sampled_from(Venue),
    "author_id": st.just("501") | TEXT,
    "author_name": TEXT,
}
_SAID |= {
    "text": TEXT,
    "created_at": WHEN,
    "url": URL,
    "subject": st.none() | TEXT,
    "original": st.none() | TEXT,
}
THEIRS = st.builds(
    Message,
    id=ID,
    direction=st.just(Direction.IN),
    edited_at=st.none() | WHEN,
    deleted_at=st.none() | WHEN,
    handoff_id=st.none() | ID,
    sender_authenticated=st.booleans(),
    media=st.lists(
        st.builds(
            Media,
            kind=st.sampled_from(MediaKind),
            url=URL.map(lambda url: url or "https://pbs.twimg.com/media/a.jpg"),
            alt_text=TEXT.map(lambda text: text[:MAX_ALT_TEXT]),
        ),
        max_size=4,
    ).map(tuple),
    **_SAID,
)
OURS = st.builds(
    Message,
    id=ID,
    direction=st.just(Direction.OUT),
    delivery=st.sampled_from(Delivery),
    sent_by=MAYBE_WHO,
    sent_at=st.none() | WHEN,
    error=st.none() | TEXT,
    thread_ts=st.sampled_from([None, "1795269961.000100", "1795269959.000100", "not a time"]),
    **_SAID,
)
HANDOFFS = st.builds(
    Handoff,
    id=ID,
    case_id=st.just(12),
    venue=st.sampled_from(Venue),
    state=st.sampled_from(HandoffState),
    offered_at=WHEN,
    offered_by=WHO | st.just(SYSTEM),
    expires_at=WHEN,
    nonce=st.just("n"),
    code=st.just("c"),
    address=st.none() | TEXT,
    arrived_at=st.none() | WHEN,
    ended_at=st.none() | WHEN,
    proof=st.none() | st.sampled_from(Proof),
    verified_by=MAYBE_WHO,
    verified_reason=st.none() | TEXT,
    unreachable_at=st.none() | WHEN,
)
SUGGESTIONS = st.builds(
    Suggestion,
    case_id=st.just(12),
    message_id=st.just(31),
    text=TEXT,
    language=st.just("es"),
    source=st.sampled_from(Source),
    name=TEXT,
    version=TEXT,
    title=TEXT,
    created_at=WHEN,
    model=st.none() | TEXT,
    missing=st.lists(TEXT, max_size=3).map(tuple),
)
VIEWS = st.builds(
    CaseView,
    case=CASES,
    messages=st.lists(THEIRS | OURS, max_size=4),
    suggestion=st.none() | SUGGESTIONS,
    contacts=st.integers(min_value=0, max_value=10_000),
    latest_reply=st.none() | OURS,
    handoff=st.none() | HANDOFFS,
    writers=st.lists(WHO, max_size=3),
)
FINDINGS = st.lists(
    st.builds(RuleViolation, rule=st.text("abc_", max_size=20), reason=TEXT, hard=st.booleans()), max_size=3
)
FORMS = st.builds(
    PublicReplyForm,
    view=VIEWS,
    text=TEXT,
    length=st.integers(min_value=0, max_value=10**6),
    limit=st.just(280),
    seen=ID,
    options=st.lists(
        st.builds(Option, name=TEXT, title=TEXT, text=TEXT), max_size=120, unique_by=lambda one: one.name
    ),
    new_messages=st.lists(THEIRS, max_size=3),
    violations=FINDINGS,
    assigned_to=MAYBE_WHO,
    revision=st.integers(min_value=0, max_value=10**6),
)
OFFER_FINDINGS = st.lists(st.builds(OfferViolation, fault=st.sampled_from(OfferFault), link=TEXT), max_size=3)
UNAVAILABLE = st.one_of(
    st.sampled_from(Obstacle),
    st.builds(NotSetUp, TEXT),
    st.builds(CannotBeOffered, st.sampled_from(ReplyBlock)),
)
MOVES = st.builds(
    HandoffForm,
    view=VIEWS,
    choices=st.lists(
        st.builds(VenueChoice, venue=st.sampled_from(Venue), unavailable_reason=st.none() | UNAVAILABLE),
        max_size=4,
        unique_by=lambda choice: choice.venue,
    ),
    chosen=st.sampled_from(Venue),
    text=TEXT,
    length=st.integers(min_value=0, max_value=10**6),
    limit=st.just(280),
    seen=ID,
    nonce=st.just("n" * 43),
    via=st.sampled_from(Venue),
    cost=st.none() | st.sampled_from([0.01, 0.2]),
    address=TEXT,
    new_messages=st.lists(THEIRS, max_size=3),
    violations=st.one_of(FINDINGS, OFFER_FINDINGS),
    assigned_to=MAYBE_WHO,
    revision=st.integers(min_value=0, max_value=10**6),
)
PRIVATES = st.builds(
    PrivateReplyForm,
    view=VIEWS,
    handoff=HANDOFFS,
    text=TEXT,
    limit=st.sampled_from([1, 1000, 10_000]),
    seen=ID,
    new_messages=st.lists(THEIRS, max_size=3),
    assigned_to=MAYBE_WHO,
    revision=st.integers(min_value=0, max_value=10**6),
)
FILES = st.builds(
    File,
    id=ID,
    case_id=st.just(12),
    message_id=st.just(1),
    name=TEXT,
    media_type=st.just("image/png"),
    size=st.integers(min_value=0, max_value=MAX_FILE_SIZE),
    created_at=WHEN,
)
LISTED = st.builds(
    ListedCase,
    case=CASES,
    messages=st.lists(THEIRS | OURS, max_size=3),
    venue=st.none() | st.sampled_from([Venue.DM, Venue.EMAIL, Venue.CHAT]),
    opted_out=st.booleans(),
)
HOMES = st.builds(
    HomeView,
    user_id=WHO,
    made_at=WHEN,
    mine=st.lists(LISTED, max_size=30),
    unclaimed=st.lists(LISTED, max_size=2),
    due_soon=st.lists(LISTED, max_size=2),
    waiting=st.lists(LISTED, max_size=2),
    counts=st.dictionaries(st.sampled_from(["open", "unclaimed", "waiting"]), st.integers(0, 10**9)),
    chosen=st.sampled_from(["all", "mine", "unclaimed", "due_soon", "waiting", "drop table"]),
    problems=st.lists(TEXT, max_size=8),
)
_DETAILS = [
    "reason",
    "before",
    "to",
    "from",
    "until",
    "sent",
    "venue",
    "proof",
    "said",
    "comment",
    "solved",
    "refused",
]
_REFUSED = st.lists(st.fixed_dictionaries({"name": TEXT, "why": TEXT}) | TEXT, max_size=7)
ENTRIES = st.builds(
    Entry,
    at=WHEN,
    actor=WHO | st.just(SYSTEM),
    action=st.sampled_from(Action),
    case_id=st.just(12),
    version=st.just(1),
    message_id=st.none() | st.sampled_from([1, 2, 3]),
    detail=st.dictionaries(
        st.sampled_from(_DETAILS),
        TEXT | st.none() | st.booleans() | st.sampled_from([*Venue, *Proof]) | _REFUSED,
    ),
)


@st.composite
def threads(draw: st.DrawFn) -> ThreadView:
    """Generate a thread with numbered entries."""
    entries = draw(st.lists(ENTRIES, max_size=60))
    numbered = [replace(entry, id=index) for index, entry in enumerate(entries, start=1)]
    messages = {1: draw(THEIRS), 2: draw(OURS)}
    files = {1: draw(st.lists(FILES, max_size=MAX_FILES)), 2: draw(st.lists(FILES, max_size=MAX_FILES))}
    handoff = draw(st.none() | HANDOFFS)
    return ThreadView(case=draw(CASES), entries=numbered, messages=messages, files=files, handoff=handoff)
