"""Decode what a mail claims to be, and what it is instead."""

import pytest

from adapters.email.charsets import decode_bytes

RUSSIAN = "Здравствуйте, посылка не пришла. Заказ 771."
JAPANESE = "注文番号の件です。"


@pytest.mark.parametrize(
    ("text", "codec", "claimed"),
    [
        (RUSSIAN, "cp1251", "iso-8859-1"),
        (RUSSIAN, "cp1251", "windows-1252"),
        (RUSSIAN, "cp1251", "us-ascii"),
        (RUSSIAN, "koi8-r", "us-ascii"),
        ("Да, хочу.", "cp1251", None),
        ("您好，我的订单还没有收到，请退款。", "gbk", "iso-8859-1"),
        (JAPANESE, "iso2022_jp", None),
        (JAPANESE, "iso2022_jp", "us-ascii"),
        (JAPANESE, "iso2022_jp", "utf-8"),
        (JAPANESE, "iso2022_jp", "iso-2022-jp-ms"),
        (JAPANESE, "iso2022_jp", "cp50220"),
        ("Größe für 771", "cp850", "ibm850"),
        ("Größe für 771", "cp437", "IBM437"),
        ("Größe für 49", "utf-7", "unicode-1-1-utf-7"),
    ],
)
def test_the_charset_is_told_where_the_label_is_wrong_or_rare(
    text: str, codec: str, claimed: str | None
) -> None:
    assert decode_bytes(text.encode(codec), claimed) == text


@pytest.mark.parametrize(
    "text", ["Größe für Müller, ÄÖÜ", "Où est-ce ? Ça a été payé", "ÀÉÈÇ", "Þetta er í ólagi"]
)
@pytest.mark.parametrize("claimed", ["iso-8859-1", "us-ascii"])
def test_western_letters_are_taken_for_no_other_script(text: str, claimed: str) -> None:
    assert decode_bytes(text.encode("cp1252"), claimed) == text


def test_an_escape_alone_is_no_japanese() -> None:
    assert decode_bytes(b"\x1b[31mred", "us-ascii") == "\N{REPLACEMENT CHARACTER}[31mred"
