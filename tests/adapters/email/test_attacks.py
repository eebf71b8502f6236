"""Withstand what an attacker with a mail program can do: no secret is shown, and nothing is disguised."""

import base64
import time
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import quote

import pytest

from adapters.email.incoming import read
from adapters.email.smtp import wire_content
from domain.intake.email import AutomaticEmail, Bounce, IgnoredEmail, UnreadableEmail
from domain.intake.private_messages import IncomingMessage
from tests.adapters.email.made import ANA, NOW, PNG, US, a_letter

IDENTITY = replace(US, bounces="bounces@acme.example")
REPLY = US.reply_address(12)
TOKEN = REPLY.partition("+")[2].partition("@")[0]
SIGNATURE = TOKEN.partition("-")[2]
SECRETS = {
    "reply": TOKEN,
    "unsubscribe": US.unsubscribe_address(7).partition("+")[2].partition("@")[0],
    "bounce": IDENTITY.envelope_sender(US.message_id(41)).partition("+")[2].partition("@")[0],
    "message id": US.message_id(41).partition("@")[0],
    "notice": US.notice_message_id(3, 44).partition("@")[0],
}


def letter(mail: EmailMessage | bytes) -> IncomingMessage:
    found = read(mail if isinstance(mail, bytes) else mail.as_bytes(), NOW, IDENTITY)
    assert isinstance(found, IncomingMessage), found
    return found


def is_shown(found: object, secret: str) -> bool:
    """Return whether the secret part of a token can be read in anything that is stored of the mail."""
    told = "".join(repr(found).lower().split()).replace("\\n", "").replace(">", "")
    return secret[-16:].lower() in told


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize(
    "form",
    [
        "write to support+{0}@acme.example",
        "Support+{0} @ acme.example",
        "the tag is {0}.",
        "mailto:support%2B{0}%40acme.example",
        "{1}",
        "> support+{2}@acme.example",
        "\u00fcber {3} und",
    ],
)
def test_no_token_is_shown_in_whichever_form_it_comes_back(secret: str, form: str) -> None:
    kind, _, signature = secret.rpartition("-" if "-" in secret and "." not in secret else ".")
    separator = secret[len(kind)]
    folded = f"{kind}{separator}{signature[:8]}\n> {signature[8:]}"
    soft = f"{kind}{separator}" + "\u00ad".join(signature[at : at + 4] for at in range(0, len(signature), 4))
    said = form.format(secret, secret.upper(), folded, soft)
    found = letter(a_letter(f"Hello.\n{said}\nBye.", Subject=f"Re: {secret}", From=f'"{secret}" <{ANA}>'))
    assert not is_shown(found, secret)
    assert "Hello." in found.text


def test_no_token_is_shown_of_html_files_attached_mails_and_bills() -> None:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = ANA, REPLY, "Invoice"
    mail["Message-ID"] = "<1@example.com>"
    mail.set_content("See below.")
    html = f'<p>See <a href="mailto:{quote(REPLY)}">support&#43;{TOKEN}</a>@acme.example</p>'
    mail.add_alternative(html, subtype="html")
    bill = a_letter(f"Invoice to {REPLY}", Subject=f"for {TOKEN}", To=REPLY)
    mail.add_attachment(bill)
    mail.add_attachment(PNG, maintype="image", subtype="png", filename=f"scan {TOKEN}.png")
    found = letter(mail)
    assert (found.handoff_id, [file.media_type for file in found.files][:1]) == (12, ["image/png"])
    assert not is_shown(replace(found, files=[replace(file, content=b"") for file in found.files]), TOKEN)


@pytest.mark.parametrize(
    "mail",
    [
        a_letter(f"Back on Monday. {REPLY}", Subject=f"Out of office: {TOKEN}", To=REPLY, Auto_Submitted="auto-replied"),
        a_letter(f"{US.address}: 550 no {REPLY}\n<x@y.example>: gone {TOKEN}\n\nMessage-ID: <{US.message_id(41)}>",
                 From="MAILER-DAEMON@mx.example", Return_Path="<>", Subject="failure"),
        a_letter("x", From=f"{TOKEN}@localhost", Subject=TOKEN),
    ],
)  # fmt: skip
def test_no_token_is_shown_of_what_programs_write(mail: EmailMessage) -> None:
    found = read(mail.as_bytes(), NOW, IDENTITY)
    assert isinstance(found, AutomaticEmail | Bounce | UnreadableEmail | IgnoredEmail)
    told = replace(found, message_ids=[]) if isinstance(found, Bounce) else found
    assert not is_shown(told, TOKEN)


def test_what_only_looks_like_a_token_stays() -> None:
    assert "12-abcdefghijklmnop" in letter(a_letter("My order is 12-abcdefghijklmnop.")).text


def test_many_that_look_like_tokens_take_linear_time() -> None:
    def seconds(count: int) -> float:
        text = "1-aaaaaaaaaaaaaaa " * count
        began = time.process_time()
        US.without_tokens(text)
        return time.process_time() - began

    seconds(100)
    assert seconds(20_000) < 60 * max(seconds(1_000), 0.0005)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\\\Windows\\\\evil.png", "evil.png"),
        ("invoice_\u202egnp.exe", "invoice_gnp.exe.png"),
        ("a\u200b\u2066b\u2069.png", "ab.png"),
        ("\u202e", "file-1.png"),
    ],
)
def test_a_files_name_has_no_folder_and_is_written_one_way(given: str, name: str) -> None:
    coded = base64.b64encode(given.replace("\\\\", "\\").encode()).decode()
    mail = (
        f"From: {ANA}\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        f"--b\r\n\r\nHi\r\n--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="=?utf-8?b?{coded}?="\r\n\r\n'
        f"{base64.b64encode(PNG).decode()}\r\n--b--\r\n"
    )
    [file] = letter(mail.encode()).files
    assert file.name == name


@pytest.mark.parametrize("end", [b"\r.\r", b"\n.\n", b"\r\n.\r\n", b"\r.\n", b"\n.\r\n", b"\r\r\n.\r\r\n"])
def test_no_content_ends_the_mail_early(end: bytes) -> None:
    """SMTP smuggling: a server that takes another line end for the last one would see a second mail."""
    smuggled = b"MAIL FROM:<us@acme.example>\r\nRCPT TO:<victim@example.com>\r\nDATA\r\nx"
    sent = wire_content(b"Subject: x\r\n\r\nHello" + end + smuggled)
    body = sent.removesuffix(b"\r\n.\r\n")
    assert b"\r\n.\r\n" not in body
    assert body.replace(b"\r\n", b"").translate(None, b"\r\n") == body.replace(b"\r\n", b"")
