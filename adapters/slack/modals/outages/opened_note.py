"""Say above the form of an outage that there is one already, with a link to its board."""

from adapters.slack.dates import date_mrkdwn
from adapters.slack.escaping import link, mention
from adapters.slack.modals.outages.small_forms import board_link
from adapters.slack.outages.wording import state_mark, titled
from domain.outages.outage import Outage

WAS_OPENED = (
    "⚠️ *Nothing was saved yet:* {who} opened {outage} {when}. "
    "Look at its board first. To open another outage all the same, press Preview again."
)
HAS_ONE = "⚠️ *These posts have an outage already:* {outage}, opened by {who} {when}. Look at its board first."

IS_OPEN = (
    "⚠️ *An outage is open:* {outage}, opened by {who} {when}. "
    "If these posts are about it, cancel, and press *It is this known outage…* on the alert."
)


def opened_note(outage: Outage, template: str, *, team_url: str) -> str:
    """Return the note in mrkdwn."""
    board = board_link(outage, team_url=team_url)
    linked = f" ({link(board, 'Open board')})" if board else ""
    return template.format(
        who=mention(outage.opened_by),
        outage=f"{state_mark(outage)} {titled(outage)}{linked}",
        when=date_mrkdwn(outage.opened_at),
    )
