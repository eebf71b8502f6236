"""Open what Outlook wraps into one file (TNEF, "winmail.dat"): the text and the attached files.

Parsed here by MS-OXTNEF, within bounds: the library for it believes the counts that a file claims, so that
forty bytes keep it busy for ever, and needs another one for compressed RTF.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from adapters.email.charsets import clean_text, decode_bytes
from adapters.email.html import text_of_html
from adapters.email.rtf_compression import decompress_rtf

TNEF_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_MAX_SIZE = 30 * 1024 * 1024  # bytes
_MAX_FILES = 20
_MAX_ATTRIBUTES = 1_000
_MAX_PROPERTIES = 1_000  # of the mail, or of one file
_MAX_TEXT_LENGTH = 200_000  # characters, or bytes of what they are read from

_SIGNATURE = 0x223E9F78
_BODY, _CODEPAGE, _MAIL_PROPERTIES = 0x800C, 0x9007, 0x9003
_FILE_BEGINS, _FILE_TITLE, _FILE_DATA, _FILE_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
_TEXT, _HTML, _RTF = 0x1000, 0x1013, 0x1009
_FILE_CONTENT, _SHORT_NAME, _LONG_NAME = 0x3701, 0x3704, 0x3707

_NAMED, _SEVERAL = 0x8000, 0x1000  # flags of a property
_STRING, _UNICODE, _OBJECT = 0x1E, 0x1F, 0x0D
_VARIABLE = frozenset({_STRING, _UNICODE, _OBJECT, 0x102})  # types whose values have a length
#: Bytes of a value of the other types.
_SIZES = {1: 4, 2: 2, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0x0A: 4, 0x0B: 2, 0x14: 8, 0x40: 8, 0x48: 16}
_INTERFACE_LENGTH = 16  # bytes before an object's own
#: Windows' numbers of charsets whose names differ.
_CODEPAGES = {932: "shift_jis", 936: "gbk", 950: "big5", 65001: "utf-8"}

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _File:
    name: str = ""
    content: bytes = b""


def read_tnef(content: bytes) -> tuple[str, list[tuple[str, bytes]]] | None:
    """Return the text and the files, each with its name; `None` where the content is damaged."""
    if len(content) > _MAX_SIZE:
        return None
    try:
        text, files = _read(content)
    except Exception as error:  # noqa: BLE001 - `striprtf` raises what damaged content makes it meet
        log.info("a winmail.dat could not be opened: %s", type(error).__name__)
        return None
    return clean_text(text).replace("\N{REPLACEMENT CHARACTER}", "").strip(), files


def _read(content: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    codepage: str | None = None
    body = ""
    properties: dict[int, str | bytes] = {}
    files: list[_File] = []
    for name, data in _attributes(content):
        if name == _CODEPAGE:
            codepage = _CODEPAGES.get(_number(data, 0), f"windows-{_number(data, 0)}")
        elif name == _BODY:
            body = _decoded(data, codepage)
        elif name == _MAIL_PROPERTIES:
            properties = _properties(data, codepage)
        elif name == _FILE_BEGINS:
            files.append(_File())
        elif files:
            _add_to_file(files[-1], name, data, codepage)
    text = body.strip() or _text_of(properties, codepage)
    return text, [(file.name, file.content) for file in files[:_MAX_FILES]]


def _attributes(content: bytes) -> Iterator[tuple[int, memoryview]]:
    """Yield the name and the value of each attribute; raises `ValueError` where the file is damaged."""
    view = memoryview(content)
    if _number(view, 0) != _SIGNATURE:
        raise ValueError("it is no TNEF")
    at = 6
    for _ in range(_MAX_ATTRIBUTES):
        if at >= len(view):
            return
        name, length = _number(view, at + 1) & 0xFFFF, _number(view, at + 5)
        yield name, _slice(view, at + 9, length)
        at += 9 + length + 2  # a checksum follows
    raise ValueError("it has too many attributes")


def _properties(data: memoryview, codepage: str | None) -> dict[int, str | bytes]:
    """Return the properties that have one value, by their ids."""
    found: dict[int, str | bytes] = {}
    at = 4
    for _ in range(min(_number(data, 0), _MAX_PROPERTIES)):
        kind, name = _number(data, at) & 0xFFFF, _number(data, at) >> 16
        at += 4
        if name & _NAMED:
            is_text = _number(data, at + 16) != 0
            at += 20 + (4 + _padded(_number(data, at + 20)) if is_text else 4)
        base = kind & ~_SEVERAL
        is_counted = kind != base or base in _VARIABLE
        count = _number(data, at) if is_counted else 1
        at += 4 * is_counted
        if base in _SIZES:
            at += _padded(len(_slice(data, at, count * _SIZES[base])))
            continue
        if base not in _VARIABLE or count > _MAX_PROPERTIES:
            raise ValueError("it has a property of an unknown type")
        for _ in range(count):
            length = _number(data, at)
            value = _slice(data, at + 4, length)
            at += 4 + _padded(length)
            if base in {_STRING, _UNICODE}:
                found[name] = _decoded(value, "utf-16le" if base == _UNICODE else codepage)
            else:
                found[name] = bytes(value[_INTERFACE_LENGTH:] if base == _OBJECT else value)
    return found


def _add_to_file(file: _File, name: int, data: memoryview, codepage: str | None) -> None:
    if name == _FILE_TITLE:
        file.name = file.name or _decoded(data, codepage)
    elif name == _FILE_DATA:
        file.content = bytes(data)
    elif name == _FILE_PROPERTIES:
        properties = _properties(data, codepage)
        file.name = str(properties.get(_LONG_NAME) or properties.get(_SHORT_NAME) or file.name)
        content = properties.get(_FILE_CONTENT, b"")
        file.content = file.content or (content if isinstance(content, bytes) else b"")


def _text_of(properties: Mapping[int, str | bytes], codepage: str | None) -> str:
    """Return the text of the plain property, else of the HTML, else of the compressed RTF."""
    from striprtf import striprtf

    convert: Callable[..., str] = striprtf.rtf_to_text
    plain, html, rtf = (properties.get(name) or b"" for name in (_TEXT, _HTML, _RTF))
    if isinstance(plain, str) and plain.strip():
        return plain
    if html:
        return text_of_html(html if isinstance(html, str) else _decoded(memoryview(html), None))
    if isinstance(rtf, bytes) and rtf:
        written = decompress_rtf(rtf, _MAX_TEXT_LENGTH)
        return convert(_decoded(memoryview(written), codepage), errors="replace")[:_MAX_TEXT_LENGTH]
    return ""


def _decoded(value: memoryview, charset: str | None) -> str:
    content = bytes(value[:_MAX_TEXT_LENGTH])
    return decode_bytes(content, charset).rstrip("\N{REPLACEMENT CHARACTER}")  # of a zero at the end


def _number(data: memoryview, at: int) -> int:
    """Return the unsigned number of four bytes; raises `ValueError` beyond the end."""
    return int.from_bytes(_slice(data, at, 4), "little")


def _slice(data: memoryview, at: int, length: int) -> memoryview:
    if at + length > len(data):
        raise ValueError("it is cut off")
    return data[at : at + length]


def _padded(length: int) -> int:
    return -(-length // 4) * 4
