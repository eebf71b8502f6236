"""Ask in the form of a notice for what suits how far the outage is."""

import pytest

from adapters.slack.modals.outages.form import render_outage_form
from domain.outages.notices import NoticeKind
from domain.outages.outage import Phase
from tests.adapters.slack.test_outages import CHOICES, a_form


@pytest.mark.parametrize(
    ("kind", "phase", "label"),
    [
        (NoticeKind.UPDATE, Phase.MONITORING, "What to do meanwhile"),
        (NoticeKind.RESOLUTION, Phase.RESOLVED, "What to do now"),
        (NoticeKind.CORRECTION, Phase.RESOLVED, "What to do now"),
    ],
)
def test_a_form_asks_for_no_meanwhile_of_what_is_over(kind: NoticeKind, phase: Phase, label: str) -> None:
    view = render_outage_form(a_form(kind=kind, phase=phase), CHOICES)
    asked = [one["label"]["text"].split(" (")[0] for one in view["blocks"] if one["type"] == "input"]
    assert {one for one in asked if one.startswith("What to do")} == {label}
