"""Decode what a mail claims to be, and what it is instead."""

import pytest

from adapters.email.charsets import decode_bytes
from tests.growth import assert_linear

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


@pytest.mark.parametrize(
    ("text", "codec", "claimed"),
    [
        ("İyi günler, sipariş hâlâ gelmedi. Çok kızgınım, ışığı görmüyorum.", "cp1254", "iso-8859-1"),
        ("Dzień dobry, paczka wciąż nie dotarła. Proszę o zwrot pieniędzy.", "cp1250", "iso-8859-1"),
        ("Посылка до сих пор не пришла, верните деньги", "koi8-r", "windows-1251"),
        ("包裹還沒有收到，請退款，謝謝您的幫忙", "big5", "gb2312"),
    ],
)
def test_letters_that_fit_the_claim_and_no_language_are_read_anew(
    text: str, codec: str, claimed: str
) -> None:
    assert decode_bytes(text.encode(codec), claimed) == text


@pytest.mark.parametrize(
    ("text", "codec", "claimed"),
    [
        ("þetta er bilað, takk", "cp1252", "iso-8859-1"),
        ("ÞETTA VIRKAR EKKI", "cp1252", "iso-8859-1"),
        ("Þetta er ekki rett, hvad er ad?", "cp1252", "iso-8859-1"),
        ("Ég þakka fyrir, pöntunin er ekki komin", "cp1252", "iso-8859-1"),
        ("5 m³ or 10 m²; 1¼ cups at 3£ ±2. See note¹. ¿Qué?", "cp1252", "iso-8859-1"),
        ("Das kostet 3¾ € pro m³/h, und 5 m³Luft; x¼y", "cp1252", "iso-8859-1"),
        ("зДРАВСТВУЙТЕ, ПОСЫЛКА НЕ ПРИШЛА, ГДЕ ОНА?", "cp1251", "windows-1251"),
        ("нА ПОЧТЕ нЕТ", "cp1251", "windows-1251"),
        ("Тьфу, тьфу! чУДо", "cp1251", "windows-1251"),
        ("ОТДАЙТЕ ДЕНЬГИ", "cp1251", "windows-1251"),
        ("我買的東西還沒收到，請問什麼時候會到？", "gbk", "gb2312"),
        ("喆囍", "gbk", "gb2312"),
        ("悌惝", "gbk", "gb2312"),
    ],
)
def test_odd_letters_that_are_right_stay(text: str, codec: str, claimed: str) -> None:
    assert decode_bytes(text.encode(codec), claimed) == text


@pytest.mark.parametrize("codec", ["iso-8859-2", "windows-1250"])
@pytest.mark.parametrize(
    "text",
    [
        "Nejde mi přihlášení, prosím o pomoc",
        "Košík je stále prázdný, řešte to prosím už dnes",
        "Nem működik az őszi frissítés óta, kérem segítsenek",
        "A csomag még mindig nem jött meg, kérem nézzék meg az ügyet: 4471-es, ősz utca",
    ],
)
def test_short_czech_and_hungarian_that_claims_western_europe_is_read(text: str, codec: str) -> None:
    assert decode_bytes(text.encode(codec), "iso-8859-1") == text


@pytest.mark.parametrize(
    "text",
    [
        "Sûr, le mûrier et la voûte ont coûté 49 euros",
        "As opções não são boas, nem as condições",
        "Õnnitlused, kõik töötab jälle, aga võti ei",
        "It hûs is te lyts, wy wolle in oar",
        "Min Škoda kører ikke, det er øv",
        "Perché non è più così, già lunedì",
        "Où est-il, ce règlement",
        "Paket wurde nicht geliefert, schöne Grüße",
    ],
)
def test_other_languages_with_the_same_letters_stay(text: str) -> None:
    assert decode_bytes(text.encode("windows-1252"), "iso-8859-1") == text


@pytest.mark.parametrize("piece", ["õ", "az ", "õ az és ", "¹a", "ø"])
def test_the_time_to_read_another_charset_is_linear(piece: str) -> None:
    assert_linear(lambda text: decode_bytes(text.encode("windows-1252"), "iso-8859-1"), piece)
