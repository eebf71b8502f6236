"""Compute how components change with an outage, and go back."""

from hypothesis import given
from hypothesis import strategies as st

from domain.outages.component_states import ComponentStates

ORDER = ("fine", "slow", "broken")
states = st.sampled_from(ORDER)
pages = st.dictionaries(st.sampled_from("abc"), states, min_size=1)


@given(pages, states, states)
def test_components_go_back_to_what_they_were(page: dict[str, str], one: str, other: str) -> None:
    changes, kept = ComponentStates().set_to(dict.fromkeys(page, one), page, ORDER)
    during = page | changes
    more, kept = kept.set_to(dict.fromkeys(page, other), during, ORDER)
    during |= more
    assert during | kept.restore(during) == page


def test_only_what_still_has_our_state_is_restored() -> None:
    page = {"a": "fine", "b": "fine"}
    changes, kept = ComponentStates().set_to(dict.fromkeys(page, "broken"), page, ORDER)
    assert changes == {"a": "broken", "b": "broken"}
    assert kept.restore({"a": "slow", "b": "broken"}) == {"b": "fine"}
    assert kept.restore({}) == {}


def test_what_somebody_else_changed_meanwhile_is_given_up() -> None:
    _, kept = ComponentStates().set_to({"a": "broken"}, {"a": "fine"}, ORDER)
    changes, kept = kept.set_to({"a": "slow"}, {"a": "fine"}, ORDER)
    assert (changes, kept) == ({}, ComponentStates())


def test_what_is_worse_already_or_not_there_is_left_alone() -> None:
    changes, kept = ComponentStates().set_to({"a": "slow", "x": "slow"}, {"a": "broken"}, ORDER)
    assert (changes, kept) == ({}, ComponentStates())


@given(pages, states)
def test_the_states_survive_storing(page: dict[str, str], state: str) -> None:
    _, kept = ComponentStates().set_to(dict.fromkeys(page, state), page, ORDER)
    assert ComponentStates.from_data(kept.data) == kept


def test_other_data_holds_no_states() -> None:
    for data in (None, "text", {"before": 1}, {"ours": {"a": "slow"}}):
        assert ComponentStates.from_data(data) == ComponentStates()


@given(pages)
def test_of_two_outages_the_last_restores_what_was_before_both(page: dict[str, str]) -> None:
    changes, first = ComponentStates().set_to(dict.fromkeys(page, "slow"), page, ORDER)
    during = page | changes
    more, second = ComponentStates().set_to(dict.fromkeys(page, "broken"), during, ORDER)
    during |= more
    second = second.inherit(first)
    during |= first.restore(during)
    assert during | second.restore(during) == page


def test_a_better_state_that_a_person_set_is_not_undone_for_the_sake_of_another_outage() -> None:
    _, worse = ComponentStates().set_to({"a": "broken"}, {"a": "fine"}, ORDER)
    _, ours = ComponentStates().set_to({"a": "slow"}, {"a": "broken"}, ORDER, [worse])
    set_by_hand = {"a": "slow"}
    assert ours.set_to({"a": "slow"}, set_by_hand, ORDER, [worse])[0] == {}
    _, third = ComponentStates().set_to({"a": "slow"}, set_by_hand, ORDER, [worse, ours])
    assert third.before == {"a": "fine"}
    assert ComponentStates().set_to({"a": "slow"}, set_by_hand, ORDER, [worse, ours])[0] == {}


def test_what_a_person_set_right_is_not_made_worse_when_an_outage_ends() -> None:
    _, worse = ComponentStates().set_to({"a": "broken"}, {"a": "fine"}, ORDER)
    _, ours = ComponentStates().set_to({"a": "slow"}, {"a": "broken"}, ORDER, [worse])
    assert ours.restore({"a": "slow"}, ORDER, [worse]) == {}
