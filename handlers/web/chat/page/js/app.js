/** Start the page: open the session, load the history, subscribe to events. */

import { get, NetworkError, newKey, post, Refusal, setChat } from "./api.js";
import { Composer } from "./composer.js";
import { byId, h, page, tabStorage, words } from "./dom.js";
import { MessageList } from "./message_list.js";
import { Rating } from "./rating.js";
import { SendQueue } from "./send_queue.js";
import { SharedStream } from "./shared_stream.js";
import { StatusView } from "./status.js";
import { TranscriptForm } from "./transcript.js";

const START_RETRY_MS = 2_000;
const RECENT_MS = 60_000;
const title = document.title;
let startConfirmed = false;

class ChatPage {
  #messages = new MessageList(byId("messages"), byId("scroller"), byId("newest"));
  #status = new StatusView();
  #transcript = new TranscriptForm();
  #rating = new Rating(() => this.#onRatingClosed(), this.#transcript);
  #chatId = 0;
  #state = {};
  #ratingAsked = false;
  #isAskedBeside = false; // the question stands above a text that is being written
  #reportedSeen = 0;
  #unread = 0;
  #sendQueue;
  #composer;
  #stream;

  start(history) {
    const { chat_id, state, cursor } = history;
    byId("notice").hidden = true;
    byId("chat").hidden = false;
    this.#chatId = chat_id;
    setChat(chat_id);
    this.#fill(history);
    this.#sendQueue = new SendQueue(this.#messages, chat_id);
    this.#composer = new Composer(this.#sendQueue, chat_id, (text) => this.#onText(text));
    this.#showState(state);
    byId("end").addEventListener("click", () => this.#endChat());
    byId("request-transcript").addEventListener("click", () => this.#rating.askForTranscript());
    document.addEventListener("visibilitychange", () => this.#reportSeen());
    this.#stream = new SharedStream(chat_id, {
      message: (message) => this.#addMessage(message),
      state: (newState) => this.#showState(newState),
      typing: () => this.#status.showTyping(),
      session_expired: () => showRefusal(words.refused_no_chat),
      open_failed: () => this.#checkAccess(),
      connected: () => this.#setConnected(true),
      disconnected: () => this.#setConnected(false),
    });
    this.#stream.open(cursor);
    this.#reportSeen();
    byId("log").setAttribute("aria-live", "polite");
    // The button that had the focus is gone.
    if (startConfirmed) (this.#rating.isShown ? this.#rating : this.#composer).focus();
    document.body.dataset.ready = "";
  }

  #fill({ messages, is_complete, joined_at }) {
    const first = messages.find((message) => message.chat_id === this.#chatId);
    // Without the whole history, a chat with messages may have begun before the oldest one that was loaded.
    const showsGreeting = is_complete || !first;
    const greeting = showsGreeting ? [greetingMessage(messages, first, joined_at)] : [];
    this.#messages.fill([...greeting, ...messages]);
    this.#checkAnswered(messages);
  }

  #checkAnswered(messages) {
    const isAnswer = (message) => message.from_agent && message.chat_id === this.#chatId;
    if (messages.some(isAnswer)) this.#status.setAnswered();
  }

  #addMessage(message) {
    if (!this.#messages.add(message) || !message.from_agent) return;
    this.#status.hideTyping();
    this.#checkAnswered([message]);
    if (new Date() - new Date(message.sent_at) < RECENT_MS) this.#status.setPresent();
    if (document.hidden) document.title = `(${++this.#unread}) ${title}`;
    // A late message has a lower id than one already reported: report again, so that it is marked as seen.
    if (message.id < this.#reportedSeen) this.#reportedSeen = 0;
    this.#reportSeen();
  }

  #showState(state) {
    this.#state = state;
    this.#status.show(state);
    byId("end").hidden = !state.is_open;
    byId("request-transcript").hidden = state.is_open || !page.can_mail_transcript;
    if (state.transcript) this.#transcript.showState(state.transcript);
    this.#askIfResolved();
    if (!state.resolved) this.#ratingAsked = this.#ratingAsked && this.#rating.isShown;
    this.#composer.show(state.is_open && (!this.#rating.isShown || this.#isAskedBeside));
  }

  #endChat() {
    this.#isAskedBeside = false;
    this.#askRating(true);
    this.#composer.show(false);
  }

  /** Ask in place of the message box, except of somebody who is writing. */
  #askIfResolved() {
    if (!this.#state.resolved || this.#state.solved !== null || this.#ratingAsked) return;
    this.#isAskedBeside = this.#composer.hasText;
    this.#askRating(this.#composer.hasFocus && !this.#isAskedBeside);
  }

  #onText(text) {
    this.#status.mindCode(text);
    if (this.#isAskedBeside && this.#rating.isShown && !this.#rating.isAnswered) this.#rating.hide();
  }

  #askRating(focus) {
    this.#ratingAsked = true;
    this.#rating.ask(focus);
  }

  #onRatingClosed() {
    // The case may have been resolved again while the thanks were shown: that needs a rating of its own.
    if (this.#rating.isAnswered) this.#ratingAsked = false;
    this.#askIfResolved();
    if (this.#rating.isShown) return;
    this.#composer.show(this.#state.is_open);
    this.#composer.focus();
  }

  #setConnected(connected) {
    const bar = byId("connection");
    if (connected && !bar.hidden) this.#reportSeenAgain();
    bar.hidden = connected;
    bar.textContent = connected ? "" : words.offline;
    if (connected) this.#sendQueue.flush();
  }

  /** Stop reconnecting if the server refuses access to this chat; show why. */
  async #checkAccess() {
    try {
      await get("history");
    } catch (error) {
      if (!(error instanceof Refusal) || !["no_chat", "other_chat"].includes(error.code)) return;
      this.#stream.close();
      showRefusal(error.message);
    }
  }

  #reportSeenAgain() {
    this.#reportedSeen = 0;
    this.#reportSeen();
  }

  async #reportSeen() {
    // The greeting has a fractional id, which the server does not know.
    const newest = Math.floor(this.#messages.newestFromAgent);
    if (document.hidden) return;
    this.#unread = 0;
    document.title = title;
    if (newest <= this.#reportedSeen) return;
    this.#reportedSeen = newest;
    await post("seen", { id: newest }).catch(() => { this.#reportedSeen = 0; });
  }
}

/** Build the greeting: before the chat's first message, or else at the time at which the session began. */
function greetingMessage(messages, first, joinedAt) {
  const before = messages.filter((message) => new Date(message.sent_at) <= new Date(joinedAt));
  const id = first ? first.id - 0.5 : (before.at(-1)?.id ?? 0) + 0.5;
  return {
    id, from_agent: true, author_name: page.brand, text: page.greeting, venue: "chat", files: [], sent_at: joinedAt,
  };
}

function showRefusal(text) {
  byId("chat").hidden = true;
  byId("end").hidden = true;
  byId("connection").hidden = true;
  byId("notice").hidden = false;
  byId("notice").replaceChildren(h("h2", {}, words.cannot_open), h("p", { role: "alert" }, text));
  document.body.dataset.ready = "";
}

/** Return this tab's idempotency key for the link: it works once, and a retry is not another browser. */
function linkKey() {
  const key = tabStorage.get("switchboard-key") ?? newKey();
  tabStorage.set("switchboard-key", key);
  return key;
}

/** Wait for a click before the link is used up: link scanners of mail providers load the page, too. */
function confirmStart() {
  return new Promise((confirm) => {
    const properties = { type: "button", class: "primary", id: "start", click: confirm };
    const button = h("button", properties, words.start_chat);
    byId("notice").replaceChildren(h("h2", {}, title), h("p", { dir: "auto" }, page.greeting), button);
    byId("connection").hidden = true;
    button.focus();
  });
}

async function openChat() {
  const token = location.hash.slice(1);
  if (token) {
    const link = { token, key: linkKey() };
    const { has_session } = await post("link", { ...link, check_only: true });
    if (!has_session) {
      if (!startConfirmed) await confirmStart();
      startConfirmed = true;
      byId("notice").replaceChildren(h("p", {}, words.loading));
      await post("link", link);
    }
    history.replaceState(null, "", location.pathname);
  }
  new ChatPage().start(await get("history"));
}

async function start() {
  try {
    await openChat();
  } catch (error) {
    if (error instanceof Refusal) showRefusal(error.message);
    else if (error instanceof NetworkError) {
      byId("connection").textContent = words.offline;
      byId("connection").hidden = false;
      setTimeout(start, START_RETRY_MS);
    } else throw error;
  }
}

addEventListener("hashchange", () => location.reload());
start();
