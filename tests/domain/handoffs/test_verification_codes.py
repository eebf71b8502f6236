"""Detect verification codes in messages, however they are spaced."""

import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.handoffs.verification_codes import contains_code, contains_six_digits, without_code

CODE = "Q7K2PX"
codes = st.text(string.ascii_uppercase + string.digits, min_size=6, max_size=6)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (CODE, True),
        ("my code is q7k-2px.", True),
        ("Q7K 2PX thanks", True),
        ("Q-7-K-2-P-X", True),
        ("code:Q7K2PX!", True),
        ("Q7K2P", False),
        ("XQ7K2PX", False),
        ("Q7K2PXX", False),
        ("Q7K  2PX", False),
        ("what is a code?", False),
        ("", False),
    ],
)
def test_a_code_counts_where_it_stands_alone(text: str, found: bool) -> None:
    assert contains_code(text, CODE) is found


@pytest.mark.parametrize("text", ["", CODE, "anything at all"])
def test_no_text_contains_an_empty_code(text: str) -> None:
    assert not contains_code(text, "")


@given(codes, st.lists(st.sampled_from(["", " ", "-"]), min_size=5, max_size=5), st.booleans())
def test_a_code_is_found_however_it_is_written(code: str, separators: list[str], lower: bool) -> None:
    written = code[0] + "".join(map("".join, zip(separators, code[1:], strict=True)))
    assert contains_code(f"It is {written.lower() if lower else written}, thanks", code)


@given(codes, st.sampled_from(string.ascii_letters + string.digits + "_"))
def test_a_code_within_a_longer_word_is_not_found(code: str, letter: str) -> None:
    assert not contains_code(f"{letter}{code}", code)
    assert not contains_code(f"{code}{letter}", code)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("424 243", True),
        ("424-243", True),
        ("it is 424243.", True),
        ("42424", False),
        ("4242433", False),
        ("order-424243", False),
        ("424243-1", False),
        ("A424243", False),
        ("424  243", False),
        ("", False),
    ],
)
def test_six_digits_that_stand_alone_may_be_a_mistyped_code(text: str, found: bool) -> None:
    assert contains_six_digits(text) is found


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (CODE, ""),
        ("My code is q7k-2px.", ""),
        ("Order 4711. My code is Q7K 2PX, thanks! Where is it?", "Order 4711. Where is it?"),
        ("Here is my code:\nQ7K2PX\nMy order is 4711.", "My order is 4711."),
        ("Order:\n4711\nQ7K2PX", "Order:\n4711"),
        (
            "注文は4711です。コードはQ7K2PXです。届きません。",
            "注文は4711です。コードはQ7K2PXです。届きません。",
        ),
        ("注文は4711です。コードは Q7K2PX です。届きません。", "注文は4711です。届きません。"),
        ("The code by SMS never comes", "The code by SMS never comes"),
    ],
)
def test_the_sentence_with_the_code_is_left_out(text: str, left: str) -> None:
    assert without_code(text, ["", "ABCDEF", CODE]) == left


def test_a_long_text_with_many_codes_is_read_in_linear_time() -> None:
    """Whoever is in the chat knows the code."""
    began = time.perf_counter()
    for text in (CODE + "x " * 200_000, f"{CODE}: " * 60_000, f"a:\n{CODE}\n" * 40_000):
        without_code(text, [CODE])
    assert time.perf_counter() - began < 5
