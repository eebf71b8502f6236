/** Render Block Kit's elements by type, each marked with its action id. */

import { button } from "./buttons.js";
import { picture } from "./text.js";
import { choices } from "./choices.js";
import { h } from "./dom.js";
import { textInput } from "./inputs.js";
import { multiSelect } from "./multi.js";
import { overflow } from "./overflow.js";
import { picker } from "./pickers.js";
import { select } from "./selects.js";

const ELEMENTS = {
  button,
  workflow_button: button,
  overflow,
  checkboxes: choices,
  radio_buttons: choices,
  plain_text_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  number_input: textInput,
  static_select: select,
  users_select: select,
  conversations_select: select,
  channels_select: select,
  multi_static_select: multiSelect,
  multi_users_select: multiSelect,
  multi_conversations_select: multiSelect,
  multi_channels_select: multiSelect,
  datepicker: picker,
  timepicker: picker,
  datetimepicker: picker,
  image: (item) => picture(item, "thumb"),
};

/**
 * Render one element. `input` is its block when that is an `input` block: its element then dispatches nothing
 * before the view is submitted, unless the block has `dispatch_action`.
 */
export function element(item, blockId, ctx, { input } = {}) {
  const draw = ELEMENTS[item.type];
  if (!draw) return h("span", { class: "unsupported" }, `This page does not show “${item.type}” elements.`);
  return draw(item, new Slot(item, blockId, ctx, input));
}

/** The context of an element: its block, and the dispatch of its actions to the app. */
class Slot {
  constructor(item, blockId, ctx, input) {
    this.item = item;
    this.blockId = blockId;
    this.ctx = ctx;
    this.people = ctx.people;
    this.input = input;
    this.speaks = !input || input.dispatch_action === true;
  }

  get data() {
    return { actionId: this.item.action_id, type: this.item.type };
  }

  get label() {
    return this.input ? undefined : this.item.placeholder?.text ?? this.item.accessibility_label ?? "Choose";
  }

  /** Dispatch an action; the node is marked busy until the app has answered. */
  async send(node, values) {
    const { type, action_id } = this.item;
    node.setAttribute("aria-busy", "true");
    try {
      await this.ctx.act({ type, action_id, block_id: this.blockId, ...values }, node);
    } finally {
      node.removeAttribute("aria-busy");
    }
  }
}
