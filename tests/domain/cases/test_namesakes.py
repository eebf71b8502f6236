"""Customers who are called like an agent are told, in whichever letters; a first name alone is nobody's."""

from dataclasses import replace

import pytest

from domain.cases.messages import Direction
from domain.cases.namesakes import Namesake, namesake
from domain.venues import Venue
from tests.adapters.slack.samples import ANA, case, post, view

AGENTS = ["Mia", "Sam Okafor"]
LIKE_SAM = [
    "Sam Okafor",
    "SAM OKAFOR (Support)",
    "S\u0430m Ok\u0430for",  # Cyrillic a
    "Sam Ok\u200bafor",
    "Sam 0kafor",
    "sam_okafor",
    "SamOkafor",
    "sam.okafor@mail.example",
]


@pytest.mark.parametrize("name", LIKE_SAM)
def test_a_customer_with_an_agents_name_is_told(name: str) -> None:
    for author in (replace(ANA, name=name), replace(ANA, name="A. R.", handle=name)):
        assert namesake(view(case=case(author=author)), AGENTS) == Namesake("Sam Okafor", name)


@pytest.mark.parametrize("venue", [Venue.EMAIL, Venue.CHAT, Venue.DM])
def test_whoever_writes_in_private_under_an_agents_name_is_told(venue: Venue) -> None:
    private = post(venue=venue, author_name="Sam 0kafor", author_id="eve@example.com")
    assert namesake(view(messages=[post(), private]), AGENTS) == Namesake("Sam Okafor", "Sam 0kafor")
    ours = replace(private, direction=Direction.OUT)
    assert namesake(view(messages=[post(), ours]), AGENTS) is None


@pytest.mark.parametrize("name", ["Sam", "Mia", "Mia Ruiz", "Okafor", "Sam Okaforson", "Samokafor Ltd", ""])
def test_others_are_left_alone(name: str) -> None:
    assert namesake(view(case=case(author=replace(ANA, name=name))), AGENTS) is None
    assert namesake(view(case=case(author=replace(ANA, name=name))), []) is None
