"""What an answer form remembers while it is open; Slack hands it back as it was."""

import json
from dataclasses import dataclass

from adapters.slack.action_ids import BadValue
from domain.views import AnswerForm

LONGEST_METADATA = 3000
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class AnswerMetadata:
    """`confirmed` names the soft rules whose warning the form shows: sending it again means "send anyway"."""

    case_id: int
    version: int
    seen: int
    revision: int
    confirmed: tuple[str, ...] = ()


def answer_metadata(form: AnswerForm) -> str:
    """The form's `private_metadata`.

    `seen` counts the news that the form shows. Raises `ValueError` where the rules' names are too long for Slack to carry.
    """
    known = {
        "case": form.view.case.id,
        "version": form.view.case.version,
        "seen": max([form.seen, *(message.id for message in form.news)]),
        "revision": form.revision,
        "confirmed": [finding.rule for finding in form.findings if not finding.hard],
    }
    text = json.dumps(known, separators=(",", ":"))
    if len(text) > LONGEST_METADATA:
        raise ValueError("The names of the broken rules are too long to be carried by a Slack form.")
    return text


def parse_metadata(text: object) -> AnswerMetadata:
    """Read an answer form's `private_metadata`; raises `BadValue`."""
    try:
        known = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        raise BadValue from None
    if not isinstance(known, dict):
        raise BadValue
    confirmed = known.get("confirmed")
    if not isinstance(confirmed, list) or not all(isinstance(rule, str) for rule in confirmed):
        raise BadValue
    return AnswerMetadata(
        case_id=_number(known.get("case")),
        version=_number(known.get("version")),
        seen=_number(known.get("seen")),
        revision=_number(known.get("revision")),
        confirmed=tuple(confirmed),
    )


def _number(given: object) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= _LARGEST:
        raise BadValue
    return given
