"""Start while external services are unreachable, and without looking for garbage where there is none."""

import subprocess
import sys
import threading

import pytest

import bot
from handlers.classifiers import shipped_words
from handlers.lifecycle import CannotStart
from sandbox.faults import Fault
from tests.source import ROOT
from tests.stories import SAM, SUPPORT, Story

#: Runs the program, and prints how many full collections there were, and whether there will be others.
_COLLECTIONS = """
import gc, runpy, sys
full = []
gc.callbacks.append(lambda phase, info: full.append(phase) if info["generation"] == 2 else None)
sys.argv = ["bot.py", "manifest"]
try:
    runpy.run_path("bot.py", run_name="__main__")
finally:
    print("garbage:", len(full), gc.isenabled(), gc.get_freeze_count() > 0)
"""
COMPLAINT = "@acme third time the app eats my payment, are you even awake?"


async def test_the_desk_can_be_worked_while_x_is_away_at_the_start(story: Story) -> None:
    story.customer_writes(COMPLAINT)
    card = await story.card("third time")
    await story.stop()
    story.world.faults.add(
        Fault(
            "x:*", "status", times=-1, status=503, body="<html>over capacity</html>", content_type="text/html"
        )
    )
    await story.start()
    ack = await story.world.slack.press(SAM, SUPPORT, card["ts"], "case.claim")
    assert ack.answered
    await story.card_shows(card["ts"], "has it")
    story.world.faults.clear()
    story.customer_writes("@acme where is my parcel?", who="late")
    await story.card("my parcel")


async def test_an_app_token_that_slack_refuses_is_said_at_the_start(story: Story) -> None:
    await story.stop()
    story.environment["SLACK_APP_TOKEN"] = "xapp-of-another-app"
    with pytest.raises(CannotStart, match="does not accept SLACK_APP_TOKEN") as told:
        await story.start()
    assert "xapp-of-another-app" not in str(told.value)


async def test_the_words_are_read_while_slack_answers(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    await story.stop()
    on_loop: list[bool] = []
    words = shipped_words

    def noted() -> object:
        on_loop.append(threading.current_thread() is threading.main_thread())
        return words()

    monkeypatch.setattr(bot, "shipped_words", noted)
    await story.start()
    assert on_loop[0] is False


def test_imports_are_not_searched_for_garbage() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _COLLECTIONS],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "garbage: 0 True True" in done.stdout, done.stderr
