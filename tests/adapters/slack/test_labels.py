"""Display names of situations and urgencies, and the words of file faults."""

from datetime import UTC, datetime

import pytest

from adapters.slack import labels
from adapters.slack.labels import (
    file_fault_text,
    rank_reason_text,
    reply_block_text,
    situation_label,
    urgency_label,
)
from domain.cases.files import FileFault
from domain.intake.posts import ReplyBlock
from domain.triage.assessment import ASKS_QUESTION, LARGE_AUDIENCE_REASON, Urgency
from domain.triage.ranking import CAME_BACK, WAITING, reasons_for, samples
from domain.triage.situations import Reason, Situation

NOW = datetime(2026, 8, 3, tzinfo=UTC)


def test_every_situation_has_words_for_the_card() -> None:
    labels = [situation_label(situation) for situation in Situation]
    assert len(set(labels)) == len(labels)
    assert situation_label(Situation.CANNOT_PAY) == "Cannot pay"


def test_urgency_has_words_for_the_card() -> None:
    assert [urgency_label(urgency) for urgency in Urgency] == ["Low", "Normal", "High", "Urgent"]


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (FileFault.TOO_LARGE, "it is larger than 10 MB"),
        (FileFault.EMPTY, "it is empty"),
        (FileFault.WRONG_TYPE, "it is neither a picture (PNG, JPEG, GIF, WebP) nor a PDF"),
        (FileFault.TOO_MANY, "no more than 5 files may go with one message"),
    ],
)
def test_each_file_fault_has_its_words(fault: FileFault, text: str) -> None:
    assert file_fault_text(fault) == text
    assert file_fault_text(fault.value) == text


def test_words_of_a_venue_stay_as_they_are() -> None:
    assert file_fault_text("it holds a virus") == "it holds a virus"


def test_each_reply_block_is_explained() -> None:
    texts = [reply_block_text(block) for block in ReplyBlock]
    assert len(set(texts)) == len(texts)


def test_no_reason_for_a_rank_is_shown_as_it_is_stored() -> None:
    reasons = {reason for case in samples() for reason in reasons_for(case, NOW)}
    assert reasons - set(labels._RANK_REASONS) == {WAITING}  # which Details says in another way


def test_each_reason_for_a_rank_has_its_words() -> None:
    known = [*Reason, ASKS_QUESTION, LARGE_AUDIENCE_REASON, CAME_BACK]
    assert [rank_reason_text(str(reason)) for reason in known] == [
        "safety",
        "speaks of suicide",
        "legal threat",
        "money at stake",
        "cannot use the service",
        "time is short",
        "someone is vulnerable",
        "says they have waited long",
        "asks a question",
        "large audience",
        "came back",
    ]
    assert rank_reason_text("a reason of an earlier version") == "a reason of an earlier version"
