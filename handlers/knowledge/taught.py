"""Show what the desk has taught, and take it back."""

from datetime import datetime

from domain.knowledge.desk_examples import PAGE_SIZE, ExamplesState, Origin, TaughtView, Training
from domain.knowledge.learning_schedule import is_learning_due
from domain.records.audit import Action, Entry
from handlers.knowledge.learning import HEADS_TOPIC
from storage.unit_of_work import UnitOfWork


def view_taught(uow: UnitOfWork, *, can_learn: bool, is_learning: bool = False, skip: int = 0) -> TaughtView:
    """Load what the desk has taught: a page of it, after `skip` newer examples, or the last page."""
    counts, current = uow.examples.counts(), uow.examples.state()
    last_page = max(current.count - 1, 0) // PAGE_SIZE * PAGE_SIZE
    skipped = min(skip, last_page)
    return TaughtView(
        corrections=counts.get(Origin.CORRECTION, 0),
        dismissals=counts.get(Origin.DISMISSAL, 0),
        by_person=uow.examples.by_person(),
        newest=uow.examples.newest_with_texts(PAGE_SIZE, skip=skipped),
        training=uow.trainings.latest(),
        current=current,
        can_learn=can_learn,
        is_learning=is_learning,
        skipped=skipped,
    )


def ask_to_learn(uow: UnitOfWork, *, user_id: str, now: datetime) -> None:
    """Record who asked for a training."""
    _record(uow, Action.LEARNING_ASKED, user_id=user_id, now=now)


def take_back(uow: UnitOfWork, *, example_id: int, user_id: str, now: datetime) -> None:
    """Delete an example; the next training does without it. The case keeps what was said of it.

    Does nothing where it was taken back already.
    """
    example = uow.examples.get(example_id)
    if example is None:
        return
    uow.examples.delete(example_id)
    entry = Entry(
        at=now,
        actor=user_id,
        action=Action.EXAMPLE_TAKEN_BACK,
        case_id=example.case_id,
        version=None,
        message_id=example.message_id,
        detail={"taught_by": example.taught_by},
    )
    uow.audit.add_many([entry])


def forget_everything(uow: UnitOfWork, *, base: str, user_id: str, now: datetime) -> None:
    """Delete all examples, and use the heads that come with the program again."""
    uow.trainings.lock()
    count = uow.examples.delete_all()
    training = Training(at=now, asked_by=user_id, base=base, learnt_from=ExamplesState(), accepted=True)
    uow.trainings.add(training)
    uow.signals.send(HEADS_TOPIC)
    _record(uow, Action.FORGOTTEN, user_id=user_id, now=now, examples=count)


def prune_examples(uow: UnitOfWork, *, before: datetime) -> int:
    """Delete the examples that are older than they are kept; return how many."""
    return uow.examples.delete_before(before)


def is_due(uow: UnitOfWork, *, base: str, now: datetime) -> bool:
    """Return whether the heads should be trained now."""
    return is_learning_due(uow.trainings.latest(), uow.examples.state(), base=base, now=now)


def _record(uow: UnitOfWork, action: Action, *, user_id: str, now: datetime, **detail: int) -> None:
    uow.audit.add_many(
        [Entry(at=now, actor=user_id, action=action, case_id=None, version=None, detail=detail)]
    )
