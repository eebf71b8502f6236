"""Decompress the RTF that Outlook writes into a mail (MS-OXRTFCP), up to a length."""

import struct

_HEADER = struct.Struct("<IIII")
_COMPRESSED, _PLAIN = 0x75465A4C, 0x414C454D
_WINDOW = 4096  # bytes
_BEGINNING = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans "
    rb"SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)


def decompress_rtf(content: bytes, max_length: int) -> bytes:
    """Return the first `max_length` bytes of the RTF; raises `ValueError` where this is none."""
    if len(content) < _HEADER.size:
        raise ValueError("the header is cut off")
    _, _, kind, _ = _HEADER.unpack_from(content)
    if kind == _PLAIN:
        return content[_HEADER.size :][:max_length]
    if kind != _COMPRESSED:
        raise ValueError("it is no compressed RTF")
    return _decompress(content, max_length)


def _decompress(content: bytes, max_length: int) -> bytes:
    window = bytearray(_BEGINNING.ljust(_WINDOW, b"\0"))
    at, end = _HEADER.size, len(_BEGINNING)
    found = bytearray()
    while at < len(content) and len(found) < max_length:
        flags, at = content[at], at + 1
        for bit in range(8):
            if flags >> bit & 1:
                if at + 1 >= len(content):
                    return bytes(found)
                reference, at = content[at] << 8 | content[at + 1], at + 2
                start = reference >> 4
                if start == end % _WINDOW:
                    return bytes(found)
                run = range(start, start + (reference & 0xF) + 2)
            elif at < len(content):
                window[end % _WINDOW], at = content[at], at + 1
                found.append(window[end % _WINDOW])
                end += 1
                continue
            else:
                break
            for place in run:
                window[end % _WINDOW] = window[place % _WINDOW]
                found.append(window[end % _WINDOW])
                end += 1
    return bytes(found)
