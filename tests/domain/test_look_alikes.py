"""Names that look alike are told, and honest names of all alphabets are left alone."""

import unicodedata

import pytest

from domain.look_alikes import as_it_looks, mixes_alphabets, names, without_unseen

DISGUISES = [
    "Acme",
    "ACME",
    "\u0410\u0441m\u0435",  # Cyrillic A, es and ie
    "\u0410\u0441\u043c\u0435",  # Cyrillic throughout
    "\u0391CM\u0395",  # Greek capitals
    "Ac\u200bme",
    "A\u2060c\u00adm\ufeffe",
    "Acme\u3164",
    "𝐀𝐜𝐦𝐞",
    "Ａｃｍｅ",
    "Ácmé",
    "Acrne",
]
HONEST = [
    "Ana Ruiz",
    "Иван Петров",
    "Иван Petrov",
    "Νίκος Παπαδόπουλος",
    "Սարո Սարգսյան",
    "山田 Taro",
    "محمد علی",
    "Zoë O'Hara-Müller 🎉",
    "Jürgen 2",
    "Ａｎａ",
]


@pytest.mark.parametrize("name", DISGUISES)
def test_a_name_that_looks_like_ours_is_told(name: str) -> None:
    assert as_it_looks(name) == as_it_looks("Acme")
    assert names(f"{name} Support", "Acme")
    assert names(f"@{name}_Help", "acme")


@pytest.mark.parametrize("name", ["Acmeville", "Pacme", "Ac me", "", "Ana", *HONEST])
def test_another_name_is_none_of_ours(name: str) -> None:
    assert not names(name, "Acme")
    assert not names(name, "")
    assert not names(name, "\u200b")


def test_letters_that_one_reads_for_another_are_one() -> None:
    assert as_it_looks("AIice 0'Hara") == as_it_looks("alice o'hara")
    assert as_it_looks("Vvilma") == as_it_looks("Wilma")


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_name_is_shown_as_it_is(name: str) -> None:
    assert not mixes_alphabets(name)
    assert without_unseen(name) == name


@pytest.mark.parametrize("name", ["\u0410cme", "P\u0430ypal Service", "D\u03b1nny"])
def test_letters_of_several_alphabets_in_a_word_are_told(name: str) -> None:
    assert mixes_alphabets(name)


def test_what_nobody_sees_is_left_out_and_what_joins_stays() -> None:
    assert without_unseen("Sam\u200b Br\u00adook\u2060") == "Sam Brook"
    assert without_unseen("\u3164\u200b\u200d ") == ""
    for kept in (
        "👨‍👩‍👧",
        "می‌خواهم",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "❤️",
        "۝",
    ):
        assert without_unseen(kept) == kept
    assert without_unseen("Sam\U000e0067") == "Sam"


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\x1c", "\x85", "\xa0"])
def test_of_a_name_without_letters_nothing_is_seen(blank: str) -> None:
    assert without_unseen(blank) == ""
    assert without_unseen(f"{blank}Sam{blank}") == f"{blank}Sam{blank}"


def test_each_letter_looks_like_one_letter_at_most() -> None:
    """The table is what it says: letters of other alphabets on one side, Latin's on the other."""
    for code in range(0x370, 0x590):
        letter = chr(code)
        looks = as_it_looks(letter) if unicodedata.category(letter).startswith("L") else ""
        assert len(looks) <= 2, letter
        if looks.isascii() and looks:
            assert len(looks) == 1, letter
