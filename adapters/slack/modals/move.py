"""The form that moves a conversation: where to, the line that says so in public, what happens then, what the customer sees."""

from adapters.slack.action_ids import ActionId, BlockId, CallbackId, move_block
from adapters.slack.blocks import DIVIDER, Json, context, option, paragraph, plain_text
from adapters.slack.escaping import escape, inline, shorten, strip_control
from adapters.slack.message_hash import Block, View
from adapters.slack.modals.frame import modal
from adapters.slack.modals.metadata import form_metadata
from adapters.slack.modals.move_wording import Scene, description, happens, name_of, sees
from adapters.slack.modals.parts import (
    asks_anyway,
    conversation,
    counted,
    holder_block,
    news_blocks,
    text_input,
    violation_blocks,
)
from adapters.slack.venue_names import by_way_of, title, verification
from adapters.slack.wording import handle
from domain.handoffs.forms import MoveForm, VenueChoice
from domain.handoffs.handoff import HandoffState
from domain.networks import OurAccount
from domain.venues import Venue

LONGEST_ADDRESS = 254  # RFC 5321, as erratum 1690 to RFC 3696 counts it
LONGEST_WHY = 300


def render_move(form: MoveForm, *, ours: OurAccount) -> View:
    """The form for a move. `ours` is our account on the case's network; without a possible venue it can only be closed."""
    possible = _possible(form)
    blocks = [
        *conversation(form.view, form.news, most=1),
        DIVIDER,
        *news_blocks(form.view, form.news),
        *holder_block(form.held_by),
        *_goes_elsewhere(form),
        *violation_blocks(form.violations),
        *_who_is_there(form),
        *([_venues(form, ours, possible)] if possible else []),
        *_impossible(form),
        *(_what_goes_out(form, ours) if possible else []),
    ]
    submit = "Send anyway" if asks_anyway(form.news, form.violations) else _verb(form)
    return modal(
        "Move the conversation",
        CallbackId.MOVE,
        blocks,
        submit=submit if possible else "",
        metadata=form_metadata(form),
    )


def _possible(form: MoveForm) -> list[Venue]:
    return [choice.venue for choice in form.choices if choice.why_not is None]


def _verb(form: MoveForm) -> str:
    if form.chosen is Venue.PUBLIC:
        return "Back to public"
    return "Post" if form.via is Venue.PUBLIC else "Send"


def _who_is_there(form: MoveForm) -> list[Block]:
    handoff = form.view.handoff
    if handoff is None or handoff.state is not HandoffState.ARRIVED:
        return []
    return [context(f"{title(handoff.venue)} · {verification(handoff)}")]


def _goes_elsewhere(form: MoveForm) -> list[Block]:
    if not form.goes_elsewhere:
        return []
    where = "in public, for everybody to read" if form.via is Venue.PUBLIC else by_way_of(form.via)
    return [
        paragraph(f"⚠️ *Nothing was sent:* the text would go out {where} now. Read it again before you send.")
    ]


def _venues(form: MoveForm, ours: OurAccount, possible: list[Venue]) -> Block:
    scene = Scene(form, ours)
    options = {venue: _option(scene, venue) for venue in possible}
    radio: Json = {
        "type": "radio_buttons",
        "action_id": str(ActionId.MOVE_VENUE),
        "options": list(options.values()),
    }
    if form.chosen in options:
        radio["initial_option"] = options[form.chosen]
    return {
        "type": "input",
        "block_id": str(BlockId.MOVE_VENUE),
        "dispatch_action": True,
        "label": plain_text("Move to", 2000),
        "element": radio,
    }


def _option(scene: Scene, venue: Venue) -> Json:
    return {
        **option(name_of(scene, venue), str(venue)),
        "description": plain_text(description(scene, venue), 75),
    }


def _impossible(form: MoveForm) -> list[Block]:
    lines = [_why_not(choice) for choice in form.choices if choice.why_not is not None]
    return [context("\n".join(lines))] if lines else []


def _why_not(choice: VenueChoice) -> str:
    why = escape(inline(choice.why_not or "", LONGEST_WHY))
    return f"*{title(choice.venue)}* is not possible: {why}"


def _what_goes_out(form: MoveForm, ours: OurAccount) -> list[Block]:
    scene = Scene(form, ours)
    line = []
    if form.chosen is not Venue.PUBLIC:
        label = "What we say in public" if form.via is Venue.PUBLIC else f"What we say {by_way_of(form.via)}"
        line = [
            text_input(move_block(form.revision), ActionId.MOVE_TEXT, label, form.text),
            context(_count(form, ours)),
        ]
    told = [paragraph(f"*What happens next*\n{escape(happens(scene))}")]
    told += [paragraph(f"*What the customer sees*\n{escape(seen)}")] if (seen := sees(scene)) else []
    return [*_address(form), *line, *told]


def _address(form: MoveForm) -> list[Block]:
    """Where an address may be typed: asked for in private, never guessed."""
    if form.chosen is not Venue.EMAIL:
        return []
    element: Json = {
        "type": "plain_text_input",
        "action_id": str(ActionId.MOVE_ADDRESS),
        "max_length": LONGEST_ADDRESS,
        "placeholder": plain_text("name@example.com", 150),
        "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
    }
    typed = shorten(strip_control(form.address), LONGEST_ADDRESS)
    return [
        {
            "type": "input",
            "block_id": str(BlockId.MOVE_ADDRESS),
            "dispatch_action": True,
            "optional": True,
            "label": plain_text("Their e-mail address, if they gave it to you in private", 2000),
            "hint": plain_text("Leave it empty, and they are asked for it on a page of ours.", 2000),
            "element": {**element, "initial_value": typed} if typed else element,
        }
    ]


def _count(form: MoveForm, ours: OurAccount) -> str:
    case = form.view.case
    if form.via is not Venue.PUBLIC:
        return f"{counted(form.length, form.limit)} · private, {by_way_of(form.via)}"
    where = f"public on {ours.profile.label}, as @{escape(inline(ours.handle, 40))}, in reply to {escape(handle(case))}"
    price = f" · {ours.profile.label} charges ${form.cost:.2f} for it" if form.cost is not None else ""
    return f"{counted(form.length, form.limit)} · {where}{price}"
