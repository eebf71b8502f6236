"""Tell who wrote a mail, and by which address it reached us."""

from email.header import Header

import pytest

from adapters.email.incoming import read
from domain.intake.email import IgnoredEmail, UnreadableEmail, UnreadableReason
from domain.intake.private_messages import IncomingMessage, SenderCheck
from tests.adapters.email.made import NOW, US, a_letter

OWN_ID = US.message_id(41)


def letter(headers: str, body: str = "Where is it?") -> IncomingMessage:
    found = read(f"{headers}\nSubject: x\n\n{body}\n".encode(), NOW, US)
    assert isinstance(found, IncomingMessage), found
    return found


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ("From: Acme <form-submission@forms.example>\nReply-To: Bo <bo@example.org>", "bo@example.org"),
        ("From: Shop <noreply@shop.example>\nReply-To: bo@example.org", "bo@example.org"),
        ("From: Acme <mailer@shop.example>\nReply-To: bo@example.org", "bo@example.org"),
        ("From: Bo <wordpress@acme.example>\nReply-To: bo@example.org", "bo@example.org"),
        ("From: Bo <bo@example.org>\nReply-To: bo@private.example", "bo@example.org"),
        ("From: Bo Former <bo.former@example.org>\nReply-To: bo@private.example", "bo.former@example.org"),
        ("From: Bo\nReply-To: bo@example.org", "bo@example.org"),
        ("From: undisclosed:;\nSender: bo@example.org", "bo@example.org"),
    ],
)
def test_who_is_to_be_answered_is_the_writer_where_nobody_reads_from(headers: str, address: str) -> None:
    assert letter(f"{headers}\nTo: {US.address}").address == address


def test_what_our_server_says_of_a_form_proves_nothing_of_who_filled_it_in() -> None:
    checked = "Authentication-Results: mx.acme.example; dmarc=pass header.from=forms.example"
    identity = type(US)(address=US.address, name=US.name, key=US.key, authserv_id="mx.acme.example")
    raw = f"{checked}\nFrom: noreply@forms.example\nReply-To: bo@example.org\nSubject: x\n\nWhere?\n".encode()
    found = read(raw, NOW, identity)
    assert isinstance(found, IncomingMessage)
    assert (found.address, found.sender_check) == ("bo@example.org", SenderCheck.NONE)


@pytest.mark.parametrize(
    "headers", ["To: support@acme.example", "From:\nTo: support@acme.example", "From: Bo"]
)
def test_a_mail_that_names_nobody_is_told_of(headers: str) -> None:
    found = read(f"{headers}\nSubject: Where is it?\n\nHello\n".encode(), NOW, US)
    assert isinstance(found, UnreadableEmail)
    assert (found.why, found.subject) == (UnreadableReason.NO_SENDER, "Where is it?")


def test_a_group_of_ours_that_leaves_from_as_it_is_brings_letters() -> None:
    footer = (
        '\n\n-- \nYou received this message because you are subscribed to the Google Groups "Acme" group.\n'
    )
    headers = {"List_ID": "<support.acme.example>", "Precedence": "list"}
    text = f"No login.{footer}To unsubscribe, send an email to support+unsubscribe@acme.example."
    found = read(a_letter(text, **headers).as_bytes(), NOW, US)
    assert isinstance(found, IncomingMessage)
    assert found.text == "No login."
    for other in ("<news.example.com>", "<acme.example.example.com>", "<notacme.example>"):
        news = read(a_letter(List_ID=other).as_bytes(), NOW, US)
        assert isinstance(news, IgnoredEmail)


@pytest.mark.parametrize(
    "header",
    [
        "X-Delivered-To: {}",
        "X-Envelope-To: <{}>",
        "Resent-To: {}",
        "Cc: {0} [mailto:{0}]",
        "Received: by mx for <{}>; x",
    ],
)
def test_the_token_counts_wherever_a_server_or_a_program_wrote_it(header: str) -> None:
    assert letter(f"From: bo@example.org\n{header.format(US.reply_address(12))}").handoff_id == 12


@pytest.mark.parametrize("header", ["In-Reply-To: {}", "References: <a@b>\n <{}>"])
def test_our_message_id_counts_without_brackets_and_folded(header: str) -> None:
    written = OWN_ID if "In-Reply" in header else OWN_ID.replace("@", "\n @")
    assert letter(f"From: bo@example.org\n{header.format(written)}").answers[0] == OWN_ID


@pytest.mark.parametrize(
    "name",
    [
        "Acme Support",
        "A\u200bcme Support",
        "\u0410\u0441\u043c\u0435 \u0405upport",
        "\u0410cme-Support",
        "The Acrne Support",
    ],
)
def test_a_name_that_looks_like_ours_is_not_shown(name: str) -> None:
    """Also in Cyrillic letters: the address stands in its place."""
    found = letter(f"From: {Header(name, 'utf-8').encode()} <bo@example.org>\nTo: {US.address}")
    assert found.author.name == "bo@example.org"


def test_a_name_in_another_alphabet_is_shown() -> None:
    found = letter(f"From: {Header('Иван Петров', 'utf-8').encode()} <bo@example.org>\nTo: {US.address}")
    assert found.author.name == "Иван Петров"
