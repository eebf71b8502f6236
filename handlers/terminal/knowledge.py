"""Train the heads and measure the classifier from the terminal."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from adapters.encoder.heads import save_heads
from adapters.encoder.training import train_heads
from adapters.prompts.accepted_figures import load_figures, save_figures
from adapters.prompts.labelled_posts import load_labelled_posts
from adapters.prompts.triage import load_saved_replies
from domain.errors import UnusableFile
from domain.knowledge.evaluation import OF_REPLIES, EvaluationReport, Figure, Judged, evaluate
from domain.networks import NetworkProfile
from domain.replies.rules_of_engagement import RulesOfEngagement
from domain.triage.encoder import Encoder
from domain.triage.saved_replies import SavedReply
from domain.triage.situations import Situation
from handlers.knowledge.evaluation import is_worse, judge, learn_answers, with_violations, worse_figures
from handlers.knowledge.training import training_examples
from handlers.triage.classify import Classifier

_SHORT_NAME = 7  # characters of a situation in the confusion table


class MakeClassifier(Protocol):
    """Make a classifier: of rules alone or with the trained heads, for our saved replies or for others."""

    def __call__(self, *, trained: bool, replies: Sequence[SavedReply] | None = None) -> Classifier:
        """Return the classifier."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What is measured: the `posts` of a file, and the folder of the saved replies of each of their desks.

    `answers` are posts that the desks have answered, to measure the replies again after learning from them.
    `accepted` is the file of the accepted figures; `None` where the posts are not those it is for. `rules`
    are the rules of engagement that suggestions and drafts are checked by, as public replies on the network
    of `profile`.
    """

    posts: Path
    rules: RulesOfEngagement
    profile: NetworkProfile
    desks: Path | None = None
    answers: Path | None = None
    accepted: Path | None = None


def train(posts: Path, output: Path, *, encoder: Encoder, make_classifier: MakeClassifier) -> str:
    """Train the heads on the labelled posts in a folder, write them to a file, and say so.

    Raises `UnusableFile`.
    """
    if not os.access(output if output.exists() else output.parent, os.W_OK):  # before minutes of work
        raise UnusableFile(
            f"{output} cannot be written (Permission denied). Run this as the owner of the code."
        )
    labelled = load_labelled_posts(posts)
    examples = training_examples(labelled, classifier=make_classifier(trained=False), encoder=encoder)
    save_heads(train_heads(examples, encoder=encoder.name), output)
    return f"{len(labelled)} posts were learnt from; {output.name} is written. Measure it: python bot.py eval"


def evaluate_classifiers(
    evaluation: Evaluation, *, make_classifier: MakeClassifier, accept: bool
) -> tuple[list[str], bool]:
    """Measure the rules, and the rules with the encoder; return the lines to print, and whether all is well.

    All is well where no figure is really worse than accepted and no suggestion breaks a hard rule. With
    `accept`, the figures become those to compare with. Raises `UnusableFile`.
    """
    posts = load_labelled_posts(evaluation.posts)
    desks = desk_replies(evaluation)
    answers = load_labelled_posts(evaluation.answers) if evaluation.answers is not None else []
    accepted = load_figures(evaluation.accepted) if evaluation.accepted is not None else {}
    reports: dict[str, EvaluationReport] = {}
    lines: list[str] = []
    blocked = 0
    for name, trained in (("rules", False), ("encoder", True)):
        of_desks = {
            desk: make_classifier(trained=trained, replies=replies) for desk, replies in desks.items()
        }
        classifier = make_classifier(trained=trained)
        judged = judge(posts, classifier, of_desks)
        rows = with_violations(
            judged, classifier, of_desks, rules=evaluation.rules, profile=evaluation.profile
        )
        reports[name] = evaluate(rows)
        blocked += sum(any(violation.hard for violation in row.violations or ()) for row in rows)
        lines.append(f"{name}: {len(posts)} posts, with 95 % intervals")
        lines += report_lines(reports[name], accepted.get(name, {}))
        lines += _violation_lines(rows)
        if answers:
            learn_answers(answers, of_desks)
            learnt = evaluate(judge(posts, make_classifier(trained=trained), of_desks))
            lines.append(f"{name}, after learning from {len(answers)} answers:")
            lines += figure_lines([figure for figure in learnt.figures if figure.name in OF_REPLIES], {})
    if accept and evaluation.accepted is not None:
        save_figures(evaluation.accepted, reports)
        return lines, not blocked
    is_well = not blocked and not any(
        worse_figures(report, accepted.get(name, {})) for name, report in reports.items()
    )
    return lines, is_well


def desk_replies(evaluation: Evaluation) -> dict[str, tuple[SavedReply, ...]]:
    """Load the saved replies of each desk, by its name. Raises `UnusableFile`."""
    try:
        folders = (
            [path for path in sorted(evaluation.desks.iterdir()) if path.is_dir()] if evaluation.desks else []
        )
    except OSError as error:
        raise UnusableFile(
            f"{evaluation.desks} cannot be read ({error.strerror}). Name a folder with one of saved replies for "
            "each desk."
        ) from None
    return {folder.name: load_saved_replies(folder) for folder in folders}


def report_lines(report: EvaluationReport, accepted: Mapping[str, float]) -> Iterator[str]:
    """Render the figures, each with its interval and its accepted value, and the confusion table."""
    yield from figure_lines(report.figures, accepted)
    yield "  Confusion: rows are labels, columns are predictions."
    yield from _confusion_lines(report)


def figure_lines(figures: Sequence[Figure], accepted: Mapping[str, float]) -> Iterator[str]:
    """Render the figures that have a value, each with its interval and its accepted value."""
    for figure in figures:
        if figure.value is None or figure.low is None or figure.high is None:
            continue
        before = accepted.get(figure.name)
        compared = "" if before is None else f"  accepted {before:.3f}{_verdict(figure, before)}"
        yield (
            f"  {figure.name:30} {figure.value:.3f}  [{figure.low:.3f}, {figure.high:.3f}]"
            f"  {figure.count:5} posts{compared}"
        )


def _violation_lines(rows: Sequence[Judged]) -> Iterator[str]:
    """Render how many suggestions break which rule of engagement; nothing where none was checked."""
    checked = [row.violations for row in rows if row.violations is not None]
    if not checked:
        return
    broken = Counter((not one.hard, one.rule) for violations in checked for one in violations)
    yield f"  Rules of engagement: {len(checked)} suggestions, of which {sum(map(bool, checked))} break one."
    for (is_soft, rule), count in sorted(broken.items()):
        yield f"  {count:5} {'asks' if is_soft else 'blocks'}: {rule}"


def _confusion_lines(report: EvaluationReport) -> Iterator[str]:
    columns = list(Situation)
    yield "  " + " " * 16 + "".join(f"{name[:_SHORT_NAME]:>8}" for name in columns)
    for label in columns:
        counts = [report.confusion.get((label, predicted), 0) for predicted in columns]
        if any(counts):
            yield f"  {label:16}" + "".join(f"{count or '.':>8}" for count in counts)


def _verdict(figure: Figure, accepted: float) -> str:
    return "  WORSE" if is_worse(figure, accepted) else ""
