"""What a form that writes to a customer remembers while it is open; Slack hands it back as it was."""

import json
from dataclasses import dataclass

from adapters.slack.action_ids import BadValue
from domain.handoffs.forms import MoveForm
from domain.replies.forms import AnswerForm, PrivateForm
from domain.venues import Venue

LONGEST_METADATA = 3000
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class FormMetadata:
    """`confirmed` names the soft rules whose warning the form shows: sending it again means "send anyway".

    `venue` is the one that a form for a move was drawn for, `via` where its line is written, and `nonce` makes its link. `handoff` is where a
    private answer goes.
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


def form_metadata(form: AnswerForm | MoveForm | PrivateForm) -> str:
    """The form's `private_metadata`.

    `seen` counts the news that the form shows. Raises `ValueError` where the rules' names are too long for Slack to carry.
    """
    violations = () if isinstance(form, PrivateForm) else form.violations
    known = {
        "case": form.view.case.id,
        "version": form.view.case.version,
        "seen": max([form.seen, *(message.id for message in form.news)]),
        "revision": form.revision,
        "confirmed": [finding.rule for finding in violations if not finding.hard],
        **_place(form),
    }
    text = json.dumps(known, separators=(",", ":"))
    if len(text) > LONGEST_METADATA:
        raise ValueError("The names of the broken rules are too long to be carried by a Slack form.")
    return text


def parse_metadata(text: object) -> FormMetadata:
    """Read an answer form's `private_metadata`; raises `BadValue`."""
    try:
        known = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        raise BadValue from None
    if not isinstance(known, dict):
        raise BadValue
    nonce = known.get("nonce", "")
    if not isinstance(nonce, str):
        raise BadValue
    confirmed = known.get("confirmed")
    if not isinstance(confirmed, list) or not all(isinstance(rule, str) for rule in confirmed):
        raise BadValue
    return FormMetadata(
        case_id=_number(known.get("case")),
        version=_number(known.get("version")),
        seen=_number(known.get("seen")),
        revision=_number(known.get("revision")),
        confirmed=tuple(confirmed),
        venue=_one_of(known.get("venue", Venue.PUBLIC.value)),
        via=_one_of(known.get("via", Venue.PUBLIC.value)),
        nonce=nonce,
        handoff=_number(known.get("handoff", 0)),
    )


def _one_of(given: object) -> Venue:
    if not isinstance(given, str) or given not in set(Venue):
        raise BadValue
    return Venue(given)


def _place(form: AnswerForm | MoveForm | PrivateForm) -> dict[str, str | int]:
    if isinstance(form, MoveForm):
        return {"venue": form.chosen.value, "via": form.via.value, "nonce": form.nonce}
    return {"handoff": form.handoff.id} if isinstance(form, PrivateForm) else {}


def _number(given: object) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= _LARGEST:
        raise BadValue
    return given
