"""Kill a training in its middle: the heads that were in use stay, and the next training goes on."""

import asyncio
import sys
from pathlib import Path

import pytest

from adapters.encoder.desk_training import DeskTrainer
from domain.knowledge.desk_examples import DeskExample, ExamplesState, Origin
from domain.triage.assessment import Urgency
from domain.triage.situations import Situation
from handlers.classifiers import base_heads
from handlers.desk import Desk
from handlers.learner import Learner
from handlers.triage.classify import Classifier
from storage.engine import open_store
from storage.schema import migrate
from tests.handlers.delivery.performers.scripted import ManualClock
from tests.handlers.made import SAM, a_trained_classifier
from tests.source import ROOT
from tests.storage.made import HERE, NOW, a_case, a_message

#: Trains on the database in its argument; before it compares the heads, it says so and waits to be killed.
CHILD = """
import asyncio, sys, time
from tests.crash.test_training_sigkill import learner_on

def held_out():
    print("training", flush=True)
    time.sleep(600)

asyncio.run(learner_on(sys.argv[1], held_out)[0].learn("U0SAM"))
"""


def learner_on(url: str, held_out: object = list) -> tuple[Learner, Desk, Classifier]:
    """Build a learner on the database at `url`, with its desk and its classifier."""
    desk, classifier = Desk(open_store(url)), a_trained_classifier()
    learner = Learner(
        desk=desk,
        clock=ManualClock(),
        classifier=classifier,
        trainer=DeskTrainer(base_heads()[1]),
        held_out=held_out,  # type: ignore[arg-type]  # of the child, never returns
    )
    return learner, desk, classifier


def teach(url: str, external_id: str) -> None:
    """Store a message and an example of it."""
    store = open_store(url)
    with store.unit_of_work() as uow:
        [case] = uow.cases.add_many([a_case()])
        draft = a_message(case.id, external_id, text="the blue box ate it")
        [message] = uow.messages.add_many([draft], network=HERE[0], account_id=HERE[1])
        example = DeskExample(
            case_id=case.id,
            message_id=message.id,
            origin=Origin.CORRECTION,
            situation=Situation.DELIVERY,
            urgency=Urgency.HIGH,
            request=True,
            read_situation=Situation.RANT,
            read_urgency=Urgency.NORMAL,
            taught_by=SAM,
            at=NOW,
        )
        uow.examples.put(example)
    store.close()


@pytest.mark.crash
async def test_a_killed_training_leaves_the_heads_that_were_in_use(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    migrate(url)
    teach(url, "901")
    learner, desk, _ = learner_on(url)
    await learner.learn(SAM)
    before = await desk.run(lambda uow: uow.trainings.latest())
    desk.close()
    assert before is not None
    assert before.heads is not None
    teach(url, "902")
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CHILD, url, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    assert await child.stdout.readline() == b"training\n"
    child.kill()
    await child.wait()
    learner, desk, classifier = learner_on(url)
    assert await desk.run(lambda uow: uow.trainings.latest()) == before
    await learner.start()
    assert classifier.trained is not None
    assert classifier.trained.heads != base_heads()[1]
    await learner.learn(SAM)
    await learner.stop()
    after = await desk.run(lambda uow: uow.trainings.latest())
    desk.close()
    assert after is not None
    assert after.learnt_from == ExamplesState(2, NOW)
