"""The words of refusals."""

import ast
from datetime import UTC, datetime

import pytest

from adapters.slack.escaping import escape
from adapters.slack.refusal_texts import named_refusal_text, refusal_mrkdwn, refusal_text, violation_text
from domain.cases.case import CaseEvent, CaseState, EventNotAllowed
from domain.cases.files import FileFault
from domain.cases.messages import Delivery
from domain.cases.preconditions import PublicReplyBlocked, ReplyUnsettled
from domain.cases.snooze import InvalidTime
from domain.errors import (
    AlreadyClosed,
    AssignedToAnother,
    CaseNotFound,
    ChangedSince,
    ConversationMoved,
    CustomerInPrivate,
    CustomerLeft,
    DeskError,
    Refused,
    TooManyConflicts,
)
from domain.handoffs.forms import NoVenueAvailable, VenueChoice, VenueUnavailable
from domain.handoffs.offer_message import OfferFault, OfferViolation
from domain.handoffs.venue_choice import NotSetUp, Obstacle
from domain.intake.posts import ReplyBlock
from domain.replies.private_limits import AttachmentRejected, NothingToSend, TextTooLong, TooManyAttachments
from domain.replies.rules_of_engagement import RuleViolation
from domain.reports.filters import FilterKey, UnknownValue
from domain.venues import Venue
from tests.source import python_files, tree

NOW = datetime(2026, 11, 21, 14, 6, tzinfo=UTC)
TEXTS: list[tuple[DeskError, str]] = [
    (
        CaseNotFound(12),
        "Nothing was changed: case 12 is not here any more. Open App Home for the current queue.",
    ),
    (
        TooManyConflicts(),
        "Nothing was done: others were changing this case at the same moment. Look at the card, then press again.",
    ),
    (
        AssignedToAnother("U0MIA", NOW),
        "Nothing was changed: somebody else has claimed this case. Take it over first.",
    ),
    (
        AlreadyClosed("dismissed", None, None),
        "Nothing was changed: this case is dismissed. Press Reopen first.",
    ),
    (
        ChangedSince([]),
        "Nothing was changed: the case has moved on since this card was drawn. Look at the card again, then press again.",
    ),
    (
        EventNotAllowed(CaseState.RESOLVED, CaseEvent.CLAIM),
        "This case is resolved, so it cannot be changed. Press Reopen first.",
    ),
    (
        EventNotAllowed(CaseState.OPEN, CaseEvent.WAKE),
        "This case is open, so there is nothing to wake. The card shows how it stands now.",
    ),
    (InvalidTime(), "Nothing was changed: that is not a time. Pick a day and a time."),
    (
        PublicReplyBlocked(ReplyBlock.NOT_ADDRESSED),
        "No answer can be sent from here: the post does not mention us, and its network lets an app reply only when it "
        "does. Open the post from its card and answer it on the network itself.",
    ),
    (
        PublicReplyBlocked(ReplyBlock.RESTRICTED),
        "No answer can be sent from here: its author has restricted who may reply. "
        "Open the post from its card and answer it on the network itself.",
    ),
    (
        PublicReplyBlocked(ReplyBlock.GONE),
        "No answer can be sent from here: the post is gone.",
    ),
    (
        PublicReplyBlocked(ReplyBlock.NO_POST),
        "No answer can be sent from here: the customer wrote to us in private, so there is no post to answer.",
    ),
    (
        ReplyUnsettled(Delivery.UNSURE),
        "Nothing was sent: it is not sure what became of the answer before. "
        "Look at our own posts on the network, then press “It was sent” or “It was not” on the card.",
    ),
    (
        ReplyUnsettled(Delivery.QUEUED),
        "Nothing was sent: an answer to this customer is on its way. Wait until the card says it was sent.",
    ),
    (
        ConversationMoved(Venue.CHAT),
        "Nothing was sent: the conversation has moved since this form was opened, to live chat, where somebody else may "
        "read it. Look at the card, then press Answer… again.",
    ),
    (
        CustomerInPrivate(Venue.DM),
        "Nothing was sent: the customer is in private now (direct message). Press Answer… on the card to write to them "
        "there, or Back to public first.",
    ),
    (
        CustomerLeft(Venue.EMAIL),
        "Nothing was sent: the customer is no longer in the e-mail. The card shows where the conversation is.",
    ),
    (
        NothingToSend(),
        "Nothing was sent to the customer: there is no text. Write it behind the bot's name.",
    ),
    (
        TextTooLong(10_001, 10_000),
        "Nothing was sent to the customer: the text has 10,001 characters, and 10,000 may go. Shorten it.",
    ),
    (
        TooManyAttachments(),
        "Nothing was sent to the customer: 5 files may go with one message. Take some out.",
    ),
    (
        AttachmentRejected("shot.png", FileFault.EMPTY),
        "Nothing was sent to the customer: “shot.png” cannot go along, because it is empty. Write again without it.",
    ),
    (
        NoVenueAvailable(
            [
                VenueChoice(venue=Venue.DM, unavailable_reason=Obstacle.ALREADY_THERE),
                VenueChoice(
                    venue=Venue.CHAT,
                    unavailable_reason=NotSetUp("It needs PUBLIC_URL."),
                ),
            ]
        ),
        "Nothing can be moved: Direct message: The conversation is there already. Live chat: It needs PUBLIC_URL.",
    ),
    (
        VenueUnavailable(Venue.DM, Obstacle.OPTED_OUT),
        "Nothing was sent: Direct message is not possible. The customer has asked not to be written to.",
    ),
    (
        VenueUnavailable(Venue.PUBLIC, None),
        "Nothing was sent: Public is not possible. Press Back to public.",
    ),
    (Refused("Nothing was sent: no."), "Nothing was sent: no."),
]


@pytest.mark.parametrize(("error", "text"), TEXTS)
def test_each_refusal_has_its_words(error: DeskError, text: str) -> None:
    assert refusal_text(error) == text


@pytest.mark.parametrize(
    ("error", "text"),
    [pair for pair in TEXTS if isinstance(pair[0], CaseNotFound | TooManyConflicts | EventNotAllowed)],
)
def test_slack_shows_the_same_words_where_nobody_is_mentioned(error: DeskError, text: str) -> None:
    assert refusal_mrkdwn(error) == text


def test_a_form_names_who_was_first() -> None:
    assert (
        named_refusal_text(AssignedToAnother("U0MIA", NOW), "Mia")
        == "Nothing was sent: Mia has claimed this case. Take it over first."
    )
    assert (
        named_refusal_text(AlreadyClosed("resolved", "U0MIA", NOW), "Mia")
        == "Nothing was sent: Mia has closed this case. Press Reopen on the card first."
    )


def test_a_closed_case_without_a_closer_names_nobody() -> None:
    assert (
        refusal_mrkdwn(AlreadyClosed("resolved", None, None))
        == "Nothing was changed: this case was resolved. Press *Reopen* first."
    )


@pytest.mark.parametrize(
    ("violation", "text"),
    [
        (
            OfferViolation(fault=OfferFault.NO_LINK, link="https://acme.example/chat#n1"),
            "The link is missing, so the customer would not know where to go. Put it back: https://acme.example/chat#n1",
        ),
        (
            OfferViolation(fault=OfferFault.NO_ADDRESS),
            "That is no e-mail address. Write it as the customer gave it: name@example.com.",
        ),
        (
            OfferViolation(fault=OfferFault.OUR_ADDRESS),
            "That is our own address: we would write to ourselves. Write the customer's as they gave it.",
        ),
        (RuleViolation(rule="has_link", reason="It has a link.", hard=False), "It has a link."),
    ],
)
def test_each_violation_has_its_words(violation: RuleViolation | OfferViolation, text: str) -> None:
    assert violation_text(violation) == text


def test_choices_of_a_filter_can_be_copied_and_what_was_typed_is_not_formatted() -> None:
    told = refusal_mrkdwn(UnknownValue(FilterKey.AGENT, "*sam*", ("sam_", "<kai>", "a`b")))
    meant = "Did you mean `agent:sam_`?"
    known = "It can be `agent:sam_`, `agent:&lt;kai&gt;`, `agent:aˋb`."
    assert told == f"There is no agent “∗sam∗”. {meant} {known}"


def test_what_use_cases_refuse_with_has_no_marks() -> None:
    """It is escaped with the words of others in it, so that a command in code would have other marks."""
    marked = [
        (path, text)
        for path in python_files("domain", "handlers")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Refused", "DeskError"}
        for text in _texts(path, node)
        if escape(text) != text
    ]
    assert marked == []


def _texts(path: str, call: ast.Call) -> list[str]:
    """Return the texts of a call's arguments, and of the constants of the file that they name."""
    names = {one.id for argument in call.args for one in ast.walk(argument) if isinstance(one, ast.Name)}
    named = [
        one.value
        for one in tree(path).body
        if isinstance(one, ast.Assign) and getattr(one.targets[0], "id", "") in names
    ]
    return [
        one.value
        for part in (*call.args, *named)
        for one in ast.walk(part)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]
