"""Render the figures of saved replies: shares, questions, proposals and pairs, within Slack's limits."""

from dataclasses import replace
from datetime import UTC, datetime

from adapters.slack.message_content import View
from adapters.slack.modals import render_reply_figures
from adapters.slack.saved_reply_ids import SavedReplyAction
from domain.knowledge.reply_choices import ReplyChoice
from domain.knowledge.reply_figures import PairKind, QuestionGroup, ReplyFigure, ReplyPair, ReplyProposal
from domain.triage.saved_replies import SavedReply
from domain.triage.situations import Situation
from tests.adapters.slack.inspection import check_view, said

NOW = datetime(2026, 11, 29, tzinfo=UTC)
LATE = ReplyFigure(name="late", title="Late <parcel>", as_it_was=3, edited=1, thrown_away=4, last_used_at=NOW)
UNUSED = ReplyFigure(name="thanks", title="Thanks")
ASKED = ReplyChoice(
    case_id=1,
    message_id=1,
    answer_id=2,
    suggested="",
    chosen="",
    is_edited=False,
    created_at=NOW,
    asked="do you deliver on <sundays>?",
)
PROPOSAL = ReplyProposal(
    key="new:1", case_id=1, text="Not on Sundays yet.", examples=("a & b", "c", "d"), count=3
)


def a_reply(name: str) -> SavedReply:
    return SavedReply(name, 1, name.title(), frozenset({Situation.DELIVERY}), {"en": ("x",)}, ("x",))


def draw(
    *,
    figures: list[ReplyFigure] | None = None,
    unanswered: list[QuestionGroup] | None = None,
    proposals: list[ReplyProposal] | None = None,
    pairs: list[ReplyPair] | None = None,
) -> View:
    view = render_reply_figures(
        figures=figures or [], unanswered=unanswered or [], proposals=proposals or [], pairs=pairs or []
    )
    check_view(view)
    return view


def test_each_reply_has_its_counts_its_share_and_when_it_was_last_used() -> None:
    text = said(draw(figures=[LATE, UNUSED]))
    assert "*Late &lt;parcel&gt;*  4 sent, 1 edited · 4 thrown away, 50 % used · <!date^" in text
    assert "1 saved reply not used yet." in text
    assert "Thanks" not in text


def test_what_never_happened_to_a_reply_is_left_out() -> None:
    text = said(draw(figures=[replace(LATE, edited=0, thrown_away=0)]))
    assert "*Late &lt;parcel&gt;*  3 sent · <!date^" in text
    assert "thrown" not in text


def test_the_replies_stand_in_one_block_as_far_as_it_takes_them() -> None:
    blocks = draw(figures=[replace(LATE, title=f"Reply {n}") for n in range(12)])["blocks"]
    assert str(blocks[1]).count("sent, 1 edited") == 12


def test_similar_questions_are_one_line_with_their_count() -> None:
    text = said(draw(unanswered=[QuestionGroup((ASKED, ASKED)), QuestionGroup((ASKED,))]))
    assert "• 2 × “do you deliver on &lt;sundays&gt;?”" in text
    assert "• “do you deliver" in text


def test_a_proposal_shows_its_text_and_what_it_answers() -> None:
    view = draw(proposals=[PROPOSAL])
    assert "*Written 3 times*, to “a &amp; b” · “c”" in said(view)
    assert "“Not on Sundays yet.”" in said(view)
    [row] = [block for block in view["blocks"] if block["type"] == "actions"]
    assert (SavedReplyAction.PROPOSAL_DISMISS, "new:1") in [
        (element["action_id"], element["value"]) for element in row["elements"]
    ]


def test_pairs_say_what_is_amiss() -> None:
    repeats = ReplyPair(key="pair:1", kind=PairKind.REPEATS, one=a_reply("late"), other=a_reply("slow"))
    contradicts = replace(repeats, key="pair:2", kind=PairKind.CONTRADICTS, differs_in=("3", "not"))
    text = said(draw(pairs=[repeats, contradicts]))
    assert "*Late* and *Slow* say the same." in text
    assert "*Late* and *Slow* may contradict each other: 3, not." in text


def test_nothing_known_is_said_in_words() -> None:
    text = said(draw())
    assert "No answer was sent from one yet." in text
    assert "There is none." in text


def test_much_of_everything_fits_into_a_modal() -> None:
    pair = ReplyPair(key="pair:1", kind=PairKind.REPEATS, one=a_reply("x" * 300), other=a_reply("y" * 300))
    long = replace(ASKED, asked="word " * 900)
    view = draw(
        figures=[replace(LATE, title="<&>" * 300)] * 200,
        unanswered=[QuestionGroup((long,) * 9)] * 200,
        proposals=[replace(PROPOSAL, text="<&>" * 900, examples=("<&>" * 900,) * 9)] * 200,
        pairs=[pair] * 200,
    )
    assert len(view["blocks"]) <= 100
    assert all(len(block.get("text", {}).get("text", "")) <= 3_000 for block in view["blocks"])
