/** The page's controller: open panes, user actions, and incoming events. */

import { ChannelView } from "./channel.js";
import { readState } from "./fields.js";
import { HomeView } from "./home.js";
import { isCard } from "./message.js";
import { Modals } from "./modals.js";
import { Steps } from "./steps.js";
import { ThreadView } from "./thread.js";
import { complain, toast } from "./toast.js";

const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;

export class Desk {
  constructor({ slack, people, sidebar, tabs, guide, centre, aside, onMessage }) {
    Object.assign(this, { slack, people, sidebar, tabs, guide, centre, aside, onMessage });
    this.steps = new Steps(guide);
    this.modals = new Modals(this);
    this.channels = new Map();
    this.home = new HomeView(this);
    this.view = null;
    this.thread = null;
  }

  // Navigation

  /** Navigate to `#/home`, `#/C…` or `#/C…/thread-ts`. */
  route() {
    const [, place, ts] = location.hash.split("/");
    const known = place === "home" || this.people.channels.has(place);
    this.open(known ? place : this.people.channels.keys().next().value);
    if (known && ts) this.showThread(place, ts);
    else this.hideThread();
  }

  open(place) {
    this.sidebar.go(place);
    const view = place === "home" ? this.home : this.channel(place);
    if (this.view === view) return;
    this.view = view;
    this.centre.replaceChildren(view.node);
    this.centre.setAttribute("aria-label", place === "home" ? "App Home" : `#${this.people.channelName(place)}`);
    view.node.querySelector(".guide-slot").append(this.guide.node);
    view.load();
  }

  channel(id) {
    if (!this.channels.has(id)) this.channels.set(id, new ChannelView(this, id));
    return this.channels.get(id);
  }

  openThread(channel, ts) {
    location.hash = `#/${channel}/${ts}`;
    this.tabs.show("thread");
  }

  closeThread() {
    location.hash = location.hash.split("/").slice(0, 2).join("/");
  }

  showThread(channel, ts) {
    if (this.thread?.ts === ts) return;
    this.thread = new ThreadView(this, channel, ts);
    this.aside.replaceChildren(this.thread.node);
    this.aside.hidden = false;
    document.body.classList.add("with-thread");
    this.tabs.allow("thread", true);
    this.tabs.show("thread");
    this.thread.load();
  }

  hideThread() {
    this.thread = null;
    this.aside.hidden = true;
    this.aside.replaceChildren();
    document.body.classList.remove("with-thread");
    this.tabs.allow("thread", false);
  }

  // User actions

  async act(action, node, where) {
    const surface = node.closest("[data-surface]");
    const values = surface ? readState(surface) : {};
    const ts = where.view_id ? undefined : node.closest(".message")?.dataset.ts;
    if (where.view_id) this.steps.pressedInModal(action);
    else this.steps.pressed(action);
    this.steps.chose(action);
    try {
      await this.slack.act({ ...where, ts, action, state: { values } });
    } catch (error) {
      // What is typed goes out a little later: its window may have been sent and closed by then.
      if (!where.view_id || node.isConnected) complain(error);
    }
  }

  /** Run a command. When the app does not answer, Slack itself shows a notice, and what was typed stays. */
  async command(channel, text) {
    this.steps.commanded(text);
    const { ok } = await this.slack.command(channel, text);
    if (!ok) throw Object.assign(new Error(`${text} was not answered`), { told: true });
  }

  /** Use a shortcut of the app, in the menu of a message where one is named. */
  async useShortcut(shortcut, channel, ts) {
    try {
      await this.slack.shortcut(shortcut, channel, ts);
    } catch (error) {
      complain(error);
    }
  }

  /** Post a reply in the thread; the app forwards replies that mention it. */
  async sayInThread(channel, text, ts, files) {
    await this.slack.say(channel, text, ts, files);
    this.steps.said(text, this.people.bot?.real_name);
  }

  // Incoming events

  get handlers() {
    return {
      message: ({ channel, message }) => this.arrived(channel, message),
      message_changed: ({ channel, message }) => this.changed(channel, message),
      message_deleted: ({ channel, ts }) => this.lists(channel, (list) => list.remove(ts)),
      ephemeral: ({ channel, thread_ts, message }) => this.ephemeral(channel, thread_ts, message),
      view_opened: ({ view }) => this.viewOpened(view),
      view_pushed: ({ view }) => this.modals.push(view),
      view_updated: ({ view }) => this.viewUpdated(view),
      view_closed: ({ view_id }) => this.modalGone(view_id),
      view_errors: ({ view_id, errors }) => this.modals.errors(view_id, errors),
      home: ({ view }) => this.home.published(view),
      notice: ({ text }) => toast(text, "notice"),
    };
  }

  viewOpened(view) {
    this.modals.open(view);
    this.steps.opened();
  }

  viewUpdated(view) {
    this.modals.update(view);
    this.steps.cameBack(view);
  }

  /** Handle a view that the app closed; after a submission this means that it was accepted. */
  modalGone(viewId) {
    if (this.modals.find(viewId)?.sent) this.steps.taken();
    this.modals.closed(viewId);
  }

  lists(channel, act) {
    const view = this.channels.get(channel);
    if (view) act(view.list);
    if (this.thread?.channel === channel) act(this.thread.list);
  }

  async arrived(channel, message) {
    if (!this.people.channels.has(channel)) {
      this.people.learn(await this.slack.bootstrap());
      this.sidebar.draw();
    }
    this.onMessage(message);
    const view = this.channels.get(channel);
    if (isReply(message)) {
      if (this.thread?.ts === message.thread_ts) this.thread.list.add(message);
      this.tabs.mark("thread");
      return;
    }
    view?.list.add(message);
    if (isCard(message)) this.guide.did("card");
    if (this.view === view) this.steps.seen([message]);
    if (message.user !== this.people.me.id) this.sidebar.arrived(channel);
    this.tabs.mark("chat");
  }

  changed(channel, message) {
    this.lists(channel, (list) => list.change(message));
    if (this.view === this.channels.get(channel)) this.steps.seen([message]);
  }

  ephemeral(channel, threadTs, message) {
    const shown = { ...message, ephemeral: true };
    this.steps.answered(message);
    const inThread = threadTs && this.thread?.ts === threadTs;
    (inThread ? this.thread.list : this.channel(channel).list).add(shown);
    this.tabs.mark(inThread ? "thread" : "chat");
  }

  /** Fetch what a stream may have missed. The first time, the Home view is already being fetched. */
  reload(again) {
    return Promise.all([(again || this.view !== this.home) && this.view?.load(), this.thread?.load()]);
  }
}
