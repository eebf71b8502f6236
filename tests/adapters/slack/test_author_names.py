"""Render the name of a customer: one that looks like ours, and one that is not what it looks like."""

from dataclasses import replace

import pytest

from adapters.slack.cards import render_card
from tests.adapters.slack.inspection import check_message, said
from tests.adapters.slack.samples import ANA, OURS, case, view


@pytest.mark.parametrize("name", ["Acme Support", "\u0410\u0441\u043c\u0435", "Ac\u200bme", "Acrne"])
def test_a_customer_whose_name_looks_like_ours_is_warned_of(name: str) -> None:
    card = render_card(
        view(case=case(author=replace(ANA, name=name, handle="acm_help"))),
        ours=replace(OURS, brand="Acme", handle="x"),
    )
    check_message(card, people=frozenset())
    assert "Named like us, and not our account:* @acm_help" in said(card)
    other = view(case=case(author=replace(ANA, name="Acmeville")))
    assert "Named like us" not in said(render_card(other, ours=OURS))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Sam\u200b Br\u00adook", "Sam Brook @anaruiz"),
        ("S\u0430m Brook", "S\u0430m Brook (letters of several alphabets) @anaruiz"),
        ("\u3164\u200b", "@anaruiz"),
    ],
)
def test_a_name_says_where_it_is_not_what_it_looks_like(name: str, shown: str) -> None:
    card = render_card(view(case=case(author=replace(ANA, name=name))), ours=OURS)
    check_message(card, people=frozenset())
    assert f"Cannot pay · {shown} · " in said(card)


def test_a_customer_who_is_called_like_an_agent_is_warned_of() -> None:
    author = replace(ANA, name="S\u0430m <Okafor>", handle="sam_o")
    named = view(case=case(author=author), agents=["Sam Okafor"])
    card = render_card(named, ours=OURS)
    check_message(card, people=frozenset())
    assert (
        "Named like Sam Okafor of our team:* S\u0430m &lt;Okafor&gt; (letters of several alphabets)."
        in said(card)
    )
    for other in (replace(named, agents=["Mia Lindqvist"]), replace(named, agents=[])):
        assert "of our team" not in said(render_card(other, ours=OURS))
    erased = replace(named, case=case(author=replace(author, id="erased:1")))
    assert "of our team" not in said(render_card(erased, ours=OURS))
