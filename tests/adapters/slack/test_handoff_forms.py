"""Render the forms of a move and of a private reply, and parse their metadata."""

import json
from dataclasses import replace
from typing import Any

import pytest

from adapters.slack import modals
from adapters.slack.action_ids import BadValue, BlockId, handoff_block, private_reply_block
from adapters.slack.message_content import View
from domain.cases.messages import Delivery
from domain.handoffs.forms import HandoffForm, VenueChoice
from domain.handoffs.handoff import HandoffState, Proof
from domain.intake.posts import ReplyBlock
from domain.replies.forms import PrivateReplyForm
from domain.venues import Venue
from tests.adapters.slack.inspection import check_view, labels, said
from tests.adapters.slack.samples import (
    NO_CHAT,
    NOW,
    OURS,
    case,
    handoff,
    handoff_form,
    moved,
    post,
    private_reply_form,
    reply,
    view,
    written,
)

PEOPLE = frozenset({"U0SAM", "U0MIA"})


def form(shown: HandoffForm) -> View:
    drawn = modals.render_handoff(shown, ours=OURS)
    check_view(drawn, people=PEOPLE)
    return drawn


def blocks(drawn: View) -> dict[str, dict[str, Any]]:
    return {block["block_id"]: block for block in drawn["blocks"] if "block_id" in block}


def test_the_form_offers_available_venues_and_explains_the_others() -> None:
    drawn = form(handoff_form())
    radio = blocks(drawn)[BlockId.HANDOFF_VENUE]["element"]
    assert [option["value"] for option in radio["options"]] == ["dm", "email"]
    assert radio["initial_option"]["value"] == "dm"
    assert "*Live chat* is not possible: PUBLIC_URL is not set" in said(drawn)


def test_the_public_line_is_counted_and_priced_and_what_follows_is_said() -> None:
    drawn = form(handoff_form())
    assert blocks(drawn)[handoff_block(0)]["dispatch_action"] is True
    assert "*47 / 280* · public on X, as @acme, in reply to @anaruiz · X charges $0.20 for it" in said(drawn)
    assert "The text is posted. The card says that it was offered" in said(drawn)
    assert "The link opens a private message to @acme on X." in said(drawn)
    assert drawn["submit"]["text"] == "Post"


def test_a_customer_who_cannot_be_asked_for_an_address_needs_one() -> None:
    """The link to the page that asks would go out in public, where nothing can be sent."""
    blocked = view(case=case(reply_block=ReplyBlock.GONE))
    drawn = form(replace(handoff_form(), view=blocked, chosen=Venue.EMAIL))
    address = blocks(drawn)[BlockId.HANDOFF_ADDRESS]
    assert address["optional"] is False
    assert "cannot be asked for it in public: the post is gone." in address["hint"]["text"]
    assert handoff_block(0) not in blocks(drawn)
    assert "The text is posted" not in said(drawn)
    assert drawn["submit"]["text"] == "Send"
    mailed = form(
        replace(handoff_form(), view=blocked, chosen=Venue.EMAIL, via=Venue.EMAIL, address="a@b.de")
    )
    assert handoff_block(0) in blocks(mailed)


def test_the_form_shows_their_newest_words_below_which_our_answer_was_not_sent() -> None:
    failed = reply(Delivery.FAILED, venue=Venue.DM, handoff_id=5, text="We are looking.")
    shown = moved(
        messages=[post(), written(text="It is an iPhone 12"), replace(failed, id=40)],
        handoff=handoff(unreachable_at=NOW),
    )
    text = said(form(replace(handoff_form(), view=shown)))
    assert "It is an iPhone 12" in text
    assert "We are looking." in text
    assert "DM: *nothing gets through* to them since" in text
    assert "Verified" not in text


def test_what_no_direct_message_brings_is_said_where_one_is_offered() -> None:
    assert "What they write by X Chat does not: it is encrypted" in said(form(handoff_form()))
    assert "X Chat" not in said(form(handoff_form(chosen=Venue.EMAIL)))


def test_a_private_offer_has_no_public_wording_or_price() -> None:
    drawn = form(handoff_form(via=Venue.DM, chosen=Venue.CHAT, cost=None))
    assert "What we say by DM" in str(drawn)
    assert "· private, by DM" in said(drawn)
    assert "charges" not in said(drawn)
    assert drawn["submit"]["text"] == "Send"


def test_the_address_of_a_mail_is_optional() -> None:
    asked = blocks(form(handoff_form(chosen=Venue.EMAIL)))[BlockId.HANDOFF_ADDRESS]
    assert asked["optional"] is True
    typed = form(handoff_form(chosen=Venue.EMAIL, via=Venue.EMAIL, address="ana@example.org"))
    assert blocks(typed)[BlockId.HANDOFF_ADDRESS]["element"]["initial_value"] == "ana@example.org"
    assert "The text goes to them by e-mail, and nothing is posted." in said(typed)


def test_returning_to_public_asks_for_no_text() -> None:
    back = handoff_form(view=moved(), chosen=Venue.PUBLIC, text="", choices=[VenueChoice(venue=Venue.PUBLIC)])
    drawn = form(back)
    assert handoff_block(0) not in blocks(drawn)
    assert drawn["submit"]["text"] == "Back to public"
    assert "Back to public" in labels(drawn)
    assert "⚠️ *Unverified:*" in said(drawn)


def test_an_open_offer_can_be_withdrawn() -> None:
    waiting = handoff_form(
        view=view(handoff=handoff(HandoffState.OFFERED)),
        choices=[VenueChoice(venue=Venue.PUBLIC)],
        chosen=Venue.PUBLIC,
    )
    assert "Stay in public: withdraw the offer" in labels(form(waiting))


def test_without_available_venues_the_form_has_no_submit_button() -> None:
    assert "submit" not in form(
        handoff_form(choices=[VenueChoice(venue=Venue.DM, unavailable_reason=NO_CHAT)])
    )


def test_the_metadata_of_a_form_round_trips() -> None:
    remembered = modals.parse_metadata(
        modals.form_metadata(handoff_form(chosen=Venue.CHAT, via=Venue.DM, revision=3))
    )
    assert (remembered.venue, remembered.via, remembered.nonce) == (Venue.CHAT, Venue.DM, "abc")
    assert (remembered.case_id, remembered.version, remembered.revision) == (12, 7, 3)
    assert modals.parse_metadata(modals.form_metadata(private_reply_form())).handoff == 5


@pytest.mark.parametrize(
    "forged", ['"venue":"moon"', '"via":7', '"nonce":["x"]', '"handoff":-1', '"handoff":"5"', '"venue":null']
)
def test_forged_metadata_is_refused(forged: str) -> None:
    known = '"case":1,"version":1,"seen":1,"revision":0,"confirmed":[],'
    with pytest.raises(BadValue):
        modals.parse_metadata("{" + known + forged + "}")


def private(shown: PrivateReplyForm) -> View:
    drawn = modals.render_private_reply(shown)
    check_view(drawn, people=PEOPLE)
    return drawn


def test_the_private_form_shows_recipient_venue_and_verification() -> None:
    drawn = private(private_reply_form())
    assert drawn["title"]["text"] == "Answer by DM"
    beside = "*To Ana Ruiz* · DM\n⚠️ *Unverified:* say nothing that only the customer may knowYour answer"
    assert beside in said(drawn).replace("public\n", "public")
    assert "Order 4711" in said(drawn)
    assert "Private, by DM · at most 3,000 characters" in said(drawn)
    assert blocks(drawn)[private_reply_block(0)]["element"]["max_length"] == 3000
    known = handoff(proof=Proof.SAME_ACCOUNT)
    assert "✓ *Verified:*" in said(private(private_reply_form(handoff=known)))


def test_the_private_form_shows_new_messages_and_asks_again() -> None:
    drawn = private(private_reply_form(new_messages=[written(id=40, text="Still there?")]))
    assert "Ana Ruiz wrote again while you were writing" in said(drawn)
    assert drawn["submit"]["text"] == "Send anyway"


def test_a_long_original_mail_is_split_to_slacks_limits() -> None:
    mail = written(Venue.EMAIL, original="a" * 7000, subject="Re: order")
    drawn = modals.render_original(case(), mail)
    check_view(drawn)
    assert said(drawn).count("a") >= 7000
    assert "more character" not in said(drawn)
    assert "Re: order" in said(drawn)
    assert "submit" not in drawn


@pytest.mark.parametrize(("letter", "shown"), [("é", 25_000), ("🔥", 16_665), ("a", 25_000)])
def test_the_longest_post_is_shown_whole_and_what_slack_does_not_take_is_counted(
    letter: str, shown: int
) -> None:
    drawn = modals.render_original(case(), written(Venue.PUBLIC, text=letter * 25_000))
    check_view(drawn)
    assert len(json.dumps(drawn)) < 250_000
    assert sum(part.count(letter * 100) * 100 for part in said(drawn).split("\n")) > shown - 1000
    assert ("more characters than Slack shows" in said(drawn)) is (shown < 25_000)


def test_words_that_are_deleted_are_not_shown_as_the_original() -> None:
    gone = said(modals.render_original(case(), written(text="secret", deleted_at=NOW)))
    assert "secret" not in gone
