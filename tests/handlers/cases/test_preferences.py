"""Store whether abuse is blurred for an agent: their choice is in the audit trail, and no case changes."""

from sqlalchemy import select

from domain.records.audit import Action
from handlers.cases.preferences import blur_choice, choose_blur
from handlers.cases.views import view_case, view_details
from storage.engine import Store
from storage.tables import audit
from tests.handlers.made import NOW, SAM, a_stored_case, case_of, do


def test_a_choice_is_kept_for_the_agent_and_told_with_their_name(store: Store) -> None:
    case = a_stored_case(store)
    do(store, choose_blur, user_id=SAM, blurs=True, now=NOW)
    do(store, choose_blur, user_id=SAM, blurs=False, now=NOW)
    assert do(store, blur_choice, user_id=SAM) is False
    assert do(store, blur_choice, user_id="U0MIA") is None
    view, _ = do(store, view_details, case_id=case.id, now=NOW, reader=SAM)
    assert view.blur_abuse is False
    assert do(store, view_case, case_id=case.id, now=NOW).blur_abuse is None, "a card is everybody's"
    with store.engine.connect() as connection:
        entries = connection.execute(
            select(audit.c.action, audit.c.at).where(audit.c.actor == SAM).order_by(audit.c.id)
        ).all()
    assert [tuple(entry) for entry in entries] == [
        (Action.ABUSE_BLURRED, NOW),
        (Action.ABUSE_SHOWN, NOW),
    ]
    assert case_of(store, case.id) == case
