"""Render the board of a flood within Slack's limits, with hostile posts, and its summary."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.slack.action_ids import ActionId, BadValue, parse_id
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.ephemerals import render_pulled
from adapters.slack.modals.urgent_cases import render_urgent_cases
from adapters.slack.outages.ids import OutageAction
from adapters.slack.outages.link_ids import LinkAction
from adapters.slack.surge.flood_board import render_board, render_summary
from domain.cases.next_step import ListedCase
from domain.intake.posts import Author
from domain.outages.outage import Outage, OutageState
from domain.surge.flood import (
    MAX_URGENT_LINES,
    MAX_URGENT_ROWS,
    Board,
    BoardView,
    Flood,
    HeldCount,
    Holding,
    OutageCount,
    SpikeCount,
)
from domain.surge.series import Series, SeriesKind
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Situation
from sandbox.slack.block_kit.walk import elements
from tests.adapters.slack.inspection import check_message, check_view
from tests.adapters.slack.samples import NOW, TEAM_URL, case, post
from tests.adapters.slack.strategies import HOSTILE
from tests.outages import an_outage
from tests.stories import shown

FLOOD = Flood(id=7, channel="C1", began_at=NOW, mentions=6_214, urgent=61)
GATHERING = replace(FLOOD, holds=Holding.OUTAGES)
URGENT = Assessment("en", Situation.SAFETY_OR_LEGAL, Urgency.URGENT, (), 0.0)


def counted(**changes: Any) -> OutageCount:  # noqa: ANN401 - any field
    made = OutageCount(outage_id=7, title="Payments fail", cases=3, held=1, proposed=0, oldest=NOW)
    return replace(made, **changes)


def in_spike(**changes: Any) -> SpikeCount:  # noqa: ANN401 - any field
    series = Series(SeriesKind.SITUATION, Situation.CANNOT_PAY)
    made = SpikeCount(spike_id=4, series=series, outage_title=None, cases=3, held=1, oldest=NOW)
    return replace(made, **changes)


def listed(
    text: str = "It is on fire", number: int = 1, name: str = "Ana Ruiz", **changes: object
) -> ListedCase:
    author = Author(id="1", handle="h", name=name)
    one = replace(case(), id=number, author=author, assessment=URGENT, card_ts=None, **changes)  # type: ignore[arg-type]  # any field of a case
    return ListedCase(case=one, messages=[post(text=text)])


def a_board(urgent: int = 2, held: int = 5_100, text: str = "It is on fire", name: str = "Ana") -> BoardView:
    counts = [
        HeldCount(situation=situation, cases=held - 10 * number, urgent=0, oldest=NOW)
        for number, situation in enumerate(Situation)
    ]
    rows = [
        listed(text, number, name) for number in range(1, min(urgent, MAX_URGENT_ROWS + MAX_URGENT_LINES) + 1)
    ]
    return BoardView(
        flood=FLOOD,
        held=counts if held else [],
        last_minute=310,
        urgent=rows,
        urgent_total=urgent,
        samples=[listed(text, 1, name)] * 3 if held else [],
    )


@pytest.mark.parametrize("urgent", [0, 1, 30, 31, 60, 500])
@pytest.mark.parametrize("text", ["short", "long words " * 300, "x" * 5000, "漢字" * 2000])
def test_a_board_is_within_slacks_limits_however_much_is_urgent(urgent: int, text: str) -> None:
    check_message(render_board(a_board(urgent, text=text)))


@pytest.mark.parametrize("bad", HOSTILE)
def test_hostile_posts_stay_text(bad: str) -> None:
    check_message(render_board(a_board(60, text=bad, name=bad)))


def test_the_board_counts_and_has_a_button_for_each_urgent_case() -> None:
    content = render_board(a_board())
    words = shown(dict(content))
    assert "310* posts in the last minute" in words
    assert "6,214* in all" in words
    assert "Safety or legal *5,100*" in words
    actions = [one["action_id"] for _, one in elements(content["blocks"])]
    assert actions == [ActionId.FLOOD_PULL, ActionId.FLOOD_URGENT, ActionId.CASE_CLAIM, ActionId.CASE_CLAIM]
    assert "It is on fire" in words


def test_the_board_counts_by_outage_whatever_its_title() -> None:
    outages = [counted(title="Checkout <down>", held=1_340), counted(title="x" * 5_000), counted(held=0)]
    content = render_board(replace(a_board(), outages=outages))
    check_message(content)
    assert "Outage “Checkout &lt;down&gt;” *1,340*" in shown(dict(content))
    assert "Payments fail" not in shown(dict(content))


def test_many_cases_about_one_outage_are_one_card() -> None:
    outages = [counted(cases=14, held=9, proposed=4), counted(outage_id=8, title="<b>", cases=1, proposed=1)]
    board = replace(a_board(0), flood=GATHERING, outages=outages)
    content = render_board(board)
    check_message(content)
    words = shown(dict(content))
    assert "🔗 *Payments fail* · *14 people* · oldest came <!date" in words
    assert f"*{board.held_total:,}* without a card" in words
    assert "those that nobody links get it after 10 minutes" in words
    actions = [(one["action_id"], one["value"]) for _, one in elements(content["blocks"])]
    assert actions == [
        (LinkAction.ANSWER, "7"),
        (LinkAction.PROPOSED, "7"),
        (LinkAction.PROPOSED, "8"),
        (ActionId.FLOOD_PULL, "7"),
        (ActionId.FLOOD_URGENT, "7"),
    ]


def test_many_cases_of_a_spike_are_one_card_that_says_how_all_are_answered() -> None:
    board = replace(a_board(0), flood=GATHERING, spikes=[in_spike(cases=14)])
    words = shown(dict(render_board(board)))
    assert "📈 *Cannot pay* · *14 people* · oldest came <!date" in words
    assert "*Pull next 5* gives cards to answer now" in words
    actions = [(one["action_id"], one["value"]) for _, one in elements(render_board(board)["blocks"])]
    assert actions[:3] == [
        (OutageAction.OPEN_FROM_SPIKE, "4"),
        (OutageAction.KNOWN_OUTAGE, "4"),
        (ActionId.SPIKE_DISMISS, "4"),
    ]
    emptied = render_board(replace(board, held=[], samples=[]))
    assert "Pull next" not in json.dumps(emptied), "no button of that name"
    drafted = replace(board, spikes=[in_spike(outage_title="Cards <fail>")])
    content = render_board(drafted)
    assert "Once the outage “Cards &lt;fail&gt;” is announced" in shown(dict(content))
    actions = [(one["action_id"], one["value"]) for _, one in elements(content["blocks"])]
    assert actions == [(ActionId.FLOOD_PULL, "7"), (ActionId.FLOOD_URGENT, "7")]


def _spike_beside(*outages: Outage) -> tuple[str, list[tuple[str, str | None]]]:
    """Return the words of the board of a spike while these are open, and its first buttons."""
    board = replace(a_board(0), flood=GATHERING, spikes=[in_spike(cases=14)], open_outages=outages)
    content = render_board(board)
    check_message(content)
    buttons = [(one["action_id"], one.get("style")) for _, one in elements(content["blocks"])]
    return shown(dict(content)), buttons[:3]


def test_a_spike_beside_an_outage_names_that_and_offers_first_what_is_likely() -> None:
    opened = (OutageAction.OPEN_FROM_SPIKE, OutageAction.KNOWN_OUTAGE, ActionId.SPIKE_DISMISS)
    words, buttons = _spike_beside()
    assert "No outage is announced" in words
    assert buttons == [(opened[0], "primary"), (opened[1], None), (opened[2], None)]
    words, buttons = _spike_beside(an_outage(NOW, title="Logins <fail>"))
    assert "No outage is announced" not in words
    assert "“Logins &lt;fail&gt;” (Investigating) is open" in words
    assert buttons == [(opened[1], "primary"), (opened[0], None), (opened[2], None)]
    drafted = an_outage(NOW, title="Refunds fail", state=OutageState.DRAFT)
    words, _ = _spike_beside(drafted, an_outage(NOW))
    assert "“Payments fail” (Investigating) and “Refunds fail” (Not announced yet) are open" in words
    words, _ = _spike_beside(*[an_outage(NOW)] * 5)
    assert "“Payments fail” (Investigating) and 4 more are open" in words


@pytest.mark.parametrize("bad", HOSTILE)
def test_a_gathering_with_hostile_posts_stays_text(bad: str) -> None:
    board = a_board(60, text=bad, name=bad)
    outages = [counted(title=bad or "-") for _ in range(5)]
    component = Series(SeriesKind.COMPONENT, bad or "-")
    spikes = [in_spike(series=component), in_spike(series=component, outage_title=bad or "-")]
    opened = [an_outage(NOW, title=bad or "-")] * 5
    gathering = replace(board, flood=GATHERING, outages=outages, spikes=spikes, open_outages=opened)
    check_message(render_board(gathering))


def test_the_card_of_an_outage_that_is_over_says_so() -> None:
    over = replace(GATHERING, ended_at=NOW + timedelta(minutes=29))
    board = shown(dict(render_board(replace(a_board(), flood=over))))
    assert "*Posts get a card each again.* It lasted from <!date" in board


def test_what_has_no_room_is_told() -> None:
    words = shown(dict(render_board(a_board(100))))
    assert "40 more urgent cases" in words


def test_a_board_without_anything_held_offers_nothing_to_pull() -> None:
    content = render_board(a_board(0, held=0))
    assert [one["action_id"] for _, one in elements(content["blocks"])] == [ActionId.FLOOD_URGENT]


def test_the_ended_board_says_so_and_keeps_what_is_left() -> None:
    over = replace(FLOOD, ended_at=NOW + timedelta(minutes=29))
    left = shown(dict(render_board(replace(a_board(), flood=over))))
    assert "The flood is over." in left
    assert "Pull next 5" in left
    done = render_board(replace(a_board(0, held=0), flood=over))
    assert "Every case has its card." in shown(dict(done))
    assert list(elements(done["blocks"])) == []


@pytest.mark.parametrize(
    ("without_card", "told"), [(0, "61 urgent, all with cards"), (3, "61 urgent, 3 of them still without")]
)
def test_the_summary_says_what_happened(without_card: int, told: str) -> None:
    over = replace(FLOOD, ended_at=NOW + timedelta(minutes=29))
    content = render_summary(replace(a_board(without_card), flood=over), team_url=TEAM_URL)
    check_message(content)
    assert "6,214 mentions" in shown(dict(content))
    assert told in shown(dict(content))
    quiet = render_summary(replace(a_board(0, held=0), flood=replace(over, urgent=0)), team_url=TEAM_URL)
    assert "Every case has its card" in shown(dict(quiet))


def test_the_summary_says_until_when_about_what_and_where_the_button_is() -> None:
    board = Board(channel="C0SUPPORT", ts="17.000200", digest="", edited_at=NOW)
    calm = replace(FLOOD, calm_since=NOW + timedelta(minutes=29), board=board, holds=Holding.OUTAGES)
    content = render_summary(replace(a_board(), flood=calm), team_url=TEAM_URL)
    check_message(content)
    words = shown(dict(content))
    assert date_mrkdwn(NOW + timedelta(minutes=29), DateStyle.CLOCK) in words
    assert f"*Pull next 5* on <{TEAM_URL}archives/C0SUPPORT/p17000200|the board>" in words
    assert "New posts about the same go on waiting on the board" in words
    assert "Safety or legal *5,100*" in words
    ended = render_summary(replace(a_board(), flood=replace(calm, ended_at=NOW)), team_url=TEAM_URL)
    assert "go on waiting" not in shown(dict(ended))


def test_urgent_cases_are_listed_with_a_button_where_they_have_no_card() -> None:
    carded = listed("<!channel> my flat\nis on fire")
    cases = [listed(), replace(carded, case=replace(carded.case, card_ts="1.2", card_channel="C1"))]
    view = render_urgent_cases(cases, flood_id=7, team_url=TEAM_URL, now=NOW)
    check_view(view)
    assert [one["action_id"] for _, one in elements(view["blocks"])] == [ActionId.CASE_CLAIM]
    assert parse_id(view["private_metadata"]) == 7
    assert "\nIt is on fire" in shown(view)
    assert "\n<!channel> my flat is on fire" in shown(view), "text of a rich text mentions nobody"
    assert "No urgent case is open" in shown(render_urgent_cases([], flood_id=7, team_url=TEAM_URL, now=NOW))


@pytest.mark.parametrize("number", [20, 21, 40])
def test_more_urgent_cases_than_are_listed_are_not_silent(number: int) -> None:
    view = render_urgent_cases(
        [listed(number=at) for at in range(number)], flood_id=7, team_url=TEAM_URL, now=NOW
    )
    check_view(view)
    assert ("There are more: claim some of these to see them." in shown(view)) == (number > 20)
    assert len([one for _, one in elements(view["blocks"])]) == 20


def test_pulling_says_what_comes() -> None:
    assert "5 cards will be here" in shown(dict(render_pulled(5)))
    assert "1 card will be here" in shown(dict(render_pulled(1)))
    assert "No case is held back any more" in shown(dict(render_pulled(0)))


def test_a_button_names_its_flood() -> None:
    assert parse_id("7") == 7
    for bad in ("", "-1", "7:1", "٧", "9" * 30):
        with pytest.raises(BadValue):
            parse_id(bad)
