"""Render App Home and the responses to commands: the queue, with links to the threads and likely buttons."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.slack import ephemerals
from adapters.slack.action_ids import ActionId
from adapters.slack.cases.tag_lists import render_tagged_customer
from adapters.slack.help import render_help
from adapters.slack.home import render_home
from adapters.slack.home_ids import HomeFilter
from adapters.slack.message_content import View
from adapters.slack.permalinks import card_link, permalink
from domain.access import GRANTS, Permission, Role
from domain.cases.case import CaseState
from domain.cases.messages import Delivery, Message
from domain.cases.next_step import ListedCase
from domain.cases.search import Excerpt, FoundCase
from domain.cases.views import HomeView
from domain.chat.rating import Satisfaction
from domain.errors import AlreadyClosed, AssignedToAnother, ChangedSince, DeskError
from domain.intake.posts import ReplyBlock
from domain.networks import OurAccount
from domain.records.audit import SYSTEM, Action, Entry
from domain.replies.rules_of_engagement import Guidance, Where
from domain.surge.spending import Spent
from domain.triage.assessment import Urgency
from domain.triage.situations import Situation
from domain.venues import PRIVATE_VENUES, Venue
from handlers.slack.report_commands import REPORT_COMMANDS
from sandbox.slack.block_kit.walk import elements
from tests.adapters.slack.inspection import check_message, check_view, said
from tests.adapters.slack.samples import NOW, TEAM_URL, case, our_account, post, reply, thanked

CARD = "https://acme.slack.com/archives/C0SUPPORT/p1795269960000100"
THREAD = f"{CARD}?thread_ts=1795269960.000100&amp;cid=C0SUPPORT"
PEOPLE = frozenset({"U0SAM", "U0MIA"})
ALL = frozenset(Permission)


def row(*messages: Message, venue: Venue | None = None, **changes: Any) -> ListedCase:  # noqa: ANN401 - any field of a case
    """Build a row with these messages, else with Ana's post."""
    return ListedCase(case=case(**changes), messages=messages or (post(),), venue=venue)


def buttons(view: View) -> list[str]:
    """Return the labels of the rows' buttons."""
    return [block["accessory"]["text"]["text"] for block in view["blocks"] if "accessory" in block]


def home(**changes: Any) -> View:  # noqa: ANN401 - any field of a Home
    shown = HomeView(
        user_id="U0SAM",
        made_at=NOW,
        mine=[row(id=1, claimed_by="U0SAM")],
        unclaimed=[row(id=2)],
        due_soon=[],
        waiting=[row(id=3, state=CaseState.WAITING, waiting_since=None)],
        counts={"open": 2, "unclaimed": 1, "waiting": 1, "snoozed": 0},
    )
    drawn = render_home(replace(shown, **changes), team_url=TEAM_URL, account_of=our_account)
    check_view(drawn, people=PEOPLE)
    return drawn


def test_home_shows_counts_and_groups() -> None:
    shown = said(home())
    assert "*2* open · *1* unclaimed · *1* waiting for the customer · *0* snoozed" in shown
    ago = "<!date^1795269720^{ago}|2026-11-21 14:02 UTC>"
    due = "<!date^1795270620^{ago}|2026-11-21 14:17 UTC>"
    linked = f"🔴 <{THREAD}|Cannot pay · Ana Ruiz  @anaruiz>"
    assert f"{linked} · wrote {ago} · reply due {due}\nThird time the app eats" in shown
    assert "<@U0SAM>" not in shown
    assert f"{linked} · answered, waiting for the customer" in shown
    assert "No answer is overdue or due soon." in shown


def test_home_says_until_when_the_office_is_closed() -> None:
    assert "Closed until" not in said(home())
    closed = (
        "🌙 Closed until <!date^1795339800^{date_short_pretty} at {time}|2026-11-22 09:30 UTC>: only what"
    )
    assert closed in said(home(opens_at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC)))


def test_what_the_networks_charged_today_is_told_with_its_budget() -> None:
    spent = [
        Spent(network="x", act="mentions", count=1_200, cost=1.2),
        Spent(network="x", act="search", count=40, cost=0.2),
    ]
    assert "Today (UTC)" not in said(home())
    assert "Today (UTC): X *$1.40*" in said(home(spent=spent))
    assert "X *$1.40* of $25.00" in said(home(spent=spent, daily_budget=25.0))
    assert "$1.40" not in said(home(spent=spent, may_act=False)), "who only looks on has no use for it"
    assert "$1.40" in said(home(spent=spent, may_act=False, offers_team=True))


def test_satisfaction_is_told_once_any_customer_has_said_something() -> None:
    assert "own word" not in said(home(satisfaction=Satisfaction(solved=0, rated=0)))
    assert "👍 *2* of 3 chats solved" in said(home(satisfaction=Satisfaction(solved=2, rated=3)))
    assert "👍 *0* of 1 chat solved" in said(home(satisfaction=Satisfaction(solved=0, rated=1)))


def test_every_row_is_one_click_from_its_thread() -> None:
    assert json.dumps(home()).count(f"<{THREAD}|") == 3


def test_every_row_carries_its_likely_button() -> None:
    thanked_for = thanked(claimed_by="U0SAM")
    blocked = row(id=4, claimed_by="U0SAM", reply_block=ReplyBlock.NOT_ADDRESSED)
    sending = row(reply(Delivery.QUEUED), id=5, claimed_by="U0SAM")
    opted_out = replace(row(id=6, claimed_by="U0SAM", venue=Venue.DM), opted_out=True)
    drawn = home(
        mine=[
            row(id=1, claimed_by="U0SAM"),
            ListedCase(case=thanked_for.case, messages=thanked_for.messages),
            blocked,
            sending,
            opted_out,
        ],
        due_soon=[row(id=7, claimed_by="U0MIA")],
    )
    mine = ["Answer…", "Resolve", "Open on X", "Open card", "Move to…"]
    assert buttons(drawn) == [*mine, "Claim", "Take over…", "Claim"]
    accessories = [block["accessory"] for block in drawn["blocks"] if "accessory" in block]
    assert accessories[0]["value"] == "1:7"
    assert accessories[2]["url"] == "https://x.com/intent/tweet?in_reply_to=1001"
    assert accessories[3]["url"] == THREAD.replace("&amp;", "&")


def test_whoever_acts_on_nothing_is_offered_the_cards_alone() -> None:
    shown = home(may_act=False, mine=[], unclaimed=[row(id=2), row(id=4, claimed_by="U0MIA")])
    assert set(buttons(shown)) == {"Open card"}
    assert "My cases" not in str(shown)
    assert "/mentions next" not in str(shown)
    assert shown["private_metadata"] == home(may_act=False, chosen="mine")["private_metadata"] == "all"


def test_a_row_has_no_button_where_its_page_is_not_known_yet() -> None:
    sending = row(reply(Delivery.QUEUED), claimed_by="U0SAM", card_ts=None)
    assert buttons(home(mine=[sending], unclaimed=[], waiting=[])) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<!channel> a & b\nsecond line", "\n&lt;!channel&gt; a &amp; b second line"),
        ("word " * 40, "\n" + ("word " * 18)[:-1] + "…"),
        ("x" * 300, "\n" + "x" * 89 + "…"),
        ("漢字" * 100, "\n" + ("漢字" * 30)[:44] + "…"),
        ("", ""),
    ],
)
def test_a_row_shows_the_first_words_escaped_and_cut_at_a_word(text: str, words: str) -> None:
    drawn = home(mine=[row(post(text=text))], unclaimed=[], waiting=[])
    [section] = [block for block in drawn["blocks"] if block["type"] == "section"]
    _line, found, rest = section["text"]["text"].partition("\n")
    assert found + rest == words


def test_home_tells_its_filter_and_stays_within_slacks_limit_of_blocks() -> None:
    many = [row(id=number) for number in range(20)]
    everything = dict.fromkeys(("mine", "unclaimed", "due_soon", "waiting"), many)
    counts = dict.fromkeys(("mine", "unclaimed", "due_soon", "waiting"), 300)
    drawn = home(
        **everything, counts=counts, problems=["down"] * 9, satisfaction=Satisfaction(solved=1, rated=1)
    )
    assert drawn["private_metadata"] == "all"
    assert len(drawn["blocks"]) <= 100
    assert home(mine=[row(id=n) for n in range(70)], chosen="mine")["private_metadata"] == "mine"


def test_a_closed_case_says_once_who_closed_it_and_awaits_no_card() -> None:
    for card in ("1.2", None):
        closed = case(state=CaseState.RESOLVED, claimed_by="U0SAM", closed_by="U0SAM", closed_at=NOW)
        found = FoundCase(replace(closed, card_ts=card), None)
        text = said(ephemerals.render_found_cases("x", [found], team_url=TEAM_URL, empty="None.", now=NOW))
        assert text.count("<@U0SAM>") == 1
        assert "card on its way" not in text
        assert "Cannot pay · Ana Ruiz" in text


def test_a_card_that_is_not_posted_yet_is_listed_without_a_link() -> None:
    shown = home(mine=[], waiting=[], unclaimed=[row(card_ts=None)])
    assert "Ana Ruiz  @anaruiz _(card on its way)_" in said(shown)
    assert CARD not in json.dumps(shown)


@pytest.mark.parametrize("chosen", [one for one in HomeFilter if one is not HomeFilter.TEAM])
def test_the_filter_shows_what_is_on(chosen: HomeFilter) -> None:
    drawn = home(chosen=chosen.value)
    [select] = [one for _block, one in elements(drawn["blocks"]) if one["action_id"] == ActionId.HOME_FILTER]
    assert select["initial_option"]["value"] == chosen
    headers = [block for block in drawn["blocks"] if block["type"] == "header"]
    assert len(headers) == (4 if chosen is HomeFilter.ALL else 1)


def test_somebody_without_a_case_is_told_how_to_get_one() -> None:
    assert "You have claimed no case. `/mentions next`" in said(home(mine=[], chosen="mine"))


def test_more_than_fits_is_counted() -> None:
    many = [row(id=number) for number in range(20)]
    assert "285 more cases: choose “Unclaimed, by rank” above." in said(
        home(unclaimed=many, counts={"unclaimed": 300})
    )
    assert "1 more case: not shown here." in said(
        home(mine=[row(id=number) for number in range(61)], chosen="mine")
    )


def test_problems_come_first_and_stand_alone_where_there_is_nothing_else() -> None:
    assert (
        said(home(problems=["X is out of credit <now>"]))
        .strip()
        .startswith("⚠️ X is out of credit &lt;now&gt;")
    )
    alone = home(problems=["Ask to be added."], counts={}, mine=[], unclaimed=[], waiting=[])
    assert said(alone).strip() == "⚠️ Ask to be added."


def test_a_permalink_is_made_from_the_message() -> None:
    assert permalink(TEAM_URL, "C0SUPPORT", "1795269960.000100") == CARD
    assert card_link(TEAM_URL, case(card_channel=None)) is None


def test_help_names_every_command() -> None:
    content = render_help(ALL)
    check_message(content)
    for command in ("/mentions next", "/mentions mine", "/mentions find &lt;words&gt;"):
        assert f"`{command}`" in said(content)
    assert "lists the cases you have claimed" in said(content)
    assert all(command in said(content) for command in REPORT_COMMANDS | {"promises", "replies", "words"})


def test_help_has_what_its_reader_may_use() -> None:
    told = {role: said(render_help(GRANTS[role])) for role in Role}
    for role in (Role.VIEWER, Role.LEAD, Role.AGENT, Role.MANAGER, Role.RECORDS):
        assert "/mentions find" in told[role]
        assert "/mentions vip" in told[role]
        assert ("/mentions next" in told[role]) is (role is Role.AGENT)
        assert ("/mentions agents" in told[role]) is (role in {Role.AGENT, Role.MANAGER})
        assert ("/mentions summary" in told[role]) is (role is Role.MANAGER)
        assert ("/mentions audit" in told[role]) is (role is Role.RECORDS)
        assert ("`@handle why`" in told[role]) is (role is Role.LEAD)
    assert "/mentions" not in told[Role.DRAFTER]
    assert "nothing that you may do here" in told[Role.DRAFTER]
    assert "What the bot has learnt" not in told[Role.VIEWER]
    meant = said(render_help(GRANTS[Role.VIEWER], unknown="sumary"))
    assert "there is no `/mentions sumary`" in meant
    assert "Did you mean" not in meant


def test_help_has_titled_parts_that_slack_does_not_fold() -> None:
    *parts, footer = render_help(ALL)["blocks"]
    titles = [part["text"]["text"].splitlines()[0] for part in parts]
    assert titles[:2] == ["*Your work*", "*How it went, and what comes*"]
    assert all(part["expand"] for part in parts)
    assert "Only you see this" in footer["elements"][0]["text"]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("sumary", "there is no `/mentions sumary`. Did you mean `/mentions summary`?"),
        ("<b>`x", "there is no `/mentions &lt;b&gt;ˋx`."),
        ("z" * 500, f"there is no `/mentions {'z' * 39}…`."),
    ],
)
def test_an_unknown_command_is_named_with_the_nearest(typed: str, shown: str) -> None:
    content = render_help(ALL, unknown=typed)
    check_message(content)
    assert f"⚠️ Nothing was done: {shown}\n" in said(content)
    assert "/mentions next" in said(content)


def test_a_row_shows_the_words_that_ask_something_and_not_the_code_after_them() -> None:
    other = replace(case().assessment, situation=Situation.OTHER, urgency=Urgency.NORMAL, reasons=())
    shown = said(
        home(mine=[row(post(), post(id=33, text="482913", assessment=other))], unclaimed=[], waiting=[])
    )
    assert "Third time the app eats" in shown
    assert "482913" not in shown


def test_a_reply_that_was_due_is_overdue_in_home_and_in_every_list() -> None:
    late = case(reply_due=NOW, claimed_by="U0SAM")
    rows = [ListedCase(case=late, messages=[post()])]
    overdue = "reply overdue (due {ago})"
    assert overdue in said(home(due_soon=rows)).replace("*", "").replace(_date(NOW), "{ago}")
    for content in (
        ephemerals.render_case_list("x", [late], team_url=TEAM_URL, empty="None.", now=NOW),
        ephemerals.render_found_cases(
            "x", [FoundCase(late, None)], team_url=TEAM_URL, empty="None.", now=NOW
        ),
        ephemerals.render_urgent([ListedCase(case=late)], team_url=TEAM_URL, now=NOW),
        ephemerals.render_claimed(late, team_url=TEAM_URL, now=NOW),
        render_tagged_customer("vip", [late], is_off=False, team_url=TEAM_URL, now=NOW),
    ):
        assert overdue in said(content)
    soon = replace(late, reply_due=NOW + timedelta(minutes=1))
    assert "reply due {ago}" in said(ephemerals.render_claimed(soon, team_url=TEAM_URL, now=NOW))


def _date(moment: datetime) -> str:
    return f"<!date^{int(moment.timestamp())}^{{ago}}|{moment:%Y-%m-%d %H:%M} UTC>"


def test_a_list_links_each_case_and_says_when_there_is_none() -> None:
    listed = ephemerals.render_case_list(
        "Cases with “<b>”", [case(), case(id=2)], team_url=TEAM_URL, empty="None.", now=NOW
    )
    check_message(listed)
    assert json.dumps(listed).count(CARD) == 2
    assert listed["text"] == "Cases with “&lt;b&gt;”"
    assert (
        said(ephemerals.render_case_list("x", [], team_url=TEAM_URL, empty="None <b>.", now=NOW)).strip()
        == "None &lt;b&gt;."
    )


def test_a_search_shows_below_each_case_the_words_that_were_found_in_bold() -> None:
    found = [
        FoundCase(case(), Excerpt("<!channel> my card & more", ((14, 18),))),
        FoundCase(case(id=2), None),
    ]
    listed = ephemerals.render_found_cases(
        "Cases with “card”", found, team_url=TEAM_URL, empty="None.", now=NOW
    )
    check_message(listed)
    assert json.dumps(listed).count(CARD) == 2
    [body] = listed["blocks"]
    first, second = body["elements"][1]["elements"]
    apart = [FoundCase(case(), Excerpt("my card", ((3, 7),)), is_unproven=True)]
    told = said(ephemerals.render_found_cases("x", apart, team_url=TEAM_URL, empty="None.", now=NOW))
    assert "\n✉️ Not proven: my card" in told
    assert [(e["text"], e.get("style")) for e in first["elements"][-3:]] == [
        ("<!channel> my ", None),
        ("card", {"bold": True}),
        (" & more", None),
    ]
    assert "my" not in json.dumps(second)


def test_next_links_what_was_claimed_or_says_that_nothing_waits() -> None:
    claimed = ephemerals.render_claimed(case(claimed_by="U0SAM"), team_url=TEAM_URL, now=NOW)
    check_message(claimed, people=PEOPLE)
    assert "You have claimed: 🔴 Cannot pay · Ana Ruiz  @anaruiz" in said(claimed)
    assert CARD in json.dumps(claimed)
    assert "Nothing is waiting" in said(ephemerals.render_claimed(None, team_url=TEAM_URL, now=NOW))


def test_who_was_second_is_told_who_was_first() -> None:
    content = ephemerals.render_refusal(AssignedToAnother("U0MIA", NOW))
    check_message(content, people=PEOPLE)
    assert "<@U0MIA> claimed this case <!date^1795269960^{ago}|2026-11-21 14:06 UTC>" in said(content)
    assert "Press *Take over…* to take it." in said(content)


@pytest.mark.parametrize(
    ("state", "words"), [("resolved", "resolved"), ("dismissed", "marked as not a request")]
)
def test_a_closed_case_says_who_closed_it(state: str, words: str) -> None:
    content = ephemerals.render_refusal(AlreadyClosed(state, "U0MIA", NOW))
    assert f"this case was {words} by <@U0MIA> <!date^" in said(content)


def test_a_stale_card_says_what_changed() -> None:
    wrote = Entry(at=NOW, actor=SYSTEM, action=Action.CUSTOMER_WROTE, case_id=12, version=8)
    released = Entry(at=NOW, actor="U0MIA", action=Action.RELEASED, case_id=12, version=9)
    content = ephemerals.render_refusal(ChangedSince([wrote, released]))
    check_message(content, people=PEOPLE)
    assert "• The customer wrote again, <!date^1795269960^{ago}|2026-11-21 14:06 UTC>" in said(content)
    assert "• Released by <@U0MIA>, " in said(content)


def test_an_errors_own_words_are_escaped() -> None:
    assert said(ephemerals.render_refusal(DeskError("No <!here>."))).strip() == "No &lt;!here&gt;."


def test_a_person_is_told_what_became_of_their_case() -> None:
    def told(action: Action, to: str, assignee: str) -> str:
        content = ephemerals.render_notification(
            case(claimed_by=assignee), action=action.value, actor="U0MIA", to=to, team_url=TEAM_URL
        )
        check_message(content, people=frozenset({"U0SAM", "U0MIA", "U0KAI"}))
        return said(content).strip()

    about = f"<{CARD}|Cannot pay, Ana Ruiz>"
    assert told(Action.TAKEN_OVER, "U0SAM", "U0MIA") == f"<@U0MIA> has taken over your case: {about}"
    assert told(Action.ASSIGNED, "U0SAM", "U0SAM") == f"<@U0MIA> has assigned you a case: {about}"
    moved = told(Action.ASSIGNED, "U0SAM", "U0KAI")
    assert moved == f"<@U0MIA> has changed who holds your case: {about}. It is now with <@U0KAI>."


def test_a_case_without_a_card_is_told_as_one_whose_card_is_on_its_way() -> None:
    """A flood holds cards back, also that of a case whose answer is overdue."""
    content = ephemerals.render_notification(
        case(card_channel=None, card_ts=None),
        action=Action.ANSWER_OVERDUE.value,
        actor=SYSTEM,
        to="C0SUPPORT",
        team_url=TEAM_URL,
    )
    check_message(content, people=PEOPLE)
    assert (
        said(content).strip()
        == "🚨 An answer is overdue: Cannot pay, Ana Ruiz _(card on its way)_. The thread says what was done."
    )


def test_an_alert_names_channels_as_links() -> None:
    content = ephemerals.render_alert("Cards cannot be posted in #C0SUPPORT.")
    assert content["text"] == "⚠️ Cards cannot be posted in <#C0SUPPORT>."


def test_an_alert_is_marked_and_escaped() -> None:
    content = ephemerals.render_alert("Cards cannot be posted in #support: <archived>")
    check_message(content)
    assert content["text"] == "⚠️ Cards cannot be posted in #support: &lt;archived&gt;"


@pytest.mark.parametrize(
    ("blurs", "label", "value"), [(False, "Blur abuse", "blur"), (True, "Show abuse", "show")]
)
def test_the_button_about_abuse_offers_the_other_choice(*, blurs: bool, label: str, value: str) -> None:
    rows = (block for block in home(blur_abuse=blurs)["blocks"] if block["type"] == "actions")
    [found] = [e for row in rows for e in row["elements"] if e["action_id"] == "home.blur_abuse"]
    assert (found["text"]["text"], found["value"]) == (label, value)


@pytest.mark.parametrize(("venues", "likely"), [(PRIVATE_VENUES, "Move to…"), (frozenset(), "Answer…")])
def test_what_is_answered_in_private_is_moved_only_where_customers_can_write_there(
    venues: frozenset[Venue], likely: str
) -> None:
    mine = row(id=1, claimed_by="U0SAM")
    guidance = {mine.case.assessment.situation: Guidance(venues=frozenset({Where.PRIVATE}))}
    shown = HomeView(
        user_id="U0SAM", made_at=NOW, mine=[mine], unclaimed=[], due_soon=[], waiting=[], counts={"open": 1}
    )

    def ours(network: str) -> OurAccount:
        return replace(our_account(network), private_venues=venues)

    drawn = render_home(shown, team_url=TEAM_URL, account_of=ours, guidance=guidance)
    assert buttons(drawn) == [likely]
