"""Measure a language model's drafts from the terminal, within the daily cap."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from adapters.model import load_drafter, load_model
from adapters.prompts.labelled_posts import load_labelled_posts
from adapters.settings import Settings
from domain.clock import Clock
from domain.errors import UnusableFile
from domain.knowledge.evaluation import OF_DRAFTS, Judged, evaluate
from domain.model_calls import ModelBudget
from domain.networks import Networks
from domain.policy import Policy
from handlers.desk import Desk
from handlers.knowledge.evaluation import judge
from handlers.model_ledger import DeskLedger
from handlers.terminal.draft_evaluation import MAX_CALLS_PER_POST, judge_drafts
from handlers.terminal.knowledge import Evaluation, MakeClassifier, desk_replies, figure_lines
from storage.engine import open_store
from storage.schema import create_if_empty

_CHOICE = 1  # the seed: the same posts in each run


async def evaluate_model(
    evaluation: Evaluation,
    settings: Settings,
    prompts: Path,
    make_classifier: MakeClassifier,
    clock: Clock,
    limit: int | None,
    write_line: Callable[[str], None] = print,
) -> None:
    """Have the model draft replies to the posts, at most `limit` of them, and tell what became of them.

    Tells before the first call how many there are at most. The calls are recorded, and count towards the
    daily cap. Raises `UnusableFile` where no model is configured, and `StoreError` where the database is in
    use.
    """
    server, choices = settings.environment.model_server, settings.choices
    if server is None:
        raise UnusableFile("eval --model needs a language model: set OPENAI_API_KEY")
    posts = load_labelled_posts(evaluation.posts)
    if limit is not None and limit < len(posts):
        posts = random.Random(_CHOICE).sample(posts, limit)  # noqa: S311 - a choice, not cryptography
    classifier = make_classifier(trained=True)
    desks = {
        desk: make_classifier(trained=True, replies=replies)
        for desk, replies in desk_replies(evaluation).items()
    }
    write_line(
        f"model {server['model']}: at most {MAX_CALLS_PER_POST * len(posts)} calls for {len(posts)} posts "
        "(a second one where a draft is too long; repeats after errors aside)"
    )
    store = open_store(settings.environment.database_url.get_secret_value())
    create_if_empty(store)
    desk = Desk(store)
    ledger = DeskLedger(desk, clock, _policy(settings))
    model = load_model(prompts, **server, price=choices.model.price, ledger=ledger)
    networks = Networks({}, [evaluation.profile])
    try:
        rows = await judge_drafts(
            judge(posts, classifier, desks),
            classifier,
            desks,
            drafter=load_drafter(model, prompts, networks.count),
            may_call=ledger.may_call,
            rules=evaluation.rules,
            networks=networks,
            network=evaluation.profile.name,
        )
    finally:
        await model.close()
        desk.close()
    for line in draft_lines(rows, posts=len(posts)):
        write_line(line)


def draft_lines(rows: Sequence[Judged], *, posts: int) -> Iterator[str]:
    """Render the figures of the drafts, and why posts have none."""
    if len(rows) < posts:
        yield f"  today's cap on the model is used up: {posts - len(rows)} posts were not tried"
    report = evaluate(rows)
    yield from figure_lines([figure for figure in report.figures if figure.name in OF_DRAFTS], {})
    reasons = Counter(row.draft.refused for row in rows if row.draft is not None and row.draft.refused)
    yield from (f"  {count:5} without: {reason}" for reason, count in reasons.most_common())


def _policy(settings: Settings) -> Policy:
    """Return what the daily cap depends on, and where it is told that it is used up."""
    slack, model = settings.choices.slack, settings.choices.model
    return Policy(
        brand="",
        support_channel=slack.support_channel,
        fallback_channel=slack.fallback_channel,
        alert_channel=slack.oncall_channel,
        model_budget=ModelBudget(daily_tokens=model.daily_tokens, daily_cost=model.daily_cost),
    )
