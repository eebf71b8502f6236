"""Read what is within a signature, and tell what is encrypted: S/MIME (RFC 8551) and PGP (RFC 9580)."""

import re

ENCRYPTED = "🔒 The mail is encrypted, and cannot be read here. Ask for it without encryption."
SIGNED_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_DATA = bytes.fromhex("06092a864886f70d010701")
_OCTETS, _CONTEXT, _SEQUENCE, _CONSTRUCTED = 0x04, 0xA0, 0x30, 0x20
_MAX_HEADER = 100  # bytes in which the type of the content stands
_MAX_PIECES = 50_000
_HEADING = re.compile(
    r"^-----BEGIN PGP SIGNED MESSAGE-----\n(?:[A-Za-z]+:[^\n]{0,200}\n){0,10}\s*\n", re.MULTILINE
)
_SIGNATURE_BEGINS = re.compile(r"^-----BEGIN PGP SIGNATURE-----\n", re.MULTILINE)
_SIGNATURE_ENDS = re.compile(r"^-----END PGP SIGNATURE-----[ \t]*$", re.MULTILINE)
_BEGINNING = "-----BEGIN PGP SIGNED MESSAGE-----"
_ENCRYPTED_BEGINS, _ENCRYPTED_ENDS = "-----BEGIN PGP MESSAGE-----", "-----END PGP MESSAGE-----"
#: A header of armor, or base64.
_ENCRYPTED_LINE = re.compile(r"[A-Za-z]+: .{0,200}|[A-Za-z0-9+/=]*")
_DASHES = re.compile(r"^- (?=-)", re.MULTILINE)


def without_armor(text: str) -> str:
    """Return the text without the lines of a PGP signature around it; any other text as it is."""
    if text.count(_BEGINNING) != 1:
        return text
    heading = _HEADING.search(text)
    # One after the other: a pattern of all three would look for the end behind each beginning.
    signature = _SIGNATURE_BEGINS.search(text, heading.end()) if heading is not None else None
    end = _SIGNATURE_ENDS.search(text, signature.end()) if signature is not None else None
    if heading is None or signature is None or end is None:
        return text
    words = _DASHES.sub("", text[heading.end() : signature.start()])
    return text[: heading.start()] + words + text[end.end() :]


def without_encrypted(text: str) -> str:
    """Replace what PGP encrypted within a text by a line that says so; words between its marks stay."""
    pieces, at = [], 0
    while (start := text.find(_ENCRYPTED_BEGINS, at)) >= 0:
        begin = start + len(_ENCRYPTED_BEGINS)
        end = text.find("-----", begin)
        if not text.startswith(_ENCRYPTED_ENDS, end) or not _is_armored(text[begin:end]):
            pieces.append(text[at:begin])
            at = begin
            continue
        pieces += [text[at:start], ENCRYPTED]
        at = end + len(_ENCRYPTED_ENDS)
    return "".join([*pieces, text[at:]])


def _is_armored(text: str) -> bool:
    """Return whether these are the lines of a block, also within a quote."""
    return all(_ENCRYPTED_LINE.fullmatch(line.strip("> \t\r")) for line in text.split("\n"))


def is_encrypted(media_type: str) -> bool:
    """Return whether a part is the encrypted content of its mail, or a signature that cannot be opened."""
    return media_type in SIGNED_TYPES or media_type == "application/pgp-encrypted"


def signed_content(content: bytes) -> bytes | None:
    """Return the mail's part that an opaque signature of S/MIME holds; `None` where there is none.

    The signature is not checked: it says nothing of who may write.
    """
    try:
        return _signed_content(memoryview(content))
    except (IndexError, ValueError):
        return None


def _signed_content(data: memoryview) -> bytes | None:
    if _SIGNED_DATA not in bytes(data[:_MAX_HEADER]):
        return None
    outer = _inside(data, _SEQUENCE)  # ContentInfo
    signed = _inside(_inside(_after(outer), _CONTEXT), _SEQUENCE)  # SignedData
    encapsulated = _inside(_after(_after(signed)), _SEQUENCE)  # behind version and digest algorithms
    if bytes(encapsulated[: len(_DATA)]) != _DATA:
        return None
    return b"".join(_octets(_inside(_after(encapsulated), _CONTEXT)))


def _octets(data: memoryview) -> list[bytes]:
    """Return the pieces of an octet string, which may be one of octet strings."""
    pieces: list[bytes] = []
    while len(data) and len(pieces) < _MAX_PIECES:
        tag = data[0]
        if tag == _OCTETS:
            start, length = _header(data)
            pieces.append(bytes(data[start : start + length]))
            data = data[start + length :]
        elif tag == _OCTETS | _CONSTRUCTED:
            data = data[_header(data)[0] :]
        else:
            break
    return pieces


def _inside(data: memoryview, tag: int) -> memoryview:
    """Return what begins within the first element, which must have this tag."""
    if data[0] != tag:
        raise ValueError("another element is there")
    start, _ = _header(data)
    return data[start:]


def _after(data: memoryview) -> memoryview:
    """Return what is behind the first element."""
    start, length = _header(data)
    if length < 0:
        raise ValueError("an element without a length cannot be passed over")
    return data[start + length :]


def _header(data: memoryview) -> tuple[int, int]:
    """Return where the content of the first element begins, and its length; -1 where none is given."""
    first = data[1]
    if first < 0x80:  # noqa: PLR2004 - X.690, 8.1.3
        return 2, first
    count = first & 0x7F
    if count > 4:  # noqa: PLR2004 - more than a mail can have
        raise ValueError("an element is too long")
    return 2 + count, int.from_bytes(data[2 : 2 + count], "big") if count else -1
