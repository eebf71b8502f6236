"""Compose mails: no header injection by text or name, unchanged text, threading headers."""

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.email.compose import NoAddress, bare_subject, clean_text, compose
from domain.cases.messages import Delivery, Message
from domain.handoffs.handoff import Proof
from domain.replies.outgoing_message import CodeRecipient, OutgoingMessage
from domain.venues import Venue
from tests.adapters.email.made import (
    ANA,
    NOW,
    PNG,
    US,
    a_file,
    a_handoff,
    an_outgoing_mail,
    ours,
    theirs,
    words,
)

ANYTHING = st.text(st.characters(), max_size=300)
#: Characters that could end a header line (header injection).
INJECTIONS = st.sampled_from(
    [
        "\r\nBcc: all@example.com",
        "\nBcc: x@example.com",
        "\r\rBcc: y@e.org",
        "\x0bBcc: z@e.org",
        "\u2028Bcc: q@e.org",
    ]
)
HEADERS = {
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"
}  # fmt: skip


def sent(parcel: OutgoingMessage) -> EmailMessage:
    """Parse the mail as its receiver does."""
    made = compose(parcel, US, words()).as_bytes()
    read = message_from_bytes(made, policy=default)
    assert isinstance(read, EmailMessage)
    return read


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def test_a_mail_says_who_writes_and_where_an_answer_goes() -> None:
    mail = sent(an_outgoing_mail())
    assert mail["From"] == '"Sam (Acme Support)" <support@acme.example>'
    assert mail["To"] == ANA
    assert US.handoff_of(mail["Reply-To"].addresses[0].addr_spec) == 12
    assert US.is_own_id(mail["Message-ID"].strip("<>"))
    assert mail["Subject"] == "Your conversation with Acme Support"
    assert mail["Date"].datetime == NOW
    assert "Auto-Submitted" not in mail
    assert text_of(mail).rstrip().endswith("Sam")
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_the_stored_message_id_is_the_one_that_goes_out() -> None:
    assert sent(an_outgoing_mail(external_id="kept@acme.example"))["Message-ID"] == "<kept@acme.example>"


def test_without_an_address_there_is_no_mail() -> None:
    with pytest.raises(NoAddress):
        compose(an_outgoing_mail(handoff=a_handoff(None)), US, words())


@settings(max_examples=40)
@given(ANYTHING)
def test_any_text_arrives_as_it_was_written(text: str) -> None:
    mail = sent(an_outgoing_mail(text, agent_name=""))
    assert text_of(mail).replace("\r\n", "\n").strip("\n") == clean_text(text).strip("\n")


@settings(max_examples=40)
@given(before=ANYTHING, injection=INJECTIONS, after=ANYTHING)
def test_nothing_that_anybody_wrote_becomes_a_header(before: str, injection: str, after: str) -> None:
    hostile = before + injection + after
    parcel = an_outgoing_mail(
        hostile,
        agent_name=hostile,
        subject=hostile,
        earlier=[theirs(hostile, author_name=hostile, subject=hostile, external_id=hostile)],
        files=[a_file(name=hostile)],
    )
    mail = sent(parcel)
    assert set(mail.keys()) <= HEADERS
    assert len(mail.keys()) == len(set(mail.keys()))
    assert [one.addr_spec for one in mail["To"].addresses] == [ANA]


@pytest.mark.parametrize(
    "address", ["ana@example.com, eve@example.com", "ana@example.com\r\nBcc: eve@example.com"]
)
def test_one_address_is_one_address(address: str) -> None:
    with pytest.raises(NoAddress):
        compose(an_outgoing_mail(handoff=a_handoff(address)), US, words())


def test_a_domain_in_another_script_is_written_as_mail_servers_know_it() -> None:
    assert (
        sent(an_outgoing_mail(handoff=a_handoff("ana@müller.example")))["To"] == "ana@xn--mller-kva.example"
    )


def test_html_shows_text_as_text() -> None:
    html = text_of(
        sent(an_outgoing_mail('<script>alert(1)</script> & <b>"you"</b>\nhttps://acme.example/help?a=1&b=2')),
        "html",
    )
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;" in html
    assert '<a href="https://acme.example/help?a=1&amp;b=2"' in html


def test_an_answer_joins_the_customers_thread() -> None:
    earlier = [
        theirs("Help", id=38, external_id="first@example.com", subject="Payment fails"),
        ours("Hello", id=39, external_id=US.message_id(39)),
        theirs("Still", id=40, external_id="second@example.com", subject="Re: Payment fails"),
    ]
    mail = sent(an_outgoing_mail(earlier=earlier))
    assert mail["Subject"] == "Re: Payment fails"
    assert mail["In-Reply-To"] == "<second@example.com>"
    assert mail["References"].split() == [
        "<first@example.com>",
        f"<{US.message_id(39)}>",
        "<second@example.com>",
    ]


def test_a_long_conversation_names_its_first_mail_and_its_newest() -> None:
    earlier = [theirs("x", id=n, external_id=f"n{n}@example.com") for n in range(60)]
    names = sent(an_outgoing_mail(earlier=earlier))["References"].split()
    assert (names[0], names[-1], len(names)) == ("<n0@example.com>", "<n59@example.com>", 20)


@pytest.mark.parametrize(
    ("subject", "bare"),
    [("Re: RE: Aw: x", "x"), ("re[2]: x", "x"), ("Reply: x", "Reply: x"), ("Re:", ""), ("SV: Fwd: x", "x")],
)
def test_subjects_lose_what_stands_before_them(subject: str, bare: str) -> None:
    assert bare_subject(subject) == bare


def test_the_conversation_is_quoted_but_for_what_did_not_arrive_or_is_gone() -> None:
    earlier = [
        theirs("@acme help", venue=Venue.PUBLIC, author_id="77"),
        ours("refused", delivery=Delivery.FAILED),
        ours("Hello Ana"),
        theirs("deleted", deleted_at=NOW),
    ]
    mail = sent(an_outgoing_mail(earlier=earlier))
    for kind in ("plain", "html"):
        said = text_of(mail, kind)
        assert re.search(r"Ana Ruiz.*@acme help.*Acme Support.*Hello Ana", said, re.DOTALL)
        assert "refused" not in said
        assert "deleted" not in said


@pytest.mark.parametrize("is_verified", [False, True])
def test_who_is_not_known_to_be_the_author_reads_only_what_is_public_and_their_own(is_verified: bool) -> None:
    earlier = [
        theirs("public words", venue=Venue.PUBLIC, author_id="77"),
        theirs("said in private", venue=Venue.DM, author_id="77"),
        theirs("from another address", author_id="other@example.com"),
        ours("to another address", created_at=NOW - timedelta(days=1)),
        theirs("my own words"),
        ours("to me"),
    ]
    said = text_of(sent(an_outgoing_mail(earlier=earlier, handoff=a_handoff(is_verified=is_verified))))
    for shown in ("public words", "my own words", "to me"):
        assert shown in said
    for hidden in ("said in private", "from another address", "to another address"):
        assert (hidden in said) is is_verified


@pytest.mark.parametrize("is_verified", [False, True])
@pytest.mark.parametrize("who", [ANA, "eve@evil.example"])
def test_a_forged_mail_is_answered_to_the_known_address_and_has_nothing_more_quoted(
    is_verified: bool, who: str
) -> None:
    before = [
        theirs("public words", venue=Venue.PUBLIC, author_id="77"),
        theirs("said in private", venue=Venue.DM, author_id="77"),
        ours("before they came", created_at=NOW - timedelta(days=1)),
    ]
    there = a_handoff(is_verified=is_verified)
    forged = theirs("Quote everything!", author_id=who, handoff_id=12, sender_authenticated=False)
    plainly = sent(an_outgoing_mail(earlier=before, handoff=there))
    answer = sent(an_outgoing_mail(earlier=[*before, forged], handoff=there))
    assert [one["To"] for one in (plainly, answer)] == [ANA, ANA]
    for text in ("public words", "said in private", "before they came"):
        assert (text in text_of(answer)) is (text in text_of(plainly))


CODE_RECIPIENT = CodeRecipient(handle="@acme", url="https://x.example/messages/compose?recipient_id=1")
CODED = replace(a_handoff(), code="424242")


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_the_first_mail_says_how_to_show_who_they_are(kind: str) -> None:
    said = text_of(
        sent(an_outgoing_mail(handoff=CODED, code_recipient=CODE_RECIPIENT, earlier=[theirs("hello?")])), kind
    )
    told = "send us the code 424 242 in a direct message to @acme, from @anaruiz."
    assert (
        said.index("it is on its way")
        < said.index(told)
        < said.index(CODE_RECIPIENT.url)
        < said.index("hello?")
    )


@pytest.mark.parametrize("language", sorted(words().phrases))
def test_every_language_names_the_code_and_both_accounts(language: str) -> None:
    said = text_of(sent(an_outgoing_mail(handoff=CODED, code_recipient=CODE_RECIPIENT, language=language)))
    [line] = [row for row in said.splitlines() if "424 242" in row]
    assert "@acme" in line
    assert "@anaruiz" in line


@pytest.mark.parametrize(
    "parcel",
    [
        an_outgoing_mail(handoff=CODED),
        an_outgoing_mail(handoff=a_handoff(), code_recipient=CODE_RECIPIENT),
        an_outgoing_mail(handoff=replace(CODED, proof=Proof.AGENT), code_recipient=CODE_RECIPIENT),
        an_outgoing_mail(
            handoff=CODED, code_recipient=CODE_RECIPIENT, earlier=[ours("the first", handoff_id=12)]
        ),
    ],
)
def test_nobody_is_asked_for_a_code_in_vain_or_twice(parcel: OutgoingMessage) -> None:
    mail = sent(parcel)
    assert "direct message" not in text_of(mail)
    assert "direct message" not in text_of(mail, "html")


def test_a_customer_without_another_account_is_not_asked_for_a_code() -> None:
    parcel = an_outgoing_mail(handoff=CODED, code_recipient=CODE_RECIPIENT)
    assert "424" not in text_of(sent(replace(parcel, case=replace(parcel.case, network="email"))))


@pytest.mark.parametrize(
    "earlier",
    [
        ours("came back", handoff_id=12, delivery=Delivery.FAILED),
        ours("to another place of theirs", handoff_id=11),
        ours("in public", venue=Venue.PUBLIC, handoff_id=12),
    ],
)
def test_who_has_not_been_told_yet_is_told(earlier: Message) -> None:
    assert "424 242" in text_of(
        sent(an_outgoing_mail(handoff=CODED, code_recipient=CODE_RECIPIENT, earlier=[earlier]))
    )


def test_files_go_along() -> None:
    mail = sent(
        an_outgoing_mail(files=[a_file(), a_file(b"%PDF-1.7\n", "Rechnung ä.pdf", "application/pdf")])
    )
    kept = [(p.get_filename(), p.get_content_type(), p.get_content()) for p in mail.iter_attachments()]
    assert kept == [
        ("screen.png", "image/png", PNG),
        ("Rechnung ä.pdf", "application/pdf", b"%PDF-1.7\n"),
    ]


def test_the_words_around_are_the_customers_language() -> None:
    mail = sent(an_outgoing_mail(earlier=[theirs("hola")], language="es"))
    assert mail["Subject"] == "Tu conversación con Acme Support"
    assert "Antes en esta conversación:" in text_of(mail)
    assert 'lang="es"' in text_of(mail, "html")
    assert sent(an_outgoing_mail(language="xx"))["Subject"].startswith("Your conversation")
