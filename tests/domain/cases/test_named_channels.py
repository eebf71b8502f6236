"""Tell what became of a channel by the id that its name meant first."""

import pytest

from domain.cases.named_channels import ChannelChange, ChannelFacts, NamedChannel, changed, summary

SUPPORT = NamedChannel(name="support", channel_id="C0OLD")


@pytest.mark.parametrize(
    ("facts", "change"),
    [
        (ChannelFacts(name="support"), None),
        (ChannelFacts(name="help"), ChannelChange.RENAMED),
        (ChannelFacts(name="help", is_archived=True, namesake="C0NEW"), ChannelChange.ARCHIVED),
        (ChannelFacts(name=""), ChannelChange.GONE),
    ],
)
def test_what_became_of_a_channel(facts: ChannelFacts, change: ChannelChange | None) -> None:
    assert changed(SUPPORT, facts) is change
    assert bool(summary(SUPPORT, facts)) is (change is not None)


def test_each_change_is_told_apart() -> None:
    told = {
        summary(SUPPORT, ChannelFacts(name=name, is_archived=archived, namesake=namesake))
        for name in ("help", "support", "")
        for archived in (True, False)
        for namesake in ("", "C0NEW")
    }
    assert len(told) == 9
