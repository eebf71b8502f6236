"""Train and measure from the terminal."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.encoder.heads import load_heads
from adapters.encoder.use_multilingual import UseMultilingual
from adapters.language.detector import LinguaDetector
from adapters.networks.x.profile import PROFILE
from adapters.prompts.rules_of_engagement import load_rules_of_engagement
from bot import main
from domain.errors import UnusableFile
from domain.knowledge.evaluation import EvaluationReport, Figure
from domain.networks import TextCount
from domain.triage.situations import Situation
from handlers.classifiers import reading_classifier
from handlers.terminal.knowledge import Evaluation, evaluate_classifiers, report_lines, train
from tests.source import ROOT

RULES = load_rules_of_engagement(
    ROOT / "prompts" / "rules_of_engagement.toml", help_url="", detector=LinguaDetector()
)


def test_the_lines_name_the_figure_its_interval_and_what_was_accepted() -> None:
    lines = list(
        report_lines(
            EvaluationReport(
                figures=(Figure(name="share", more_is_better=True, value=0.3, low=0.2, high=0.4, count=10),)
            ),
            {"share": 0.5},
        )
    )
    assert lines[0].split() == [
        "share",
        "0.300",
        "[0.200,",
        "0.400]",
        "10",
        "posts",
        "accepted",
        "0.500",
        "WORSE",
    ]


def test_eval_prints_both_classifiers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    posts = tmp_path / "posts.csv"
    posts.write_text("text,situation\nI was charged twice,cannot_pay\n", encoding="utf-8")
    assert main(["eval", "--file", str(posts)]) == 0
    told = capsys.readouterr().out
    assert "rules: 1 posts" in told
    assert "encoder: 1 posts" in told
    assert "situation right                1.000" in told
    assert "accepted" not in told


def test_eval_tells_what_is_wrong_with_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "--file", str(tmp_path / "none.jsonl")]) == 2
    assert "none.jsonl" in capsys.readouterr().err


def test_the_confusion_table_has_a_row_for_each_label() -> None:
    confusion = {(Situation.REFUND, Situation.RANT): 3}
    lines = list(report_lines(EvaluationReport(figures=(), confusion=confusion), {}))
    [row] = [line for line in lines if "refund  " in line and "3" in line]
    assert row.split() == ["refund", *("3" if s is Situation.RANT else "." for s in Situation)]


def test_replies_are_measured_by_the_desk_of_the_post(tmp_path: Path) -> None:
    posts = tmp_path / "posts.jsonl"
    post = {"desk": "bank", "text": "a charge on my card that I never made", "replies": ["unknown_charge"]}
    posts.write_text(json.dumps(post) + "\n")
    evaluation = Evaluation(posts=posts, desks=ROOT / "tests" / "desks", rules=RULES, profile=PROFILE)
    lines, is_well = evaluate_classifiers(evaluation, make_classifier=reading_classifier, accept=False)
    assert is_well
    assert any("right reply among three        1.000" in line for line in lines)


def test_a_suggestion_that_a_hard_rule_blocks_is_told_and_is_not_well(tmp_path: Path) -> None:
    posts, accepted = tmp_path / "posts.jsonl", tmp_path / "accepted.json"
    posts.write_text('{"text": "@acme my card was charged twice for one order"}\n{"text": "zzz"}\n')
    evaluation = Evaluation(posts=posts, rules=RULES, profile=PROFILE, accepted=accepted)
    lines, is_well = evaluate_classifiers(evaluation, make_classifier=reading_classifier, accept=False)
    assert is_well
    assert "  Rules of engagement: 1 suggestions, of which 0 break one." in lines
    short = replace(PROFILE, count=lambda text: TextCount(length=len(text), limit=10))
    blocking = replace(evaluation, profile=short)
    for accept in (False, True):
        lines, is_well = evaluate_classifiers(blocking, make_classifier=reading_classifier, accept=accept)
        assert not is_well
        assert "  Rules of engagement: 1 suggestions, of which 1 break one." in lines
        assert "      1 blocks: too_long" in lines
        assert any(line.split()[:3] == ["suggestions", "blocked", "1.000"] for line in lines)


def test_accepted_figures_are_what_is_compared_with(tmp_path: Path) -> None:
    posts, accepted = tmp_path / "posts.jsonl", tmp_path / "accepted.json"
    posts.write_text('{"text": "I was charged twice", "situation": "cannot_pay"}\n')
    evaluation = Evaluation(posts=posts, accepted=accepted, rules=RULES, profile=PROFILE)
    evaluate_classifiers(evaluation, make_classifier=reading_classifier, accept=True)
    assert json.loads(accepted.read_text())["encoder"]["situation right"] == 1.0
    posts.write_text('{"text": "I was charged twice", "situation": "press"}\n')
    lines, is_well = evaluate_classifiers(evaluation, make_classifier=reading_classifier, accept=False)
    assert not is_well
    assert any(line.endswith("accepted 1.000  WORSE") for line in lines)


def test_training_writes_heads_that_can_be_loaded(tmp_path: Path) -> None:
    posts = [
        '{"text": "charged twice", "situation": "cannot_pay", "urgency": "high", "request": true, "sentiment": "negative"}',
        '{"text": "thank you", "situation": "praise", "urgency": "low", "request": false, "sentiment": "positive"}',
    ]
    (tmp_path / "posts.jsonl").write_text("\n".join(posts))
    encoder, output = UseMultilingual(), tmp_path / "heads.json"
    told = train(tmp_path, output, encoder=encoder, make_classifier=reading_classifier)
    assert told.startswith("2 posts were learnt from; heads.json is written.")
    assert load_heads(output, encoder=encoder.name).posts == 2


@pytest.mark.parametrize("limit", ["0", "-1", "many"])
def test_a_limit_is_a_number_of_posts(limit: str) -> None:
    with pytest.raises(SystemExit):
        main(["eval", "--model", "--limit", limit])


def test_heads_that_may_not_be_written_are_told_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "heads.json"
    monkeypatch.setattr(os, "access", lambda path, _mode: path not in {output, tmp_path})
    for _ in range(2):
        with pytest.raises(UnusableFile, match=r"heads\.json cannot be written \(Permission denied\)"):
            train(tmp_path / "nothing", output, encoder=UseMultilingual(), make_classifier=reading_classifier)
        output.touch()
