"""Check that lists which exist in two places agree."""

import ast
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pytest
import yaml

from adapters.networks.registry import NETWORKS
from adapters.settings import setting_rows
from adapters.slack.action_ids import ActionId, BlockId, CallbackId
from adapters.slack.api_calls import web_client
from adapters.slack.cases.form_ids import CaseFormAction, CaseFormBlock, CaseFormCallback
from adapters.slack.causes.ids import CauseAction, CauseBlock, CauseCallback
from adapters.slack.manifest import COMMAND, EVENTS, OUTAGE_COMMAND, manifest
from adapters.slack.outages.ids import OutageAction, OutageBlock, OutageCallback, OutageShortcut
from adapters.slack.outages.link_ids import LinkAction, LinkBlock, LinkCallback
from adapters.slack.reports.ids import ReportAction, ReportCallback
from adapters.slack.saved_reply_ids import SavedReplyAction, SavedReplyBlock, SavedReplyCallback
from adapters.slack.trackers.ids import IssueAction, IssueBlock, IssueCallback
from domain.delivery import (
    cause_effects,
    effects,
    erasure_effects,
    flood_effects,
    outage_effects,
    report_effects,
    routing_effects,
    surge_effects,
    thread_effects,
    tracker_effects,
)
from domain.networks import Capability, Connected, Networks
from domain.outages.destinations import Destinations
from domain.replies.checks import CHECKS
from domain.triage.situations import Situation
from handlers.context import AppContext
from handlers.delivery.performers import PACES, paces_with, performers
from handlers.slack import app as bolt
from handlers.terminal.setting_kinds import setting_kinds
from tests.source import PRODUCTION, ROOT, python_files, tree

#: Inputs whose value is read when their form is submitted; their changes are not handled.
READ_ON_SUBMIT = {
    ActionId.SNOOZE_CHOICE,
    ActionId.SNOOZE_AT,
    ActionId.VERIFY_REASON,
    ActionId.CORRECTION_SITUATION,
    ActionId.CORRECTION_URGENCY,
    ActionId.CORRECTION_REQUEST,
    ActionId.CORRECTION_LANGUAGE,
    SavedReplyAction.REPLIES_SEARCH,
    SavedReplyAction.SAVED_TITLE,
    SavedReplyAction.SAVED_SITUATIONS,
    SavedReplyAction.SAVED_WORDING,
    SavedReplyAction.SAVED_FORM,
    SavedReplyAction.SAVED_EXAMPLES,
    SavedReplyAction.SAVED_EXPIRY,
    SavedReplyAction.SAVED_PUBLIC_ONLY,
    SavedReplyAction.SAVED_OWNER,
    OutageAction.LET_ANSWERS,
    OutageAction.SPIKE_OUTAGE,
    OutageAction.LEAD,
    OutageAction.RETRACT,
    OutageAction.CORRECT,
    OutageAction.TITLE,
    OutageAction.PROBLEM,
    OutageAction.WORKAROUND,
    OutageAction.COMPONENTS,
    OutageAction.SEVERITY,
    OutageAction.PHASE,
    OutageAction.DUE,
    OutageAction.DUE_AT,
    OutageAction.STARTS,
    OutageAction.ENDS,
    OutageAction.DESTINATIONS,
    OutageAction.FLOOD,
    OutageAction.FLOOD_POSTS,
    OutageAction.FLOOD_MINUTES,
    LinkAction.CASES,
    LinkAction.WHICH,
    LinkAction.WHO,
    LinkAction.WORDINGS,
    CaseFormAction.PROMISE_DUE,
    CaseFormAction.TAGS_OF_CASE,
    CaseFormAction.TAGS_PROPOSED,
    CaseFormAction.TAGS_OF_CUSTOMER,
    CaseFormAction.TAGS_REASON,
    CaseFormAction.NOTE_TEXT,
    CaseFormAction.HOLD_REASON,
    CauseAction.NAME,
    CauseAction.OWNER,
    CauseAction.STATE,
    CauseAction.FIXED_ON,
    CauseAction.PHRASES,
    CauseAction.CHOSEN,
    IssueAction.WHERE,
    IssueAction.TITLE,
    IssueAction.TEXT,
    IssueAction.NAMED,
}
#: Views without a submit button.
ONLY_SHOWN = {
    CallbackId.DETAILS,
    CallbackId.ORIGINAL,
    CallbackId.TAUGHT,
    CallbackId.NOTICE,
    CallbackId.HOME,
    SavedReplyCallback.REPLY_HISTORY,
    SavedReplyCallback.REPLY_FIGURES,
    CallbackId.URGENT_CASES,
    OutageCallback.PICK,
    LinkCallback.RESULTS,
    *ReportCallback,
    IssueCallback.WAITING,
}


#: Addresses that are changed only to reach a test double.
SELDOM_CHANGED = {"GITHUB_API_URL", "LINEAR_API_URL", "SLACK_API_URL", "STATUSPAGE_API_URL", "X_API_URL"}

#: Placeholder for parts that are only recorded, never called.
NOTHING: Any = None

_EFFECTS_IN_A_NETWORK = tuple(
    effect
    for network, entry in NETWORKS.items()
    for effect in (
        effects.SendPublicReply(1, 1, network),
        effects.SendLinkedAnswer(1, 1, network),
        effects.LinkReply(1, 1, network),
        *(
            [effects.SendPrivateReply(1, 1, "dm", network=network)]
            if Capability.DIRECT_MESSAGES in entry.profile.capabilities
            else []
        ),
    )
)
_EXAMPLES = (
    *_EFFECTS_IN_A_NETWORK,
    effects.PostCard(1, "C1"),
    effects.UpdateCard(1),
    thread_effects.PostThread(1, "C1"),
    thread_effects.RedrawThread(1, "1.2"),
    effects.DraftReply(1, 1),
    effects.SendPrivateReply(2, 1, "email"),
    effects.SendTranscript(1, 1),
    thread_effects.ShareFile(1, 1, "C1"),
    thread_effects.AddReaction("C1", "1.2", "white_check_mark"),
    effects.PublishHome("U1"),
    effects.NotifyPerson("U1", "U2", "took_over", 1, "1"),
    effects.Alert("text", "once", "C1"),
    outage_effects.SendNotice(1, 1, "statuspage", ""),
    outage_effects.CorrectNotice(1, 1, "statuspage", ""),
    outage_effects.RetractNotice(1, 1, "statuspage", ""),
    outage_effects.PostBoard(1, "C1"),
    outage_effects.UpdateBoard(1),
    outage_effects.PinMessage("C1", "1.2"),
    outage_effects.AnswerLinkedCase(1, 1, "fediverse"),
    surge_effects.PostSpike(1, "C1"),
    surge_effects.UpdateSpike(1),
    flood_effects.PostFloodBoard(1, "C1"),
    flood_effects.UpdateFloodBoard(1),
    flood_effects.PostFloodSummary(1, "C1"),
    report_effects.PostDigest(1, "C1"),
    report_effects.ShareSummary("report", "C1", "U1", "", "nonce"),
    report_effects.SendChart("report", "C1", "U1", "", "nonce"),
    cause_effects.PostCauseFixed(1, 2, "U1"),
    outage_effects.AskApproval(1, 1, 1, "C1"),
    outage_effects.EndApprovalRequest(1, 1, 1, "approved", "U1"),
    outage_effects.SendTimeline(1, "U1", "2026"),
    outage_effects.MailBatch(1, 1),
    outage_effects.SendConfirmation(1, "nonce"),
    outage_effects.PostRehearsal(1, "C1", "score"),
    outage_effects.FoldRehearsalMessage(1, "C1", "1.2", "card", "refund", is_answered=True),
    erasure_effects.DeleteMessage("C1", "1.2"),
    erasure_effects.DeleteThreadFiles(1, "C1", "1.2"),
    routing_effects.MarkMoved(1, "C1", "1.2"),
    routing_effects.MarkMovedOnceOpen(1, "C1", "1.2"),
    routing_effects.UpdateCardOnceOpen(1),
    tracker_effects.CreateIssue(1, 1, "github"),
    tracker_effects.PostIssueChange(1, 1, "C1"),
)


Listeners = dict[str, list[str | re.Pattern[str]]]


@dataclass
class RecordingApp:
    """Stand-in for Bolt's app that records the registered listeners."""

    listeners: Listeners = field(default_factory=dict)

    def __getattr__(self, kind: str) -> Callable[[str | re.Pattern[str]], Callable[..., None]]:
        def listen(name: str | re.Pattern[str]) -> Callable[..., None]:
            self.listeners.setdefault(kind, []).append(name)
            return lambda _listener: None

        return listen


@pytest.fixture
def listeners(monkeypatch: pytest.MonkeyPatch) -> Listeners:
    """The registered listeners, by kind."""
    app = RecordingApp()
    monkeypatch.setattr(bolt, "GatedApp", lambda **_: app)
    unreachable = web_client("xoxb-nobody", base_url="http://127.0.0.1:9/api/")
    bolt.slack_app(NOTHING, unreachable, signing_secret=None)
    return app.listeners


def by_name(listened: list[str | re.Pattern[str]]) -> list[str]:
    """Return the names of the listeners in order, without those that listen to a pattern."""
    return sorted(name for name in listened if isinstance(name, str))


def test_every_action_has_one_listener(listeners: Listeners) -> None:
    assert by_name(listeners["action"]) == sorted(
        one.value
        for one in {
            *ActionId,
            *OutageAction,
            *LinkAction,
            *ReportAction,
            *CaseFormAction,
            *SavedReplyAction,
            *CauseAction,
            *IssueAction,
        }
        - READ_ON_SUBMIT
    )


def test_every_submitted_view_has_one_listener(listeners: Listeners) -> None:
    assert by_name(listeners["view"]) == sorted(
        one.value
        for one in {
            *CallbackId,
            *OutageCallback,
            *LinkCallback,
            *ReportCallback,
            *CaseFormCallback,
            *SavedReplyCallback,
            *CauseCallback,
            *IssueCallback,
        }
        - ONLY_SHOWN
    )


def test_the_manifest_asks_for_what_is_heard(listeners: Listeners) -> None:
    assert sorted(by_name(listeners["command"])) == sorted([COMMAND, OUTAGE_COMMAND])
    assert sorted(by_name(listeners["shortcut"])) == sorted(OutageShortcut)
    shortcuts = manifest(socket_mode=True)["features"]["shortcuts"]
    assert [one["callback_id"] for one in shortcuts] == list(OutageShortcut)
    asked = manifest(socket_mode=True)["features"]["slash_commands"]
    assert [one["command"] for one in asked] == [COMMAND, OUTAGE_COMMAND]
    # Of "message.channels" the listener is that of "message".
    assert {event.partition(".")[0] for event in EVENTS} <= set(by_name(listeners["event"]))


@pytest.mark.parametrize(
    "names",
    [
        ActionId,
        CallbackId,
        BlockId,
        OutageAction,
        OutageCallback,
        OutageBlock,
        LinkAction,
        LinkCallback,
        LinkBlock,
        ReportAction,
        ReportCallback,
        CaseFormAction,
        CaseFormCallback,
        CaseFormBlock,
        SavedReplyAction,
        SavedReplyCallback,
        SavedReplyBlock,
        CauseAction,
        CauseCallback,
        CauseBlock,
        IssueAction,
        IssueBlock,
        IssueCallback,
        OutageShortcut,
    ],
)
def test_every_name_is_drawn(names: type[StrEnum]) -> None:
    assert _members_named("adapters/slack", names.__name__) == set(names.__members__)


def test_every_input_of_a_form_is_read() -> None:
    for names in (
        ActionId,
        OutageAction,
        LinkAction,
        CaseFormAction,
        SavedReplyAction,
        CauseAction,
        IssueAction,
    ):
        read = _members_named("handlers/slack", names.__name__)
        assert {one.name for one in READ_ON_SUBMIT if isinstance(one, names)} <= read


def test_every_effect_has_a_performer_and_a_pace() -> None:
    profiles = [entry.profile for entry in NETWORKS.values()]
    networks = Networks(
        {one.name: Connected(profile=one, client=NOTHING, account=NOTHING) for one in profiles}
    )
    ctx = AppContext(**dict.fromkeys(AppContext.__dataclass_fields__, NOTHING))
    assert set(performers(ctx)) == set(effects.EFFECTS)
    assert {effect.kind for effect in _EXAMPLES} == set(effects.EFFECTS)
    pace_of = paces_with(networks, Destinations())
    assert [effect.key for effect in _EXAMPLES if pace_of(effect.destination) is None] == []
    own_paces = {pace for profile in profiles for pace in profile.paces.values()}
    assert {pace_of(effect.destination) for effect in _EXAMPLES} == {*PACES.values(), *own_paces}


def test_every_effect_is_in_the_list() -> None:
    defined = {
        node.name
        for path in python_files("domain/delivery")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
        if any(ast.unparse(line).startswith("kind: ClassVar[str] = ") for line in node.body)
    }
    assert defined == {effect.__name__ for effect in effects.EFFECTS.values()}


def test_every_setting_is_in_the_example_files() -> None:
    rows = setting_rows(**setting_kinds())
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    named = {found[1] for line in lines if (found := re.match(r"(?:# )?([A-Z_]+)=", line))}
    assert named == {row.name for row in rows if not row.is_choice} - SELDOM_CHANGED
    example = (ROOT / "switchboard.example.toml").read_text(encoding="utf-8")
    shown = {f"{section}.{name}" for section, held in tomllib.loads(example).items() for name in held}
    assert shown | {
        "slack.routes",
        "outages.components",
        "sla.policies",
        "tags.customers",
        "reports.digests",
    } == {row.name for row in rows if row.is_choice}
    assert "# [[slack.routes]]" in example


def test_every_setting_is_used() -> None:
    read = {
        node.attr
        for path in python_files(*PRODUCTION)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
    }
    assert {
        row.name for row in setting_rows(**setting_kinds()) if row.name.rpartition(".")[2].lower() not in read
    } == set()


def test_the_example_names_every_situation() -> None:
    example = (ROOT / "switchboard.example.toml").read_text(encoding="utf-8")
    [listed] = re.findall(r"# Situations: ([^.]+)\.", example)
    assert set(re.findall(r"[a-z_]+", listed)) == {situation.value for situation in Situation}


def test_every_check_is_a_rule() -> None:
    rules = tomllib.loads((ROOT / "prompts/rules_of_engagement.toml").read_text(encoding="utf-8"))["rules"]
    assert sorted(rule["check"] for rule in rules) == sorted(CHECKS)


def test_every_saved_reply_belongs_to_a_situation_and_every_grave_one_has_one() -> None:
    files = sorted((ROOT / "prompts/replies").glob("*.md"))
    covered: set[str] = set()
    for file in files:
        covered |= set(yaml.safe_load(file.read_text(encoding="utf-8").split("---")[1])["situations"])
    assert covered <= {situation.value for situation in Situation}
    assert {situation.value for situation in Situation} - covered <= {"spam", "other"}


def _members_named(place: str, enum: str) -> set[str]:
    """Return the members of an enum that the files of a folder use."""
    return {
        node.attr
        for path in python_files(place)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == enum
    }
