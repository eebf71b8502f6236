"""Word what became of a channel that the settings name."""

from adapters.slack.escaping import inline, one_line
from domain.cases.named_channels import ChannelChange, ChannelFacts, NamedChannel, changed

MAX_NAME_LENGTH = 80


def namesake_text(agent: str, shown: str, user_id: str, channel: str) -> str:
    """Word that an outsider in a channel is called like an agent, and what to do, as plain text."""
    name = inline(agent, MAX_NAME_LENGTH)
    return (
        f"A guest, or somebody of another organisation, is called “{inline(shown, MAX_NAME_LENGTH)}” in #{channel}, like "
        f"{name} of this team. Their member ID is {user_id}. Unless the settings say so they may not act on cases, but "
        f"colleagues may take what they write for {name}'s. If nobody knows them, remove them from the channel."
    )


def channel_change_text(named: NamedChannel, facts: ChannelFacts) -> str:
    """Word what became of a channel, what follows and what to do, as plain text; empty where nothing did."""
    change = changed(named, facts)
    if change is None:
        return ""
    setting = f"#{one_line(named.name)} in switchboard.toml"
    namesake = ""
    if facts.namesake:
        namesake = (
            f" Another channel has that name now, #{facts.namesake}, and nothing goes there: if it is meant, write its id, "
            f"{facts.namesake}, in switchboard.toml and start the bot again."
        )
    match change:
        case ChannelChange.RENAMED:
            return (
                f"{setting} is called #{one_line(facts.name)} today. Cards, alerts and who may act follow the channel "
                f"(#{named.channel_id}), as before. Write its new name or its id there, so that the settings say so.{namesake}"
            )
        case ChannelChange.ARCHIVED:
            return (
                f"{setting} is archived (#{named.channel_id}): what belongs there goes to the fallback channel. "
                f"Unarchive it, or name another channel there and start the bot again.{namesake}"
            )
        case ChannelChange.GONE:
            return (
                f"{setting} is not there any more, or the bot is not in it ({named.channel_id}): what belongs there goes to "
                f"the fallback channel. Invite the bot, or name another channel and start the bot again.{namesake}"
            )
