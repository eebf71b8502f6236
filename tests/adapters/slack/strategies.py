"""Anything that may stand in a case: long, empty, foreign, hostile."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import strategies as st

from domain.assessment import Assessment, Urgency
from domain.audit import SYSTEM, Action, Entry
from domain.cases import Case, CaseState
from domain.drafts import Source, Suggestion
from domain.messages import Delivery, Direction, Message
from domain.posts import Author, ReplyBlock
from domain.situations import Situation
from domain.views import AnswerForm, CaseView, Finding, HomeView, Option, ThreadView

HOSTILE = [
    "<!channel>",
    "<!here|here>",
    "<@U0KAI>",
    "<https://evil.example|yourbank.com>",
    "<!date^1^{date}^https://evil.example|now>",
    "https://evil.example",
    "@channel",
    "&lt;!channel&gt;",
    "*bold* _it_ ~no~ `code` ```block```",
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
    network=st.sampled_from(["x", "bluesky"]),
    account_id=st.just("900"),
    author=AUTHORS,
    state=st.sampled_from(CaseState),
    assessment=READINGS,
    opened_at=WHEN,
    last_message_at=WHEN,
    channel=st.just("C0SUPPORT"),
    sort_key=st.just(0.0),
    conversation_id=st.just("1"),
    reply_to_id=st.sampled_from(["1001", "x>y"]),
    claimed_by=MAYBE_WHO,
    claimed_at=st.none() | WHEN,
    waiting_since=st.none() | WHEN,
    first_reply_due=st.none() | WHEN,
    first_replied_at=st.none() | WHEN,
    snoozed_until=st.none() | WHEN,
    closed_by=MAYBE_WHO,
    closed_at=st.none() | WHEN,
    reply_block=st.none() | st.sampled_from(ReplyBlock),
    card_channel=st.none() | st.just("C0SUPPORT"),
    card_ts=st.none() | st.just("1795269960.000100"),
)
_SAID = {"case_id": st.just(12), "venue": st.just("public"), "author_id": st.just("501"), "author_name": TEXT}
_SAID |= {"text": TEXT, "created_at": WHEN, "url": URL}
THEIRS = st.builds(
    Message,
    id=ID,
    direction=st.just(Direction.IN),
    edited_at=st.none() | WHEN,
    deleted_at=st.none() | WHEN,
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
    **_SAID,
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
    made_at=WHEN,
    model=st.none() | TEXT,
    missing=st.lists(TEXT, max_size=3).map(tuple),
)
VIEWS = st.builds(
    CaseView,
    case=CASES,
    messages=st.lists(THEIRS | OURS, max_size=4),
    suggestion=st.none() | SUGGESTIONS,
    contacts=st.integers(min_value=0, max_value=10_000),
    answer=st.none() | OURS,
)
FORMS = st.builds(
    AnswerForm,
    view=VIEWS,
    text=TEXT,
    length=st.integers(min_value=0, max_value=10**6),
    limit=st.just(280),
    seen=ID,
    options=st.lists(
        st.builds(Option, name=TEXT, title=TEXT, text=TEXT), max_size=120, unique_by=lambda one: one.name
    ),
    news=st.lists(THEIRS, max_size=3),
    findings=st.lists(
        st.builds(Finding, rule=st.text("abc_", max_size=20), reason=TEXT, hard=st.booleans()), max_size=3
    ),
    held_by=MAYBE_WHO,
    revision=st.integers(min_value=0, max_value=10**6),
)
HOMES = st.builds(
    HomeView,
    user_id=WHO,
    mine=st.lists(CASES, max_size=30),
    unclaimed=st.lists(CASES, max_size=2),
    due_soon=st.lists(CASES, max_size=2),
    waiting=st.lists(CASES, max_size=2),
    counts=st.dictionaries(st.sampled_from(["open", "unclaimed", "waiting"]), st.integers(0, 10**9)),
    chosen=st.sampled_from(["all", "mine", "unclaimed", "due_soon", "waiting", "drop table"]),
    troubles=st.lists(TEXT, max_size=8),
)
ENTRIES = st.builds(
    Entry,
    at=WHEN,
    actor=WHO | st.just(SYSTEM),
    action=st.sampled_from(Action),
    case_id=st.just(12),
    version=st.just(1),
    message_id=st.none() | st.sampled_from([1, 2, 3]),
    detail=st.dictionaries(
        st.sampled_from(["reason", "before", "to", "from", "until", "sent"]), TEXT | st.none() | st.booleans()
    ),
)


@st.composite
def threads(draw: st.DrawFn) -> ThreadView:
    """A thread with numbered entries."""
    entries = draw(st.lists(ENTRIES, max_size=60))
    numbered = [replace(entry, id=index) for index, entry in enumerate(entries, start=1)]
    messages = {1: draw(THEIRS), 2: draw(OURS)}
    return ThreadView(case=draw(CASES), entries=numbered, messages=messages)
