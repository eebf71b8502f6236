"""Store and forget open forms, on both databases."""

from datetime import timedelta

from domain.cases.open_forms import OpenForm
from storage.engine import Store
from tests.storage.made import NOW, a_case

MINUTE = timedelta(minutes=1)


def test_an_agent_has_one_form_on_a_case_until_it_is_closed_or_inactive(store: Store) -> None:
    with store.unit_of_work() as uow:
        first, second = uow.cases.add_many([a_case(), a_case(conversation_id="901")])
        sam = OpenForm(case_id=first.id, user_id="U0SAM", active_at=NOW, home="mine")
        again = OpenForm(case_id=first.id, user_id="U0SAM", active_at=NOW + MINUTE)
        mia = OpenForm(case_id=first.id, user_id="U0MIA", active_at=NOW + 2 * MINUTE)
        other = OpenForm(case_id=second.id, user_id="U0SAM", active_at=NOW)
        for form in (sam, again, mia, other):
            uow.open_forms.save(form)
    with store.unit_of_work() as uow:
        assert uow.open_forms.of_case(first.id, since=NOW) == [mia, again]
        assert uow.open_forms.of_case(first.id, since=again.active_at) == [mia]
        assert uow.open_forms.of_case(second.id, since=NOW - MINUTE) == [other]
        uow.open_forms.remove(first.id, "U0MIA")
        uow.open_forms.remove(second.id, "U0MIA")
        assert uow.open_forms.of_case(first.id, since=NOW) == [again]
        assert uow.open_forms.remove_inactive(before=NOW) == {second.id}
        assert uow.open_forms.remove_inactive(before=NOW) == set()
        assert uow.open_forms.of_case(second.id, since=NOW - MINUTE) == []
