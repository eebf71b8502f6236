/** A thread: its parent message, the replies, and the composer. */

import { composer } from "./composer.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { isCard } from "./message.js";
import { MessageList } from "./messages.js";
import { complain } from "./toast.js";

export class ThreadView {
  constructor(desk, channel, ts) {
    Object.assign(this, { desk, channel, ts });
    const name = desk.people.channelName(channel);
    const ctx = { people: desk.people, channel, act: (action, node) => desk.act(action, node, { channel }), useShortcut: (shortcut, ts) => desk.useShortcut(shortcut, channel, ts), fileAddress: (file) => desk.slack.file(file) };
    this.list = new MessageList(ctx, "Messages in this thread", { empty: "Nothing here yet." });
    this.hint = h("p", { class: "composer-hint", id: `hint-${ts}`, hidden: true, data: { testid: "thread-hint" } },
      "Only the team reads this. Begin with ", h("b", {}, `@${desk.people.bot?.real_name ?? "the app"}`), " to speak to the customer in private.");
    this.node = h("div", { class: "pane", data: { testid: "thread-pane", channel, threadTs: ts } },
      h("header", { class: "pane-head" },
        h("h2", {}, "Thread"), h("p", { class: "topic" }, `#${name}`),
        h("button", { type: "button", class: "plain close", "aria-label": "Close thread", on: { click: () => desk.closeThread() } }, icon("close"))),
      this.list.node,
      composer({
        people: desk.people,
        placeholder: "Reply to the team…",
        hint: this.hint.id,
        onSay: (text, files) => desk.sayInThread(channel, text, ts, files),
        onAttach: (file) => desk.slack.upload(file),
      }),
      this.hint);
  }

  async load() {
    await this.list.load(() => this.read()).catch(complain);
  }

  async read() {
    const { slack } = this.desk;
    const [open, own] = await Promise.all([slack.replies(this.channel, this.ts), slack.ephemerals(this.channel)]);
    this.hint.hidden = !open.messages.some((message) => message.ts === this.ts && isCard(message));
    const here = own.messages.filter((message) => message.thread_ts === this.ts);
    return [...open.messages, ...here.map((message) => ({ ...message, ephemeral: true }))];
  }
}
