"""Check the transition table of a case."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from adapters.slack.refusal_texts import refusal_text
from domain.cases.case import ACTIVE, CLOSED, TRANSITIONS, CaseEvent, CaseState, EventNotAllowed, next_state
from domain.errors import Refused
from tests.domain.made import a_case

states = st.sampled_from(CaseState)
events = st.sampled_from(CaseEvent)
COMES_BACK_BY = {CaseEvent.REOPEN, CaseEvent.CUSTOMER_WROTE, CaseEvent.SEND_FAILED}
OF_PEOPLE = frozenset(CaseEvent) - {CaseEvent.SEND_FAILED, CaseEvent.WAKE, CaseEvent.CUSTOMER_WROTE}


@given(states, events)
def test_an_event_leads_to_a_state_or_is_refused_in_words(state: CaseState, event: CaseEvent) -> None:
    if (state, event) in TRANSITIONS:
        assert next_state(state, event) in CaseState
        return
    with pytest.raises(EventNotAllowed) as refusal:
        next_state(state, event)
    assert (refusal.value.state, refusal.value.event) == (state, event)
    said = refusal_text(refusal.value)
    assert f"This case is {state.value}" in said
    assert "_" not in said


@pytest.mark.parametrize("state", sorted(CLOSED))
@pytest.mark.parametrize("event", CaseEvent)
def test_a_closed_case_is_reopened_by_three_events_only(state: CaseState, event: CaseEvent) -> None:
    if event in COMES_BACK_BY:
        assert next_state(state, event) is CaseState.OPEN
    else:
        with pytest.raises(EventNotAllowed) as refusal:
            next_state(state, event)
        assert "Reopen" in refusal_text(refusal.value)


@pytest.mark.parametrize("state", CaseState)
def test_events_without_a_sender_are_never_refused(state: CaseState) -> None:
    """A customer's message and a failed send have no sender to refuse: both reopen a case in any state."""
    assert next_state(state, CaseEvent.CUSTOMER_WROTE) is CaseState.OPEN
    assert next_state(state, CaseEvent.SEND_FAILED) is CaseState.OPEN


@pytest.mark.parametrize("state", sorted(ACTIVE))
def test_any_active_case_can_be_finished(state: CaseState) -> None:
    assert next_state(state, CaseEvent.RESOLVE) is CaseState.RESOLVED
    assert next_state(state, CaseEvent.DISMISS) is CaseState.DISMISSED
    assert next_state(state, CaseEvent.ANSWER) is CaseState.WAITING


@pytest.mark.parametrize("event", [CaseEvent.CLAIM, CaseEvent.TAKE_OVER, CaseEvent.ASSIGN])
def test_a_new_assignee_wakes_a_snoozed_case(event: CaseEvent) -> None:
    assert next_state(CaseState.SNOOZED, event) is CaseState.OPEN
    assert next_state(CaseState.WAITING, event) is CaseState.WAITING


def test_only_a_snoozed_case_wakes() -> None:
    wake = {state for (state, event) in TRANSITIONS if event is CaseEvent.WAKE}
    assert wake == {CaseState.SNOOZED}


@pytest.mark.parametrize(("network", "by_email"), [("email", True), ("x", False)])
def test_only_a_case_of_the_mailbox_began_by_email(network: str, by_email: bool) -> None:
    assert a_case(network=network).began_by_email is by_email


def test_each_state_is_either_active_or_closed() -> None:
    assert not ACTIVE & CLOSED
    assert set(CaseState) == ACTIVE | CLOSED
    assert [state for state in CaseState if state.is_active] == [
        CaseState.OPEN,
        CaseState.WAITING,
        CaseState.SNOOZED,
    ]


class CaseMachine(RuleBasedStateMachine):
    """Check that any sequence of events leaves a case that can be finished, and reopened once finished."""

    def __init__(self) -> None:
        super().__init__()
        self.state = CaseState.OPEN

    @rule(event=events)
    def happens(self, event: CaseEvent) -> None:
        """Apply any event; a refused one leaves the state as it is."""
        try:
            self.state = next_state(self.state, event)
        except Refused:
            assert (self.state, event) not in TRANSITIONS

    @precondition(lambda self: self.state is CaseState.SNOOZED)
    @rule()
    def its_time_has_come(self) -> None:
        self.state = next_state(self.state, CaseEvent.WAKE)
        assert self.state is CaseState.OPEN

    @invariant()
    def somebody_can_always_do_something(self) -> None:
        possible = {event for event in OF_PEOPLE if (self.state, event) in TRANSITIONS}
        assert possible
        assert {next_state(self.state, event) for event in possible} != {self.state}

    @invariant()
    def it_is_two_steps_from_finished(self) -> None:
        reached = {self.state}
        for _ in range(2):
            reached |= {TRANSITIONS[s, e] for s in reached for e in OF_PEOPLE if (s, e) in TRANSITIONS}
        assert reached == set(CaseState)


TestCaseMachine = CaseMachine.TestCase
TestCaseMachine.settings = settings(max_examples=30, stateful_step_count=15, deadline=None)
