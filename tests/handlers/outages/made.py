"""A destination that is a list, and shortcuts for outages."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from domain.cases.case import Case
from domain.delivery.effects import EFFECTS
from domain.delivery.outcomes import Absent, Done, Finding, Outcome
from domain.diagnostics import CheckLine
from domain.outages.destinations import (
    ConnectedDestination,
    DestinationProfile,
    Destinations,
    Languages,
    OutgoingNotice,
    Preflight,
    Receipt,
)
from domain.outages.lifecycle import Actor
from domain.outages.links import Link, LinkState
from domain.outages.notices import Notice, NoticeKind, NoticeText, Version
from domain.outages.outage import Outage, Phase, Severity
from domain.outages.policy import OutagePolicy, Right
from handlers.delivery.loop import Delivery, Dispatcher
from handlers.delivery.performers import performers
from handlers.desk import Desk
from handlers.outages.notices import (
    NoticeContent,
    OutageFacts,
    approve_notice,
    draft_notice,
    open_outage,
    submit_notice,
)
from handlers.preflights import Preflights
from storage.engine import Store
from tests.handlers.context import a_context
from tests.handlers.delivery.performers.scripted import ManualClock, ScriptedPerformer, turn, unpaced
from tests.handlers.made import MIA, NOW, POLICY, SAM, do

OUTAGE_POLICY = OutagePolicy(oncall_channel="C0ONCALL")
ANYTHING = frozenset(Right)
SAM_MAY = Actor(user_id=SAM, rights=ANYTHING)
MIA_MAY = Actor(user_id=MIA, rights=ANYTHING)


def links_of(store: Store, outage_id: int, state: LinkState = LinkState.PROPOSED) -> list[tuple[Link, Case]]:
    """Return the outage's links in a state with their cases, the surest first."""
    with store.unit_of_work() as uow:
        links = uow.outage_links.of_outage(outage_id, state, limit=50)
        return [(link, uow.cases.get(link.case_id)) for link in links]


@dataclass
class ListDestination:
    """A destination that keeps what it gets; `outcomes` and `findings` come first, then success."""

    outcomes: list[Outcome] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    published: list[tuple[str, str | None, str | None]] = field(default_factory=list)
    corrected: list[tuple[str, str]] = field(default_factory=list)
    retracted: list[str] = field(default_factory=list)

    async def preflight(self) -> Preflight:
        return Preflight(audience=3, audience_unit="readers")

    async def publish(
        self, notice: OutgoingNotice, *, first: Receipt | None, latest: Receipt | None
    ) -> Outcome:
        if self.outcomes:
            return self.outcomes.pop(0)
        self.published.append((notice.text, first.id if first else None, latest.id if latest else None))
        return Done({"id": f"p{len(self.published)}", "url": None, "data": {}})

    async def find(self, notice: OutgoingNotice, *, first: Receipt | None, since: datetime) -> Finding:  # noqa: ARG002
        return self.findings.pop(0) if self.findings else Absent()

    async def correct(self, notice: OutgoingNotice, *, receipt: Receipt) -> Outcome:
        self.corrected.append((notice.text, receipt.id))
        return Done({"id": receipt.id, "url": None, "data": {}})

    async def retract(self, receipt: Receipt, *, latest: Receipt) -> Outcome:  # noqa: ARG002
        self.retracted.append(receipt.id)
        return Done({})

    async def probe(self) -> list[CheckLine]:
        return []

    async def close(self) -> None:
        pass


def destinations(**clients: ListDestination) -> Destinations:
    """Connect these: "page" can edit and delete, "posts" has a publication for each language."""
    return Destinations(
        [
            ConnectedDestination(
                profile=DestinationProfile(
                    name=name,
                    label=name.capitalize(),
                    corrects=name == "page",
                    retracts=name == "page",
                    languages=Languages.EACH if name == "posts" else Languages.JOINED,
                ),
                client=client,
            )
            for name, client in clients.items()
        ]
    )


def texts(text: str, *names: str, languages: Sequence[str] = ("",)) -> tuple[NoticeText, ...]:
    """Return the same text for each destination and language."""
    return tuple(
        NoticeText(destination=name, language=language, text=f"{text} {language}".strip())
        for name in names
        for language in languages
    )


def content(text: str = "Payments fail", *names: str, **changes: Any) -> NoticeContent:  # noqa: ANN401 - any of the fields
    """Return the content of a notice with this text for these destinations, "page" without any."""
    given: dict[str, Any] = {
        "phase": Phase.INVESTIGATING,
        "versions": (Version(language="en", problem=text),),
        "texts": texts(text, *(names or ("page",))),
    }
    return NoticeContent(**given | changes)


def an_outage(
    store: Store,
    text: str = "Payments fail",
    *names: str,
    **changes: Any,  # noqa: ANN401 - any of the content's fields
) -> tuple[Outage, Notice]:
    """Store an outage that Sam drafted."""
    facts = OutageFacts(title="Payments fail", severity=Severity.MAJOR, components=("Payments",))
    opened: tuple[Outage, Notice] = do(
        store,
        open_outage,
        facts=facts,
        content=content(text, *names, **changes),
        policy=OUTAGE_POLICY,
        actor=SAM_MAY,
        now=NOW,
    )
    return opened


def a_notice(
    store: Store,
    outage_id: int,
    kind: NoticeKind,
    written: NoticeContent,
    *,
    corrects: int | None = None,
    now: datetime = NOW,
) -> Notice:
    """Have Sam draft a further notice of an outage."""
    notice: Notice = do(
        store,
        draft_notice,
        outage_id=outage_id,
        kind=kind,
        content=written,
        corrects=corrects,
        actor=SAM_MAY,
        now=now,
    )
    return notice


def a_resolution(store: Store, outage_id: int, *, now: datetime = NOW) -> Notice:
    """Have Sam draft that an outage is over."""
    over = content("It works again.", phase=Phase.RESOLVED)
    return a_notice(store, outage_id, NoticeKind.RESOLUTION, over, now=now)


def submitted(
    store: Store, notice: Notice, where: Destinations, *, actor: Actor = SAM_MAY, now: datetime = NOW
) -> Notice:
    """Have the notice submitted for approval."""
    waiting: Notice = do(
        store,
        submit_notice,
        notice_id=notice.id,
        seen=notice.digest,
        destinations=where,
        policy=OUTAGE_POLICY,
        actor=actor,
        now=now,
    )
    return waiting


def sent(store: Store, notice: Notice, where: Destinations, *, now: datetime = NOW) -> Notice:
    """Have Sam submit the notice, and Mia approve it."""
    submitted(store, notice, where, now=now)
    approved: Notice = do(
        store,
        approve_notice,
        notice_id=notice.id,
        seen=notice.digest,
        destinations=where,
        actor=MIA_MAY,
        now=now,
    )
    return approved


def notice_delivery(
    desk: Desk, where: Destinations, clock: ManualClock, preflights: Preflights | None = None
) -> Delivery:
    """Build a delivery loop that really publishes notices; Slack's part is scripted."""
    policy = replace(POLICY, outages=OUTAGE_POLICY)
    parts: dict[str, Any] = {"destinations": where, "preflights": preflights or Preflights()}
    ctx = a_context(desk, policy=policy, clock=clock, **parts)
    real = {kind: one for kind, one in performers(ctx).items() if kind.endswith("_notice")}
    dispatcher = Dispatcher(
        performers={**dict.fromkeys(EFFECTS, ScriptedPerformer(act=_posted)), **real},
        paces=unpaced,
        owner="me",
    )
    return Delivery(desk, dispatcher, clock, sole_worker=False)


async def _posted(_job: object) -> Outcome:
    return Done({})


async def deliver(
    desk: Desk,
    where: Destinations,
    clock: ManualClock | None = None,
    preflights: Preflights | None = None,
) -> None:
    """Deliver everything that is due."""
    delivery = notice_delivery(desk, where, clock or ManualClock(), preflights)
    while await turn(delivery):
        pass
