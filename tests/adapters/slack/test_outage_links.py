"""Cards, Details, boards and modals that show links of cases to outages."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.slack.action_ids import BadValue
from adapters.slack.boards import render_outage_board
from adapters.slack.cards import render_card
from adapters.slack.modals import render_details
from adapters.slack.modals.outages.links import (
    LinkMetadata,
    parse_link_metadata,
    parse_link_range,
    render_link_preview,
    render_link_to,
    render_links,
    render_many_links,
)
from adapters.slack.outages.ids import OutageAction
from adapters.slack.outages.link_wording import reasons_text
from domain.outages.board import BoardView
from domain.outages.bulk_answers import BulkAnswer, BulkPurpose, BulkState, BulkView
from domain.outages.links import (
    CaseLink,
    Evidence,
    Link,
    LinkPage,
    LinkRange,
    LinkReason,
    LinkRow,
    LinkState,
    ManyLinks,
)
from domain.outages.outage import OutageState, Phase
from domain.outages.truth_meter import TruthMeter
from domain.records.audit import SYSTEM
from domain.triage.situations import Situation
from tests.adapters.slack.inspection import action_ids, check_message, check_view, labels, said
from tests.adapters.slack.samples import NOW, OURS, TEAM_URL, case, post, view
from tests.adapters.slack.test_outages import a_notice
from tests.outages import an_outage

HOSTILE = "<!channel> & <https://evil.example|click> *bold*"
OUTAGE = an_outage(
    NOW,
    components=("Payments",),
    phase=Phase.IDENTIFIED,
    lead="U0SAM",
    opened_by="U0SAM",
    announced_at=NOW,
    next_update_due=NOW + timedelta(minutes=30),
)
EVIDENCE = (
    Evidence(reason=LinkReason.COMPONENT, words=("card",)),
    Evidence(reason=LinkReason.WORDS, words=("payment", "error")),
    Evidence(reason=LinkReason.SITUATION),
)


def a_link(case_id: int = 1, certainty: float = 0.9, **changes: Any) -> Link:  # noqa: ANN401 - any field
    made = Link(
        outage_id=7,
        case_id=case_id,
        message_id=1,
        state=LinkState.PROPOSED,
        certainty=certainty,
        evidence=EVIDENCE,
        reported_at=NOW,
        proposed_at=NOW,
    )
    return replace(made, **changes)


def a_page(number: int, *, text: str = "my payment fails with an error", **changes: Any) -> LinkPage:  # noqa: ANN401
    rows = [
        LinkRow(link=a_link(position, 0.9 - position * 0.01), case=case(id=position), message=post(text=text))
        for position in range(1, number + 1)
    ]
    made = LinkPage(outage=OUTAGE, state=LinkState.PROPOSED, rows=rows, page=0, total=number)
    return replace(made, **changes)


def a_board(**changes: Any) -> BoardView:  # noqa: ANN401 - any field
    return replace(BoardView(outage=OUTAGE, notices=(), lines=()), **changes)


def test_reasons_are_told_in_words() -> None:
    assert reasons_text(EVIDENCE, Situation.CANNOT_PAY) == (
        "names “card”; same words: payment, error; is about: Cannot pay"
    )


def test_a_card_shows_how_its_outage_stands() -> None:
    card = render_card(view(outage=CaseLink(link=a_link(), outage=OUTAGE)), ours=OURS)
    check_message(card, people=frozenset())
    assert "🔗 *Payments fail* · Identified · next update" in said(card)
    resolved = replace(OUTAGE, state=OutageState.RESOLVED, phase=Phase.RESOLVED, next_update_due=None)
    over = said(render_card(view(outage=CaseLink(link=a_link(), outage=resolved)), ours=OURS))
    assert "🔗 *Payments fail* · Resolved" in over
    assert "🔗" not in said(render_card(view(), ours=OURS))


def details(**changes: Any) -> Any:  # noqa: ANN401 - a view
    return render_details(view(**changes), [], now=NOW, ours=OURS, team_url=TEAM_URL, reader="U0SAM")


def test_details_offer_a_proposed_link_and_an_open_outage() -> None:
    hostile = replace(OUTAGE, title=HOSTILE)
    shown = details(may_belong_to=[CaseLink(link=a_link(), outage=hostile)], can_link=True)
    check_view(shown)
    assert "names “card”" in said(shown)
    assert {"outage.link", "outage.unlink", "outage.link_to"} <= action_ids(shown)


def test_details_of_a_linked_case_undo_the_link() -> None:
    shown = details(outage=CaseLink(link=a_link(), outage=OUTAGE))
    assert "Undo link" in labels(shown)
    assert "outage.link_to" not in action_ids(shown)


def test_proposed_links_come_in_groups_by_certainty() -> None:
    shown = render_links(a_page(25, text=HOSTILE))
    check_view(shown)
    inputs = [block for block in shown["blocks"] if block["type"] == "input"]
    assert [block["label"]["text"] for block in inputs] == [
        "Almost sure",
        "Likely",
        "Likely, more",
    ]
    assert [len(block["element"]["options"]) for block in inputs] == [10, 10, 5]
    assert "0." not in said(shown)
    assert parse_link_metadata(shown["private_metadata"]) == LinkMetadata(7, 0, tuple(range(1, 26)))


def test_pages_lead_to_each_other() -> None:
    middle = render_links(a_page(30, page=1, total=95, has_more=True))
    assert {"outage.page", "outage.previous_page"} <= action_ids(middle)
    assert "30 of them" in said(middle)
    assert {"outage.page", "outage.previous_page"}.isdisjoint(action_ids(render_links(a_page(3))))


@pytest.mark.parametrize("state", [LinkState.PROPOSED, LinkState.CONFIRMED])
def test_whoever_may_not_decide_reads_the_cases(state: LinkState) -> None:
    shown = render_links(a_page(30, page=1, total=95, has_more=True, state=state), may_decide=False)
    check_view(shown)
    assert "submit" not in shown
    assert action_ids(shown) == {"outage.page", "outage.previous_page"}
    assert said(shown).count("• ") == 30
    assert "Tick" not in said(shown)
    check_view(render_links(a_page(30, text=HOSTILE), may_decide=False))


def test_none_are_left_to_look_at() -> None:
    shown = render_links(a_page(0))
    assert "No post waits" in said(shown)
    assert "submit" not in shown


def test_the_preview_says_what_will_happen() -> None:
    linking = render_link_preview(a_page(12, text=HOSTILE), undoes=False)
    check_view(linking)
    assert "Link 12 cases" in said(linking)
    assert "and 2 more cases" in said(linking)
    assert linking["private_metadata"].startswith("link:7:0:1,2,")
    undoing = render_link_preview(a_page(1), undoes=True)
    assert "Undo the link of 1 case" in said(undoing)


def many(number: int, state: LinkState = LinkState.PROPOSED, *, left: int = 0) -> ManyLinks:
    rows = a_page(number, text=HOSTILE).rows
    last = rows[-1].link
    return ManyLinks(
        page=a_page(5, text=HOSTILE, total=number, state=state),
        least_sure=rows[5:][-5:],
        certainties=[row.link.certainty for row in rows],
        links=LinkRange(
            outage_id=7,
            state=state,
            until=NOW,
            last_certainty=last.certainty,
            last_case_id=last.case_id,
        ),
        left=left,
    )


def test_all_are_offered_only_where_a_page_does_not_show_them() -> None:
    assert "Link all 470…" in labels(render_links(a_page(30, total=470, has_more=True)))
    assert "Undo all 470…" in labels(render_links(a_page(30, total=470, state=LinkState.CONFIRMED)))
    assert "outage.all_listed" not in action_ids(render_links(a_page(30)))


def test_many_are_previewed_by_how_sure_they_are() -> None:
    shown = render_many_links(many(25, left=2))
    check_view(shown)
    assert "*Link all 25 cases* to" in said(shown)
    assert "Almost sure: 10 · Likely: 15" in said(shown)
    assert said(shown).index("*The surest*") < said(shown).index("*The least sure*")
    assert "2 less sure cases do not go with them" in said(shown)
    assert shown["submit"]["text"] == "Link 25"
    verb, _, rest = shown["private_metadata"].partition(":")
    assert (verb, parse_link_range(rest)) == ("all", many(25).links)
    undoing = render_many_links(many(6, LinkState.CONFIRMED))
    assert "*Undo the links of all 6 cases* to" in said(undoing)
    assert undoing["submit"]["text"] == "Undo 6"
    assert "do not go" not in said(undoing)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7",
        "refused|7|2026-11-29T21:00:00+00:00|0.5|3",
        "proposed|7|2026-11-29T21:00:00|0.5|3",
        "proposed|7|2026-13-29T21:00:00+00:00|0.5|3",
        f"proposed|{2**64}|2026-11-29T21:00:00+00:00|0.5|3",
        "proposed|7|2026-11-29T21:00:00+00:00|nan|3",
    ],
)
def test_a_foreign_range_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        parse_link_range(text)


def test_open_outages_are_offered_by_name() -> None:
    shown = render_link_to(3, [replace(OUTAGE, title=HOSTILE), OUTAGE])
    check_view(shown)
    assert shown["private_metadata"] == "3"


@pytest.mark.parametrize("text", [None, "", "7:0", "7:0:1,,2", "x:0:1", f"{2**64}:0:1", "7:0:1;2"])
def test_foreign_metadata_are_refused(text: object) -> None:
    with pytest.raises(BadValue):
        parse_link_metadata(text)


def test_the_board_counts_cases_and_posts() -> None:
    board = render_outage_board(
        a_board(linked=14, proposed=3, reports=(1, 8), waiting_since=NOW - timedelta(minutes=6))
    )
    check_message(board, people=frozenset({"U0SAM"}))
    assert "*14 linked cases*, oldest unanswered" in said(board)
    assert "▂█ 8 posts in the last 10 minutes" in said(board)
    assert "Link matching cases… (3)" in labels(board)
    assert "outage.linked" in action_ids(board)
    first = render_outage_board(a_board(reports=(3,)))
    assert "3 posts in the last 10 minutes" in said(first)
    assert "█" not in said(first)


def a_bulk(state: BulkState, **progress: int) -> BulkView:
    bulk = BulkAnswer(
        id=3,
        outage_id=7,
        purpose=BulkPurpose.ANSWER,
        state=state,
        started_by="U0MIA",
        started_at=NOW,
        aborted_by="U0SAM" if state is BulkState.ABORTED else None,
    )
    return BulkView(bulk=bulk, progress=progress)


def test_a_running_bulk_answer_can_be_stopped() -> None:
    board = render_outage_board(a_board(bulks=(a_bulk(BulkState.RUNNING, waiting=9, sent=5, skipped=1),)))
    check_message(board, people=frozenset({"U0SAM", "U0MIA"}))
    assert "5 of 15 sent · 9 to go · 1 skipped · in the name of <@U0MIA>" in said(board)
    assert "Stop" in labels(board)
    stopped = render_outage_board(a_board(bulks=(a_bulk(BulkState.ABORTED, skipped=9, sent=5),)))
    assert "stopped by <@U0SAM>" in said(stopped)
    aborted = a_bulk(BulkState.ABORTED, skipped=9)
    outdated = replace(aborted, bulk=replace(aborted.bulk, aborted_by=SYSTEM))
    assert "9 skipped · stopped as it was resolved" in said(render_outage_board(a_board(bulks=(outdated,))))
    assert "Stop" not in labels(stopped)


def test_a_bulk_answer_can_be_stopped_until_its_last_answer_has_left() -> None:
    board = render_outage_board(a_board(bulks=(a_bulk(BulkState.DONE, sent=5, queued=4),)))
    assert "Telling linked customers that it is known:* 5 of 9 sent · 4 on the way" in said(board)
    assert "Stop" in labels(board)
    for ended in (
        a_bulk(BulkState.DONE, sent=5, failed=4),
        a_bulk(BulkState.ABORTED, sent=5, queued=1, skipped=3),
    ):
        done = render_outage_board(a_board(bulks=(ended,)))
        assert "Told linked customers" in said(done)
        assert "Stop" not in labels(done)


def test_the_truth_meter_warns_where_posts_do_not_fall() -> None:
    resolved = replace(OUTAGE, state=OutageState.RESOLVED, phase=Phase.RESOLVED, resolved_at=NOW)
    calm = TruthMeter(since=2, latest=1, before=9, is_due=True)
    board = said(render_outage_board(a_board(outage=resolved, truth=calm)))
    assert "2 posts about it since it was resolved" in board
    assert labels(render_outage_board(a_board(outage=resolved, truth=calm))).count("Reopen…") == 1, "in ⋯"
    loud = replace(calm, since=8, latest=8)
    board = said(render_outage_board(a_board(outage=resolved, truth=loud)))
    shown = labels(render_outage_board(a_board(outage=resolved, truth=loud)))
    assert (shown[0], shown.count("Reopen…")) == ("Reopen…", 2)
    asked_for = render_outage_board(a_board(outage=resolved, truth=loud, notices=(a_notice(),)))
    assert OutageAction.REOPEN not in action_ids(asked_for), "a notice waits for approval already"
    assert "⚠️ *Customers still write about it:* 8 in the last 20 minutes" in board
