/** Scrolling list of messages: day separators, follows the newest, updates messages in place. */

import { CatchUp } from "./catchup.js";
import { fragment, h } from "./dom.js";
import { readPlace, readState, restorePlace, restoreState } from "./fields.js";
import { icon } from "./icons.js";
import { messageNode } from "./message.js";
import { dateOf, dayName } from "./time.js";

const GROUP_SECONDS = 300;
const NEAR_BOTTOM = 80;
const AT_WORK = 20_000;

export class MessageList {
  /** `ctx` is that of messageNode; `label` names the list for screen readers. */
  constructor(ctx, label, { empty }) {
    this.ctx = ctx;
    this.empty = empty;
    this.items = new Map();
    this.pressed = 0;
    this.catchUp = new CatchUp();
    this.log = h("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": label, on: { click: () => { this.pressed = Date.now(); } } });
    this.newer = h("button", { type: "button", class: "newer", hidden: true, on: { click: () => this.toBottom() } }, icon("down"), "New messages");
    this.scroller = h("div", { class: "scroller", tabindex: "0", on: { scroll: () => this.nearBottom && (this.newer.hidden = true) } }, this.log);
    this.node = h("div", { class: "message-list" }, this.scroller, this.newer);
    new ResizeObserver(() => this.stuck && this.toBottom()).observe(this.scroller);
    // A picture has its height only once it is loaded.
    this.log.addEventListener("load", () => this.stuck && !this.atWork && this.toBottom(), true);
  }

  get nearBottom() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    this.stuck = scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM;
    return this.stuck;
  }

  get atWork() {
    return Date.now() - this.pressed < AT_WORK || Boolean(document.querySelector("dialog[open]"));
  }

  /** Whether to scroll to new messages: not while a message is being edited, which would move away. */
  get follows() {
    return this.nearBottom && !this.atWork;
  }

  /** Show what comes next: the visitor wrote here. */
  follow() {
    this.pressed = 0;
    this.toBottom();
  }

  toBottom() {
    this.stuck = true;
    this.newer.hidden = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /** Show the messages that `read()` fetches from the server. */
  load(read) {
    return this.catchUp.read(read, (messages) => this.reset(messages));
  }

  /** Add a new message. */
  add(message) {
    this.catchUp.note(() => this.put(message));
  }

  /** Update a message, if it is in this list. */
  change(message) {
    this.catchUp.note(() => this.replace(message));
  }

  /** Remove a message. */
  remove(ts) {
    this.catchUp.note(() => this.items.delete(ts) && this.redraw());
  }

  reset(messages) {
    this.items = new Map(messages.map((message) => [message.ts, message]));
    this.redraw();
    this.toBottom();
  }

  put(message) {
    if (this.items.has(message.ts)) {
      this.replace(message);
      return;
    }
    const follow = this.follows || message.user === this.ctx.people.me.id;
    this.items.set(message.ts, message);
    const newest = this.sorted().at(-1) === message;
    if (newest && this.items.size > 1) this.log.append(this.draw(message, this.sorted().at(-2), { fresh: true }));
    else this.redraw();
    if (follow) this.toBottom();
    else this.newer.hidden = false;
  }

  /** Re-render one message in place, keeping what was typed in it. */
  replace(message) {
    const old = this.find(message.ts);
    if (!old) return;
    const before = this.items.get(message.ts);
    const merged = { ...message, ephemeral: message.ephemeral ?? before.ephemeral };
    this.items.set(message.ts, merged);
    const order = this.sorted();
    const follow = this.nearBottom;
    const node = messageNode(merged, { ...this.ctx, grouped: old.classList.contains("grouped"), flash: JSON.stringify(shown(before)) !== JSON.stringify(shown(merged)) });
    const [state, place] = [readState(old), readPlace(old, null)];
    old.replaceWith(node);
    restoreState(node, state);
    restorePlace(node, null, place);
    if (follow && order.at(-1) === merged) this.toBottom();
  }

  find(ts) {
    return [...this.log.children].find((node) => node.dataset.ts === ts);
  }

  sorted() {
    return [...this.items.values()].sort((a, b) => Number(a.ts) - Number(b.ts));
  }

  redraw() {
    const order = this.sorted();
    this.log.replaceChildren(...(order.length ? order.map((message, index) => this.draw(message, order[index - 1])) : [h("p", { class: "empty" }, this.empty)]));
  }

  draw(message, previous, { fresh } = {}) {
    const day = dayName(dateOf(message.ts));
    const newDay = !previous || dayName(dateOf(previous.ts)) !== day;
    const grouped = !newDay && grouping(previous, message);
    const node = messageNode(message, { ...this.ctx, grouped });
    if (fresh) node.classList.add("fresh");
    return newDay ? fragment(h("div", { class: "day", role: "separator" }, h("span", {}, day)), node) : node;
  }
}

/** The visible content of a message: a new reply count alone does not flash it. */
const shown = ({ text, blocks, edited, deleted }) => ({ text, blocks, edited, deleted });

function grouping(previous, message) {
  const card = [previous, message].some((each) => each.bot_id && each.blocks?.length);
  const alone = [previous, message].some((each) => each.ephemeral || each.reply_count);
  return previous.user === message.user && !card && !alone && Number(message.ts) - Number(previous.ts) < GROUP_SECONDS;
}
