"""Varied answers to linked customers, none of which is used twice."""

from collections.abc import Mapping

import pytest

from adapters.prompts.notices import load_notice_words
from domain.outages.answer_wordings import Wordings, faulty_line, lines_of, unused_wording, with_room
from domain.triage.form_of_address import FormOfAddress
from tests.domain.outages.test_drafts import WORDS
from tests.source import ROOT

TWO = Wordings(greetings=("Hi[[ {{ name }}]],",), bodies=("sorry.[[ Next by {{ time }}.]]", "we are on it."))
LANGUAGES = sorted(file.stem for file in (ROOT / "prompts" / "outages").glob("*.toml"))


def take(
    count: int, *, name: str = "Ana Ruiz", handle: str = "ana", values: Mapping[str, str] | None = None
) -> list[str | None]:
    used: set[str] = set()
    texts = []
    for position in range(count):
        text = unused_wording(
            TWO,
            name=name,
            handle=handle,
            values={"time": "13:00"} if values is None else values,
            position=position,
            used=used,
            fits=lambda text: len(text) < 60,
        )
        used |= {text} if text else set()
        texts.append(text)
    return texts


def test_neighbours_read_differently_and_nobody_gets_the_same() -> None:
    assert take(5) == [
        "Hi Ana, sorry. Next by 13:00.",
        "Hi Ana, we are on it.",
        "Hi @ana, sorry. Next by 13:00.",
        "Hi @ana, we are on it.",
        None,
    ]


def test_without_a_name_the_handle_is_used_and_without_both_nothing() -> None:
    assert take(3, name="★★★", handle="") == ["Hi, sorry. Next by 13:00.", "Hi, we are on it.", None]


def test_a_passage_without_its_value_is_left_out() -> None:
    assert take(1, values={"time": ""}) == ["Hi Ana, sorry."]


@pytest.mark.parametrize("form", FormOfAddress)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_wordings_can_be_filled_and_fit_a_post(language: str, form: FormOfAddress) -> None:
    words = load_notice_words(ROOT / "prompts" / "outages", {language: form}, zone=WORDS.zone)
    sentences = words.sentences[language]
    empty = {"name": "", "time": "", "workaround": ""}
    for part in ("greetings", "answers", "solutions"):
        lines = lines_of(sentences[part])
        assert len(set(lines)) == len(lines) >= 3
        assert faulty_line(lines, empty) is None
    longest = [
        max(
            (
                unused_wording(
                    Wordings(greetings=lines_of(sentences["greetings"]), bodies=(body,)),
                    name="Maximiliane",
                    handle="maximiliane",
                    values={"time": "23:59 CEST", "workaround": ""},
                    position=position,
                    used=(),
                    fits=lambda text: len(text) <= 280,
                )
                for position in range(3)
            ),
            key=lambda text: len(text or ""),
        )
        for body in (*lines_of(sentences["answers"]), *lines_of(sentences["solutions"]))
    ]
    assert None not in longest


def test_a_line_with_a_placeholder_that_there_is_not_is_found() -> None:
    assert faulty_line(["fine", "{{ weather }}"], {"name": "Ana"}) == "{{ weather }}"


def test_wordings_for_which_there_is_no_room_are_left_out_whole() -> None:
    assert with_room(["x" * 5, "y" * 4], most=10) == ("x" * 5, "y" * 4)
    assert with_room(["x" * 6, "y" * 4, "z" * 3], most=10) == ("x" * 6, "z" * 3)
    assert with_room(["x" * 11], most=10) == ()
