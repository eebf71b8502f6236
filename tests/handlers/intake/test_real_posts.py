"""Read posts as X really sends them: the files of `tests/posts/`, each with what is right beside it.

Each is played in both vocabularies of X's API. A file holds `readings` of X's API, which come one after the
other, and the stream that lists them. In its `.expect.txt`, `handle` are words that find the card and `cards`
counts those found. `must` and `not` are words that have to stand, or must not stand, on the card, in Details
or in the thread; of `says` one has to stand. The lines with a bar below `shown` are all that the customer
wrote, as Details quote it; links stand without their scheme there.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from adapters.networks.x.profile import PROFILE
from adapters.slack.cards import render_card
from adapters.slack.modals import render_details
from adapters.slack.thread import render_thread
from domain.cases.case import Case
from domain.intake.stream_names import MENTIONS, SEARCH
from domain.networks import OurAccount
from handlers.cases.views import view_thread
from handlers.classifiers import make_classifier
from handlers.intake.mentions import ingest_posts
from handlers.triage.classify import Classifier
from sandbox.x import api_facts
from sandbox.x.vocabulary import newer_answer
from storage.engine import Store
from tests.adapters.networks.x.servers import ACME, Answer, scripted_x
from tests.adapters.slack.inspection import check_message, check_view, labels, said
from tests.handlers.made import NOW, POLICY, SAM, card_view, cases, do
from tests.source import ROOT

POSTS = sorted((ROOT / "tests" / "posts").glob("*.json"))
OURS = OurAccount(profile=PROFILE, handle=ACME.handle)
VERSIONS = (api_facts.TWEETS, api_facts.POSTS)
_SCHEME = re.compile(r"https?://")


@dataclass(slots=True)
class Expected:
    facts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    shown: list[str] = field(default_factory=list)


def expected_of(lines: str) -> Expected:
    expected = Expected()
    for line in lines.splitlines():
        if line.startswith("|"):
            expected.shown.append(line[1:].strip())
        elif line.strip():
            name, _, value = line.partition(":")
            expected.facts[name].append(value.strip())
    return expected


@cache
def a_real_classifier() -> Classifier:
    """Build the bot's classifier, which reads by rules alone."""
    return make_classifier(POLICY)


async def play(store: Store, case_file: dict[str, Any], version: str) -> None:
    """Read the answers, as that version of X's API gives them, by the adapter, and ingest what it finds."""
    stream = MENTIONS if case_file["by"] == "mention" else SEARCH
    readings = [newer_answer(version, {}, reading) for reading in case_file["readings"]]
    async with scripted_x(*(Answer(json.dumps(reading)) for reading in readings)) as (x, _):
        for _ in readings:
            page = await (x.mentions(ACME, "1") if stream == MENTIONS else x.search(ACME, "acme", "1"))
            classifier = a_real_classifier()
            classifier.prepare_posts(page.posts)
            about: Any = {"account": ACME, "profile": PROFILE, "classifier": classifier, "now": NOW}
            do(store, ingest_posts, posts=page.posts, stream=stream, newest_id=page.newest_id, **about)


def quoted(tree: object) -> Iterator[str]:
    """Return the text of each quote in blocks, as it is read."""
    if isinstance(tree, list):
        for one in tree:
            yield from quoted(one)
    elif isinstance(tree, dict) and tree.get("type") == "rich_text_quote":
        yield "".join(str(node.get("text", "")) for node in tree["elements"])
    elif isinstance(tree, dict):
        yield from quoted(list(tree.values()))


@dataclass(frozen=True, slots=True)
class Shown:
    """What an agent sees of one case."""

    card: str
    all: str
    words: str


def shown_of(store: Store, case: Case) -> Shown:
    """Render the card, Details and the thread of a case."""
    view = card_view(store, case, a_real_classifier())
    card = render_card(view, ours=OURS)
    details = render_details(view, [], now=NOW, ours=OURS, team_url="https://acme.slack.example", reader=SAM)
    thread = render_thread(do(store, view_thread, case_id=case.id), ours=OURS).content
    messages = [card] if thread is None else [card, thread]
    for content in messages:
        check_message(content)
    check_view(details)
    everything = [card["text"], *map(said, [*messages, details]), *labels(card)]
    return Shown(said(card), "\n".join(everything), next(quoted(details["blocks"]), ""))


def text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("post", POSTS, ids=lambda post: post.stem)
async def test_a_real_post_is_shown_as_a_person_reads_it(post: Path, version: str, sqlite: Store) -> None:
    expected = expected_of(text_of(post.with_suffix(".expect.txt")))
    await play(sqlite, json.loads(text_of(post)), version)
    [handle] = expected.facts["handle"]
    found = [shown for case in cases(sqlite) if handle in (shown := shown_of(sqlite, case)).card]
    assert len(found) == int(expected.facts["cards"][0])
    if expected.shown:
        assert [shown.words.split() for shown in found] == [_SCHEME.sub("", " ".join(expected.shown)).split()]
    told = "\n".join(shown.all for shown in found)
    assert [word for word in expected.facts["must"] if word not in told] == []
    assert [word for word in expected.facts["not"] if word in told] == []
    assert not expected.facts["says"] or any(word in told for word in expected.facts["says"])
