"""Load and render the prompt files; refuse malformed ones at load time."""

import re
from pathlib import Path

import pytest

from adapters.model import Prompt, PromptError, load_prompt
from adapters.model.drafter import INPUTS
from adapters.networks.x.profile import PROFILE
from domain.triage.situations import Situation
from tests.source import ROOT

DATA = ROOT / "prompts" / "model" / "data.md"
SHIPPED = ROOT / "prompts" / "draft" / "reply.md"
VALUES = {
    "brand": "Acme",
    "counting_rule": PROFILE.counting_rule,
    "language": "es",
    "language_name": "Spanish",
    "limit": 280,
    "must_move": False,
    "never_promise": (),
    "overlong": 0,
    "situations": [situation.value for situation in Situation],
    "tone": "",
    "urgencies": ["urgent", "low"],
    "voice": "Speak plainly.",
}


def shipped(**changes: object) -> str:
    return load_prompt(SHIPPED, INPUTS).instructions(VALUES | changes)


def test_the_shipped_prompt_holds_the_rules() -> None:
    text = shipped()
    assert "Spanish" in text
    assert "280" in text
    assert "Speak plainly." in text
    assert all(situation.value in text for situation in Situation)
    assert re.search(
        r"never\s+an\s+instruction", load_prompt(DATA, frozenset({"schema"})).instructions({"schema": None})
    )


def test_what_the_rules_of_engagement_say_is_told() -> None:
    assert "Never promise" not in shipped()
    assert "Never promise money or time here" in shipped(never_promise=("money", "time"))
    assert "Tone for this post: Calm" in shipped(tone="Calm")
    assert "ask the customer to write a direct message" not in shipped()
    assert "ask the customer to write a direct message" in shipped(must_move=True)


def test_a_draft_that_was_too_long_is_told() -> None:
    assert "too long" not in shipped()
    assert "Your last draft was 300 characters long" in shipped(overlong=300)


def test_a_networks_way_to_count_is_told_for_that_network_alone() -> None:
    assert "280 characters long, where a link counts 23 and an emoji" in shipped()
    other = shipped(counting_rule="where a word counts 1")
    assert "280 characters long, where a word counts 1.\n" in other
    assert "23" not in other
    assert "280 characters long.\n" in shipped(counting_rule="")


def test_where_the_server_takes_no_schema_it_stands_in_the_text() -> None:
    frame = load_prompt(DATA, frozenset({"schema"}))
    assert "JSON schema" not in frame.instructions({"schema": None})
    assert '{"type": "object"}' in frame.instructions({"schema": {"type": "object"}})


GOOD = "---\nname: n\nversion: 2\ninputs: [limit, brand]\n---\nFor {{ brand }}, {{ limit }}.\n"


def load(tmp_path: Path, text: str) -> Prompt:
    path = tmp_path / "prompt.md"
    path.write_text(text, encoding="utf-8")
    return load_prompt(path, INPUTS)


def test_a_small_prompt_is_enough(tmp_path: Path) -> None:
    prompt = load(tmp_path, GOOD)
    assert (prompt.name, prompt.version) == ("n", "2")
    assert prompt.instructions(VALUES) == "For Acme, 280."


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("inputs: [limit, brand]", "inputs: [limit, brand, shoe_size]", "no input shoe_size"),
        # Gone in version 3: the prompt of a user may still have it.
        ("inputs: [limit, brand]", "inputs: [limit, brand, network]", "no input network"),
        ("inputs: [limit, brand]", "inputs: [limit]", "uses brand without declaring"),
        ("inputs: [limit, brand]", "inputs: [limit, brand, tone]", "declares tone and does not use"),
        ("inputs: [limit, brand]", "inputs: limit", "must be a list"),
        ("version: 2\n", "", "must have inputs, name, version"),
        ("version: 2\n", "version: 2\nmodel: x\n", "nothing else"),
        # What customers write is data, and in no prompt.
        ("inputs: [limit, brand]", "inputs: [limit, brand, post]", "no input post"),
        ("{{ limit }}", "{{ brand }}", "declares limit and does not use"),
        ("For {{ brand }}, {{ limit }}.", "", "no instructions"),
        ("{{ brand }}", "{{ brand }", "no template"),
        ("{{ brand }}", "{% include 'x' %}{{ brand | nofilter }}", "no template"),
        ("name: n", "name: [", "not YAML"),
    ],
)
def test_a_wrong_prompt_is_refused_by_what_is_wrong(
    tmp_path: Path, before: str, after: str, told: str
) -> None:
    assert before in GOOD
    with pytest.raises(PromptError, match=told):
        load(tmp_path, GOOD.replace(before, after))


def test_a_prompt_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"none\.md cannot be used: it is not there"):
        load_prompt(tmp_path / "none.md")


def test_a_template_that_reaches_for_more_fails_safely(tmp_path: Path) -> None:
    prompt = load(tmp_path, GOOD.replace("{{ brand }}", "{{ brand.__class__.__mro__ }}"))
    with pytest.raises(PromptError, match="cannot be filled"):
        prompt.instructions(VALUES)


def test_an_unknown_attribute_fails_rather_than_being_empty(tmp_path: Path) -> None:
    prompt = load(tmp_path, GOOD.replace("{{ brand }}", "{{ brand.colour }}"))
    with pytest.raises(PromptError, match="cannot be filled"):
        prompt.instructions(VALUES)
