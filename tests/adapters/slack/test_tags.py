"""Render tags: on the card and in Details, in the form, in the audit trail and in lists."""

import json
from datetime import timedelta

import pytest

from adapters.slack.action_ids import BadValue, CardValue
from adapters.slack.cards import render_card
from adapters.slack.cases.form_ids import CaseFormBlock, parse_tags_value
from adapters.slack.cases.tag_lists import render_tagged_customers
from adapters.slack.ephemerals import render_refusal
from adapters.slack.modals import render_details, render_tags
from adapters.slack.records.audit_lines import describe
from adapters.slack.refusal_texts import refusal_text
from domain.cases.tags import (
    VIP,
    WATCH,
    BadTagName,
    CustomerTag,
    TaggedCustomer,
    TagNeedsReason,
    Tags,
    TooManyTags,
)
from domain.records.audit import SYSTEM, Action, Entry
from tests.adapters.slack.inspection import check_view, said
from tests.adapters.slack.samples import NOW, OURS, TEAM_URL, case, view

HOSTILE = "<!channel> *pays* & <https://evil.example|us>"


def a_tag(name: str = VIP, *, reason: str = HOSTILE, by: str = "U0SAM") -> CustomerTag:
    return CustomerTag(name=name, reason=reason, added_by=by, added_at=NOW - timedelta(days=3))


def test_a_card_shows_tags_in_its_first_line_and_needs_no_block_for_them() -> None:
    plain = render_card(view(), ours=OURS)
    tags = Tags(case=("app", "billing", "card"), customer=(a_tag(), a_tag(WATCH, by=SYSTEM)))
    tagged = render_card(view(tags=tags), ours=OURS)
    assert len(tagged["blocks"]) == len(plain["blocks"])
    assert "🏷️ VIP, watched, app +2" in said(tagged)
    assert "🏷️" not in said(plain)


def test_details_say_why_a_customer_is_tagged() -> None:
    tags = Tags(case=("app", "billing"), customer=(a_tag(), a_tag(WATCH, reason="press", by=SYSTEM)))
    shown = render_details(view(tags=tags), [], now=NOW, ours=OURS, team_url=TEAM_URL, reader="U0SAM")
    check_view(shown, people=frozenset({"U0SAM"}))
    text = said(shown)
    assert "*Tags:* app, billing" in text
    assert "*The customer is tagged* VIP: &lt;!channel&gt; ∗pays∗ &amp; &lt;https" in text
    assert "watched: press (switchboard.toml" in text
    assert "<!channel>" not in json.dumps(shown)


def test_the_form_has_the_tags_as_they_are_and_proposes_others() -> None:
    tags = Tags(case=("app",), customer=(a_tag(),))
    form = render_tags(case(), tags, ["billing"])
    check_view(form)
    inputs = {block.get("block_id"): block for block in form["blocks"]}
    assert inputs[CaseFormBlock.TAGS_OF_CASE]["element"]["initial_value"] == "app"
    assert inputs[CaseFormBlock.TAGS_OF_CUSTOMER]["element"]["initial_value"] == "vip"
    assert parse_tags_value(form["private_metadata"]) == (CardValue(12, 7), ("app",), ("vip",))
    assert CaseFormBlock.TAGS_PROPOSED not in {
        block.get("block_id") for block in render_tags(case(), Tags(), [])["blocks"]
    }


@pytest.mark.parametrize("value", ["", "12:7", "12:7#a", "12:7#<a>#", "x#a#b", "12:7#a#b#c"])
def test_other_values_of_a_form_are_refused(value: str) -> None:
    with pytest.raises(BadValue):
        parse_tags_value(value)


def test_the_thread_names_who_tagged_what() -> None:
    detail = {"added": [VIP], "removed": ["<b>"], "reason": HOSTILE}
    entry = Entry(at=NOW, actor="U0SAM", action=Action.CUSTOMER_TAGGED, case_id=1, version=2, detail=detail)
    assert describe(entry).startswith("🏷️ <@U0SAM> tagged the customer: VIP, not &lt;b&gt; (&lt;!channel&gt;")
    tagged = Entry(at=NOW, actor="U0SAM", action=Action.CASE_TAGGED, case_id=1, version=2)
    assert describe(tagged) == "🏷️ <@U0SAM> tagged the case: no tag"


def test_a_list_names_customers_with_their_reasons() -> None:
    customers = [TaggedCustomer(network="x", handle="ana<b>", tag=a_tag()) for _ in range(50)]
    content = render_tagged_customers(VIP, customers)
    text = said(content)
    assert "@ana&lt;b&gt; · VIP: &lt;!channel&gt;" in text
    assert "30 more not shown." in text
    assert "/mentions vip @handle reason" in render_tagged_customers(VIP, [])["text"]


@pytest.mark.parametrize(
    ("refusal", "text"),
    [
        (
            BadTagName("<a.b>"),
            "“<a.b>” is no name of a tag. It takes letters, digits and hyphens, 30 at most.",
        ),
        (TagNeedsReason(VIP), "the tag vip needs a reason"),
        (TooManyTags(), "10 tags are the most"),
    ],
)
def test_what_is_wrong_with_a_tag_is_told(refusal: Exception, text: str) -> None:
    assert text in refusal_text(refusal)
    assert "<a" not in render_refusal(refusal)["text"]
