"""Encode and parse the state that reply and hand-off forms keep in `private_metadata`."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from adapters.slack.action_ids import BadValue, load_json, require_number
from domain.assistance.assistant import Rewrite
from domain.assistance.forms import Stage
from domain.handoffs.forms import HandoffForm
from domain.replies.forms import PrivateReplyForm, PublicReplyForm
from domain.venues import Venue

MAX_METADATA_LENGTH = 3000
_Kind = TypeVar("_Kind", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class FormMetadata:
    """State of an open form.

    `version` and `seen` are the case's version and its newest message when the form was opened. `confirmed`
    names the soft rules whose warning it shows: submitting again overrides them. `venue` is the one that a
    hand-off form was drawn for, `via` the channel that announces it, and `nonce` the seed of its link.
    `handoff` is the hand-off that a private reply goes to. `take_over_from` is whom the form named as having
    the case, empty where nobody else had. `saved_reply`, `is_picked` and `is_signed` are as in
    `PublicReplyForm`, `stage` and `rewrite` as in `FormAssistance`.
    """

    case_id: int
    version: int
    seen: int
    revision: int
    confirmed: tuple[str, ...] = ()
    venue: Venue = Venue.PUBLIC
    via: Venue = Venue.PUBLIC
    nonce: str = ""
    handoff: int = 0
    take_over_from: str = ""
    saved_reply: str = ""
    is_picked: bool = False
    is_signed: bool = False
    stage: Stage = Stage.IDLE
    rewrite: Rewrite | None = None


def form_metadata(form: PublicReplyForm | HandoffForm | PrivateReplyForm) -> str:
    """Encode the form's `private_metadata`.

    `seen` includes the new messages that the form shows. Raises `ValueError` if it exceeds Slack's limit,
    which only the names of the broken rules can cause.
    """
    data = {
        "case": form.view.case.id,
        "version": form.view.case.version,
        "seen": max([form.seen, *(message.id for message in form.new_messages)]),
        "revision": form.revision,
        "confirmed": [violation.rule for violation in form.violations if not violation.hard],
        **({"from": form.assigned_to} if form.assigned_to else {}),
        **_destination(form),
        **_assistance(form),
    }
    text = json.dumps(data, separators=(",", ":"))
    if len(text) > MAX_METADATA_LENGTH:
        raise ValueError("The names of the broken rules are too long to be carried by a Slack form.")
    return text


def parse_metadata(text: object) -> FormMetadata:
    """Parse a form's `private_metadata`; raises `BadValue`."""
    data = load_json(text)
    if not isinstance(data, dict):
        raise BadValue
    nonce, saved_reply, assignee = (data.get(name, "") for name in ("nonce", "saved", "from"))
    if not isinstance(nonce, str) or not isinstance(saved_reply, str) or not isinstance(assignee, str):
        raise BadValue
    confirmed = data.get("confirmed")
    if not isinstance(confirmed, list) or not all(isinstance(rule, str) for rule in confirmed):
        raise BadValue
    return FormMetadata(
        case_id=require_number(data.get("case")),
        version=require_number(data.get("version")),
        seen=require_number(data.get("seen")),
        revision=require_number(data.get("revision")),
        confirmed=tuple(confirmed),
        venue=_parse_one_of(Venue, data.get("venue", Venue.PUBLIC.value)),
        via=_parse_one_of(Venue, data.get("via", Venue.PUBLIC.value)),
        nonce=nonce,
        handoff=require_number(data.get("handoff", 0)),
        take_over_from=assignee,
        saved_reply=saved_reply,
        is_picked=bool(require_number(data.get("picked", 0))),
        is_signed=bool(require_number(data.get("signed", 0))),
        stage=_parse_one_of(Stage, data.get("stage", Stage.IDLE.value)),
        rewrite=_parse_one_of(Rewrite, data["rewrite"]) if "rewrite" in data else None,
    )


def _parse_one_of(kind: type[_Kind], value: object) -> _Kind:
    if not isinstance(value, str) or value not in set(kind):
        raise BadValue
    return kind(value)


def _assistance(form: PublicReplyForm | HandoffForm | PrivateReplyForm) -> dict[str, str]:
    assistance = None if isinstance(form, HandoffForm) else form.assistance
    if assistance is None or assistance.rewrite is None:
        return {}
    return {"stage": assistance.stage.value, "rewrite": assistance.rewrite.value}


def _destination(form: PublicReplyForm | HandoffForm | PrivateReplyForm) -> dict[str, str | int]:
    if isinstance(form, HandoffForm):
        return {"venue": form.chosen.value, "via": form.via.value, "nonce": form.nonce}
    if isinstance(form, PrivateReplyForm):
        return {"handoff": form.handoff.id}
    flags = {"picked": form.is_picked, "signed": form.is_signed}
    return {
        **({"saved": form.saved_reply} if form.saved_reply else {}),
        **{k: 1 for k, on in flags.items() if on},
    }
