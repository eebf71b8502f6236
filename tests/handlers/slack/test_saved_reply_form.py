"""Save in the form what it showed: no example is lost, however many there are and however long one is."""

from dataclasses import replace
from typing import Any

from adapters.slack.modals import parse_reply_form_state, render_reply_form
from domain.knowledge.reply_forms import form_of
from domain.knowledge.saved_replies import ReplyVersion
from handlers.context import AppContext
from handlers.knowledge.saved_replies import save_reply
from handlers.slack import saved_replies
from handlers.slack.payloads import Submission
from handlers.slack.saved_reply_form_state import read_reply_form
from storage.engine import Store
from tests.handlers.knowledge.test_saved_replies import EDIT
from tests.handlers.made import NOW, SAM, do
from tests.replies import CHECKER

MANY = (*(f"{number} {'x' * 700}" for number in range(11)), "y" * 4_000)


def filled(view: Any, **values: str) -> Submission:  # noqa: ANN401 - a view
    """Build the submission of a form in which only these inputs were changed, by block id."""
    state: dict[str, Any] = {}
    for block in view["blocks"]:
        element = block.get("element", {})
        shown = {
            "value": values.get(block.get("block_id"), element.get("initial_value")),
            "selected_option": element.get("initial_option"),
            "selected_options": element.get("initial_options", []),
            "selected_user": element.get("initial_user"),
        }
        if block["type"] == "input":
            state[block["block_id"]] = {element["action_id"]: shown}
    return Submission(user_id=SAM, view_id="V1", metadata=view["private_metadata"], values=state)


def stored(store: Store) -> ReplyVersion:
    with store.unit_of_work() as uow:
        [reply] = uow.saved_replies.latest()
    return reply


async def test_all_examples_stay_where_a_form_is_saved(sqlite: Store, sqlite_ctx: AppContext) -> None:
    saved = do(
        sqlite,
        save_reply,
        replace(EDIT, examples=MANY),
        user_id=SAM,
        shipped=[],
        checker=CHECKER,
        now=NOW,
    )
    view = render_reply_form(form_of(saved))
    await saved_replies._submit(sqlite_ctx, filled(view, **{"saved.title": "Wrapping gifts"}))
    assert (stored(sqlite).content.title, stored(sqlite).content.examples) == ("Wrapping gifts", MANY)
    view = render_reply_form(form_of(stored(sqlite)))
    emptied = {block["block_id"]: " " for block in view["blocks"] if "examples" in block.get("block_id", "")}
    answer = await saved_replies._submit(sqlite_ctx, filled(view, **emptied))
    assert answer is not None
    assert list(answer["errors"]) == ["saved.examples.4.0"]


async def test_a_form_that_was_filled_before_an_erasure_is_not_saved(
    sqlite: Store, sqlite_ctx: AppContext
) -> None:
    """What is shown anew for another language or a colleague's version carries the number on."""
    saved = do(sqlite, save_reply, EDIT, user_id=SAM, shipped=[], checker=CHECKER, now=NOW)
    shown = filled(render_reply_form(form_of(saved)), **{"saved.examples": "my striped parcel never came"})
    state = parse_reply_form_state(shown.metadata)
    assert read_reply_form(shown.values, state).erasures == state.erasures == 0
    with sqlite.unit_of_work() as uow:
        uow.marks.count_erasure(NOW)
    answer = await saved_replies._submit(sqlite_ctx, shown)
    assert answer is not None
    assert "erased" in answer["errors"]["saved.examples"]
    assert stored(sqlite) == saved
