"""Compose a chat's transcript as a mail: complete, plain text, escaped."""

from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from adapters.email.incoming import read
from domain.cases.files import File
from domain.cases.messages import Delivery, Direction
from domain.chat.transcript import Transcript, TranscriptEmail
from domain.delivery.outcomes import Done
from domain.intake.email import Bounce, IgnoredEmail
from domain.venues import Venue
from tests.adapters.email.made import ANA, NOW, US, a_case, a_file, a_handoff, ours, theirs
from tests.adapters.email.places import sandbox_server

SCRIPT = "<script>alert(1)</script>\n.\nBcc: all@example.com"


def a_letter(language: str = "en", **changes: str) -> TranscriptEmail:
    messages = [
        theirs("@acme it fails", id=1, venue=Venue.PUBLIC, author_name=f"Ana\r\nBcc: x@example.com {SCRIPT}"),
        theirs(changes.get("text", "It is order 4711"), id=2, venue=Venue.CHAT, author_name="Visitor"),
        ours("We are paying you back", id=3, venue=Venue.CHAT, delivery=Delivery.SENT, sent_by="U0SAM"),
        theirs("", id=4, venue=Venue.CHAT),
    ]
    files: dict[int, list[File]] = {4: [a_file(name="shot\r\n.png")]}
    transcript = Transcript(id=9, handoff_id=12, case_id=7, address=ANA, last_message_id=4, requested_at=NOW)
    return TranscriptEmail(
        transcript=transcript,
        case=a_case(language),
        handoff=replace(a_handoff(None), venue=Venue.CHAT),
        messages=messages,
        files=files,
        names={"U0SAM": "Sam"},
        is_address_proven=True,
    )


async def mailed(letter: TranscriptEmail) -> EmailMessage:
    """Return the transcript as it is delivered."""
    async with sandbox_server() as place:
        email = place.email()
        assert await email.transcripts.send(letter) == Done()
        assert await email.transcripts.find(letter) == Done({"id": US.transcript_message_id(9)})
        await email.close()
        assert place.office is not None
        [mail] = place.office.mailbox(ANA).inbox.mails
        arrived = message_from_bytes(mail.content, policy=default)
        assert isinstance(arrived, EmailMessage)
        return arrived


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


async def test_it_tells_the_whole_chat_and_who_said_what() -> None:
    mail = await mailed(a_letter())
    text = body(mail, "plain")
    assert mail["Subject"] == "Your chat with Acme Support"
    assert mail["Message-ID"] == f"<{US.transcript_message_id(9)}>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert US.handoff_of(mail["Reply-To"].addresses[0].addr_spec) == 12
    for said in ("@acme it fails", "You · ", "It is order 4711", "Sam (Acme Support) · ", "[shot .png]"):
        assert said in text, said
    assert text.index("it fails") < text.index("4711") < text.index("paying you back")
    assert "somebody asked for it in our chat" in text


async def test_no_link_in_it_opens_a_chat() -> None:
    """Anybody may have it mailed to any address."""
    letter, token = a_letter(), "Ijl3OUxGbENDcVdYcjZ1UHo0T2s2cmZPRXZjWHBpUWU1Ig.39CkT90InzY7Sp2ej"
    ours = next(line for line in letter.messages if line.direction is Direction.OUT)
    offer = replace(ours, text=f"Go on here: https://help.acme.example/chat#{token}")
    mail = await mailed(replace(letter, messages=[*letter.messages, offer]))
    for kind in ("plain", "html"):
        assert "Go on here: " in body(mail, kind)
        assert token not in body(mail, kind)


@pytest.mark.parametrize("language", ["en", "de", "ja"])
async def test_an_address_that_nobody_has_proven_gets_no_word_of_a_stranger(language: str) -> None:
    spam = "Win at https://casino.example"
    mail = await mailed(replace(a_letter(language, text=spam), is_address_proven=False))
    for kind in ("plain", "html"):
        text = body(mail, kind)
        assert "We are paying you back" in text
        for stranger in ("casino", "@acme it fails", "Bcc", "shot", "Ana"):
            assert stranger not in text.replace(ANA, ""), stranger


async def test_why_lines_are_left_out_is_said_once() -> None:
    mail = await mailed(replace(a_letter(), is_address_proven=False))
    for kind in ("plain", "html"):
        text = body(mail, kind)
        assert text.count("Left out, because") == 1
        assert text.index("Left out, because") < text.index("(…)")
        assert text.count("(…)") == 2


async def test_nobodys_text_becomes_a_header_or_markup() -> None:
    mail = await mailed(a_letter(text=SCRIPT))
    assert mail["Bcc"] is None
    assert [one.addr_spec for one in mail["To"].addresses] == [ANA]
    assert "<script>" not in body(mail, "html")
    assert "&lt;script&gt;" in body(mail, "html")
    assert SCRIPT in body(mail, "plain").replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("case", "page", "subject"),
    [
        ("de", "fr", "Dein Chat mit Acme Support"),
        ("ko", "fr", "Votre discussion avec Acme Support"),
        ("ko", "xx", "Your chat with Acme Support"),
        ("ko", "", "Your chat with Acme Support"),
    ],
)
async def test_it_speaks_the_pages_language_where_it_has_none_of_the_case(
    case: str, page: str, subject: str
) -> None:
    assert (await mailed(replace(a_letter(case), page_language=page)))["Subject"] == subject


async def test_its_times_are_the_readers() -> None:
    mail = await mailed(replace(a_letter(), time_zone="Asia/Tokyo"))
    for kind in ("plain", "html"):
        assert "Nov 21, 2026, 20:55 UTC+9" in body(mail, kind)
        assert "11:55" not in body(mail, kind)


async def test_it_speaks_the_customers_language() -> None:
    mail = await mailed(a_letter("de"))
    assert mail["Subject"] == "Dein Chat mit Acme Support"
    assert "Du · 21. Nov. 2026, 11:55 UTC" in body(mail, "plain")
    assert 'lang="de"' in body(mail, "html")


async def test_it_is_known_as_our_own_where_it_comes_back_to_us() -> None:
    mail = await mailed(a_letter())
    assert isinstance(read(mail.as_bytes(), NOW, US, is_whole=True), IgnoredEmail)
    report = (
        f"From: MAILER-DAEMON@mx.example\r\nTo: {US.address}\r\nAuto-Submitted: auto-replied\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Final-Recipient: rfc822; {ANA}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {mail['Message-ID']}\r\n\r\n--b--\r\n"
    )
    bounce = read(report.encode(), NOW, US, is_whole=True)
    assert isinstance(bounce, Bounce)
    assert US.transcript_message_id(9) in bounce.message_ids


def test_a_letters_signature_is_no_transcripts() -> None:
    forged = US.message_id(9).replace("m9.", "t9.")
    assert not US.is_own_id(forged)
    assert US.is_own_id(US.transcript_message_id(9))
