"""Word what became of a channel that the settings name."""

import pytest

from adapters.slack.cases.channel_wording import channel_change_text
from domain.cases.named_channels import ChannelFacts, NamedChannel

SUPPORT = NamedChannel(name="support", channel_id="C0OLD")


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (ChannelFacts(name="support"), []),
        (ChannelFacts(name="help"), ["is called #help today", "as before"]),
        (
            ChannelFacts(name="help", namesake="C0NEW"),
            ["is called #help today", "#C0NEW, and nothing goes there", "write its id, C0NEW"],
        ),
        (
            ChannelFacts(name="support", is_archived=True, namesake="C0NEW"),
            ["is archived (#C0OLD)", "goes to the fallback channel", "#C0NEW"],
        ),
        (ChannelFacts(name=""), ["is not there any more"]),
    ],
)
def test_what_became_of_a_channel(facts: ChannelFacts, words: list[str]) -> None:
    text = channel_change_text(SUPPORT, facts)
    assert bool(text) is bool(words)
    assert all(word in text for word in words)
