"""Word what became of a channel that the settings name."""

from adapters.slack.escaping import one_line
from domain.cases.named_channels import ChannelChange, ChannelFacts, NamedChannel, changed


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
