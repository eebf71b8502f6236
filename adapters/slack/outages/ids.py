"""Define the ids of the interactive elements of outages, and encode the values that Slack sends with them.

As with `action_ids`, posted boards carry the values, so that a value stays where its name changes.
"""

from enum import StrEnum

from adapters.slack.action_ids import BadValue, parse_id


class OutageAction(StrEnum):
    """`action_id`s. `SHOW_BOARD` is a link button: the listener only acknowledges."""

    UPDATE = "outage.update"
    RESOLVE = "outage.resolve"
    REOPEN = "outage.reopen"
    PAUSE = "outage.pause"
    RESUME = "outage.resume"
    MORE = "outage.more"
    REVIEW = "outage.review"
    EDIT = "outage.edit"
    WITHDRAW = "outage.withdraw"
    TRY_AGAIN = "outage.try_again"
    IS_THERE = "outage.is_there"
    IS_NOT_THERE = "outage.is_not_there"
    SEND_AGAIN = "outage.send_again"
    GO_ON = "outage.go_on"
    TAKE_BACK = "outage.take_back"
    SHOW_BOARD = "outage.show_board"
    LET_ANSWERS = "outage.let_answers"
    LEAD = "outage.lead"
    RETRACT = "outage.retract"
    CORRECT = "outage.correct"
    OPEN = "outage.open"
    REPORT = "outage.report"
    PICK = "outage.pick"
    TITLE = "outage.title"
    PROBLEM = "outage.problem"
    WORKAROUND = "outage.workaround"
    COMPONENTS = "outage.components"
    SEVERITY = "outage.severity"
    PHASE = "outage.phase"
    DUE = "outage.due"
    DUE_AT = "outage.due_at"
    STARTS = "outage.starts"
    ENDS = "outage.ends"
    DESTINATIONS = "outage.destinations"
    ADD_LANGUAGE = "outage.add_language"
    TRANSLATE = "outage.translate"
    TEXT = "outage.text"
    BACK = "outage.back"
    SAVE_DRAFT = "outage.save_draft"
    OPEN_FROM_SPIKE = "spike.open_outage"
    KNOWN_OUTAGE = "spike.known_outage"
    SPIKE_OUTAGE = "spike.outage"
    FLOOD = "rehearsal.flood"
    FLOOD_POSTS = "rehearsal.posts"
    FLOOD_MINUTES = "rehearsal.minutes"


class OutageCallback(StrEnum):
    """`callback_id`s of views. `PICK` has no submit button."""

    REVIEW = "outage_review"
    PAUSE = "outage_pause"
    LEAD = "outage_lead"
    RETRACT = "outage_retract"
    CORRECT = "outage_correct"
    FORM = "outage_form"
    PREVIEW = "outage_preview"
    PICK = "outage_pick"
    SPIKE_OUTAGE = "spike_outage"
    REHEARSE = "outage_rehearse"


class OutageShortcut(StrEnum):
    """`callback_id`s of the app's shortcuts. `REPORT` is that of a message's menu."""

    OPEN = "outage_open"
    REPORT = "outage_report"


class OutageBlock(StrEnum):
    """`block_id`s of inputs that are read."""

    LET_ANSWERS = "outage.let_answers"
    LEAD = "outage.lead"
    RETRACT = "outage.retract"
    CORRECT = "outage.correct"
    TITLE = "outage.title"
    COMPONENTS = "outage.components"
    SEVERITY = "outage.severity"
    PHASE = "outage.phase"
    DUE = "outage.due"
    DUE_AT = "outage.due_at"
    STARTS = "outage.starts"
    ENDS = "outage.ends"
    DESTINATIONS = "outage.destinations"
    SPIKE_OUTAGE = "spike.outage"
    FLOOD = "rehearsal.flood"
    FLOOD_POSTS = "rehearsal.posts"
    FLOOD_MINUTES = "rehearsal.minutes"


class OutageChoice(StrEnum):
    """Options of the board's ⋯ menu; an option's value is `choice_value(...)`."""

    LEAD = "lead"
    CORRECT = "correct"
    RETRACT = "retract"
    TIMELINE = "timeline"
    REOPEN = "reopen"


def problem_block(revision: int, language: str) -> str:
    """Return the `block_id` of what is wrong, in a language; as of `public_reply_block`, by revision."""
    return f"outage.problem.{revision}.{language}"


def workaround_block(revision: int, language: str) -> str:
    """Return the `block_id` of what to do meanwhile, in a language."""
    return f"outage.workaround.{revision}.{language}"


def add_language_block(languages: int) -> str:
    """Return the `block_id` of the choice of a further language; it is empty again after each choice."""
    return f"outage.add_language.{languages}"


def text_block(revision: int, position: int) -> str:
    """Return the `block_id` of the text for a destination in the preview."""
    return f"outage.text.{revision}.{position}"


def choice_value(choice: OutageChoice, outage_id: int) -> str:
    """Encode the `value` of an option of the board's menu."""
    return f"{choice}:{outage_id}"


def parse_choice(value: object) -> tuple[OutageChoice, int]:
    """Parse the chosen option of the board's menu; raises `BadValue`."""
    name, _, number = value.partition(":") if isinstance(value, str) else ("", "", "")
    if name not in set(OutageChoice):
        raise BadValue
    return OutageChoice(name), parse_id(number)
