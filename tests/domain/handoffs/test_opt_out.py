"""Detect opt-out messages: an exact keyword counts, ignoring case, accents and punctuation.

A longer text does not.
"""

import pytest

from domain.handoffs.opt_out import OptOutRequest, OptOutWords, normalize_phrase

WORDS = OptOutWords.of(["stop", "arrêtez", "ne m'écrivez plus", "配信停止"], ["start", "reprendre"])


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("STOP", OptOutRequest.STOP),
        (" Stop!! \n", OptOutRequest.STOP),
        ("«stop»", OptOutRequest.STOP),
        ("s\u200btop", OptOutRequest.STOP),
        ("ARRETEZ.", OptOutRequest.STOP),
        ("Ne  m’écrivez\nplus !", OptOutRequest.STOP),
        ("配信停止。", OptOutRequest.STOP),
        ("Start", OptOutRequest.START),
        ("stop charging me", None),
        ("please stop", None),
        ("stop https://example.org", None),
        ("nonstop", None),
        ("stop stop", None),
        ("", None),
        ("!!!", None),
    ],
)
def test_an_opt_out_is_the_whole_message(text: str, wish: OptOutRequest | None) -> None:
    assert WORDS.request_in(text) is wish


@pytest.mark.parametrize(("stop", "start"), [(["stop"], ["STOP!"]), (["…"], ["start"])])
def test_a_phrase_cannot_mean_both_or_nothing(stop: list[str], start: list[str]) -> None:
    with pytest.raises(ValueError, match=r"stands under|no letters"):
        OptOutWords.of(stop, start)


def test_a_phrase_is_normalized() -> None:
    assert normalize_phrase(" «Ne m’écrivez  plus!» ") == "ne m'ecrivez plus"
