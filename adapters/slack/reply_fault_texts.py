"""Word what is wrong with a saved reply, and how to mend it; plain text, as Slack shows it at a field."""

from adapters.slack.escaping import inline
from adapters.slack.wording import join_and
from domain.knowledge.reply_checks import FaultKind, ReplyFault, ReplyField
from domain.triage.saved_replies import PLACEHOLDERS

MAX_DETAIL_LENGTH = 300

_EMPTY = {
    ReplyField.TITLE: "Give it a name.",
    ReplyField.SITUATIONS: "Choose at least one situation.",
    ReplyField.WORDING: "Write what is answered.",
    ReplyField.EXAMPLES: "Write at least one line as a customer would: the reply is found by it.",
}
_TEXTS = {
    FaultKind.TITLE_TOO_LONG: "The name is too long: {limit} characters are enough.",
    FaultKind.TITLE_TAKEN: "Another saved reply has this name. Choose a different one.",
    FaultKind.TOO_MANY_WORDINGS: "That is too many wordings in one language. Take some out.",
    FaultKind.EXPIRED: "That day has passed. Pick a later one, or none.",
    FaultKind.UNKNOWN_PLACEHOLDER: "There is no {{{{ {detail} }}}}. There are {placeholders}.",
    FaultKind.BROKEN_TEMPLATE: (
        "Some {{{{, }}}}, [[ or ]] is left open or stands where it does nothing. Close it, or take it out."
    ),
    FaultKind.VALUE_UNKNOWN: (
        "{{{{ {detail} }}}} is not set, so this could never be sent. Put that part in [[ … ]], or have it set "
        "in the section [brand] of switchboard.toml."
    ),
    FaultKind.SECTION_HEADING: "A line may not begin with “##”. Take that out.",
    FaultKind.TOO_LONG: (
        "Too long for {detail} by {excess:,}: {length:,} of {limit:,} with the longest first name. Shorten it."
    ),
    FaultKind.RULE_BROKEN: "{detail}",
    FaultKind.ERASED: (
        "While this form was open a customer was erased or a post was deleted, and it may quote them. Nothing "
        "was saved: keep a copy of what you wrote yourself, close this form, and open it again."
    ),
    FaultKind.DUPLICATE: "“{detail}” has this text already. Word it differently.",
}


def fault_text(fault: ReplyFault) -> str:
    """Say what is wrong, and how to mend it."""
    if fault.kind is FaultKind.EMPTY:
        return _EMPTY[fault.field]
    return _TEXTS[fault.kind].format(
        detail=inline(fault.detail, MAX_DETAIL_LENGTH),
        placeholders=_placeholders(),
        excess=fault.length - fault.limit,
        length=fault.length,
        limit=fault.limit,
    )


def _placeholders() -> str:
    return join_and([f"{{{{ {name} }}}}" for name in sorted(PLACEHOLDERS)])
