"""Apply what was done about causes: one was taken up, and fixed later."""

from domain.causes.cause import CauseEdit, CauseState
from handlers.causes.tracking import create_cause, set_state
from handlers.demo.workspace import Workspace
from sandbox.history.events import CauseFixed, CauseTracked
from storage.unit_of_work import UnitOfWork


def track(uow: UnitOfWork, _workspace: Workspace, event: CauseTracked) -> None:
    """Create the cause, owned by whoever took it up."""
    edit = CauseEdit(name=event.name, owner=event.by, state=CauseState.IN_PROGRESS, phrases=event.phrases)
    create_cause(uow, edit=edit, user_id=event.by, now=event.at)


def fix(uow: UnitOfWork, _workspace: Workspace, event: CauseFixed) -> None:
    """Set the cause of this name to fixed."""
    cause = next(one for one in uow.causes.all() if one.name == event.name)
    set_state(uow, cause_id=cause.id, state=CauseState.FIXED, actor=event.by, now=event.at)
