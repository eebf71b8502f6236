"""Masking of messages and views: what is read is masked; links, what was typed and ids stay."""

from adapters.slack.cards import render_card
from adapters.slack.cases.form_ids import CaseFormAction
from adapters.slack.message_content import Content
from adapters.slack.records.contact_masking import mask, mask_card
from adapters.slack.rich_text import section, text_node
from domain.cases.case import CaseState
from tests.adapters.slack.samples import OURS, case, post, view

LINK = "<https://acme.example/u?mail=joan@example.com|joan@example.com> <@U0SAM> &lt;joan@example.com&gt;"


def test_texts_are_masked_and_links_inputs_and_values_stay() -> None:
    typed = {"type": "plain_text_input", "initial_value": "joan@example.com", "action_id": "a@b.example"}
    content = Content(text="joan@example.com", blocks=[{"text": {"type": "mrkdwn", "text": LINK}}, typed])
    masked = mask(content)
    assert masked["text"] == "j…@example.com"
    assert masked["blocks"][0]["text"]["text"] == (
        "<https://acme.example/u?mail=joan@example.com|j…@example.com> <@U0SAM> &lt;j…@example.com&gt;"
    )
    assert masked["blocks"][1] == typed
    assert content["text"] == "joan@example.com"


def test_an_address_that_is_bold_in_part_is_masked() -> None:
    found = [text_node("\nmail "), text_node("joan", bold=True), text_node("@example.com, please")]
    assert mask(section(found))["elements"] == [text_node("\nmail j…@example.com, please")]
    harmless = [text_node("the "), text_node("app", bold=True), text_node(" fails")]
    assert mask(section(harmless))["elements"] == harmless


def test_an_address_that_was_cut_is_masked() -> None:
    text = "Please write to joan.doe@exam…"
    assert mask(Content(text=text, blocks=[]))["text"] == "Please write to j…@exam…"


def test_a_card_gets_the_button_where_something_is_hidden() -> None:
    plain = render_card(view(), ours=OURS)
    assert mask_card(plain, case()) == plain
    reachable = view(messages=[post(text="call me: +34 600 123 456 or <ana@example.com>")])
    masked = mask_card(render_card(reachable, ours=OURS), case())
    assert "600 123" not in str(masked)
    assert "ana@" not in str(masked)
    [row] = [block for block in masked["blocks"] if block["type"] == "actions"]
    assert [element["type"] for element in row["elements"]][-1] == "overflow"
    assert row["elements"][-2]["action_id"] == CaseFormAction.SHOW_CONTACTS
    closed = case(state=CaseState.RESOLVED)
    shown = mask_card(render_card(view(case=closed, messages=reachable.messages), ours=OURS), closed)
    assert "ana@" not in str(shown)
