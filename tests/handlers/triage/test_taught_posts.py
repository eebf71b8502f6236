"""Read a post like one that is nearly the same and that a person corrected."""

import pytest

from domain.triage.assessment import Assessment, Urgency
from domain.triage.correction import Judgement
from domain.triage.features import encodable
from domain.triage.situations import Reason, Situation
from handlers.triage.classify import Classifier
from handlers.triage.taught_posts import TaughtPost
from tests.handlers.made import a_post, a_trained_classifier

TAUGHT = "@acme the car park machine swallowed my son's bank card"
OUTAGE = Judgement(situation=Situation.OUTAGE_REPORT, urgency=Urgency.NORMAL, request=True)


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return a_trained_classifier()


def read(classifier: Classifier, text: str, *, taught: str) -> Assessment:
    assert classifier.trained is not None
    [vector] = classifier.trained.encoder.encode([encodable(taught)])
    classifier.trained.taught.learn([TaughtPost(vector, classifier.evidence(taught, "en"), OUTAGE)])
    return classifier.assess(a_post(text=text))


def test_a_correction_wins_over_a_grave_phrase(classifier: Classifier) -> None:
    same = "@acme your car park machine has swallowed my son's card!"
    assert Reason.SAFETY in classifier.assess(a_post(text=same)).reasons
    found = read(classifier, same, taught=TAUGHT)
    assert (found.situation, found.urgency) == (Situation.OUTAGE_REPORT, Urgency.NORMAL)
    assert Reason.SAFETY not in found.reasons
    assert not found.is_corrected


@pytest.mark.parametrize(
    ("text", "taught"),
    [
        ("@acme my son swallowed a magnet", TAUGHT),
        ("@acme my son swallowed a magnet", "@acme my son did not swallow a magnet"),
        ("@acme my son swallowed a magnet and is in hospital", "@acme my son threw a magnet"),
    ],
    ids=["another thing", "a not", "another reason"],
)
def test_what_is_not_the_same_stays_grave(classifier: Classifier, text: str, taught: str) -> None:
    found = read(classifier, text, taught=taught)
    assert (found.situation, found.urgency) == (Situation.SAFETY_OR_LEGAL, Urgency.URGENT)


def test_what_is_taken_back_no_longer_counts(classifier: Classifier) -> None:
    read(classifier, TAUGHT, taught=TAUGHT)
    assert classifier.trained is not None
    classifier.trained.taught.learn([])
    assert Reason.SAFETY in classifier.assess(a_post(text=TAUGHT)).reasons
