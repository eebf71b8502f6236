"""Measure the classifier on the posts held out of training, and compare with what was accepted."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from adapters.prompts.accepted_figures import load_figures, save_figures
from adapters.prompts.labelled_posts import load_labelled_posts
from domain.knowledge.evaluation import EvaluationReport, Figure, evaluate
from domain.knowledge.labelled_posts import LabelledPost
from handlers.classifiers import ACCEPTED, HELD_OUT
from handlers.knowledge.evaluation import judge, worse_figures
from tests.handlers.made import a_classifier, a_trained_classifier


@cache
def report_of(name: str) -> EvaluationReport:
    trained = a_trained_classifier()
    classifier = trained if name == "encoder" else replace(trained, trained=None)
    return evaluate(judge(load_labelled_posts(HELD_OUT), classifier), resamples=200)


def test_accepted_figures_are_kept_in_a_file(tmp_path: Path) -> None:
    save_figures(
        tmp_path / "accepted.json", {"rules": EvaluationReport(figures=(figure(0.123456), figure(0.2)))}
    )
    assert load_figures(tmp_path / "accepted.json") == {"rules": {"share": 0.2}}
    assert load_figures(tmp_path / "none.json") == {}


def test_a_post_without_a_label_is_judged_all_the_same() -> None:
    [judged] = judge([LabelledPost(text="how do I change my address?")], a_classifier())
    assert judged.probability is None
    assert judged.assessment.situation.value == "question"


@pytest.mark.parametrize("name", ["rules", "encoder"])
def test_no_figure_is_worse_than_accepted(name: str) -> None:
    accepted = load_figures(ACCEPTED)[name]
    assert {"situation right", "high or urgent found", "false alarms"} <= accepted.keys()
    assert worse_figures(report_of(name), accepted) == []


def test_the_encoder_reads_better_than_the_rules() -> None:
    rules, encoder = ({f.name: f for f in report_of(name).figures} for name in ("rules", "encoder"))
    for name in ("situation right", "high or urgent found", "sentiment macro-F1"):
        assert (encoder[name].low or 0) > (rules[name].high or 1), name


def figure(value: float, *, more_is_better: bool = True) -> Figure:
    return Figure(
        name="share", more_is_better=more_is_better, value=value, low=value - 0.1, high=value + 0.1, count=10
    )


@pytest.mark.parametrize(
    ("figure", "is_worse"),
    [
        (figure(0.5), False),
        (figure(0.39), True),
        (figure(0.41), False),
        (figure(0.9), False),
        (figure(0.61, more_is_better=False), True),
        (figure(0.59, more_is_better=False), False),
        (Figure(name="share", more_is_better=True), True),
    ],
)
def test_worse_is_what_lies_beyond_chance(figure: Figure, is_worse: bool) -> None:
    assert bool(worse_figures(EvaluationReport(figures=(figure,)), {"share": 0.5})) is is_worse
