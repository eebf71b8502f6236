"""Render alerts of spikes and silences."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.slack.surge.spike_alert import render_known_outages, render_spike, spike_finding
from domain.outages.outage import Outage, OutageState
from domain.surge.series import Series, SeriesKind
from domain.surge.spikes import Spike, SpikeState, dismiss, restore
from domain.surge.views import SpikeExample, SpikeHistory, SpikeReading, SpikeView
from tests.adapters.slack.samples import NOW, case, post
from tests.outages import an_outage

TEAM = "https://acme.slack.example/"
QUESTION, RANT = (Series(SeriesKind.SITUATION, name) for name in ("question", "rant"))
SPIKE = Spike(
    id=7,
    series=Series(SeriesKind.SITUATION, "cannot_pay"),
    since=NOW - timedelta(minutes=10),
    found_at=NOW,
    window=timedelta(minutes=10),
    count=41,
    expected=3.2,
    log_p=-40.0,
    alerted_count=41,
    related=(Series(SeriesKind.SITUATION, "rant"), Series(SeriesKind.CONVERSATION, "77")),
)
HISTORY = SpikeHistory(
    since=NOW - timedelta(minutes=10), bucket=timedelta(minutes=2), counts=(1, 0, 9, 14, 18), usual=0.6
)
READING = SpikeReading(
    at=NOW, period=timedelta(minutes=10), people=41, usual=3.2, languages=(("en", 30), ("es", 11))
)
HOSTILE = "<!channel> <https://evil.example|bank> *bold* \u202e"


def a_spike_view(**changes: Any) -> SpikeView:  # noqa: ANN401 - any of the fields
    """Return the view of a spike."""
    example = SpikeExample(case=case(), message=post(text=HOSTILE))
    usual = changes.get("spike", SPIKE).expected
    view = SpikeView(
        spike=SPIKE, examples=(example,) * 5, reading=replace(READING, usual=usual), history=HISTORY
    )
    return replace(view, **changes)


def outage_of(**changes: Any) -> Outage:  # noqa: ANN401 - any of the fields
    """Return an outage that is announced."""
    outage = an_outage(NOW, id=4)
    return replace(outage, **changes)


def _text(view: SpikeView, picture: str | None = None) -> str:
    return str(render_spike(view, team_url=TEAM, picture=picture)["blocks"])


@pytest.mark.parametrize(
    ("series", "expected", "said"),
    [
        (SPIKE.series, 3.2, "41 people wrote about “Cannot pay” in 10 minutes, usually 3"),
        (
            Series(SeriesKind.COMPONENT, "Payments"),
            0.4,
            "41 people wrote about Payments in 10 minutes, usually fewer than 1",
        ),
        (
            Series(SeriesKind.CONVERSATION, "77"),
            0.01,
            "41 people answered or quoted the same post in 10 minutes, usually none",
        ),
    ],
)
def test_the_finding_is_one_line(series: Series, expected: float, said: str) -> None:
    assert spike_finding(a_spike_view(spike=replace(SPIKE, series=series, expected=expected))) == said


def test_the_finding_is_what_was_read_when_the_alert_was_drawn() -> None:
    """More wrote since it was found: the headline has them, as the chart and the languages do."""
    later = SpikeReading(
        at=NOW + timedelta(minutes=4),
        period=timedelta(minutes=14),
        people=90,
        usual=4.48,
        languages=(("en", 60), ("es", 30)),
    )
    view = a_spike_view(reading=later)
    assert spike_finding(view) == "90 people wrote about “Cannot pay” in 14 minutes, usually 4"
    assert "counted at <!date^" in _text(view)
    assert spike_finding(SpikeView(spike=SPIKE)).startswith("41 people"), "only the spike is shown"


def test_a_silence_says_how_much_is_missing() -> None:
    silent = replace(
        SPIKE, series=Series(SeriesKind.NETWORK, "x"), window=timedelta(minutes=130), count=0, expected=38.4
    )
    view = SpikeView(spike=silent, network="Town")
    assert (
        spike_finding(view)
        == "Nothing has come from Town for 2\N{NO-BREAK SPACE}h 10\N{NO-BREAK SPACE}min, usually 38 in that time"
    )
    assert "python bot.py check" in _text(view)


def _spike_of(*series: Series) -> Spike:
    return replace(SPIKE, series=series[0], related=series[1:])


@pytest.mark.parametrize(
    ("spike", "is_said"),
    [
        (_spike_of(QUESTION, RANT), True),
        (_spike_of(Series(SeriesKind.CONVERSATION, "77"), RANT), True),
        (_spike_of(RANT, SPIKE.series), False),
        (_spike_of(QUESTION, Series(SeriesKind.COMPONENT, "Payments")), False),
        (_spike_of(RANT, Series(SeriesKind.SITUATION, "safety_or_legal")), False),
        (replace(_spike_of(QUESTION), state=SpikeState.ENDED, ended_at=NOW), False),
        (replace(_spike_of(QUESTION), outage_id=4), False),
    ],
)
def test_what_a_campaign_brings_as_well_is_not_told_as_an_outage(spike: Spike, is_said: bool) -> None:
    """While somebody has to judge it; whatever says what fails, or that there is danger, is never doubted."""
    assert ("a campaign, news or a joke" in _text(a_spike_view(spike=spike))) is is_said


def test_an_alert_during_a_rehearsal_says_that_it_is_real() -> None:
    during = a_spike_view(rehearsal_channel="C0DRILL")
    assert "*This one is real.* The rehearsal is in <#C0DRILL>, not here." in _text(during)
    assert "This one is real" not in _text(a_spike_view())
    over = replace(SPIKE, state=SpikeState.ENDED, ended_at=NOW)
    assert "This one is real" not in _text(replace(during, spike=over))


def test_posts_cannot_be_live_in_slack() -> None:
    shown = _text(a_spike_view(spike=replace(SPIKE, series=Series(SeriesKind.COMPONENT, HOSTILE))))
    assert "<!channel>" not in shown
    assert "<https://evil" not in shown
    assert "\u202e" not in shown


def test_it_shows_examples_languages_and_what_else_rose() -> None:
    shown = _text(a_spike_view())
    assert shown.count("• ") == 5
    assert "English 30, Spanish 11" in shown
    assert "also more than usual: Rant, answers to one post or quotes of it" in shown


@pytest.mark.parametrize(
    ("number", "ends"),
    [(5, "Italian 4 ·"), (6, "Italian 4, Portuguese 3 ·"), (7, "Italian 4 and 2 more languages ·")],
)
def test_one_more_language_is_named_and_several_are_counted(number: int, ends: str) -> None:
    codes = ("en", "es", "de", "fr", "it", "pt", "nl")[:number]
    languages = tuple((code, 8 - at) for at, code in enumerate(codes))
    assert ends in _text(a_spike_view(reading=replace(READING, languages=languages)))


def test_an_example_leads_to_its_thread_or_where_there_is_none_to_the_post() -> None:
    posted, waiting = case(card_channel="C0SUPPORT", card_ts="1.2"), case(card_channel=None, card_ts=None)
    examples = tuple(
        SpikeExample(case=one, message=post(url="https://town.example/7")) for one in (posted, waiting)
    )
    shown = _text(a_spike_view(examples=examples))
    assert f"<{TEAM}archives/C0SUPPORT/p12?thread_ts=1.2&amp;cid=C0SUPPORT|" in shown
    assert "<https://town.example/7|" in shown


def test_a_row_of_handles_leaves_the_examples_their_words() -> None:
    text = "@ben @acme @anaruiz @clairedvl @huda_r it charged me twice"
    shown = _text(a_spike_view(examples=(SpikeExample(case=case(), message=post(text=text)),)))
    assert "and 4 others · it charged me twice" in shown


def test_the_picture_is_replaced_by_bars_where_slack_refuses_it() -> None:
    content = render_spike(a_spike_view(), team_url=TEAM, picture="F1")
    [image] = [block for block in content["blocks"] if block["type"] == "image"]
    assert image["slack_file"] == {"id": "F1"}
    assert image["alt_text"] == spike_finding(a_spike_view())
    plain = content["plain"]  # type: ignore[typeddict-item]
    assert "█" in str(plain)
    assert "image" not in str(plain)
    assert plain == render_spike(a_spike_view(), team_url=TEAM, picture=None)


@pytest.mark.parametrize(
    ("spike", "said", "buttons"),
    [
        (SPIKE, "📈", 1),
        (replace(SPIKE, state=SpikeState.ENDED, ended_at=NOW), "Back to the usual", 1),
        (dismiss(SPIKE, by="U0SAM", now=NOW), "Not an outage, said <@U0SAM>", 0),
    ],
)
def test_it_says_how_it_ended(spike: Spike, said: str, buttons: int) -> None:
    shown = _text(a_spike_view(spike=spike))
    assert said in shown
    assert shown.count("spike.dismiss") == buttons
    assert shown.count("spike.restore") == 1 - buttons


def test_a_folded_alert_offers_to_take_back_what_was_said() -> None:
    shown = _text(a_spike_view(spike=dismiss(SPIKE, by="U0SAM", now=NOW)))
    assert "Take back “Not an outage”" in shown
    restored = _text(a_spike_view(spike=restore(dismiss(SPIKE, by="U0SAM", now=NOW), goes_on=True)))
    assert restored == _text(a_spike_view())


def test_a_spike_that_nobody_followed_to_its_end_is_not_said_to_be_over() -> None:
    restored = restore(dismiss(SPIKE, by="U0SAM", now=NOW), goes_on=False)
    shown = _text(a_spike_view(spike=restored))
    assert "Back to the usual" not in shown
    assert "Not followed any more since" in shown
    over = restore(
        dismiss(
            replace(SPIKE, state=SpikeState.ENDED, ended_at=NOW), by="U0SAM", now=NOW + timedelta(hours=1)
        ),
        goes_on=False,
    )
    assert "Back to the usual" in _text(a_spike_view(spike=over))


@pytest.mark.parametrize(
    ("series", "named"),
    [
        (Series(SeriesKind.SITUATION, "account_access"), "another outage than “Cannot log in”"),
        (Series(SeriesKind.COMPONENT, "<!channel> & co"), "than &lt;!channel&gt; &amp; co"),
        (Series(SeriesKind.CONVERSATION, "7"), "another outage than many answers to one post"),
    ],
)
def test_an_alert_beside_an_open_one_names_that_and_leads_to_it(series: Series, named: str) -> None:
    other = replace(SPIKE, id=3, series=series, channel="C1", ts="1.2")
    shown = _text(a_spike_view(beside=(other,)))
    assert named in shown
    assert f"{TEAM}archives/C1/p12|Open that alert" in shown
    assert "Open that alert" not in _text(a_spike_view(beside=(replace(other, ts=None),)))


def test_a_rise_is_told_as_what_it_may_be_and_has_the_buttons_of_any_alert() -> None:
    other = replace(
        SPIKE,
        id=3,
        series=Series(SeriesKind.COMPONENT, HOSTILE),
        found_at=NOW - timedelta(hours=1),
        channel="C1",
        ts="1.2",
    )
    rise = replace(SPIKE, series=Series(SeriesKind.SITUATION, "refund"), related=())
    shown = _text(a_spike_view(spike=rise, beside=(other,)))
    assert "🆕 More people write than a few minutes ago, about “Refund or cancel”. It may be another" in shown
    assert "word spreading of the first: &lt;!channel&gt;" in shown
    assert f"{TEAM}archives/C1/p12|Open that alert" in shown
    assert "It looks like another outage" not in shown
    assert all(name in shown for name in ("spike.open_outage", "spike.known_outage", "spike.dismiss"))
    assert "More people write" not in _text(a_spike_view(spike=rise))


@pytest.mark.parametrize(
    "settled",
    [
        dismiss(SPIKE, by="U0SAM", now=NOW),
        replace(SPIKE, state=SpikeState.ENDED, ended_at=NOW),
        replace(SPIKE, outage_id=1, attributed_by="U0KAI"),
    ],
    ids=["dismissed", "ended", "attributed"],
)
def test_what_is_known_or_over_may_not_be_another_outage_any_more(settled: Spike) -> None:
    other = replace(SPIKE, id=3, series=Series(SeriesKind.COMPONENT, "Payments"), channel="C1", ts="1.2")
    rise = replace(settled, series=Series(SeriesKind.SITUATION, "refund"), related=())
    for spike in (settled, rise):
        shown = _text(a_spike_view(spike=spike, beside=(other,)))
        assert "Beside Payments, told at" in shown
        assert "another outage than" not in shown
        assert "may be another outage" not in shown


def test_an_alert_names_the_outage_that_it_comes_from() -> None:
    outage = outage_of(title=HOSTILE, board_channel="C1", board_ts="1.2")
    spike = replace(SPIKE, outage_id=outage.id, attributed_by="U0KAI")
    shown = _text(a_spike_view(spike=spike, outage=outage))
    assert "said <@U0KAI>" in shown
    assert "Open board" in shown
    assert "<!channel>" not in shown
    assert "spike.known_outage" in shown
    assert "spike.open_outage" not in shown
    assert "spike.dismiss" not in shown


def test_an_alert_whose_outage_was_cancelled_offers_again_to_open_one() -> None:
    outage = outage_of(state=OutageState.CANCELLED)
    spike = replace(SPIKE, outage_id=outage.id, attributed_by="U0KAI")
    shown = _text(a_spike_view(spike=spike, outage=outage))
    assert "said <@U0KAI>" in shown
    assert all(name in shown for name in ("spike.open_outage", "spike.known_outage", "spike.dismiss"))


def test_an_alert_opens_an_outage_but_one_of_silence_does_not() -> None:
    assert "spike.open_outage" in _text(a_spike_view())
    silent = replace(SPIKE, series=Series(SeriesKind.NETWORK, "x"), count=0)
    assert "spike.open_outage" not in _text(SpikeView(spike=silent, network="Town"))


def test_the_open_outages_are_offered_by_name() -> None:
    view = render_known_outages(7, [outage_of(title="a" * 200), outage_of(title="Payments fail")])
    select = view["blocks"][0]["element"]
    assert "Payments fail" in select["options"][1]["text"]["text"]
    assert all(len(one["text"]["text"]) <= 75 for one in select["options"])
