"""Measure a model's drafts from the terminal, over the wire to the pretend model."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.networks.x.profile import PROFILE
from adapters.settings import Settings, load_settings
from bot import SystemClock, main
from domain.errors import UnusableFile
from handlers.classifiers import PROMPTS, reading_classifier
from handlers.terminal.draft_evaluation import NOT_ASKED
from handlers.terminal.knowledge import Evaluation
from handlers.terminal.model_evaluation import evaluate_model
from sandbox.app import new_app, serving
from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.model import API_KEY, MODEL_NAME, Model, add_routes
from sandbox.model.model import Prompt
from storage.diagnostics import read_model_calls
from tests.handlers.terminal.test_knowledge import RULES

NOW = datetime(2020, 1, 1, tzinfo=UTC)
CHARGED = {"text": "@acme my card was charged twice for one order", "replies": ["charged_twice"]}
PARCEL = {"text": "@acme my parcel is a week late, where is it?", "replies": ["late_parcel"]}
SPAM = {"text": "@acme guaranteed airdrop, double your bitcoin now https://x.example"}


@pytest.fixture
def model() -> Model:
    return Model(Ledger(), Faults())


@pytest.fixture
async def address(model: Model) -> AsyncIterator[str]:
    app = new_app()
    add_routes(app, model)
    async with serving(app) as where:
        yield f"{where}/openai/v1"


def settings(folder: Path, url: str, address: str, choices: str = "") -> Settings:
    (folder / "switchboard.toml").write_text(choices, encoding="utf-8")
    environment = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "DATABASE_URL": url,
        **({"OPENAI_API_KEY": API_KEY, "OPENAI_BASE_URL": address} if address else {}),
        **({"OPENAI_MODEL": MODEL_NAME} if address else {}),
    }
    return load_settings(folder, environment, networks={})


async def measured(
    folder: Path,
    chosen: Settings,
    *posts: Mapping[str, object],
    limit: int | None = None,
) -> list[str]:
    """Measure the model on these posts; return what is told."""
    file = folder / "posts.jsonl"
    file.write_text("\n".join(map(json.dumps, posts)), encoding="utf-8")
    told: list[str] = []
    evaluation = Evaluation(posts=file, rules=RULES, profile=PROFILE)
    await evaluate_model(
        evaluation, chosen, PROMPTS, reading_classifier, SystemClock(), limit, write_line=told.append
    )
    return told


def citing(reply: str = "", more: str = "") -> Callable[[Prompt], str]:
    """Make a model that cites its first source, and repeats it, with `more` after it, or writes `reply`."""

    def answer(prompt: Prompt) -> str:
        [first, *_] = json.loads(prompt.last)["sources"]
        usual = {"language": "en", "situation": "cannot_pay", "urgency": "high", "missing": []}
        return json.dumps({**usual, "reply": reply or first["text"] + more, "based_on": [first["id"]]})

    return answer


def values(told: list[str]) -> dict[str, str]:
    """Return the value of each figure."""
    return {line[2:32].strip(): line[33:38] for line in told if "[" in line}


def requests(model: Model) -> int:
    return sum(entry.call.startswith("POST") for entry in model.ledger.entries)


async def test_it_tells_the_most_calls_first_then_drafts_citations_and_refusals(
    tmp_path: Path, empty_url: str, model: Model, address: str
) -> None:
    model.obey = citing()
    chosen = settings(tmp_path, empty_url, address)
    told = await measured(tmp_path, chosen, CHARGED, {**PARCEL, "replies": ["press_enquiry"]}, SPAM)
    assert told[0].startswith(f"model {MODEL_NAME}: at most 6 calls for 3 posts")
    assert values(told) == {"posts with a draft": "0.667", "draft cites the right reply": "0.500"}
    assert told[-1] == f"      1 without: {NOT_ASKED}"
    assert requests(model) == 2
    read = read_model_calls(empty_url, today=NOW, since=NOW)
    assert read is not None
    assert read[0].calls == 2, "what it cost is recorded"


@pytest.mark.parametrize(
    ("reply", "more", "why"),
    [
        ("The weather is fine, and the trains run on time in all of the country.", "", "its sources"),
        ("", " It is your own fault.", "breaks the rule blames_customer"),
    ],
)
async def test_it_tells_why_drafts_are_refused(
    tmp_path: Path, empty_url: str, model: Model, address: str, reply: str, more: str, why: str
) -> None:
    model.obey = citing(reply, more)
    told = await measured(tmp_path, settings(tmp_path, empty_url, address), CHARGED, PARCEL)
    assert values(told) == {"posts with a draft": "0.000"}
    assert told[-1].startswith("      2 without: ")
    assert why in told[-1]


async def test_only_so_many_posts_are_tried_and_the_same_ones_each_time(
    tmp_path: Path, empty_url: str, model: Model, address: str
) -> None:
    model.obey = citing()
    chosen, asked = settings(tmp_path, empty_url, address), []
    for _ in range(2):
        told = await measured(tmp_path, chosen, CHARGED, PARCEL, SPAM, CHARGED, PARCEL, limit=2)
        assert told[0].startswith(f"model {MODEL_NAME}: at most 4 calls for 2 posts")
        asked.append([line for line in told if "posts" in line])
    assert asked[0] == asked[1]
    assert requests(model) <= 4


async def test_it_keeps_to_the_daily_cap(tmp_path: Path, empty_url: str, model: Model, address: str) -> None:
    model.obey = citing()
    chosen = settings(tmp_path, empty_url, address, "[model]\ndaily_tokens = 1\n")
    told = await measured(tmp_path, chosen, CHARGED, PARCEL, PARCEL)
    assert told[1] == "  today's cap on the model is used up: 2 posts were not tried"
    assert requests(model) == 1


async def test_it_says_what_is_needed_where_there_is_no_model(tmp_path: Path, empty_url: str) -> None:
    with pytest.raises(UnusableFile, match="OPENAI_API_KEY"):
        await measured(tmp_path, settings(tmp_path, empty_url, ""), CHARGED)


def test_a_model_is_asked_only_on_request(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    file.write_text(json.dumps(CHARGED), encoding="utf-8")
    assert main(["eval", "--file", str(file)]) == 0
    assert "calls" not in capsys.readouterr().out
