"""A rehearsal's context reaches nobody: not by what it has today, nor by what it may have tomorrow."""

from dataclasses import fields, replace
from typing import Any

import pytest

from adapters.rehearsal import NoDestination, NoNetwork
from adapters.slack.outages.rehearsal import RehearsalChat
from domain.cases.routes import Route
from domain.delivery.outcomes import Done
from domain.knowledge.reply_choices import ReplyChoice
from domain.outages.destinations import ConnectedDestination, DestinationProfile, Destinations
from domain.outages.policy import OutagePolicy
from domain.outages.rehearsal import NETWORK
from domain.venues import Venue
from handlers.context import AppContext
from handlers.desk import Desk
from handlers.rehearsal.context import rehearsal_context, rehearsal_policy
from storage.engine import Store
from tests.handlers.context import NotUsed, a_context
from tests.handlers.knowledge.test_reply_choices import ODD, ODD_AGAIN, answer
from tests.handlers.made import NOW, POLICY, a_stored_case, do, networks
from tests.handlers.outages.made import ListDestination
from tests.handlers.rehearsal.made import KeptChat

DRILL = "C0DRILL"
#: Fields by which something could reach a customer, a page, a list, a mailbox or a model: none is kept.
REACHING = {
    *("desk", "policy", "networks", "destinations", "venues", "team_chat", "modals", "email", "drafter"),
    *("assistant", "learner", "live_classifier", "preflights", "background", "thread_locks", "metrics"),
    "trackers",
    "topics",
}
#: What only reads, or is the words and rules of the desk.
HARMLESS = {
    *(
        "clock",
        "rules",
        "abuse",
        "directory",
        "download",
        "notice_words",
        "stop_words",
        "team_url",
        "bot_user_id",
    ),
    *("articles", "charts", "post_spacing", "fixed_replies"),
}


class AnyModals:
    """Stand-in for modals, which are dressed."""

    def dressed(self, dress: object) -> object:
        return dress


def contexts(desk: Desk, **parts: Any) -> tuple[AppContext, AppContext]:  # noqa: ANN401 - any of the fields
    """Return a real context with everything connected, and the rehearsal's."""
    page = ConnectedDestination(
        profile=DestinationProfile(name="page", label="Page", price=lambda _text: 1.0),
        client=ListDestination(),
    )
    real = a_context(
        desk,
        team_chat=KeptChat(),
        modals=AnyModals(),
        destinations=Destinations([page]),
        email=NotUsed(),
        drafter=NotUsed(),
        assistant=NotUsed(),
        **parts,
    )
    return real, rehearsal_context(real, desk, DRILL)


async def test_every_part_that_reaches_somebody_is_replaced(desk: Desk) -> None:
    names = {field.name for field in fields(AppContext)}
    assert names == REACHING | HARMLESS, "say for a new field whether a rehearsal may have it"
    real, own = contexts(desk)
    kept = {name for name in REACHING if getattr(own, name) is getattr(real, name)} - {"desk"}
    assert kept == set(), "the real part is still there"
    assert (own.email, own.drafter, own.assistant) == (None, None, None)
    assert not own.learner.can_learn


async def test_its_network_and_destinations_send_nothing(desk: Desk) -> None:
    real, own = contexts(desk)
    assert set(own.networks) == {NETWORK}
    assert not set(own.networks) & set(real.networks)
    network = own.networks[NETWORK]
    assert isinstance(network.client, NoNetwork)
    assert network.direct is None
    assert network.profile.price("a text") is None
    assert network.account.handle == "acme"
    assert isinstance(await network.client.reply("text", "1"), Done)
    assert not set(own.destinations) & set(real.destinations)
    page = own.destinations["rehearsal_page"]
    assert isinstance(page.client, NoDestination)
    assert page.profile.label == "Page (not sent: rehearsal)"
    assert page.profile.price("a text") is None
    assert real.destinations["page"].client.published == []  # type: ignore[attr-defined]


async def test_no_conversation_can_be_moved(desk: Desk) -> None:
    _, own = contexts(desk)
    for venue in (Venue.EMAIL, Venue.CHAT):
        assert own.venues.links.get(venue) is None
        assert "rehearsal" in own.venues.unavailable_reasons[venue]
    assert own.venues.networks is own.networks


def test_every_channel_of_its_policy_is_its_own() -> None:
    policy = replace(
        POLICY,
        routes=(Route(channel="C0ROUTE"),),
        drafting=True,
        managers="@leads",
        outages=OutagePolicy(oncall_channel="C0ONCALL", announcements_channel="C0ALL"),
    )
    own = rehearsal_policy(policy, DRILL)
    shown = {
        own.support_channel,
        own.fallback_channel,
        own.alert_channel,
        own.outages.oncall_channel,
        own.managers,
    }
    assert shown == {DRILL}
    assert (own.routes, own.drafting, own.outages.announcements_channel) == ((), False, None)
    assert own.outages.is_rehearsal


async def test_its_cases_are_routed_to_its_channel(desk: Desk) -> None:
    _, own = contexts(desk)
    assert own.live_classifier.current.policy.support_channel == DRILL
    assert isinstance(own.team_chat, RehearsalChat)


async def test_it_ranks_by_the_real_answers_and_its_own_teach_nothing(store: Store, desk: Desk) -> None:
    real, own = contexts(desk)
    classifier, learnt = own.live_classifier.current, real.live_classifier.current.search.learnt
    sent = ReplyChoice(
        case_id=0,
        message_id=0,
        answer_id=0,
        suggested="",
        chosen="charged_twice",
        is_edited=False,
        created_at=NOW,
        asked=ODD,
    )
    learnt.learn([sent])
    answer(store, a_stored_case(store, ODD), classifier, name="late_parcel")
    do(store, classifier.refresh)
    assert set(learnt.similarities(ODD_AGAIN)) == {"charged_twice"}
    assert classifier.search.learnt.similarities(ODD_AGAIN) == learnt.similarities(ODD_AGAIN)


@pytest.mark.parametrize("is_read", [False, True])
async def test_it_suggests_a_direct_message_where_the_real_network_has_them(
    sqlite: Store, is_read: bool
) -> None:
    _, own = contexts(Desk(sqlite), networks=networks(direct=is_read))
    assert (NETWORK in own.live_classifier.current.without_direct) is not is_read
