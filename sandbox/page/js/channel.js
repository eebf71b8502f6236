/** A channel: its name, its messages, and the composer. */

import { composer } from "./composer.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { isCard } from "./message.js";
import { MessageList } from "./messages.js";
import { complain } from "./toast.js";

const onlyYou = (message) => ({ ...message, ephemeral: true });

export class ChannelView {
  /** `desk` is the page's controller: `{slack, people, act, openThread, did}`. */
  constructor(desk, id) {
    this.desk = desk;
    this.id = id;
    const channel = desk.people.channels.get(id);
    const name = `${channel.is_im ? "" : "#"}${channel.name}`;
    const ctx = { people: desk.people, channel: id, act: (action, node) => desk.act(action, node, { channel: id }), fileAddress: (file) => desk.slack.file(file), useShortcut: (shortcut, ts) => desk.useShortcut(shortcut, id, ts), openThread: (message) => desk.openThread(id, message.ts) };
    this.list = new MessageList(ctx, `Messages in ${name}`, { empty: `This is the very beginning of ${name}.` });
    this.node = h("div", { class: "pane channel", data: { channel: id, testid: "channel" } },
      h("header", { class: "pane-head" },
        h("h2", {}, channel.is_im ? null : icon("hash"), channel.name), h("p", { class: "topic" }, channel.topic)),
      h("div", { class: "guide-slot" }),
      this.list.node,
      channel.bot_is_member === false && h("p", { class: "aside-note" }, "Switchboard is not a member of this channel."),
      channel.is_member === false && h("p", { class: "aside-note" }, `${desk.people.me.real_name} is not a member of this channel.`),
      composer({
        people: desk.people,
        placeholder: `Message ${name}`,
        onSay: (text, files) => {
          this.list.follow();
          return desk.slack.say(id, text, undefined, files);
        },
        onAttach: (file) => desk.slack.upload(file),
        onCommand: (text) => {
          this.list.follow();
          return desk.command(id, text);
        },
        onShortcut: (shortcut) => desk.useShortcut(shortcut),
      }));
  }

  async load() {
    await this.list.load(() => this.read()).catch(complain);
  }

  async read() {
    const { slack, guide, steps } = this.desk;
    const [open, own] = await Promise.all([slack.messages(this.id), slack.ephemerals(this.id)]);
    if (open.messages.some(isCard)) guide.did("card");
    steps.seen(open.messages);
    return [...open.messages, ...own.messages.filter((message) => !message.thread_ts).map(onlyYou)];
  }
}
