"""Compose mails to subscribers: list headers, threads, links, and nothing that anybody could inject."""

import re
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from adapters.email.links import SubscriberLinks
from adapters.email.server_urls import parse_server_url
from adapters.email.subscriber_mails import SubscriberMails
from domain.delivery.outcomes import Done, Failed
from domain.outages.destinations import OutgoingNotice
from domain.outages.notices import NoticeKind
from domain.outages.outage import OutageKind, Phase, Severity
from domain.outages.subscribers import Choice, NoticeMail, Source, Subscriber, SubscriberState, link_nonce
from tests.adapters.email.made import ANA, KEY, NOW, US, words
from tests.adapters.email.places import sandbox_server

HELP = "https://help.acme.example"
MAILS = SubscriberMails(
    smtp=parse_server_url("smtp://127.0.0.1:9"), identity=US, words=words(), public_url=HELP
)
LINKS = SubscriberLinks(HELP, KEY)
INJECTED = "Payments fail\r\nBcc: all@example.com\r\n\r\n<script>alert(1)</script>"


def a_notice(text: str = "Payments fail.", **changes: Any) -> OutgoingNotice:  # noqa: ANN401 - any of the fields
    given: dict[str, Any] = {
        "outage_id": 3,
        "notice_id": 4,
        "outage_kind": OutageKind.OUTAGE,
        "kind": NoticeKind.ANNOUNCEMENT,
        "phase": Phase.INVESTIGATING,
        "severity": Severity.MAJOR,
        "title": "Payments fail",
        "texts": {"en": text, "ja": "決済ができません。"},
        "components": (),
        "reference": "r",
        "created_at": NOW,
    }
    return OutgoingNotice(**given | changes)


def a_mail(
    number: int = 1, address: str = ANA, language: str = "en", thread: str | None = None
) -> NoticeMail:
    return NoticeMail(
        id=number,
        subscriber_id=number,
        address=address,
        language=language,
        message_id=MAILS.message_id_of(9, number),
        thread=thread,
    )


def composed(notice: OutgoingNotice, mail: NoticeMail) -> EmailMessage:
    content = MAILS.contents(notice, [mail], NOW)[mail.id]
    assert content.endswith(b"\r\n.\r\n")
    received = re.sub(rb"(?m)^\.", b"", content.removesuffix(b".\r\n"))  # as a server undoes dot stuffing
    message = message_from_bytes(received, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def body(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_it_has_what_a_mail_to_a_list_has() -> None:
    mail = composed(a_notice(), a_mail(7))
    assert mail["From"] == "Acme Support <support@acme.example>"
    assert mail["To"] == ANA
    assert mail["Subject"] == "Acme Support: Payments fail"
    assert mail["Message-ID"] == f"<{US.notice_message_id(9, 7)}>"
    assert US.is_own_id(US.notice_message_id(9, 7))
    assert (mail["Auto-Submitted"], mail["Precedence"]) == ("auto-generated", "bulk")
    assert mail["List-Id"] == "<outages.acme.example>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    https, mailto = (one.strip(" <>") for one in mail["List-Unsubscribe"].split(","))
    assert LINKS.unsubscribed_by(https.rpartition("/")[2]) == 7
    assert US.subscriber_of(mailto.removeprefix("mailto:")) == 7
    assert mail["Reply-To"] is None
    for text in (body(mail), body(mail, "html")):
        assert "Payments fail." in text
        assert "because you asked Acme Support to tell you of outages" in text
        assert https in text


def test_each_gets_their_own_link_id_and_language() -> None:
    mails = [a_mail(1), a_mail(2, "ben@example.com"), a_mail(3, "yui@example.com", "ja")]
    contents = MAILS.contents(a_notice(), mails, NOW)
    assert len(contents) == 3
    for mail in mails:
        own = message_from_bytes(contents[mail.id], policy=default)
        assert isinstance(own, EmailMessage)
        assert (own["To"], own["Message-ID"]) == (mail.address, f"<{mail.message_id}>")
        assert LINKS.unsubscribe(mail.subscriber_id) in body(own)
        assert "invalid" not in body(own) + body(own, "html")
    japanese = message_from_bytes(contents[3], policy=default)
    assert isinstance(japanese, EmailMessage)
    assert "決済ができません。" in body(japanese)
    assert "配信を停止する" in body(japanese, "html")


def test_what_was_written_from_right_to_left_is_laid_out_so_whatever_it_begins_with() -> None:
    notice = replace(a_notice(), texts={"fa": "Acme Pay لا يعمل حاليا"})
    html = body(composed(notice, a_mail(1, language="fa")), "html")
    assert '<html lang="en" dir="ltr">' in html
    assert re.search(r'<div lang="fa" dir="rtl">\s*Acme Pay لا يعمل حاليا', html)


def test_an_update_is_in_the_thread_of_the_first_mail() -> None:
    first = US.notice_message_id(8, 1)
    mail = composed(a_notice("Over.", kind=NoticeKind.RESOLUTION), a_mail(thread=first))
    assert mail["Subject"] == "Re: Acme Support: Payments fail"
    assert mail["In-Reply-To"] == mail["References"] == f"<{first}>"


@pytest.mark.parametrize("address", ["a\r\nBcc: x@example.com", "ana@example.com, ben@example.com", ""])
def test_nothing_becomes_a_header_or_markup(address: str) -> None:
    mail = composed(a_notice(INJECTED, title=INJECTED), a_mail(address=address))
    assert mail["Bcc"] is None
    assert mail["To"].addresses == ()
    assert "\n" not in mail["Subject"]
    assert "<script>" not in body(mail, "html")
    assert "Bcc: all@example.com" in body(mail)


def test_a_text_that_looks_like_the_link_is_refused() -> None:
    with pytest.raises(ValueError, match="link"):
        MAILS.contents(a_notice("https://unsubscribe.invalid/7f0c2d"), [a_mail()], NOW)


def test_a_notice_without_a_text_is_refused() -> None:
    with pytest.raises(ValueError, match="no text"):
        MAILS.contents(a_notice(texts={}), [a_mail()], NOW)


def test_long_words_and_dots_arrive_as_they_were_written() -> None:
    text = ".\n..\n" + "long " * 300 + "x" * 1200 + "\nÜber"
    assert text in body(composed(a_notice(text), a_mail())).replace("\r\n", "\n")


def test_links_of_one_kind_are_not_valid_as_another() -> None:
    confirm = LINKS.confirm(7, "nonce-1").rpartition("/")[2]
    assert LINKS.confirmed_by(confirm) == (7, "nonce-1")
    unsubscribe = LINKS.unsubscribe(7).rpartition("/")[2]
    assert LINKS.unsubscribed_by(unsubscribe) == 7
    assert LINKS.confirmed_by(unsubscribe) is None
    assert LINKS.unsubscribed_by(confirm) is None
    for forged in (unsubscribe[:-1], f"8{unsubscribe[1:]}", "7", ""):
        assert LINKS.unsubscribed_by(forged) is None
    assert US.subscriber_of(US.reply_address(7)) is None
    assert US.handoff_of(US.unsubscribe_address(7)) is None


def a_subscriber(address: str = ANA, asked: Choice | None = None, nonce: str = "n-1") -> Subscriber:
    return Subscriber(
        id=7,
        address=address,
        choice=Choice(language="en"),
        state=SubscriberState.PENDING,
        source=Source.PAGE,
        created_at=NOW,
        asked=asked,
        asked_at=NOW,
        nonce=nonce,
    )


async def test_the_confirmation_has_the_link_and_no_list_headers() -> None:
    async with sandbox_server() as place:
        email = place.email()
        assert email.subscriber_mails is not None
        sent = await email.subscriber_mails.send_confirmation(a_subscriber(asked=Choice(language="de")))
        assert sent == Done()
        assert place.office is not None
        [stored] = place.office.mailbox(ANA).inbox.mails
        await email.close()
    mail = message_from_bytes(stored.content, policy=default)
    assert isinstance(mail, EmailMessage)
    assert mail["Subject"] == "Bitte bestätigen: Störungsmeldungen von Acme Support"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] is None
    for text in (body(mail), body(mail, "html")):
        assert LINKS.confirm(7, "n-1") in text


async def test_confirmations_of_one_secret_are_told_apart_without_what_was_chosen() -> None:
    """Whoever chooses 200 components has a long link, but no longer Message-ID."""
    choice = Choice(language="de", components=tuple(f"Part {number}" for number in range(200)))
    async with sandbox_server() as place:
        email = place.email()
        assert email.subscriber_mails is not None
        for serial in ("s1", "s2"):
            nonce = link_nonce("n-1", serial, choice)
            await email.subscriber_mails.send_confirmation(a_subscriber(asked=choice, nonce=nonce))
        assert place.office is not None
        mails = [
            message_from_bytes(one.content, policy=default) for one in place.office.mailbox(ANA).inbox.mails
        ]
        await email.close()
    ids = [str(mail["Message-ID"]).partition("@")[0] for mail in mails]
    assert ids == ["<n-1.s1.confirm", "<n-1.s2.confirm"]


async def test_a_confirmation_that_nobody_asked_for_is_not_sent() -> None:
    assert isinstance(await MAILS.send_confirmation(a_subscriber()), Failed)
    assert isinstance(await MAILS.send_confirmation(a_subscriber("a\nb", Choice(language="en"))), Failed)
