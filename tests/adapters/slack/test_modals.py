"""Render modals: warnings shown before submitting, and metadata kept by the form."""

import json
from dataclasses import replace
from typing import Any

import pytest

from adapters.slack import modals
from adapters.slack.action_ids import (
    ActionId,
    BadValue,
    CardValue,
    parse_claim,
    parse_value,
    public_reply_block,
)
from adapters.slack.message_content import View
from adapters.slack.modals.guidance import guidance_text
from domain.cases.messages import Delivery
from domain.errors import AssignedToAnother, Refused
from domain.intake.post_context import Named, PostContext
from domain.knowledge.articles import Article
from domain.replies.checks.reply import PromiseKind
from domain.replies.forms import Option, PublicReplyForm
from domain.replies.rules_of_engagement import Guidance, RuleViolation, Where
from domain.triage.assessment import Urgency
from domain.triage.situations import Situation
from tests.adapters.slack.inspection import check_view, said
from tests.adapters.slack.samples import (
    NOW,
    OURS,
    READING,
    answered,
    case,
    form,
    handoff_form,
    post,
    private_reply_form,
    reply,
    view,
)

SOFT = RuleViolation(rule="all_caps", reason="It is all in capitals.", hard=False)
HARD = RuleViolation(rule="secrets", reason="It asks for a card number.", hard=True)


def draw(shown: PublicReplyForm) -> View:
    drawn = modals.render_public_reply(shown, ours=OURS)
    check_view(drawn, people=frozenset({"U0SAM", "U0MIA"}))
    return drawn


def text_input(drawn: View) -> dict[str, object]:
    [block] = [block for block in drawn["blocks"] if block["type"] == "input"]
    return dict(block)


def test_the_form_shows_the_conversation_the_text_and_its_count() -> None:
    drawn = draw(form())
    assert drawn["title"]["text"] == "Answer on X"
    assert drawn["submit"]["text"] == "Send"
    assert "Third time the app eats my payment" in said(drawn)
    assert "*8 / 280* · public on X, as @acme, in reply to @anaruiz" in said(drawn)
    block = text_input(drawn)
    assert block["block_id"] == public_reply_block(0)
    assert block["dispatch_action"] is True
    assert dict(block["element"])["initial_value"] == "Hola Ana"  # type: ignore[call-overload]  # a block's JSON


def test_a_replaced_text_stands_in_a_block_of_its_own() -> None:
    assert text_input(draw(form(revision=1)))["block_id"] != text_input(draw(form()))["block_id"]


def test_an_empty_text_is_no_initial_value() -> None:
    assert "initial_value" not in dict(text_input(draw(form(text="\x00")))["element"])  # type: ignore[call-overload]  # a block's JSON


def test_a_word_that_is_a_link_is_named_with_what_it_costs() -> None:
    drawn = said(draw(form(text="We fixed it.It works. See README.md")))
    assert "🔗 X takes “it.It”, “README.md” for links and charges $0.20" in drawn
    assert "🔗" not in said(draw(form(text="All is well. Bye")))


def test_a_broken_rule_names_the_words_that_break_it() -> None:
    rule = replace(SOFT, rule="has_link", reason="It has a link.", words=("it.It", "<b>.md"))
    assert "⚠️ *Send anyway?* It has a link. Found: “it.It”, “&lt;b&gt;.md”." in said(
        draw(form(violations=[rule]))
    )


@pytest.mark.parametrize(
    ("named", "note"),
    [
        ((), "in reply to @anaruiz"),
        ((Named("801", "bob_b"),), "in reply to @anaruiz alone: @bob_b in the post will not be notified"),
        (
            (Named("801", "bob_b"), Named("802", "carol")),
            "in reply to @anaruiz alone: the 2 others in the post will not be notified",
        ),
    ],
)
def test_the_form_says_who_is_not_notified(named: tuple[Named, ...], note: str) -> None:
    message = post(context=PostContext(named=named))
    lines = said(draw(form(view=view(messages=[message], case=case(reply_to_id=message.external_id)))))
    assert note in lines
    assert ("alone" in lines) is bool(named)


def test_too_long_says_by_how_much() -> None:
    assert "⛔ *300 / 280*, 20 too long" in said(draw(form(length=300)))


def test_a_soft_rule_asks_and_a_hard_one_blocks() -> None:
    soft = draw(form(violations=[SOFT]))
    assert "⚠️ *Send anyway?* It is all in capitals." in said(soft)
    assert soft["submit"]["text"] == "Send anyway"
    hard = draw(form(violations=[SOFT, HARD]))
    assert said(hard).index("⛔ *Not sent:* It asks for a card number.") < said(hard).index(
        "It is all in capitals."
    )
    assert hard["submit"]["text"] == "Send"


@pytest.mark.parametrize(
    ("delivery", "told"),
    [
        (Delivery.QUEUED, "not sent yet"),
        (Delivery.FAILED, "not sent"),
        (Delivery.UNSURE, "not sure it was sent"),
    ],
)
def test_our_answers_in_the_conversation_say_what_became_of_them(delivery: Delivery, told: str) -> None:
    shown = said(draw(form(view=answered(delivery))))
    [line] = [line for line in shown.split("\n") if line.startswith("We answered")]
    assert line.endswith(f" · {told}")


def test_the_form_begins_with_the_words_that_the_case_is_about() -> None:
    other = replace(READING, situation=Situation.OTHER, urgency=Urgency.LOW, reasons=())
    talk = [post(id=40 + number, text=f"word {number}", assessment=other) for number in range(6)]
    shown = said(draw(form(view=view(messages=[post(assessment=READING), *talk]))))
    assert "Third time the app eats my payment" in shown
    assert shown.index("Third time") < shown.index("word 5")
    assert "word 1" not in shown
    newer = post(id=47, text="the app eats my payment again", assessment=READING)
    shown = said(draw(form(view=view(messages=[post(assessment=READING), *talk, newer]))))
    assert "Third time" not in shown


def broken(*reasons: str, hard: bool = False) -> list[RuleViolation]:
    return [RuleViolation(rule=f"rule_{reason[:3]}", reason=reason, hard=hard) for reason in reasons]


def test_several_soft_rules_ask_once_and_are_listed() -> None:
    drawn = draw(form(violations=broken("It shouts.", "It has <a> link.", "It is unsigned.")))
    assert said(drawn).count("Send anyway?") == 1
    assert (
        "⚠️ *Send anyway?* There are 3 warnings:\n• It shouts.\n• It has &lt;a&gt; link.\n• It is unsigned."
    ) in said(drawn)
    assert drawn["submit"]["text"] == "Send anyway"
    assert modals.parse_metadata(drawn["private_metadata"]).confirmed == ("rule_It ", "rule_It ", "rule_It ")


def test_several_hard_rules_are_one_list_and_nothing_is_asked_beside_them() -> None:
    hard = broken("It asks for a card number.", "It is empty.", hard=True)
    drawn = said(draw(form(violations=[*broken("It shouts."), *hard])))
    assert "⛔ *Not sent,* for 2 reasons:\n• It asks for a card number.\n• It is empty." in drawn
    assert drawn.index("It is empty.") < drawn.index("⚠️ *Besides:* It shouts.")
    assert "Send anyway?" not in drawn


def test_what_does_not_fit_into_the_list_is_counted() -> None:
    drawn = said(draw(form(violations=broken(*(f"{number} is wrong." for number in range(23))))))
    assert "There are 23 warnings:" in drawn
    assert "• 19 is wrong." in drawn
    assert "20 is wrong." not in drawn
    assert "• and 3 more" in drawn


def test_long_reasons_stay_within_what_slack_takes() -> None:
    check_view(draw(form(violations=broken(*(f"{number} {'<&> ' * 200}" for number in range(20))))))


def test_the_situations_guidance_is_one_line_above_the_text() -> None:
    guidance = Guidance(
        tone="Calm <!channel>",
        ask_for="the order number",
        never_promise=frozenset({PromiseKind.TIME, PromiseKind.MONEY}),
        approver="the person on duty",
    )
    drawn = modals.render_public_reply(form(), ours=OURS, guidance=guidance)
    check_view(drawn)
    lines = [block["elements"][0]["text"] for block in drawn["blocks"] if block["type"] == "context"]
    assert lines[0] == (
        "The person on duty must agree first. Ask for the order number in private. "
        "Promise no date and no money. Calm &lt;!channel&gt;."
    )
    kinds = [block["type"] for block in drawn["blocks"]]
    assert kinds.index("context") == kinds.index("input") - 1
    assert len(lines) == 2


def test_what_is_better_not_answered_says_only_that() -> None:
    assert guidance_text(Guidance(tone="Kind", do_not_answer="mark it as spam")) == (
        "Better not answered: mark it as spam."
    )
    assert guidance_text(Guidance()) == ""


def test_what_is_answered_in_private_is_to_be_moved_there() -> None:
    private = Guidance(venues=frozenset({Where.PRIVATE}))
    assert guidance_text(private) == "Move to private."
    assert guidance_text(private, frozenset()).startswith(
        "You have no private venue: ask for nothing personal"
    )
    asking = Guidance(venues=private.venues, ask_for="the order number")
    assert guidance_text(asking) == ("Move to private and ask there for the order number.")


def test_who_shows_a_card_number_to_everybody_is_to_be_asked_to_delete_it() -> None:
    shows_card = view(
        messages=[replace(post(), text="@acme twice from 4111 1111 1111 1111, password: Ana_1984")]
    )
    warning = (
        "*Everybody can read what looks like a payment card number and a password or a one-time code* "
        "in what they posted. Ask them to delete it."
    )
    assert warning in said(draw(form(view=shows_card)))
    assert warning in said(modals.render_handoff(handoff_form(view=shows_card), ours=OURS))
    assert "Everybody can read" not in said(draw(form()))
    assert "Everybody can read" not in said(modals.render_handoff(handoff_form(), ours=OURS))


def test_a_private_form_asks_about_a_soft_rule_and_remembers_it() -> None:
    soft = RuleViolation(rule="all_caps", reason="Write it in small letters.", hard=False)
    drawn = modals.render_private_reply(private_reply_form(violations=[soft]))
    assert "Send anyway?* Write it in small letters." in str(drawn["blocks"])
    assert drawn["submit"]["text"] == "Send anyway"
    assert modals.parse_metadata(drawn["private_metadata"]).confirmed == ("all_caps",)
    hard = RuleViolation(rule="empty", reason="Write.", hard=True)
    assert modals.render_private_reply(private_reply_form(violations=[hard]))["submit"]["text"] == "Send"


def test_the_metadata_keeps_what_the_text_started_from() -> None:
    kept = modals.parse_metadata(
        draw(form(saved_reply="late_parcel", is_picked=True, is_signed=True))["private_metadata"]
    )
    assert (kept.saved_reply, kept.is_picked, kept.is_signed) == ("late_parcel", True, True)
    plain = modals.parse_metadata(draw(form())["private_metadata"])
    assert (plain.saved_reply, plain.is_picked, plain.is_signed) == ("", False, False)


def test_a_new_message_comes_before_the_text_and_is_quoted_once() -> None:
    later = post(id=33, text="Never mind, it works now")
    drawn = draw(form(view=view(messages=[post(), later]), new_messages=[later]))
    assert "🆕 *Ana Ruiz wrote again while you were writing.*" in said(drawn)
    assert said(drawn).count("Never mind") == 1
    assert drawn["submit"]["text"] == "Send anyway"
    assert modals.parse_metadata(drawn["private_metadata"]).seen == 33


def test_what_the_customer_did_meanwhile_is_named() -> None:
    edited = post(edited_at=NOW)
    gone = post(id=33, deleted_at=NOW)
    assert "*Ana Ruiz edited a post while you" in said(draw(form(new_messages=[edited])))
    assert "*Ana Ruiz deleted a post while you" in said(draw(form(new_messages=[gone])))
    assert "*Ana Ruiz wrote again while you" in said(draw(form(new_messages=[edited, post(id=34)])))


def test_somebody_elses_claim_is_named_and_sending_takes_it_over() -> None:
    drawn = draw(form(assigned_to="U0SAM"))
    assert "⚠️ *<@U0SAM> has this case.* Nothing is sent yet" in said(drawn)
    assert drawn["submit"]["text"] == "Take over and send"
    assert modals.parse_metadata(drawn["private_metadata"]).take_over_from == "U0SAM"
    answered = view(messages=[post(), reply(Delivery.SENT)])
    assert "*<@U0SAM> has answered <!date^" in said(draw(form(assigned_to="U0SAM", view=answered)))
    broken = RuleViolation(rule="r", reason="No.", hard=False)
    anyway = draw(form(assigned_to="U0SAM", violations=[broken]))
    assert anyway["submit"]["text"] == "Take over, send anyway"


def test_colleagues_who_write_too_are_named_and_slack_tells_when_the_form_is_closed() -> None:
    assert "writing" not in said(draw(form()))
    drawn = draw(form(view=view(writers=["U0SAM", "U0MIA"])))
    assert "✍️ <@U0SAM> and <@U0MIA> are writing…" in said(drawn)
    assert drawn["notify_on_close"] is True


def test_our_own_messages_show_their_delivery() -> None:
    shown = said(draw(form(view=view(messages=[post(), reply(Delivery.FAILED)]))))
    assert "We answered · <@U0SAM> · {ago} · not sent" in shown


def an_option(name: str, **more: Any) -> Option:  # noqa: ANN401 - any of the fields
    return Option(name=name, title=name.replace("_", " ").capitalize(), text="Hola <b>", **more)


def test_the_beginning_of_a_saved_reply_ends_with_a_whole_word() -> None:
    long = replace(
        an_option("a_question"), text="We are sorry, and looking into everything that happened. " * 4
    )
    shown = next(line for line in said(draw(form(options=[long]))).split("\n") if line.startswith("says"))
    assert shown == "says: “We are sorry, and looking into everything that happened. We are sorry, and…”Use"


def test_the_saved_replies_that_have_a_reason_are_offered_and_the_others_in_a_menu() -> None:
    reasoned = an_option(
        "payment_errors",
        fits=True,
        example="the app <eats> my payment",
        situation=Situation.CANNOT_PAY,
        sent_in_such_cases=12,
    )
    once = an_option("late_parcel", sent_in_such_cases=1)
    others = [an_option(name) for name in ("a_question", "thanks", "refund")]
    drawn = draw(form(options=[reasoned, once, *others]))
    sections = [block for block in drawn["blocks"] if block.get("accessory", {}).get("type") == "button"]
    assert [block["text"]["text"] for block in sections] == [
        "*Payment errors*\nsimilar to: “the app &lt;eats&gt; my payment” · for: Cannot pay · "
        "sent 12 times in such cases",
        "*Late parcel*\nsent 1 time in such cases",
    ]
    assert {block["accessory"]["action_id"] for block in sections} == {ActionId.PUBLIC_REPLY_ALTERNATIVE}
    assert sections[0]["accessory"]["value"] == "payment_errors"
    [select] = [block["elements"][0] for block in drawn["blocks"] if block["type"] == "actions"]
    assert select["action_id"] == ActionId.PUBLIC_REPLY_ALTERNATIVE
    assert [(option["text"]["text"], option["value"]) for option in select["options"]] == [
        ("A question", "a_question"),
        ("Thanks", "thanks"),
        ("Refund", "refund"),
    ]
    assert "*Other saved replies*" in said(drawn)


def test_where_no_saved_reply_has_a_reason_the_three_nearest_show_how_they_begin() -> None:
    drawn = draw(form(options=[an_option(name) for name in ("a_question", "thanks", "refund", "delay")]))
    sections = [block for block in drawn["blocks"] if block.get("accessory", {}).get("type") == "button"]
    assert [block["text"]["text"] for block in sections] == [
        f"*{title}*\nsays: “Hola &lt;b&gt;”" for title in ("A question", "Thanks", "Refund")
    ]
    [select] = [block["elements"][0] for block in drawn["blocks"] if block["type"] == "actions"]
    assert [option["value"] for option in select["options"]] == ["delay"]


def test_the_form_says_where_no_saved_reply_surely_fits() -> None:
    drawn = draw(form(options=[an_option("late_parcel")]))
    assert "*No saved reply surely fits.* These come nearest:" in said(drawn)


def test_the_saved_reply_in_the_form_is_not_offered_again() -> None:
    options = [an_option("late_parcel", fits=True), an_option("refund")]
    drawn = said(draw(form(options=options, saved_reply="late_parcel")))
    assert "*Other saved replies*" in drawn
    assert "Late parcel" not in drawn
    assert "Refund" in drawn


def test_the_article_that_answers_can_be_linked_to_once() -> None:
    article = Article(name="x.md", title="<Refunds>", url="https://help.acme.example/r", passages=("x",))
    drawn = draw(form(article=article))
    [block] = [block for block in drawn["blocks"] if "accessory" in block]
    assert block["text"]["text"] == "📄 Help article: <https://help.acme.example/r|&lt;Refunds&gt;>"
    assert (block["accessory"]["action_id"], block["accessory"]["value"]) == (
        ActionId.ARTICLE_INSERT,
        article.url,
    )
    linked = draw(form(article=article, text=f"See {article.url}"))
    assert "Insert link" not in said(linked)


def test_the_metadata_of_a_form_round_trips() -> None:
    remembered = modals.parse_metadata(modals.form_metadata(form(revision=2, violations=[SOFT, HARD])))
    assert remembered == modals.FormMetadata(12, 7, seen=31, revision=2, confirmed=("all_caps",))


def test_more_rules_than_a_form_can_carry_are_an_error_of_ours() -> None:
    many = [RuleViolation(rule=f"rule_{index}" * 20, reason="", hard=False) for index in range(50)]
    with pytest.raises(ValueError, match="too long"):
        modals.form_metadata(form(violations=many))


@pytest.mark.parametrize(
    "forged",
    [
        "",
        None,
        "[]",
        "{",
        "[" * 5000,
        '{"case":1}',
        '{"case":"1","version":1,"seen":1,"revision":1,"confirmed":[]}',
        '{"case":true,"version":1,"seen":1,"revision":1,"confirmed":[]}',
        '{"case":-1,"version":1,"seen":1,"revision":1,"confirmed":[]}',
        '{"case":1,"version":1,"seen":1,"revision":1,"confirmed":[1]}',
        json.dumps({"case": 2**70, "version": 1, "seen": 1, "revision": 1, "confirmed": []}),
    ],
)
def test_forged_metadata_is_refused(forged: object) -> None:
    with pytest.raises(BadValue):
        modals.parse_metadata(forged)


def test_snooze_offers_usual_times_and_one_of_your_own() -> None:
    drawn = modals.render_snooze(case())
    check_view(drawn)
    assert parse_value(drawn["private_metadata"]) == CardValue(12, 7)
    for words in ("30 minutes", "2 hours", "Until tomorrow, 9:00", "Or until"):
        assert words in said(drawn)


def test_assign_says_who_has_claimed_it() -> None:
    drawn = modals.render_assign(case(claimed_by="U0SAM"))
    check_view(drawn, people=frozenset({"U0SAM"}))
    assert "Now claimed by <@U0SAM>." in said(drawn)
    assert parse_value(drawn["private_metadata"]) == CardValue(12, 7)


def test_taking_over_names_the_holder_and_remembers_whom_it_named() -> None:
    drawn = modals.render_take_over(case(claimed_by="U0SAM", claimed_at=NOW))
    check_view(drawn, people=frozenset({"U0SAM"}))
    assert "<@U0SAM> claimed the case of Ana Ruiz <!date^" in said(drawn)
    assert "Take it over? <@U0SAM> is told." in said(drawn)
    assert parse_claim(drawn["private_metadata"]) == (CardValue(12, 7), "U0SAM")


def test_whoever_has_the_case_is_asked_whether_to_release_it() -> None:
    drawn = modals.render_release(case(claimed_by="U0SAM", claimed_at=NOW))
    check_view(drawn)
    assert "You have the case of Ana Ruiz. Release it" in said(drawn)
    assert drawn["submit"]["text"] == "Release"
    assert parse_value(drawn["private_metadata"]) == CardValue(12, 7)


def test_a_notice_says_what_went_wrong() -> None:
    drawn = modals.render_notice(Refused("Nothing was changed: <no>."))
    check_view(drawn)
    assert "Nothing was changed: &lt;no&gt;." in said(drawn)
    claimed = modals.render_notice(AssignedToAnother("U0SAM", NOW))
    check_view(claimed, people=frozenset({"U0SAM"}))
    assert "<@U0SAM> claimed this case" in said(claimed)
