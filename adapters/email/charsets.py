"""Decode bytes of untrusted mail by the charset that they claim, as mail programs and browsers read it.

The labels are those of the WHATWG Encoding Standard: "latin1" is windows-1252, "gb2312" gb18030. A charset
that does not fit is detected.
"""

import codecs
import re

import chardet
import webencodings

#: The few that programs write into mail and that the standard does not name.
_MAIL_CODECS = {
    "utf-7": "utf-7",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-2-0-utf-7": "utf-7",
    "johab": "johab",
    "hz-gb-2312": "hz",
    "iso-2022-kr": "iso2022_kr",
}
#: Those of DOS, which are labelled by IBM's name or by the number alone.
_DOS_LABEL = re.compile(r"(?:cp|ibm)-?0*(437|737|775|850|852|855|857|858|860|861|862|863|864|865|869)")
#: ISO-2022-JP and its extensions, which differ in what else they may hold.
_JAPANESE_LABEL = re.compile(r"iso-2022-jp(?:-[\w-]+)?|cp5022[0-2]|csiso2022jp")
_WIDER = {"gbk": "gb18030"}  # what the standard decodes by
#: Those that text in UTF-8 is sent under by mistake: each takes any byte, or none above ASCII.
_CLAIMED_BY_MISTAKE = frozenset({"cp1252"})
_ISO_2022_JP = "iso2022_jp"
_NOT_ASCII = frozenset({_ISO_2022_JP, "iso2022_kr", "utf-7", "hz", "utf-16-le", "utf-16-be"})
_ESCAPE = re.compile(rb"\x1b(\$@|\$B|\(B|\(J|\(I|\$\(D)")
_MAX_DETECTED = 20_000  # bytes that the detection looks at
#: What text is sent in whose letters are all above ASCII, unlike in Western Europe.
_OTHER_SCRIPTS = (
    "windows-1251",
    "koi8-r",
    "koi8-u",
    "iso-8859-5",
    "windows-1253",
    "iso-8859-7",
    "windows-1255",
    "windows-1256",
    "windows-874",
    "gb18030",
    "big5hkscs",
    "cp949",
    "cp932",
    "euc_jis_2004",
)
#: What text of Central Europe and Turkey is sent in, where it claims the charset of Western Europe.
_LATIN = ("windows-1252", "windows-1250", "windows-1254")
#: Signs within words, such as "dotar³a" and unlike "5 m³Luft", and small letters of Icelandic without the
#: vowels that it has everywhere; a capital alone begins a short sentence or a name.
_NOT_WESTERN = re.compile(
    r"[^\W\d_]{2}[¹³¿¼¾¥£¶¯±][^\W\d_]|\A(?=[^þðý]*[þðý])[^áéíóúæøÁÉÍÓÚÆØ]*\Z",
)
#: Czech letters at the same places in ISO 8859-2 and windows-1250, which differ in š, ť and ž.
_CZECH, _CONTROL_PLACES = re.compile(r"[ěřů]", re.IGNORECASE), re.compile(rb"[\x80-\x9f]")
#: How the two languages look where they are read by the charset of Western Europe, and their words.
_HUNGARIAN = (
    re.compile(r"[^ãçêèàñåæøß]*[õû][^ãçêèàñåæøß]*", re.IGNORECASE),
    re.compile(
        r"\b(?:az|és|nem|hogy|kérem|óta|már|csak|nincs|még|köszönöm|tisztelt|üdvözlettel)\b", re.IGNORECASE
    ),
)
_CZECH_AS_WESTERN = (
    re.compile(r"[^ãçêàñåæõß]*[øìù][^ãçêàñåæõß]*", re.IGNORECASE),
    re.compile(
        r"\b(?:prosím|není|nejde|jsem|jsme|stále|dobrý|už|bylo|také|ještì|proè|mùže|dìkuji|zásilka)\b",
        re.IGNORECASE,
    ),
)
#: KOI8-R, read as windows-1251, swaps small letters and capitals: no word is in small letters then.
_FREQUENT = re.compile(r"[оеаинтср]", re.IGNORECASE)  # half of any Russian text
_SWAPPED_CASE, _SMALL = re.compile(r"\b[а-яё][А-ЯЁ]{2}"), re.compile(r"[а-яё]{2}")
#: The first bytes of the characters that GB 2312 and Big5 list first, by use.
_GB_COMMON, _GB_PAIR = re.compile(rb"[\xa1-\xa3\xb0-\xd7][\x80-\xff]"), re.compile(rb"[\x81-\xfe][\x40-\xff]")
_BIG5_COMMON, _BIG5_PAIR = re.compile(rb"[\xa1-\xc6][\x40-\xff]"), _GB_PAIR
_ASCII_LETTER, _HIGH_LETTER = re.compile(rb"[A-Za-z]"), re.compile(rb"[\xc0-\xff]")
_MIN_HIGH, _MIN_HIGH_SHARE = 6, 0.6  # letters, and of all letters: more than any Western language has
_MIN_CONFIDENCE = 0.12  # of the detection; below it, a few letters with accents are windows-1252
_MOSTLY = 10  # letters of UTF-8 for each byte that is none
_FIRST_CELL, _LAST_CELL = 0x21, 0x7E
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def decode_bytes(content: bytes, charset: str | None) -> str:
    """Decode `content`; never raises. What no charset explains becomes U+FFFD, as do control characters."""
    return clean_text(_decode(content, charset))


def clean_text(text: str) -> str:
    """Normalise line ends, and replace control characters and lone surrogates by U+FFFD."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))


def _decode(content: bytes, charset: str | None) -> str:
    codec = _codec_of(charset)
    if content.isascii() and codec not in _NOT_ASCII:
        is_japanese = _ESCAPE.search(content[:_MAX_DETECTED]) is not None
        return (_strictly(content, _ISO_2022_JP) if is_japanese else None) or content.decode("ascii")
    candidates = ["utf-8", codec] if codec is None or codec in _CLAIMED_BY_MISTAKE else [codec, "utf-8"]
    if codec in _CLAIMED_BY_MISTAKE and _is_of_another_script(content):
        candidates = ["utf-8"]
    for name in candidates:
        if name is not None and (text := _strictly(content, name)) is not None:
            return _as_meant(content, name, text)
    return _detected(content)


def _as_meant(content: bytes, codec: str, text: str) -> str:
    """Return the text, decoded anew where its letters fit the claimed charset, and no language does."""
    if codec == "cp1252" and _NOT_WESTERN.search(text) is not None:
        guess = chardet.detect(content[:_MAX_DETECTED], include_encodings=_LATIN)["encoding"]
        found = (_strictly(content, guess) if guess is not None else None) or text
        return _as_iso_8859_2(content, found) if _CZECH.search(found) is not None else found
    if codec == "cp1252" and (_is_like(text, _HUNGARIAN) or _is_like(text, _CZECH_AS_WESTERN)):
        return _as_iso_8859_2(content, _strictly(content, "cp1250") or text)
    if codec == "cp1251" and _SWAPPED_CASE.search(text) is not None and _SMALL.search(text) is None:
        koi8 = _strictly(content, "koi8-u") or ""
        return max(text, koi8, key=lambda read: len(_FREQUENT.findall(read)))
    if codec == "gb18030" and not _is_common(content, _GB_COMMON, _GB_PAIR):
        big5 = _strictly(content, "big5hkscs")
        return big5 if big5 is not None and _is_common(content, _BIG5_COMMON, _BIG5_PAIR) else text
    return text


def _as_iso_8859_2(content: bytes, text: str) -> str:
    """Return the text by ISO 8859-2, whose letters windows-1250 has at other places; else as it is."""
    return text if _CONTROL_PLACES.search(content) else _strictly(content, "iso8859_2") or text


def _is_like(text: str, language: tuple[re.Pattern[str], re.Pattern[str]]) -> bool:
    """Return whether the text has the letters of a language that was read wrongly, and two words of it."""
    letters, words = language
    cut = text[:_MAX_DETECTED]
    return letters.fullmatch(cut) is not None and len(set(map(str.lower, words.findall(cut)))) > 1


def _is_common(content: bytes, common: re.Pattern[bytes], pair: re.Pattern[bytes]) -> bool:
    """Return whether most characters are of those that the charset counts as common."""
    cut = content[:_MAX_DETECTED]
    return 2 * len(common.findall(cut)) > len(pair.findall(cut))


def _codec_of(charset: str | None) -> str | None:
    """Return Python's codec of a label; `None` where it is unknown."""
    label = (charset or "").strip().strip("'\"").lower()
    if label in _MAIL_CODECS:
        return _MAIL_CODECS[label]
    if _JAPANESE_LABEL.fullmatch(label) is not None:
        return _ISO_2022_JP
    if (number := _DOS_LABEL.fullmatch(label)) is not None:
        return f"cp{number[1]}"
    encoding = webencodings.lookup(label)
    if encoding is None:
        return None
    name = str(encoding.codec_info.name)
    return _WIDER.get(name, name)


def _strictly(content: bytes, codec: str) -> str | None:
    try:
        return _japanese(content) if codec == _ISO_2022_JP else codecs.decode(content, codec)
    except (LookupError, UnicodeError, ValueError):
        return None


def _detected(content: bytes) -> str:
    """Decode what is neither as it claims nor UTF-8: the library's guess, else windows-1252."""
    lenient = content.decode("utf-8", "replace")
    replaced = lenient.count("\N{REPLACEMENT CHARACTER}")
    if sum(not letter.isascii() for letter in lenient) - replaced > _MOSTLY * replaced:
        return lenient  # a damaged one, or one that was cut
    is_other = _is_of_another_script(content)
    guess = chardet.detect(content[:_MAX_DETECTED], include_encodings=_OTHER_SCRIPTS if is_other else None)
    if guess["encoding"] is not None and (is_other or guess["confidence"] >= _MIN_CONFIDENCE):
        text = _strictly(content, guess["encoding"])
        if text is not None:
            return text
    return str(webencodings.decode(content, "windows-1252", errors="replace")[0])


def _is_of_another_script(content: bytes) -> bool:
    """Return whether the letters are nearly all above ASCII, so that this is no Western language."""
    cut = content[:_MAX_DETECTED]
    high, low = len(_HIGH_LETTER.findall(cut)), len(_ASCII_LETTER.findall(cut))
    return high >= _MIN_HIGH and high >= _MIN_HIGH_SHARE * (high + low)


def _japanese(content: bytes) -> str:
    """Decode ISO-2022-JP with the characters of NEC and IBM, which programs write in it (CP50220).

    Python's codecs lack them; as bytes of Shift JIS they are read. Raises `UnicodeDecodeError`.
    """
    pieces: list[str] = []
    at, mode = 0, b"(B"
    for escape in _ESCAPE.finditer(content):
        pieces.append(_japanese_run(content[at : escape.start()], mode))
        at, mode = escape.end(), escape[1]
    return "".join([*pieces, _japanese_run(content[at:], mode)])


def _japanese_run(run: bytes, mode: bytes) -> str:
    match mode:
        case b"$@" | b"$B":
            return b"".join(map(_shift_jis_pair, run[::2], run[1::2])).decode("cp932")
        case b"(I":
            return bytes(byte | 0x80 for byte in run).decode("cp932")
        case b"$(D":
            return (b"\x1b$(D" + run).decode("iso2022_jp_1")
        case _:
            return run.decode("ascii")


def _shift_jis_pair(row: int, cell: int) -> bytes:
    """Return the two bytes of Shift JIS for a row and a cell of JIS X 0208, each from 0x21 on."""
    if not (_FIRST_CELL <= row <= _LAST_CELL and _FIRST_CELL <= cell <= _LAST_CELL):
        return bytes((row, cell))  # a line end within the run
    lead = (row + 1) // 2 + (0x70 if row <= 0x5E else 0xB0)  # noqa: PLR2004 - JIS X 0208, annex 1
    trail = cell + (0x1F if cell < 0x60 else 0x20) if row % 2 else cell + 0x7E  # noqa: PLR2004 - the same
    return bytes((lead, trail))
