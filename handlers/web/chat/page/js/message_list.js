/** The list of messages: each once, ordered by id, with those being sent at the end. */

import { h, icon, linkify, locale, stripChatLinks, words } from "./dom.js";

const DAY = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" });
const TIME = new Intl.DateTimeFormat(locale, { timeStyle: "short" });
const DATE_AND_TIME = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short" });
const FILE_ICON = "M7 3.5h7l4 4V20a.5.5 0 0 1-.5.5h-10A.5.5 0 0 1 7 20zM14 3.5V8h4";
const NEAR_END = 80; // pixels
const GROUP_MS = 5 * 60_000;

export class MessageList {
  #list;
  #scroller;
  #jumpButton;
  #byId = new Map();
  #pendingByKey = new Map();
  #followsEnd = true;

  constructor(list, scroller, jumpButton) {
    this.#list = list;
    this.#scroller = scroller;
    this.#jumpButton = jumpButton;
    jumpButton.addEventListener("click", () => this.scrollToEnd());
    let height = scroller.clientHeight;
    scroller.addEventListener("scroll", () => {
      // Where the header grew, the end is farther away, but nobody has left it: the observer follows.
      if (scroller.clientHeight !== height) return;
      this.#followsEnd = this.#isAtEnd();
      if (this.#followsEnd) jumpButton.hidden = true;
    }, { passive: true });
    const follow = () => this.#followsEnd && this.scrollToEnd();
    // A picture's height is unknown until it is loaded. `load` does not bubble, so listen while capturing.
    list.addEventListener("load", follow, true);
    new ResizeObserver(() => {
      height = scroller.clientHeight;
      follow();
    }).observe(scroller);
  }

  /** The highest id of the shown messages of agents; 0 if there is none. */
  get newestFromAgent() {
    return Math.max(0, ...[...this.#byId].filter(([, item]) => item.message.from_agent).map(([id]) => id));
  }

  /** Whether a message that was sent under this idempotency key is shown. */
  has(key) { return [...this.#byId.values()].some(({ message }) => message.key === key); }

  /** Show the messages of the history. */
  fill(messages) {
    for (const message of messages) this.#insert(message);
    this.#group();
    this.scrollToEnd();
  }

  /** Show a received message; return false if it is shown already. */
  add(message) {
    if (this.#byId.has(message.id)) return false;
    this.#insert(message);
    this.#group();
    if (this.#followsEnd || !message.from_agent) this.scrollToEnd();
    else this.#jumpButton.hidden = false;
    return true;
  }

  /** Show a message that is being sent, under its idempotency key. */
  addPending(key, text, file) {
    const files = file ? [{ name: file.name, type: "" }] : [];
    const sent_at = new Date().toISOString();
    const message = { key, text, from_agent: false, venue: "chat", author_name: words.you, files, sent_at };
    const item = { message, element: draw(message) };
    this.#pendingByKey.set(key, item);
    this.#list.append(item.element);
    this.#group();
    this.scrollToEnd();
  }

  /** Show the status of a message that is being sent, or has failed; with `retry`, with a button to retry. */
  setSendStatus(key, text, retry = null, hasFailed = retry !== null) {
    const element = this.#pendingByKey.get(key)?.element;
    if (!element) return;
    element.classList.toggle("failed", hasFailed);
    const button = retry && h("button", { type: "button", class: "link", click: retry }, words.try_again);
    element.querySelector(".meta").replaceChildren(text, ...(button ? [" ", button] : []));
  }

  /** Mark as sent. A sent file stays pending until the stream delivers it, with the id to link to. */
  markSent(key, id, sent_at) {
    const item = this.#pendingByKey.get(key);
    if (!item) return;
    if (this.#byId.has(id)) this.#removePending(key);
    else if (item.message.files.length) this.setSendStatus(key, words.sent);
    else this.add({ ...item.message, id, sent_at });
  }

  scrollToEnd() {
    this.#followsEnd = true;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#jumpButton.hidden = true;
  }

  #removePending(key) {
    this.#pendingByKey.get(key)?.element.remove();
    this.#pendingByKey.delete(key);
  }

  #isAtEnd() {
    return this.#scroller.scrollHeight - this.#scroller.scrollTop - this.#scroller.clientHeight < NEAR_END;
  }

  #insert(message) {
    this.#removePending(message.key);
    const item = { message, element: draw(message) };
    const [later] = [...this.#byId].filter(([id]) => id > message.id).sort(([a], [b]) => a - b);
    const next = later?.[1] ?? [...this.#pendingByKey.values()][0];
    this.#list.insertBefore(item.element, next?.element ?? null);
    this.#byId.set(message.id, item);
  }

  /** Redraw the day headings, and group consecutive messages of one author. */
  #group() {
    for (const heading of this.#list.querySelectorAll(".day")) heading.remove();
    const stored = [...this.#byId].sort(([a], [b]) => a - b).map(([, item]) => item);
    let previous = null;
    for (const { message, element } of [...stored, ...this.#pendingByKey.values()]) {
      const sentAt = new Date(message.sent_at);
      const day = DAY.format(sentAt);
      const isNewDay = !previous || DAY.format(new Date(previous.sent_at)) !== day;
      if (isNewDay) this.#list.insertBefore(h("li", { class: "day" }, h("span", {}, day)), element);
      const isGrouped = !isNewDay && previous.from_agent === message.from_agent
        && previous.author_name === message.author_name && previous.venue === message.venue
        && sentAt - new Date(previous.sent_at) < GROUP_MS;
      element.classList.toggle("grouped", isGrouped);
      previous = message;
    }
  }
}

function draw(message) {
  const otherVenue = message.venue === "chat" ? "" : words[`venue_${message.venue}`];
  const name = message.from_agent || otherVenue ? message.author_name : words.you;
  const sentAt = new Date(message.sent_at);
  const text = message.from_agent ? linkify(stripChatLinks(message.text)) : [message.text];
  const side = message.from_agent ? "from-agent" : "from-customer";
  return h(
    "li",
    { class: `message ${side}${otherVenue ? " other-venue" : ""}` },
    h("p", { class: "author" }, h("bdi", {}, h("b", {}, name)), otherVenue ? h("span", {}, ` · ${otherVenue}`) : ""),
    h("div", { class: "bubble" },
      message.text ? h("p", { class: "text", dir: "auto" }, ...text) : "",
      ...message.files.map(drawFile)),
    h("p", { class: "meta" },
      h("time", { datetime: message.sent_at, title: DATE_AND_TIME.format(sentAt) }, TIME.format(sentAt)),
      message.key ? ` · ${words.sent}` : ""),
  );
}

function drawFile(file) {
  if (file.id === undefined) return h("span", { class: "file" }, icon(FILE_ICON), h("bdi", {}, file.name));
  const href = `chat/uploads/${file.id}`;
  if (!file.type.startsWith("image/")) {
    return h("a", { class: "file", href, download: file.name }, icon(FILE_ICON), h("bdi", {}, file.name));
  }
  const image = h("img", { src: href, alt: file.name, loading: "lazy" });
  return h("a", { class: "picture", href, target: "_blank", rel: "noopener" }, image);
}
