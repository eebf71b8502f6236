"""Record who has a form open on a case, so that its card and other agents' forms say so."""

from dataclasses import replace
from datetime import datetime

from domain.cases.case import Case
from domain.cases.open_forms import FORM_EXPIRES_AFTER, RENEW_EVERY, OpenForm
from domain.cases.views import CaseView
from domain.delivery.effects import PublishHome
from domain.records.audit import SYSTEM
from handlers.cases.cards import update_card
from storage.unit_of_work import UnitOfWork


def open_form(uow: UnitOfWork, case: Case, *, user_id: str, now: datetime, home: str = "") -> None:
    """Record that an agent opened a form, from App Home with the filter `home` or elsewhere."""
    if _of_agent(uow, case.id, user_id, now) is None:
        update_card(uow, case, actor=user_id, now=now)
    uow.open_forms.save(OpenForm(case_id=case.id, user_id=user_id, active_at=now, home=home))


def renew_form(uow: UnitOfWork, case: Case, *, user_id: str, client_key: str, now: datetime) -> None:
    """Record that an agent types in a form; does nothing within `RENEW_EVERY` of the last time.

    Nor where the form was submitted already, under its `client_key`: Slack reports the last letters when it
    likes, also after that.
    """
    form = _of_agent(uow, case.id, user_id, now)
    if form is None and uow.messages.by_client_key(client_key) is not None:
        return
    if form is None or form.active_at <= now - RENEW_EVERY:
        open_form(uow, case, user_id=user_id, now=now, home=form.home if form is not None else "")


def close_form(uow: UnitOfWork, *, case_id: int, user_id: str, now: datetime) -> None:
    """Record that an agent closed or submitted a form; publish the App Home that it was opened from."""
    form = _of_agent(uow, case_id, user_id, now)
    uow.open_forms.remove(case_id, user_id)
    if form is None:
        return
    update_card(uow, uow.cases.get(case_id), actor=user_id, now=now)
    if form.home:
        uow.outbox.add([PublishHome(user_id, form.home)], now=now)


def writers(uow: UnitOfWork, case_id: int, now: datetime) -> list[str]:
    """Return who has a form open on the case."""
    return [form.user_id for form in uow.open_forms.of_case(case_id, since=now - FORM_EXPIRES_AFTER)]


def without_writer(view: CaseView, user_id: str) -> CaseView:
    """Return the view as this agent's own form shows it: who else writes."""
    return replace(view, writers=[writer for writer in view.writers if writer != user_id])


def expire_forms(uow: UnitOfWork, *, now: datetime) -> None:
    """Forget the forms without a sign of life, and update their cards."""
    for case_id in sorted(uow.open_forms.remove_inactive(before=now - FORM_EXPIRES_AFTER)):
        update_card(uow, uow.cases.get(case_id), actor=SYSTEM, now=now)


def _of_agent(uow: UnitOfWork, case_id: int, user_id: str, now: datetime) -> OpenForm | None:
    forms = uow.open_forms.of_case(case_id, since=now - FORM_EXPIRES_AFTER)
    return next((form for form in forms if form.user_id == user_id), None)
