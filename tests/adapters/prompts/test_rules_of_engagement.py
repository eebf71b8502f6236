"""Load the rules of engagement strictly; report every mistake by name."""

from dataclasses import replace
from pathlib import Path

import pytest

from adapters.prompts.rules_of_engagement import load_rules_of_engagement
from adapters.prompts.toml_file import PromptFileError
from adapters.slack.cards import render_card
from domain.replies.checks import CHECKS
from domain.replies.checks.reply import PromiseKind, Reply
from domain.replies.rules_of_engagement import Guidance, Where
from domain.triage.assessment import Urgency
from domain.triage.situations import Situation
from tests.adapters.slack.inspection import labels, said
from tests.adapters.slack.samples import OURS, READING, case, view
from tests.source import ROOT

SHIPPED = ROOT / "prompts" / "rules_of_engagement.toml"
SHORT = '[[rules]]\ncheck = "too_long"\nhard = true\nreason = "Write less."\n'
GOOD = f'version = "2"\n{SHORT}[[rules]]\ncheck = "empty"\nhard = true\nreason = "Write something."\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "rules.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_rules_use_every_check_once() -> None:
    engagement = load_rules_of_engagement(SHIPPED)
    assert sorted(rule.name for rule in engagement.rules) == sorted(CHECKS)
    assert engagement.version


def test_the_shipped_rules_block_what_can_never_be_right() -> None:
    hard = {rule.name for rule in load_rules_of_engagement(SHIPPED).rules if rule.hard}
    assert {"empty", "too_long", "placeholder", "asks_for_private_data", "shows_card_number"} <= hard


def test_rules_are_read_in_their_order(tmp_path: Path) -> None:
    more = '[[rules]]\ncheck = "all_caps"\nhard = false\nreason = "Softly."\n'
    engagement = load_rules_of_engagement(written(tmp_path, GOOD + more))
    assert engagement.version == "2"
    assert [(rule.name, rule.hard) for rule in engagement.rules] == [
        ("too_long", True),
        ("empty", True),
        ("all_caps", False),
    ]
    reply = Reply(text="", length=0, limit=280)
    assert [finding.reason for finding in engagement.check(reply)] == ["Write something."]


def test_what_is_known_and_what_to_mind_is_read(tmp_path: Path) -> None:
    more = """
[known]
hosts = ["acme.example"]
phone_numbers = ["+49 30 1234567"]
[situations.refund]
ask_for = "the order number"
never_promise = ["money"]
[situations.press]
venues = ["private"]
"""
    engagement = load_rules_of_engagement(written(tmp_path, GOOD + more), help_url="https://help.acme.test/a")
    assert engagement.known_hosts == {"acme.example", "help.acme.test"}
    assert engagement.help_urls == {"https://help.acme.test/a"}
    assert engagement.known_phone_numbers == {"49301234567"}
    assert engagement.situations == {
        Situation.REFUND: Guidance(ask_for="the order number", never_promise=frozenset({PromiseKind.MONEY})),
        Situation.PRESS: Guidance(venues=frozenset({Where.PRIVATE})),
    }
    assert [guidance.is_private for guidance in engagement.situations.values()] == [False, True]
    assert [rule.where for rule in engagement.rules] == [Where.PUBLIC, Where.PUBLIC]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "version"),
        ("version = 2\nrules = []", "version"),
        ('version = "2"', "rules"),
        ('version = "2"\nrules = []', "rules"),
        (GOOD.replace("empty", "polite"), "there is no check 'polite'"),
        (GOOD.replace("empty", "shouts"), "rules.1.check: there is no check 'shouts'; there are all_caps, "),
        (GOOD.replace("empty", "shouts"), "unsigned, wrong_language (at line 7)\nCorrect the file"),
        (GOOD.replace("hard = true", 'hard = "yes"'), "rules.1.hard"),
        (GOOD.replace("hard = true\n", ""), "rules.1.hard"),
        (GOOD.replace("Write something.", ""), "rules.1.reason"),
        (GOOD + "weight = 3\n", "rules.1.weight"),
        ('colour = "red"\n' + GOOD, "colour"),
        ("version = ", "Invalid value"),
        (GOOD.replace("hard = true", 'hard = true\nwhere = "chat"'), "rules.1.where"),
        (
            GOOD.replace(SHORT, SHORT.replace("hard = true", 'hard = true\nwhere = "private"')),
            "the check 'too_long' must be there with hard = true",
        ),
        (GOOD + "[situations.refund]\nvenues = []\n", "situations.refund.venues"),
        (GOOD + '[situations.refund]\nvenues = ["everywhere"]\n', "situations.refund.venues"),
        (GOOD + '[known]\nhosts = ["https://acme.example"]\n', "'https://acme.example' is not a host"),
        (GOOD + '[known]\nphone_numbers = ["none"]\n', "'none' is not a telephone number"),
        (GOOD + "[known]\nnames = []\n", "known.names"),
        (GOOD + '[situations.billing]\ntone = "Calm"\n', "situations.billing"),
        (GOOD + '[situations.refund]\nmood = "Calm"\n', "situations.refund.mood"),
        (GOOD + '[situations.refund]\ntone = ""\n', "situations.refund.tone"),
        (GOOD + '[situations.refund]\nnever_promise = ["gifts"]\n', "situations.refund.never_promise.0"),
        (GOOD + SHORT, "rules: the check 'too_long' is there 2 times; keep one of them"),
        (
            GOOD.replace(SHORT, ""),
            "the check 'too_long' must be there with hard = true, or an answer that is too long",
        ),
        (
            GOOD.replace(SHORT, SHORT.replace("true", "false")),
            "the check 'too_long' must be there with hard = true",
        ),
        (
            GOOD.replace("empty", "all_caps"),
            "the check 'empty' must be there with hard = true, or an answer without",
        ),
    ],
)
def test_mistakes_are_named_with_their_place(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(PromptFileError) as refused:
        load_rules_of_engagement(written(tmp_path, text))
    assert named in str(refused.value)
    assert "rules.toml" in str(refused.value)
    assert "Correct the file" in str(refused.value)


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(PromptFileError) as refused:
        load_rules_of_engagement(written(tmp_path, GOOD.replace("empty", "polite").replace("too_long", "9")))
    assert len(refused.value.problems) == 2
    with pytest.raises(PromptFileError) as refused:
        load_rules_of_engagement(written(tmp_path, GOOD.replace("true", "false") + SHORT))
    assert len(refused.value.problems) == 2
    assert "Value error" not in str(refused.value)


def test_a_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(PromptFileError, match="there is no such file"):
        load_rules_of_engagement(tmp_path / "none.toml")
    (tmp_path / "rules.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(PromptFileError):
        load_rules_of_engagement(tmp_path / "rules.toml")


def test_what_the_shipped_rules_say_of_spam_names_an_option_of_the_cards_menu() -> None:
    spam = replace(READING, situation=Situation.SPAM, urgency=Urgency.LOW)
    shown = view(case=case(assessment=spam), suggestion=None)
    card = render_card(shown, ours=OURS, guidance=load_rules_of_engagement(SHIPPED).situations)
    assert "Better not answered: press Not a request in the menu (⋯)." in said(card)
    assert "Not a request" in labels(card)
