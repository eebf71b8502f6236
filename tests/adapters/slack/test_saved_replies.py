"""Render the list, the form and the history of saved replies: within Slack's limits, no live markup."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from adapters.slack.action_ids import BadValue
from adapters.slack.modals import (
    parse_list_state,
    parse_reply_form_state,
    render_reply_form,
    render_reply_history,
    render_reply_list,
)
from adapters.slack.modals.saved_replies import ListState
from adapters.slack.reply_fault_texts import fault_text
from adapters.slack.saved_reply_ids import ReplyChoice, parse_reply_value, reply_value
from domain.knowledge.reply_checks import FaultKind, ReplyFault, ReplyField
from domain.knowledge.reply_forms import PAGE_SIZE, ReplyForm, ReplyList, form_of, page_of
from domain.knowledge.saved_replies import ReplyChange, ReplyVersion, Wording, differences
from domain.triage.situations import Situation
from tests.adapters.slack.inspection import check_view, labels, said
from tests.adapters.slack.samples import NOW
from tests.replies import CONTENT, FORMAL, SHIPPED, a_reply

TODAY = date(2026, 11, 29)
HOSTILE = "<!channel> <https://evil.example|click> *bold* & ~x~ \u202e" + "long " * 100
PEOPLE = frozenset({"U0SAM", "U0MIA"})


def listed(*replies: ReplyVersion, **changes: Any) -> ReplyList:  # noqa: ANN401 - any of the fields
    return replace(page_of(replies, "", 0, TODAY), **changes)


def hostile(n: int) -> ReplyVersion:
    """Build a reply in which every text is hostile and long."""
    return a_reply(
        name=f"r{n}",
        title=f"{n} {HOSTILE}",
        situations=frozenset(Situation),
        wordings=tuple(Wording(language=code, text=HOSTILE) for code in ("en", "de", "fr", "es", "it", "nl")),
        examples=(HOSTILE,),
        owner="U0SAM",
        expires_on=TODAY,
    )


def test_a_full_page_of_hostile_texts_is_within_limits() -> None:
    replies = [hostile(n) for n in range(PAGE_SIZE * 2)]
    page = page_of(replies, "<!here>", 0, TODAY)
    for view in (
        replace(page_of(replies, "", 1, TODAY), words=HOSTILE[:200]),
        listed(*replies, changed=replies[0]),
        listed(*replies, outdated=replace(replies[0], by="U0MIA")),
        page,
    ):
        check_view(render_reply_list(view), people=PEOPLE)


def test_a_form_and_a_history_of_hostile_texts_are_within_limits() -> None:
    many = tuple(Wording(language="de", text=f"{n} {HOSTILE}", form=FORMAL) for n in range(20))
    reply = replace(hostile(1), content=replace(hostile(1).content, wordings=many))
    changes = differences(CONTENT, reply.content)
    form = replace(form_of(reply), changed_by="U0MIA", changes=changes, has_unsaved=True)
    check_view(render_reply_form(form), people=PEOPLE)
    edited = [
        replace(reply, version=n, by="U0SAM", at=NOW, change=ReplyChange.EDITED) for n in range(40, 2, -1)
    ]
    view = render_reply_history([*edited, SHIPPED], ListState(HOSTILE[:200], 3))
    check_view(view, people=PEOPLE)
    assert "24 older versions not shown." in said(view)


def test_a_form_shows_all_examples_in_as_many_inputs_as_they_take() -> None:
    long = tuple(f"{number} {'x' * 700}" for number in range(11))
    form = replace(form_of(SHIPPED), examples=(*long, "y" * 4_000))
    view = render_reply_form(form)
    check_view(view, people=PEOPLE)
    inputs = [one for one in view["blocks"] if str(one.get("block_id")).startswith("saved.examples")]
    assert [block["block_id"] for block in inputs] == [
        f"saved.examples.4.{position}" for position in range(4)
    ]
    shown = [line for block in inputs for line in block["element"]["initial_value"].splitlines()]
    assert shown == [*long, "y" * 2_999 + "…"]


def test_a_row_tells_owner_languages_situations_and_when_it_expires() -> None:
    days = {
        date(2026, 11, 28): "expired 28 Nov 2026",
        TODAY: "⚠️ expires today",
        date(2026, 11, 30): "⚠️ expires tomorrow",
        date(2026, 12, 6): "⚠️ expires in 7 days",
        date(2026, 12, 7): "until 7 Dec 2026",
    }
    for day, words in days.items():
        told = said(render_reply_list(listed(a_reply(expires_on=day, owner="U0SAM"))))
        assert f"Question · English, German · owner <@U0SAM> · {words}" in told
        assert "Hi, vouchers are valid for two years." in told


def test_a_retired_reply_can_be_brought_back_and_any_other_retired() -> None:
    retired = render_reply_list(listed(a_reply(change=ReplyChange.RETIRED)))
    assert labels(retired)[-3:] == ["Edit…", "History…", "Bring back"]
    assert labels(render_reply_list(listed(SHIPPED)))[-3:] == ["Edit…", "History…", "Retire"]


def test_the_form_of_address_is_asked_where_the_language_has_it() -> None:
    assert "Formal (Sie)" in labels(render_reply_form(ReplyForm(language="de")))
    assert not any("Formal" in label for label in labels(render_reply_form(ReplyForm(language="ja"))))


def test_what_a_form_keeps_is_read_back_and_anything_else_is_refused() -> None:
    form = replace(form_of(SHIPPED), words="vouchers", page=2, revision=3, erasures=7)
    state = parse_reply_form_state(render_reply_form(form)["private_metadata"])
    assert (state.name, state.version, state.language) == ("voucher_validity", 2, "en")
    assert (state.words, state.page, state.revision, state.inputs) == ("vouchers", 2, 3, 2)
    assert state.erasures == 7
    assert parse_list_state(render_reply_list(listed(SHIPPED))["private_metadata"]) == ListState("", 0)
    assert parse_reply_value(reply_value(ReplyChoice.EDIT, "a-b_1", 3)) == (ReplyChoice.EDIT, "a-b_1", 3)
    for bad in (None, "", "{}", "[]", '{"words": 1, "page": 0}', '{"words": "", "page": -1}', "x" * 9):
        with pytest.raises(BadValue):
            parse_list_state(bad)
        with pytest.raises(BadValue):
            parse_reply_form_state(bad)
        with pytest.raises(BadValue):
            parse_reply_value(bad)


@pytest.mark.parametrize("kind", FaultKind)
def test_every_fault_has_a_text(kind: FaultKind) -> None:
    fault = ReplyFault(field=ReplyField.WORDING, kind=kind, detail="{x} <b>", length=300, limit=280)
    assert len(fault_text(fault)) > 6
    for field in set(ReplyField) - {ReplyField.EXPIRES_ON}:
        assert fault_text(ReplyFault(field=field, kind=FaultKind.EMPTY))


def test_the_first_words_of_a_reply_end_with_a_whole_word() -> None:
    text = "Hi, whether it can still be changed depends on how far the order has got. Send us a direct message, please."
    shown = said(render_reply_list(listed(a_reply(wordings=(Wording(language="en", text=text),)))))
    assert "how far the order has got. Send us a direct…”" in shown


def test_other_wordings_are_numbered_where_there_are_several() -> None:
    one, two = (Wording(language="en", text=text) for text in ("Good morning", "Good evening"))
    single, several = (_labels_of_inputs(form_of(a_reply(wordings=texts))) for texts in ((one,), (one, two)))
    assert "Other wording" in single
    assert [label for label in several if label.startswith("Other")] == ["Other wording 1", "Other wording 2"]


def _labels_of_inputs(form: ReplyForm) -> list[str]:
    return [block["label"]["text"] for block in render_reply_form(form)["blocks"] if block["type"] == "input"]
