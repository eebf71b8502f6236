"""Classify incoming mail: a letter, a delivery report, or automatic mail that nobody answers."""

from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.email.compose import compose
from adapters.email.incoming import read
from domain.cases.files import FileFault
from domain.intake.email import AutomaticEmail, Bounce, IgnoredEmail, UnreadableEmail, UnreadableReason
from domain.intake.private_messages import IncomingMessage
from domain.venues import Venue
from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.mail import PostOffice
from tests.adapters.email.made import ANA, NOW, PNG, US, a_letter, an_outgoing_mail, words


def parsed(mail: EmailMessage | bytes) -> IncomingMessage:
    """Parse a mail that must be a letter."""
    found = read(mail if isinstance(mail, bytes) else mail.as_bytes(), NOW, US)
    assert isinstance(found, IncomingMessage), found
    return found


def ignored(mail: EmailMessage) -> str:
    """Return why the mail is ignored."""
    found = read(mail.as_bytes(), NOW, US)
    assert isinstance(found, IgnoredEmail), found
    return found.why


def test_a_mail_with_everything_is_parsed() -> None:
    letter = a_letter(
        "It works now.\n\nOn Sat, 21 Nov 2026 at 11:00, Acme wrote:\n> Try again\n",
        To=f"Acme <{US.reply_address(12)}>",
        Subject="=?utf-8?q?Re=3A_Zahlung_=C3=A4?=",
        In_Reply_To=f"<{US.message_id(41)}>",
        References=f"<first@example.com> <{US.message_id(39)}> <{US.message_id(41)}>",
    )
    found = parsed(letter)
    assert (found.venue, found.network, found.account_id) == (Venue.EMAIL, "email", US.address)
    assert (found.author.id, found.author.name, found.address) == (ANA, "Ana Ruiz", ANA)
    assert found.external_id == "first@example.com"
    assert found.handoff_id == 12
    assert found.answers == [US.message_id(41), US.message_id(39), "first@example.com"]
    assert found.text == "It works now."
    assert found.original is not None
    assert "> Try again" in found.original
    assert found.subject == "Re: Zahlung ä"
    assert found.at == NOW


def test_a_letter_that_answers_a_mail_of_ours_says_so() -> None:
    office = PostOffice(Ledger(), Faults())
    ours = compose(an_outgoing_mail("Is it better?"), US, words())
    office.write(ANA, "Yes, thank you", name="Ana Ruiz", answers=ours)
    found = parsed(office.brand.inbox.mails[-1].content)
    assert (found.handoff_id, found.answers) == (12, [US.message_id(41)])
    assert (found.text, found.subject) == ("Yes, thank you", "Re: Your conversation with Acme Support")


def test_a_forged_token_is_ignored() -> None:
    forged = US.reply_address(12).replace("+12-", "+11-")
    assert parsed(a_letter(To=forged)).handoff_id is None


@settings(max_examples=40)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200))
def test_any_name_and_subject_are_read(text: str) -> None:
    letter = a_letter()
    del letter["Subject"]
    letter["Subject"] = text
    assert " ".join((parsed(letter).subject or "").split()) == " ".join(text.split())[:300]


@settings(max_examples=40)
@given(st.binary(max_size=2000))
def test_any_bytes_are_parsed(content: bytes) -> None:
    for mail in (content, a_letter().as_bytes() + content, b"From: a@b.example\r\nContent-Type: " + content):
        assert isinstance(read(mail, NOW, US), IncomingMessage | Bounce | IgnoredEmail | UnreadableEmail)


def test_html_alone_becomes_text() -> None:
    letter = a_letter()
    letter.set_content(
        "<style>p{}</style><p>Hello&nbsp;<b>you</b></p><p>second<br>third</p><script>x()</script>"
        '<blockquote type="cite">quoted</blockquote>',
        subtype="html",
    )
    found = parsed(letter)
    assert found.text == "Hello you\nsecond\nthird"


def test_the_plain_text_precedes_html() -> None:
    letter = a_letter("plain")
    letter.add_alternative("<p>html</p>", subtype="html")
    assert parsed(letter).text == "plain"


@pytest.mark.parametrize(
    "charset", ["latin-1", "utf-8", "shift_jis", "no-such-charset", "unicode_escape", ""]
)
def test_every_charset_gives_text(charset: str) -> None:
    raw = (
        b"From: a@b.example\r\nContent-Type: text/plain; charset="
        + charset.encode()
        + b"\r\n\r\nbon \xe9t\xe9"
    )
    assert parsed(raw).text.startswith("bon ")


def test_files_are_what_their_content_shows() -> None:
    letter = a_letter("See the files")
    for content, kind, name in (
        (PNG, "application/octet-stream", "../../screen.exe"),
        (b"PK\x03\x04zip bomb", "image/png", "picture.png"),
        (b"<svg onload=alert(1)>", "image/png", "x.png"),
        (b"", "image/png", "empty.png"),
    ):
        main, _, sub = kind.partition("/")
        letter.add_attachment(content, maintype=main, subtype=sub, filename=name)
    found = parsed(letter)
    assert [(f.name, f.media_type, f.content) for f in found.files if not f.refused] == [
        ("screen.exe.png", "image/png", PNG)
    ]
    refused = {f.name: f.refused for f in found.files if f.refused}
    assert refused == {
        "picture.png": FileFault.WRONG_TYPE,
        "x.png": FileFault.WRONG_TYPE,
        "empty.png": FileFault.EMPTY,
    }
    assert found.text == "See the files"


def test_more_files_than_may_come_are_named() -> None:
    letter = a_letter()
    for number in range(7):
        letter.add_attachment(PNG, maintype="image", subtype="png", filename=f"{number}.png")
    refused = [f.name for f in parsed(letter).files if f.refused]
    assert refused == ["5.png", "6.png"]


def test_a_letter_without_a_message_id_is_known_again_by_its_content() -> None:
    letter = a_letter()
    del letter["Message-ID"]
    other = a_letter("something else")
    del other["Message-ID"]
    assert parsed(letter).external_id == parsed(letter).external_id != parsed(other).external_id


def test_without_a_date_two_letters_of_the_same_words_are_two() -> None:
    """Nothing of their author's tells them apart: what servers write above does."""
    known = set()
    for second in range(2):
        letter = a_letter()
        del letter["Message-ID"], letter["Date"]
        letter["Received"] = (
            f"from mx.example.org by mail.acme.example; Sat, 21 Nov 2026 10:31:0{second} +0000"
        )
        known.add(parsed(letter).external_id)
    assert len(known) == 2


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Auto_Submitted": "auto-replied"}, "program"),
        ({"Auto_Submitted": "auto-generated; x=y"}, "program"),
        ({"Return_Path": "<>"}, "program"),
        ({"Return_Path": "< >"}, "program"),
        ({"List_Id": "News <news.example.com>"}, "list"),
        ({"List_Unsubscribe": "<mailto:x@example.com>"}, "list"),
        ({"Precedence": "bulk"}, "list"),
        ({"Precedence": "auto_reply"}, "program"),
        ({"X_Auto_Response_Suppress": "All"}, "program"),
        ({"X_Autoreply": "yes"}, "program"),
        ({"Message_ID": f"<{US.message_id(41)}>"}, "our own"),
    ],
)
def test_automatic_bulk_and_own_mails_are_ignored(headers: dict[str, str], why: str) -> None:
    assert why in ignored(a_letter(**headers))


@pytest.mark.parametrize("value", ["no", "No"])
def test_a_persons_mail_sent_by_a_program_is_not_ignored(value: str) -> None:
    assert parsed(a_letter(Auto_Submitted=value)).address == ANA


def test_a_reply_to_us_through_a_list_is_not_ignored() -> None:
    headers = {"List_Id": "Team <team.example.com>", "Precedence": "list"}
    assert parsed(a_letter(To=US.reply_address(12), **headers)).handoff_id == 12
    assert parsed(a_letter(In_Reply_To=f"<{US.message_id(41)}>", **headers)).handoff_id is None


def test_an_automatic_answer_to_us_is_told_apart_from_a_persons() -> None:
    found = read(a_letter(To=US.reply_address(12), Auto_Submitted="auto-replied").as_bytes(), NOW, US)
    assert isinstance(found, AutomaticEmail)
    assert (found.sender, found.handoff_id, found.text) == (ANA, 12, "My payment fails.")


@pytest.mark.parametrize(
    "subject", ["Automatic reply: x", "Réponse automatique : x", "自动答复: x", "Abwesend"]
)
def test_an_out_of_office_notice_is_known_by_its_subject_alone(subject: str) -> None:
    letter = a_letter(To=US.reply_address(12))
    del letter["Subject"]
    letter["Subject"] = subject
    assert isinstance(read(letter.as_bytes(), NOW, US), AutomaticEmail)


def test_a_mail_in_our_name_that_names_no_customer_is_told_of() -> None:
    found = read(a_letter(From=f"Acme <{US.address.upper()}>").as_bytes(), NOW, US)
    assert isinstance(found, UnreadableEmail)
    assert found.why is UnreadableReason.OUR_OWN_NAME


def test_a_bounce_names_the_mail_and_the_reason() -> None:
    office = PostOffice(Ledger(), Faults())
    ours = compose(an_outgoing_mail(), US, words())
    office.send(US.address, ["gone@example.com"], ours.as_bytes())
    found = read(office.brand.inbox.mails[-1].content, NOW, US)
    assert isinstance(found, Bounce)
    assert found.message_ids[0] == US.message_id(41)
    assert found.reason == "the mail came back: 550 5.1.1 The mailbox does not exist"


def a_report(action: str, returned: str, *, sender: str = "MAILER-DAEMON@mx.example") -> bytes:
    return (
        f"From: {sender}\r\nTo: {US.address}\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\n\r\nSorry\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        f"Action: {action}\r\nStatus: 4.4.1\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        f"Message-ID: <{returned}>\r\nSubject: x\r\n\r\nbody\r\n--b--\r\n"
    ).encode()


def test_a_report_of_a_delay_or_of_somebody_elses_mail_is_only_noted() -> None:
    late = read(a_report("delayed", US.message_id(41)), NOW, US)
    assert isinstance(late, IgnoredEmail)
    assert "delayed" in late.why
    unsigned = read(a_report("failed", "other@example.com"), NOW, US)
    assert isinstance(unsigned, Bounce)
    assert unsigned.message_ids == ["other@example.com"]
    nothing = read(a_report("failed", ""), NOW, US)
    assert isinstance(nothing, IgnoredEmail)


def test_a_bounce_without_a_report_is_detected() -> None:
    letter = a_letter(
        f"Hi. This is the qmail-send program.\n<gone@example.com>: no mailbox\n\nMessage-ID: <{US.message_id(41)}>",
        From="MAILER-DAEMON@example.com",
        Return_Path="<>",
        Subject="failure notice",
    )
    found = read(letter.as_bytes(), NOW, US)
    assert isinstance(found, Bounce)
    assert found.message_ids == [US.message_id(41)]
    assert found.reason == "the mail came back: no mailbox"


def test_a_mail_typed_by_a_postmaster_is_not_a_bounce() -> None:
    assert parsed(a_letter(From="postmaster@example.com")).text == "My payment fails."


def test_a_read_receipt_is_no_letter() -> None:
    raw = (
        b"From: ana@example.com\r\nSubject: Read\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\r\n\r\n'
        b"--b\r\n\r\nread\r\n--b--\r\n"
    )
    assert isinstance(read(raw, NOW, US), IgnoredEmail)


def test_a_mail_from_nowhere_that_can_be_answered_is_told_of() -> None:
    found = read(a_letter(From="ana@localhost").as_bytes(), NOW, US)
    assert isinstance(found, UnreadableEmail)
    assert found.subject == "Payment"


def test_a_mail_whose_beginning_alone_was_fetched_says_what_of_its_files() -> None:
    letter = EmailMessage(policy=SMTP)
    letter["From"] = ANA
    letter.set_content("See the film")
    letter.add_attachment(b"x" * 100_000, maintype="video", subtype="mp4", filename="film.mp4")
    found = read(letter.as_bytes()[:2000], NOW, US, is_whole=False)
    assert isinstance(found, IncomingMessage)
    assert found.text == "See the film"
    assert [(f.name, f.refused) for f in found.files] == [
        ("film.mp4", "the mail is too large, so its files were not fetched")
    ]
