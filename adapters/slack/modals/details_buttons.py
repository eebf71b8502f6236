"""Render the buttons of Details, which are drawn for the person who reads them (decision 37)."""

from adapters.slack.action_ids import ActionId, card_value, pair_value
from adapters.slack.blocks import actions, button
from adapters.slack.cases.form_ids import CaseFormAction
from adapters.slack.causes.ids import CauseAction
from adapters.slack.message_content import Block
from adapters.slack.outages.ids import OutageAction
from adapters.slack.outages.link_ids import LinkAction
from adapters.slack.saved_reply_ids import SavedReplyAction
from adapters.slack.wording import is_cut, shown_message
from domain.cases.messages import Delivery
from domain.cases.views import CaseView

#: In characters; a button shows the whole of what is longer.
MAX_QUOTE_LENGTH = 3000


def case_buttons(view: CaseView, reader: str, *, opens_outages: bool) -> list[Block]:
    """Render the buttons that `reader` may press; `opens_outages`: they may draft notices."""
    case = view.case
    value = card_value(case.id, case.version)
    latest, row = shown_message(view), []
    if latest is not None and latest.deleted_at is None:
        row.append(button("It is about…", ActionId.CASE_CORRECT, value))
        row += [button("Mark as spam", ActionId.CASE_SPAM, value)] if case.state.is_active else []
    row.append(button("Add note…", CaseFormAction.NOTE, value))
    row.append(button("Tags…", CaseFormAction.TAGS, value))
    if view.has_causes:
        row.append(button("Causes…", CauseAction.OF_CASE, value))
    if latest is not None and (latest.id in view.masked or is_cut(latest, MAX_QUOTE_LENGTH)):
        label = "Show as written" if latest.id in view.masked else "Show all of it"
        value_of_message = card_value(case.id, case.version, latest.id)
        row.append(button(label, ActionId.MESSAGE_ORIGINAL, value_of_message))
    if any(message.delivery is Delivery.SENT for message in view.messages):
        row.append(button("Save as reply…", SavedReplyAction.CASE_SAVE_REPLY, value))
    if view.outage is not None:
        row.append(button("Undo link", LinkAction.UNDO, pair_value(view.outage.outage.id, case.id)))
    elif view.can_link:
        row.append(button("Link to outage…", LinkAction.LINK_TO, str(case.id)))
    if case.state.is_active and case.claimed_by == reader:
        row.append(button("Release", ActionId.CASE_RELEASE, value))
    elif case.state.is_active and case.claimed_by is not None:
        row.append(button("Take over…", ActionId.CASE_TAKE_OVER, value))
    if opens_outages and latest is not None and latest.deleted_at is None:
        row.append(button("Open an outage…", OutageAction.REPORT, str(case.id)))
    return actions(row)
