"""Render boards, forms, previews, reviews and answers of outages: valid, inert, with the right buttons."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC
from typing import Any

import pytest

from adapters.slack.action_ids import ActionId, BadValue, parse_id
from adapters.slack.boards import render_approval_request, render_ended_request, render_outage_board
from adapters.slack.modals.outages.form import FormChoices, fault_errors, render_outage_form
from adapters.slack.modals.outages.form_state import form_state, parse_form_state
from adapters.slack.modals.outages.metadata import parse_review_metadata, review_metadata
from adapters.slack.modals.outages.pause import paused_text, render_pause
from adapters.slack.modals.outages.preview import render_preview
from adapters.slack.modals.outages.rehearsal import render_rehearse
from adapters.slack.modals.outages.review import render_review
from adapters.slack.modals.outages.small_forms import render_lead, render_pick
from adapters.slack.modals.outages.standing import render_correct, render_retract
from adapters.slack.outages import command_answers
from adapters.slack.outages.ids import (
    OutageAction,
    OutageBlock,
    OutageCallback,
    OutageChoice,
    choice_value,
    parse_choice,
)
from adapters.slack.outages.link_ids import LinkAction
from adapters.slack.outages.rehearsal_messages import render_score, render_start
from adapters.slack.refusal_texts import refusal_mrkdwn, refusal_text
from adapters.slack.surge.spike_alert import render_known_outages, render_spike
from domain.access import Permission
from domain.delivery.effects import SendPrivateReply, SendPublicReply
from domain.delivery.outage_effects import RequestEnd, SendNotice
from domain.delivery.pause import Pause
from domain.networks import TextCount
from domain.outages.board import BoardView
from domain.outages.board_lines import BoardLine
from domain.outages.current_notices import CurrentNotice
from domain.outages.destinations import DestinationProfile, Languages, Preflight
from domain.outages.form_faults import FormField
from domain.outages.forms import OutageForm
from domain.outages.lifecycle import (
    Actor,
    ApprovalNeeded,
    NoticeEdited,
    NoticeNotAllowed,
    NoticePending,
    NoticeSettled,
    OutageOpened,
    OwnApproval,
    RightMissing,
)
from domain.outages.notice_checks import Fault, NoticeWarning
from domain.outages.notices import (
    Notice,
    NoticeKind,
    NoticeState,
    NoticeText,
    Publication,
    PublicationState,
    Version,
)
from domain.outages.outage import Outage, OutageKind, OutageState, Phase, Severity
from domain.outages.policy import Right
from domain.outages.rehearsal import EndReason, Rehearsal, Score
from domain.outages.review import NoticeReview
from domain.outages.standing import StandingNotice
from domain.outages.stated_facts import StatedFacts
from domain.outages.truth_meter import TruthMeter
from domain.surge.series import Series, SeriesKind
from sandbox.slack.block_kit.walk import elements
from tests.adapters.slack.inspection import check_message, check_view, labels, said
from tests.adapters.slack.samples import NOW, TEAM_URL
from tests.adapters.slack.strategies import HOSTILE
from tests.adapters.slack.test_spike_alert import a_spike_view
from tests.outages import an_outage as made_outage

PEOPLE = frozenset({"U0KAI", "U0RUTH", "C0DRILL"})
KAI = Actor(user_id="U0KAI", rights=frozenset(Right))
RUTH = Actor(user_id="U0RUTH", rights=frozenset(Right))
WORDS = [fragment for fragment in HOSTILE if fragment.strip()]
PROFILE = DestinationProfile(
    name="posts",
    label="Posts",
    languages=Languages.EACH,
    count=lambda text: TextCount(length=len(text), limit=280),
    price=lambda _text: 0.2,
    corrects=True,
    retracts=True,
)


def an_outage(words: str = "Payments fail", **changes: Any) -> Outage:  # noqa: ANN401 - any of the fields
    outage = made_outage(
        NOW, title=words, components=(words,), next_update_due=NOW, board_channel="C0ONCALL", board_ts="1.2"
    )
    return replace(outage, **changes)


def a_notice(words: str = "Payments fail", **changes: Any) -> Notice:  # noqa: ANN401 - any of the fields
    notice = Notice(
        id=3,
        outage_id=7,
        kind=NoticeKind.UPDATE,
        phase=Phase.IDENTIFIED,
        state=NoticeState.WAITING,
        versions=(Version(language="en", problem=words, workaround=words),),
        texts=(NoticeText(destination="posts", language="en", text=words),),
        authors=("U0KAI",),
        created_at=NOW,
        next_update_due=NOW,
    )
    return replace(notice, **changes)


def line(state: PublicationState, words: str = "locked", language: str = "en") -> BoardLine:
    publication = Publication(
        id=5,
        notice_id=3,
        outage_id=7,
        destination="posts",
        language=language,
        state=state,
        url="https://posts.example/1",
        error=words,
    )
    return BoardLine(profile=PROFILE, publication=publication)


def a_board(words: str = "Payments fail", **changes: Any) -> BoardView:  # noqa: ANN401 - any of the fields
    view = BoardView(
        outage=an_outage(words),
        notices=(a_notice(words, state=NoticeState.APPROVED),),
        lines=tuple(line(state, words, f"l{state}") for state in PublicationState),
        pause=Pause(id=1, paused_by="U0RUTH", paused_at=NOW),
        linked=2,
        reports=(1, 5, 0),
        standing=(
            StandingNotice(
                profile=replace(PROFILE, label=words),
                publication=replace(line(PublicationState.SENT).publication, sent_at=NOW, external_id="9"),
                current=CurrentNotice(notice=a_notice(words), newest=a_notice(words, id=4)),
                is_entry=True,
            ),
        ),
        correctable=(CurrentNotice(notice=a_notice(words), newest=a_notice(words)),),
    )
    return replace(view, **changes)


def a_review(words: str = "Payments fail", **changes: Any) -> NoticeReview:  # noqa: ANN401 - any of the fields
    notice = a_notice(words)
    review = NoticeReview(
        outage=an_outage(words),
        notice=notice,
        texts=notice.texts,
        profiles={"posts": replace(PROFILE, label=words)},
        preflights={"posts": Preflight(audience=12_000, audience_unit=words)},
        warnings=tuple(
            NoticeWarning(fault=fault, destination="posts", language="en", detail=words)
            for fault in Fault
            if fault not in {Fault.EMPTY, Fault.TOO_LONG, Fault.SAME_AS_BEFORE}
        ),
        needs_approval=True,
    )
    return replace(review, **changes)


def a_form(words: str = "Payments fail", **changes: Any) -> OutageForm:  # noqa: ANN401 - any of the fields
    form = OutageForm(
        title=words,
        versions=(
            Version(language="en", problem=words, workaround=words),
            Version(language="de", problem=words),
        ),
        components=(words[:60],),
        due="30",
        due_at="02:40",
        planned=NOW,
        starts_at=NOW,
        ends_at=NOW,
        destinations=("posts",),
        quoted=words,
        machine=("de",),
    )
    return replace(form, **changes)


EMPTY = Version(language="de", problem="")
SCORE = Score(posts=60, noticed=80.4, announced=3601, urgent=5, urgent_answered=2)
REHEARSAL = Rehearsal(id=1, channel="C0DRILL", posts=60, minutes=10, started_by="U0KAI", asked_at=NOW)
CHOICES = FormChoices(
    components=["Payments fail", "Sign-in"],
    destinations=[PROFILE],
    languages=["de", "en", "fr"],
    translates=True,
    offers_another=True,
)


def views(words: str = "Payments fail") -> Iterator[Mapping[str, Any]]:
    planned = a_form(words, outage_kind=OutageKind.MAINTENANCE, phase=Phase.SCHEDULED)
    yield render_outage_form(a_form(words), CHOICES)
    for kind in (NoticeKind.ANNOUNCEMENT, NoticeKind.UPDATE):
        yield render_outage_form(replace(planned, kind=kind), CHOICES)
    yield render_outage_form(a_form(words, versions=(Version(language="en", problem=words), EMPTY)), CHOICES)
    yield from (render_outage_form(a_form(words, kind=one), FormChoices()) for one in NoticeKind)
    for told in ("", "✓ *Saved*"):
        yield render_preview(a_review(words), KAI, external_id="one", feedback=told)
    yield render_preview(a_review(words, preflights={}, texts=(), warnings=()), KAI, external_id="one")
    for reader in (KAI, RUTH, Actor(user_id="U0LEO", rights=frozenset())):
        yield render_review(a_review(words), reader, external_id="one")
    yield render_review(
        a_review(words, preflights={"posts": Preflight(refusal=words)}), RUTH, external_id="one"
    )
    yield render_pause({SendNotice.kind: 2, SendPublicReply.kind: 1})
    yield render_lead(an_outage(words))
    yield render_retract(a_board(words), zone=UTC)
    yield render_correct(a_board(words), zone=UTC)
    many = a_board(words)
    many = replace(many, standing=many.standing * 11, correctable=many.correctable * 110)
    yield render_retract(many, zone=UTC)
    yield render_correct(many, zone=UTC)
    facts = StatedFacts(title=f"{words}?", severity=Severity.MINOR, components=(f"{words}?", words))
    yield render_review(a_review(words, notice=a_notice(words, facts=facts)), RUTH, external_id="one")
    yield render_pick([an_outage(words)] * 40)
    yield render_preview(a_review(words, rehearsal_channel="C0DRILL"), KAI, external_id="one")
    spike = replace(a_spike_view().spike, series=Series(SeriesKind.COMPONENT, words))
    yield render_rehearse("C0DRILL", spikes=[spike] * 8, outages=[an_outage(words)] * 8)


def messages(words: str = "Payments fail") -> Iterator[Mapping[str, Any]]:
    for state in OutageState:
        outage = an_outage(words, state=state, is_rehearsal=True)
        yield render_outage_board(a_board(words, outage=outage, lead_left=True))
    planned = an_outage(words, kind=OutageKind.MAINTENANCE, starts_at=NOW, ends_at=NOW)
    yield render_outage_board(a_board(words, outage=planned, pause=None))
    yield render_outage_board(a_board(words, notices=(a_notice(words),), lines=()))
    yield render_outage_board(a_board(words, notices=(), lines=(), reports=()))
    held_back = replace(line(PublicationState.UNSURE, words), held=NoticeKind.UPDATE)
    yield render_outage_board(a_board(words, lines=(held_back,)))
    loud = TruthMeter(since=9, latest=9, before=2, is_due=True)
    yield render_outage_board(a_board(words, outage=an_outage(words, state=OutageState.RESOLVED), truth=loud))
    yield render_approval_request(an_outage(words), a_notice(words))
    for end in RequestEnd:
        yield render_ended_request(an_outage(words), a_notice(words), end, by=KAI.user_id)
    yield command_answers.render_outage_list(
        [an_outage(words), an_outage(words, board_ts=None)], team_url=TEAM_URL
    )
    yield command_answers.render_outage_list([], team_url=TEAM_URL)
    yield command_answers.render_outage_help(frozenset(Permission))
    yield command_answers.render_resumed(None)
    yield command_answers.render_resumed(Pause(id=1, paused_by="U0RUTH", paused_at=NOW))
    yield command_answers.render_timeline_asked(an_outage(words))
    yield command_answers.render_outage_list([], team_url=TEAM_URL, rehearsal=REHEARSAL)
    yield render_start(REHEARSAL)
    yield render_start(replace(REHEARSAL, recorded_from=NOW))
    for reason in EndReason:
        ended = replace(REHEARSAL, score=SCORE, end_reason=reason, stop_asked_by="U0RUTH")
        yield render_score(ended, ended)


@pytest.mark.parametrize("bad", WORDS, ids=range(len(WORDS)))
def test_hostile_words_stay_words(bad: str) -> None:
    for view in views(bad):
        check_view(view, people=PEOPLE)
    for message in messages(bad):
        check_message(message, people=PEOPLE)


def test_every_name_is_rendered_and_every_rendered_name_is_known() -> None:
    drawn = [*views(), *messages()]
    drawn.append(dict(render_spike(a_spike_view(), team_url="https://acme.slack.example/", picture=None)))
    drawn.append(render_known_outages(1, [an_outage()]))
    actions = {element["action_id"] for one in drawn for _block, element in elements(list(one["blocks"]))}
    elsewhere = {OutageAction.REPORT}  # in Details
    actions -= {ActionId.SPIKE_DISMISS}
    assert actions - set(LinkAction) == set(OutageAction) - elsewhere
    assert {one["callback_id"] for one in drawn if "callback_id" in one} == set(OutageCallback)
    blocks = {block["block_id"] for one in drawn for block in one["blocks"] if "block_id" in block}
    assert set(OutageBlock) <= blocks


def test_a_score_says_what_was_done_when_beside_the_last_time() -> None:
    ended = replace(REHEARSAL, score=SCORE, end_reason=EndReason.COMPLETE)
    first, second = said(render_score(ended, None)), said(render_score(ended, ended))
    assert "*Noticed* after 1 min 20 s" in first
    assert "*Announced* after 60 min 1 s" in first
    assert "*First urgent answer* never" in first
    assert "⚠️ *Urgent posts answered:* 2 of 5" in first
    assert "last time" not in first
    assert "_(last time: after 1 min 20 s)_" in second
    without_urgent = replace(ended, score=replace(SCORE, urgent=0, urgent_answered=0))
    assert "*First urgent answer* none came" in said(render_score(without_urgent, None))


def test_what_is_real_says_so_while_a_rehearsal_goes_on() -> None:
    real = a_review(rehearsal_channel="C0DRILL")
    for view in (render_preview(real, KAI, external_id="1"), render_review(real, RUTH, external_id="1")):
        assert said(view).index("*This one is real.*") < said(view).index("Payments fail")
    assert "real" not in said(render_preview(a_review(), KAI, external_id="1"))


def test_the_board_has_what_needs_a_person_first() -> None:
    board = render_outage_board(a_board(outage=an_outage(state=OutageState.ANNOUNCED)))
    told = said(board)
    assert told.index("Next update due") < told.index("not sent:") < told.index("not sure that it was sent:")
    assert told.index("not sure that it was sent:") < told.index("held until sending is resumed")
    assert labels(board) == [
        "Try again",
        "It is there",
        "It is not there",
        "Linked cases…",
        "Post update…",
        "Resolve…",
        "Answer linked cases…",
        "Take back what is held",
        "Resume sending",
        "Hand over the lead…",
        "Correct a notice…",
        "Delete at a destination…",
        "Send me the time line",
    ]


@pytest.mark.parametrize("state", PublicationState)
def test_many_lines_fit_into_the_board(state: PublicationState) -> None:
    lines = tuple(line(state, "it says no " * 30, f"l{number}") for number in range(30))
    url = "https://posts.example/" + "1" * 150
    lines = tuple(replace(one, publication=replace(one.publication, url=url)) for one in lines)
    board = render_outage_board(a_board(lines=lines))
    check_message(board, people=PEOPLE)
    told = said(board)
    left = re.search(r"(\d+) more (needs? a person|do(?:es)? not fit here)", told)
    assert told.count("*Posts (") + (int(left[1]) if left else 0) == len(lines)
    needs_person = state in {PublicationState.FAILED, PublicationState.UNSURE}
    assert needs_person == ("18 more need a person" in told)


def test_two_lines_of_one_destination_say_of_which_notice_they_are() -> None:
    failed = replace(line(PublicationState.FAILED), kind=NoticeKind.UPDATE)
    after = replace(line(PublicationState.SENT, ""), kind=NoticeKind.CORRECTION, missed=1)
    board = render_outage_board(a_board(lines=(failed, after)))
    told = said(board)
    assert "❌ *Posts (update)* · *not sent:* locked" in told
    assert "✓ *Posts (correction)*" in told
    assert "1 earlier notice never arrived" in told
    assert labels(board)[0] == "Try again"


def test_a_waiting_notice_takes_the_place_of_further_ones() -> None:
    board = render_outage_board(a_board(notices=(a_notice(),), pause=None, lines=(), standing=()))
    assert labels(board) == [
        "Review…",
        "Linked cases…",
        "Answer linked cases…",
        "Pause all sending…",
        "Hand over the lead…",
        "Send me the time line",
    ]
    assert "*Update waits for approval* · written by <@U0KAI>" in said(board)


def test_a_lead_who_left_is_named_with_what_to_do() -> None:
    assert "is no longer in Slack" in said(render_outage_board(a_board(lead_left=True)))


@pytest.mark.parametrize(
    ("state", "needs_approval", "reader", "label"),
    [
        (NoticeState.WAITING, True, RUTH, "Approve and send"),
        (NoticeState.WAITING, True, KAI, None),
        (NoticeState.DRAFT, True, KAI, "Send for approval"),
        (NoticeState.DRAFT, False, KAI, "Send now"),
        (NoticeState.DRAFT, True, Actor(user_id="U1", rights=frozenset({Right.DRAFT})), None),
        (NoticeState.WAITING, True, Actor(user_id="U1", rights=frozenset({Right.DRAFT})), None),
        (NoticeState.APPROVED, True, RUTH, None),
    ],
)
def test_the_review_offers_what_its_reader_may_do(
    state: NoticeState, needs_approval: bool, reader: Actor, label: str | None
) -> None:
    review = a_review(notice=a_notice(state=state), needs_approval=needs_approval)
    view = render_review(review, reader, external_id="one")
    assert view.get("submit", {}).get("text") == label


def test_what_blocks_cannot_be_sent_from_the_review() -> None:
    too_long = NoticeWarning(fault=Fault.TOO_LONG, destination="posts", language="en", detail="300 of 280")
    view = render_review(a_review(warnings=(too_long,)), RUTH, external_id="one")
    assert "submit" not in view
    assert "⛔ Too long: 300 of 280 characters. Shorten it." in said(view)


def test_a_text_that_slack_cannot_edit_is_shown_in_full_with_what_to_do() -> None:
    text = "x" * 3000 + "!"
    long = NoticeText(destination="posts", language="en", text=text)
    for view in (
        render_preview(a_review(texts=(long,)), KAI, external_id="one"),
        render_review(a_review(texts=(long,)), RUTH, external_id="one"),
    ):
        check_view(view, people=PEOPLE)
        assert text in said(view)
    told = said(render_preview(a_review(texts=(long,)), KAI, external_id="one"))
    assert "it has 3,001 characters, and Slack's inputs take 3,000" in told
    assert "press *Back to the form*" in told
    fits = NoticeText(destination="posts", language="en", text=text[1:])
    [block] = [
        one
        for one in render_preview(a_review(texts=(fits,)), KAI, external_id="one")["blocks"]
        if one["type"] == "input"
    ]
    assert block["element"]["initial_value"] == text[1:]


def test_texts_that_a_modal_has_no_room_for_are_named() -> None:
    texts = tuple(NoticeText(destination="posts", language=f"l{at}", text="It fails.") for at in range(50))
    for view in (
        render_preview(a_review(texts=texts, warnings=()), KAI, external_id="one"),
        render_review(a_review(texts=texts, warnings=()), RUTH, external_id="one"),
    ):
        check_view(view, people=PEOPLE)
        assert "*5 more texts are sent, which do not fit here:* " in said(view)


def test_a_review_says_what_a_notice_changes_of_the_outage() -> None:
    facts = StatedFacts(title="Cards fail", severity=Severity.MINOR, components=())
    told = said(render_review(a_review(notice=a_notice(facts=facts)), RUTH, external_id="one"))
    told = told.translate({0x2068: None, 0x2069: None})
    assert "*Cards fail*" in told
    assert "*Changes the title:* Payments fail → Cards fail" in told
    assert "*Changes the severity:* Major → Minor" in told
    assert "*Changes the components:* Payments fail → none" in told
    same = StatedFacts(title="Payments fail", severity=Severity.MAJOR, components=("Payments fail",))
    assert "Changes the" not in said(
        render_review(a_review(notice=a_notice(facts=same)), RUTH, external_id="e")
    )


@pytest.mark.parametrize("kind", [NoticeKind.UPDATE, NoticeKind.RESOLUTION, NoticeKind.CORRECTION])
def test_a_further_form_has_the_facts_prefilled_but_a_correction(kind: NoticeKind) -> None:
    form = a_form(kind=kind, components=("Sign-in",), severity=Severity.CRITICAL)
    view = render_outage_form(form, CHOICES)
    inputs = {one["block_id"]: one["element"] for one in view["blocks"] if one["type"] == "input"}
    asked = {str(OutageBlock.TITLE), str(OutageBlock.COMPONENTS), str(OutageBlock.SEVERITY)}
    if kind is NoticeKind.CORRECTION:
        assert not asked & inputs.keys()
        return
    assert asked <= inputs.keys()
    assert inputs[OutageBlock.TITLE]["initial_value"] == "Payments fail"
    assert [one["value"] for one in inputs[OutageBlock.COMPONENTS]["initial_options"]] == ["Sign-in"]
    assert inputs[OutageBlock.SEVERITY]["initial_option"]["value"] == "critical"
    assert OutageBlock.STARTS not in inputs


def test_metadata_comes_back_as_it_was() -> None:
    review = a_review()
    parsed = parse_review_metadata(review_metadata(review, revision=2))
    assert (parsed.notice_id, parsed.version, parsed.seen, parsed.revision) == (3, 1, review.notice.digest, 2)
    form = a_form(corrects=4, spike_id=9, outage_id=7, notice_id=3, version=2, revision=1)
    form = replace(form, key="f" * 32, newest_outage=12)
    kept = parse_form_state(form_state(form))
    for name in (
        "key",
        "newest_outage",
        "kind",
        "outage_id",
        "notice_id",
        "version",
        "corrects",
        "spike_id",
        "planned",
        "machine",
    ):
        assert getattr(kept, name) == getattr(form, name), name
    assert len(form_state(a_form("“" * 3000))) <= 3000


@pytest.mark.parametrize("bad", [None, "", "{}", "[1,2]", '["1",1,"",[],0]', "[" * 2000, '[-1,1,"",[],0]'])
def test_metadata_of_others_is_refused(bad: object) -> None:
    for parse in (parse_review_metadata, parse_form_state):
        with pytest.raises(BadValue):
            parse(bad)


@pytest.mark.parametrize("bad", [None, "", "x", "-1", "9" * 30, "١"])
def test_values_of_others_are_refused(bad: object) -> None:
    with pytest.raises(BadValue):
        parse_id(bad)
    with pytest.raises(BadValue):
        parse_choice(bad)
    assert parse_choice(choice_value(OutageChoice.LEAD, 7)) == (OutageChoice.LEAD, 7)


def test_faults_are_told_at_their_inputs() -> None:
    form = a_form("", versions=(Version(language="en", problem="x" * 10_000),), components=("Gone",))
    faults = form.faults(components=["Payments"], now=NOW, zone=NOW.tzinfo)  # type: ignore[arg-type]
    errors = fault_errors(faults, form)
    assert "10,000 characters. Slack takes at most 3,000" in errors["outage.problem.0.en"]
    assert "Not among the components of the settings any more: Gone." in errors["outage.components"]
    assert "Write something" in errors["outage.title"]
    assert {one.field for one in faults} >= {FormField.TITLE, FormField.PROBLEM, FormField.COMPONENTS}


def test_every_refusal_has_words() -> None:
    notice = a_notice(approved_by="U0RUTH", approved_at=NOW, state=NoticeState.APPROVED)
    for error in (
        OwnApproval(),
        ApprovalNeeded(),
        NoticeEdited(notice),
        NoticePending(notice),
        NoticeSettled(notice),
        NoticeSettled(replace(notice, approved_by=None)),
        OutageOpened(an_outage()),
        *(RightMissing(right, group) for right in Right for group in ("", "@leads")),
        *(NoticeNotAllowed(kind, state) for kind in NoticeKind for state in OutageState),
    ):
        for text in (refusal_text(error), refusal_mrkdwn(error)):
            assert text.startswith("Nothing was"), (error, text)
            assert text.endswith((".", "!")), text
    assert "<@U0RUTH> has approved this update" in refusal_mrkdwn(NoticeSettled(notice))
    assert "only members of @leads may" in refusal_text(RightMissing(Right.APPROVE, "@leads"))


def test_a_pause_tells_what_is_being_sent() -> None:
    pause = Pause(id=1, paused_by="U0RUTH", paused_at=NOW, holds_answers=True)
    told = paused_text(
        pause, {SendNotice.kind: 2, SendPublicReply.kind: 1, SendPrivateReply.kind: 1}, is_new=True
    )
    told_of = told.partition("not held: ")[2].partition(".")[0]
    assert sorted(told_of.replace(" and ", ", ").split(", ")) == [
        "1 private answer",
        "1 public answer",
        "2 notices",
    ]
    assert "Answers of agents are held too" in told
