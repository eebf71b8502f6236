"""Check paired lists: every name is rendered somewhere, and every rendered name exists."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from adapters.slack import modals
from adapters.slack.action_ids import (
    ActionId,
    BlockId,
    CallbackId,
    handoff_block,
    private_reply_block,
    public_reply_block,
)
from adapters.slack.cards import render_card
from adapters.slack.cases.form_ids import CaseFormAction, CaseFormBlock, CaseFormCallback
from adapters.slack.changed_line import render_changed_line
from adapters.slack.home import render_home
from adapters.slack.message_content import Content
from adapters.slack.modals.saved_replies import ListState
from adapters.slack.modals.urgent_cases import render_urgent_cases
from adapters.slack.outages.ids import OutageAction
from adapters.slack.records.audit_trail import render_trail
from adapters.slack.records.contact_masking import render_contacts
from adapters.slack.saved_reply_ids import (
    SavedReplyAction,
    SavedReplyBlock,
    SavedReplyCallback,
    form_of_address_block,
    language_block,
    wording_block,
)
from adapters.slack.surge.flood_board import render_board
from adapters.slack.surge.spike_alert import render_spike
from adapters.slack.thread import render_thread
from domain.access import Permission
from domain.assistance.assistant import Rewrite
from domain.assistance.forms import CaseAssistance, FormAssistance, Stage
from domain.cases.case import CaseState
from domain.cases.messages import Delivery
from domain.cases.next_step import ListedCase
from domain.cases.promises import Promise
from domain.cases.tags import NO_TAGS
from domain.cases.views import HomeView, ThreadView
from domain.delivery.answer_wait import AnswerWait, WaitCause
from domain.intake.posts import ReplyBlock
from domain.knowledge.articles import Article
from domain.knowledge.reply_figures import ReplyProposal
from domain.knowledge.reply_forms import PAGE_SIZE, ReplyForm, page_of
from domain.records.audit import Action, Entry
from domain.records.legal_hold import LegalHold
from domain.replies.forms import Option
from domain.surge.spikes import dismiss
from domain.triage.assessment import Urgency
from domain.triage.correction import Judgement
from domain.triage.situations import Situation
from domain.venues import Venue
from sandbox.slack.block_kit.walk import elements
from tests.adapters.slack.samples import (
    NOW,
    OURS,
    TEAM_URL,
    answered,
    case,
    form,
    handoff,
    handoff_form,
    in_doubt,
    moved,
    our_account,
    post,
    private_reply_form,
    taught,
    thanked,
    view,
    written,
)
from tests.adapters.slack.test_flood_board import a_board
from tests.adapters.slack.test_spike_alert import SPIKE, a_spike_view
from tests.adapters.slack.test_unproven_mails import MAIL
from tests.domain.outages.test_folding import a_view as folded
from tests.replies import a_reply


def unproven_thread() -> Content:
    """Render a thread with a folded mail that may not be the customer's."""
    received = Entry(
        at=NOW,
        actor="x",
        action=Action.UNPROVEN_MAIL_RECEIVED,
        case_id=12,
        version=1,
        detail={"mail": MAIL.id},
        id=1,
    )
    shown = ThreadView(case=case(), entries=[received], messages={}, unproven={MAIL.id: MAIL})
    content = render_thread(shown, ours=OURS).content
    assert content is not None
    return content


#: Enough for three pages.
REPLIES = [a_reply(name=f"reply_{n}") for n in range(2 * PAGE_SIZE + 1)]


def everything() -> Iterator[dict[str, Any]]:
    cards = [
        view(),
        view(case=case(claimed_by="U0SAM")),
        view(case=case(reply_block=ReplyBlock.RESTRICTED)),
        view(case=case(state=CaseState.RESOLVED)),
        *(answered(delivery) for delivery in Delivery),
        replace(answered(Delivery.QUEUED), answer_wait=AnswerWait(cause=WaitCause.RATE_LIMIT, until=NOW)),
        in_doubt(),
        moved(),
        thanked(),
        folded(),
    ]
    for shown in cards:
        yield dict(render_card(shown, ours=OURS))
    options = [Option(name=name, title=name, text=name) for name in "abcd"]
    article = Article(name="a.md", title="A", url="https://acme.example/a", passages=("a",))
    yield modals.render_public_reply(form(options=options, article=article), ours=OURS)
    proposal = ReplyProposal(key="new:1", case_id=1, text="a", examples=("b",), count=3)
    yield modals.render_reply_figures(figures=[], unanswered=[], proposals=[proposal], pairs=[])
    yield modals.render_handoff(handoff_form(chosen=Venue.EMAIL), ours=OURS)
    yield modals.render_private_reply(private_reply_form())
    yield dict(render_changed_line(case(), written(Venue.DM), wording="Changed"))
    yield modals.render_verification(case(), handoff())
    yield modals.render_original(case(), written(Venue.EMAIL))
    yield dict(mail_thread())
    yield dict(unproven_thread())
    opened = Entry(at=NOW, actor="U0SAM", action=Action.CLAIMED, case_id=12, version=1, id=9)
    yield dict(render_trail(case(), [opened], older=True, team_url=TEAM_URL))
    yield modals.render_snooze(case())
    yield modals.render_assign(case())
    yield modals.render_take_over(case(claimed_by="U0SAM"), may_release=True)
    yield modals.render_release(case(claimed_by="U0SAM"))
    yield modals.render_details(
        view(case=case(claimed_by="U0SAM")), [], now=NOW, ours=OURS, team_url=TEAM_URL, reader="U0SAM"
    )
    long_case = view(messages=[post(id=number) for number in range(31, 37)], pictures={36: 1})
    asking = CaseAssistance(language="de", sees=True)
    yield modals.render_details(
        long_case, [], now=NOW, ours=OURS, team_url=TEAM_URL, reader="U0SAM", assistance=asking
    )
    done = FormAssistance(
        language="es", stage=Stage.DONE, rewrite=Rewrite.SHORTER, earlier_text="what I wrote"
    )
    yield modals.render_public_reply(form(assistance=done), ours=OURS)
    judgement = Judgement(situation=Situation.REFUND, urgency=Urgency.HIGH, request=True, language="en")
    yield modals.render_correction(case(), post(), judgement)
    yield modals.render_taught(replace(taught(), training=None))
    yield modals.render_taught(replace(taught(), skipped=1))
    promised = Promise(
        id=3, case_id=12, message_id=41, words="by Friday", made_at=NOW, made_by="U0SAM", due_at=NOW
    )
    yield modals.render_promise_form(promised)
    yield modals.render_details(
        replace(answered(Delivery.SENT), promises=[promised]),
        [],
        now=NOW,
        ours=OURS,
        team_url=TEAM_URL,
        reader="U0SAM",
    )
    yield modals.render_reply_list(page_of(REPLIES, "", 1, NOW.date()))
    yield modals.render_reply_form(ReplyForm(language="de"))
    yield modals.render_reply_history(REPLIES[:1], ListState())
    yield modals.render_notice("No.")
    yield modals.render_note_form(case())
    yield modals.render_hold_form(case())
    yield modals.render_release_hold_form(case())
    for hold in (None, LegalHold(case_id=12, reason="court", placed_by="U0SAM", placed_at=NOW)):
        held = view(hold=hold)
        yield modals.render_details(
            held,
            [],
            now=NOW,
            ours=OURS,
            team_url=TEAM_URL,
            reader="U0SAM",
            permissions=[Permission.KEEP_RECORDS, Permission.SEE_CONTACT_DATA],
            hides_contacts=True,
        )
    yield modals.render_proposed_move(case(), "C0PRESS", "#press", None)
    yield dict(render_contacts(case(), [], 1))
    yield modals.render_tags(case(), NO_TAGS, ["billing"])
    yield dict(render_board(a_board()))
    yield render_urgent_cases([ListedCase(case=case(card_ts=None))], flood_id=7, team_url=TEAM_URL, now=NOW)
    for spike in (SPIKE, dismiss(SPIKE, by="U0SAM", now=NOW)):
        alert = a_spike_view(spike=spike)
        yield dict(render_spike(alert, team_url="https://acme.slack.example/", picture=None))
    home = HomeView(
        user_id="U0SAM", made_at=NOW, mine=[], unclaimed=[], due_soon=[], waiting=[], has_rota=True
    )
    yield render_home(home, team_url=TEAM_URL, account_of=our_account)
    yield render_home(replace(home, away_until=NOW), team_url=TEAM_URL, account_of=our_account)


def mail_thread() -> Content:
    """Build a thread with a mail that is shown in part."""
    mail = written(Venue.EMAIL, original="Order 4711\n\n> earlier")
    entry = Entry(
        at=NOW, actor="system", action=Action.CUSTOMER_WROTE, case_id=12, version=7, message_id=mail.id, id=1
    )
    content = render_thread(
        ThreadView(case=case(), entries=[entry], messages={mail.id: mail}), ours=OURS
    ).content
    assert content is not None
    return content


def test_every_action_is_rendered_and_every_rendered_action_is_known() -> None:
    rendered = {one["action_id"] for drawn in everything() for _block, one in elements(drawn["blocks"])}
    # `test_outages` has those of outages.
    assert rendered - set(OutageAction) == {*ActionId, *CaseFormAction, *SavedReplyAction}


def test_every_view_is_rendered_and_known() -> None:
    rendered = {drawn["callback_id"] for drawn in everything() if "callback_id" in drawn}
    assert rendered == {*CallbackId, *CaseFormCallback, *SavedReplyCallback}


def test_every_block_that_is_looked_into_is_rendered() -> None:
    rendered = {
        block["block_id"] for drawn in everything() for block in drawn["blocks"] if "block_id" in block
    }
    texts = {public_reply_block(0), handoff_block(0), private_reply_block(0)}
    wordings = {of(0, position) for of in (wording_block, form_of_address_block) for position in (0, 1)}
    assert rendered == {*BlockId, *CaseFormBlock, *SavedReplyBlock, *texts, *wordings, language_block(0)}
