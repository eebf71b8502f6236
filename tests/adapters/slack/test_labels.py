"""Display names of situations and urgencies."""

from adapters.slack.labels import situation_label, urgency_label
from domain.triage.assessment import Urgency
from domain.triage.situations import Situation


def test_every_situation_has_words_for_the_card() -> None:
    labels = [situation_label(situation) for situation in Situation]
    assert len(set(labels)) == len(labels)
    assert situation_label(Situation.CANNOT_PAY) == "Cannot pay"


def test_urgency_has_words_for_the_card() -> None:
    assert [urgency_label(urgency) for urgency in Urgency] == ["Low", "Normal", "High", "Urgent"]
