"""Read the forms that mail programs give to a text: signed, encoded, mislabelled, wrapped, laid out."""

from base64 import b64decode, encodebytes

import pytest

from adapters.email.html import text_of_html
from adapters.email.incoming import read
from adapters.email.signed import ENCRYPTED, signed_content, without_armor, without_encrypted
from domain.cases.files import FileFault
from domain.intake.private_messages import IncomingMessage
from tests.adapters.email.made import ANA, NOW, US
from tests.growth import assert_linear

EVENT = "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nSUMMARY:Call\r\nATTENDEE;PARTSTAT={}:mailto:{}\r\n{}END:VEVENT\r\nEND:VCALENDAR\r\n"
SAVED = b"From: bookings@acme.example\r\nSubject: Your booking 6630\r\nContent-Type: text/plain\r\n\r\nSeats: 2\r\n"
#: Made by `openssl smime -sign -nodetach`, its certificates and signature cut off.
SIGNED = b64decode(
    "MIIFvgYJKoZIhvcNAQcCoIIFrzCCBasCAQExDzANBglghkgBZQMEAgEFADBUBgkqhkiG9w0BBwGgRwRFQ29udGVudC1UeXBlOiB0"
    "ZXh0L3BsYWluOyBjaGFyc2V0PXV0Zi04DQoNCk9wYXF1ZSBzaWduZWQgd29yZHMgNzcxLg0K"
)


def parsed(body: bytes) -> IncomingMessage:
    head = f"From: {ANA}\nTo: {US.reply_address(12)}\nSubject: Re: x\nMIME-Version: 1.0\n".encode()
    found = read((head + body).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), NOW, US)
    assert isinstance(found, IncomingMessage), found
    return found


def part(headers: str, content: bytes) -> bytes:
    return f"Content-Type: {headers}\nContent-Transfer-Encoding: base64\n\n".encode() + encodebytes(content)


def mixed(*parts: bytes, kind: str = "mixed") -> bytes:
    inner = b"".join(b"--b\n" + one + b"\n" for one in parts)
    return f"Content-Type: multipart/{kind}; boundary=b\n\n".encode() + inner + b"--b--\n"


PGP = b"-----BEGIN PGP MESSAGE-----\n\nhQEMA7rkF2xAbCdE\n=Ab1C\n-----END PGP MESSAGE-----\n"
TEXT = b"Content-Type: text/plain; charset=utf-8\n\nWhy two?\n"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"Content-Type: text/plain charset=utf-8\n\n" + "Größe".encode("cp1252"), "Größe"),
        (b"Content-Type: text/plain charset=koi8-r\n\n" + "Да".encode("koi8-r"), "Да"),
        (b"Content-Type: multipart/mixed\n\nIt leaks badly.\n", "It leaks badly."),
        (b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nIt leaks, badly!\n", "It leaks, badly!"),
        (part("text/plain; charset=utf-8", "Größe".encode()), "Größe"),
        (b"Content-Type: text/enriched\n\n<bold>It leaks.</bold>\n", "It leaks."),
        (b"Content-Type: text/markdown\n\nIt *leaks*.\n", "It *leaks*."),
        (part('application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"', SIGNED), "Opaque signed words 771."),
        (part('application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"', b"\x30\x80abc"), ENCRYPTED),
        (b"Content-Type: text/plain\n\nHi\n" + 2 * PGP + b"Kim\n", f"Hi\n{ENCRYPTED}\n{ENCRYPTED}\nKim"),
        (mixed(part("application/pgp-encrypted", b"Version: 1"), kind="encrypted"), ENCRYPTED),
    ],
)  # fmt: skip
def test_the_text_is_found_in_its_form(body: bytes, text: str) -> None:
    found = parsed(body)
    assert found.text == text
    assert found.files == []


@pytest.mark.parametrize(
    "attached",
    [
        part("message/rfc822", SAVED),
        part('application/octet-stream; name="Your booking.eml"', SAVED),
        b"Content-Type: message/rfc822\n\n" + SAVED,
    ],
    ids=["encoded", "a file", "as it should be"],
)
def test_an_attached_mail_is_shown_however_it_is_attached(attached: bytes) -> None:
    found = parsed(mixed(TEXT, attached))
    assert found.text.startswith("Why two?")
    assert "Your booking 6630" in found.text
    assert "Seats: 2" in found.text
    assert found.files == []


def test_a_file_that_is_called_a_mail_and_is_none_stays_a_file() -> None:
    [file] = parsed(mixed(TEXT, part('application/octet-stream; name="a.eml"', b"\x00\x01 no mail"))).files
    assert (file.name, file.content, file.refused) == ("a.eml", b"", FileFault.WRONG_TYPE)


@pytest.mark.parametrize(
    ("answer", "told"), [("ACCEPTED", "Accepted"), ("DECLINED", "Declined"), ("TENTATIVE", "Tentative")]
)
def test_an_answer_to_an_invitation_says_which(answer: str, told: str) -> None:
    event = EVENT.format(answer, ANA, "LOCATION:Room 5\r\nCOMMENT:I am late\r\n")
    assert parsed(b"Content-Type: text/calendar\n\n" + event.encode()).text == (
        f"📅 Answer to an invitation: {told} · Call · Room 5 · I am late"
    )


def test_a_file_name_in_raw_bytes_can_be_stored() -> None:
    headers = 'application/pdf; name="Rechnung März.pdf"\nContent-Disposition: attachment'
    [file] = parsed(mixed(TEXT, part(headers, b"%PDF-1.4\n"))).files
    assert file.name == "Rechnung März.pdf"


def test_pgp_armor_is_left_out_and_its_dashes_undone() -> None:
    armor = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n{}\n-----BEGIN PGP SIGNATURE-----\n\niQIz\n-----END PGP SIGNATURE-----"
    assert without_armor(armor.format("Words.\n- -- dashed")) == "Words.\n-- dashed\n"
    assert (
        without_armor("-----BEGIN PGP SIGNED MESSAGE-----\nWords.")
        == "-----BEGIN PGP SIGNED MESSAGE-----\nWords."
    )
    assert_linear(
        lambda text: without_armor(f"-----BEGIN PGP SIGNED MESSAGE-----\n\n{text}"),
        "-----BEGIN PGP SIGNATURE-----\n",
    )


@pytest.mark.parametrize("end", range(0, len(SIGNED), 7))
def test_a_signature_that_is_cut_off_breaks_nothing(end: int) -> None:
    found = signed_content(SIGNED[:end])
    assert found is None or b"Opaque signed words 771.".startswith(found[-5:]) or found in SIGNED


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            "<table><tr><td>Order</td><td>7781</td></tr><tr><td>Size</td><td>43</td></tr></table>",
            "Order 7781\nSize 43",
        ),
        ("<pre>line one\nline <b>two</b>\n  three</pre>", "line one\nline two\nthree"),
        ("<p>Broken.</p><span style='visibility:hidden'>zz</span>", "Broken."),
        ("<p>Broken.</p><span style='font-size:0.9em'>And hot.</span>", "Broken.\nAnd hot."),
        (
            "Works.<span id='ms-outlook-mobile-signature'>Get Outlook for iOS</span>",
            "Works.\n\nGet Outlook for iOS",
        ),
        ("<style>" + ".a{color:red;font:12px Arial}\n" * 8_000 + "</style><p>Broken.</p>", "Broken."),
    ],
    ids=["cells", "laid out", "hidden", "small", "a program's line", "long styles"],
)
def test_html_is_read_as_it_is_seen(html: str, text: str) -> None:
    assert text_of_html(html) == text


LONG = "Second part with order 7781 that the plain text lacks, and many more words here to see."


@pytest.mark.parametrize(
    ("plain", "html", "shown"),
    [
        ("Please enable HTML to view this.", "<p>Yes.</p>", "Yes."),
        ("このメールはHTML形式です。", "<p>まだ届いていません。</p>", "まだ届いていません。"),
        ("<p>It is <b>broken</b>.</p>", "<p>It is <b>broken</b>.</p>", "It is broken."),
        ("First part.", f"<p>First part.</p><p>{LONG}</p>", f"First part.\n{LONG}"),
        (
            "My HTML page shows error 51.",
            "<p>My HTML page shows error 51.</p>",
            "My HTML page shows error 51.",
        ),
        ("The kettle leaks.", "<p>The kettle leaks.</p><p>Kim Bo, Buying</p>", "The kettle leaks."),
    ],
)
def test_the_html_is_shown_where_the_plain_text_stands_in_for_it(plain: str, html: str, shown: str) -> None:
    parts = [
        f"Content-Type: text/{kind}; charset=utf-8\n\n{one}\n".encode()
        for kind, one in (("plain", plain), ("html", html))
    ]
    assert parsed(mixed(*parts, kind="alternative")).text == shown


@pytest.mark.parametrize(
    "text",
    [
        "What is -----BEGIN PGP MESSAGE----- ? My order came with it. It ends in -----END PGP MESSAGE-----",
        "-----BEGIN PGP MESSAGE-----\nthat is what I see, and no parcel\n-----END PGP MESSAGE-----",
        "-----BEGIN PGP MESSAGE-----\nhQEMA7rk\n-----\n-----END PGP MESSAGE-----",
    ],
)
def test_words_between_the_marks_of_pgp_stay(text: str) -> None:
    assert without_encrypted(text) == text


def test_what_pgp_encrypted_in_a_quote_is_replaced_too() -> None:
    text = "See:\n> -----BEGIN PGP MESSAGE-----\n> Comment: GPG - x\n>\n> hQEMA7rk\n> =Ab1C\n> -----END PGP MESSAGE-----\nOK?"
    assert without_encrypted(text) == f"See:\n> {ENCRYPTED}\nOK?"


@pytest.mark.parametrize(
    "piece", ["-----BEGIN PGP MESSAGE-----", "-----BEGIN PGP MESSAGE-----\n-", PGP.decode()]
)
def test_the_search_for_encrypted_text_is_linear(piece: str) -> None:
    assert_linear(without_encrypted, piece)


@pytest.mark.parametrize("piece", [" ", ">", "a", "a: ", "> a\n"])
def test_the_look_at_a_block_is_linear(piece: str) -> None:
    begins, ends = "-----BEGIN PGP MESSAGE-----\n", "!\n-----END PGP MESSAGE-----"
    assert_linear(lambda text: without_encrypted(f"{begins}{text}{ends}"), piece)
