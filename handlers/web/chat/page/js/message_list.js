/** The list of messages: each once, ordered by id, with those being sent at the end. */

import { h, icon, linkify, page, stripChatLinks, words } from "./dom.js";

const DAY = new Intl.DateTimeFormat(page.language, { weekday: "long", day: "numeric", month: "long" });
const TIME = new Intl.DateTimeFormat(page.language, { hour: "2-digit", minute: "2-digit" });
const DATE_AND_TIME = new Intl.DateTimeFormat(page.language, { dateStyle: "full", timeStyle: "short" });
const FILE_ICON = "M7 3.5h7l4 4V20a.5.5 0 0 1-.5.5h-10A.5.5 0 0 1 7 20zM14 3.5V8h4";
const NEAR_END = 80; // pixels
const GROUP_MS = 5 * 60_000;

export class MessageList {
  #list;
  #scroller;
  #newest;
  #byId = new Map();
  #pendingByKey = new Map();
  #followsEnd = true;

  constructor(list, scroller, newest) {
    this.#list = list;
    this.#scroller = scroller;
    this.#newest = newest;
    newest.addEventListener("click", () => this.scrollToEnd());
    scroller.addEventListener("scroll", () => {
      this.#followsEnd = this.#isAtEnd();
      if (this.#followsEnd) newest.hidden = true;
    }, { passive: true });
    const follow = () => this.#followsEnd && this.scrollToEnd();
    // A picture's height is unknown until it is loaded. `load` does not bubble, so listen while capturing.
    list.addEventListener("load", follow, true);
    new ResizeObserver(follow).observe(scroller);
  }

  /** The highest id of our shown messages; 0 if there is none. */
  get newestOurs() {
    return Math.max(0, ...[...this.#byId].filter(([, item]) => item.line.ours).map(([id]) => id));
  }

  /** The ids of all shown messages. */
  get ids() { return new Set(this.#byId.keys()); }

  /**
   * Replace the messages with `replacedIds` by `lines`. Pass the ids shown when `lines` were requested:
   * messages that arrived since then stay, as do those being sent.
   */
  fill(lines, replacedIds = this.ids) {
    for (const id of replacedIds) {
      this.#byId.get(id)?.element.remove();
      this.#byId.delete(id);
    }
    for (const line of lines) if (!this.#byId.has(line.id)) this.#insert(line);
    this.#group();
    this.scrollToEnd();
  }

  /** Show a received message; return false if it is shown already. */
  add(line) {
    if (this.#byId.has(line.id)) return false;
    this.#insert(line);
    this.#group();
    if (this.#followsEnd || !line.ours) this.scrollToEnd();
    else this.#newest.hidden = false;
    return true;
  }

  /** Show a message that is being sent, under its idempotency key. */
  addPending(key, text, file) {
    const files = file ? [{ name: file.name, type: "" }] : [];
    const at = new Date().toISOString();
    const line = { key, text, ours: false, venue: "chat", name: words.you, files, at };
    const item = { line, element: draw(line) };
    this.#pendingByKey.set(key, item);
    this.#list.append(item.element);
    this.#group();
    this.scrollToEnd();
  }

  /** Show the status of a message that is being sent; with `retry`, as failed, with a button to retry. */
  setSendStatus(key, text, retry = null) {
    const element = this.#pendingByKey.get(key)?.element;
    if (!element) return;
    element.classList.toggle("failed", retry !== null);
    const button = retry && h("button", { type: "button", class: "link", click: retry }, words.try_again);
    element.querySelector(".meta").replaceChildren(text, ...(button ? [" ", button] : []));
  }

  /** Mark as sent. A sent file stays pending until the stream delivers it, with the id to link to. */
  markSent(key, id, at) {
    const item = this.#pendingByKey.get(key);
    if (!item) return;
    if (this.#byId.has(id)) this.#removePending(key);
    else if (item.line.files.length) this.setSendStatus(key, words.sent);
    else this.add({ ...item.line, id, at });
  }

  scrollToEnd() {
    this.#followsEnd = true;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#newest.hidden = true;
  }

  #removePending(key) {
    this.#pendingByKey.get(key)?.element.remove();
    this.#pendingByKey.delete(key);
  }

  #isAtEnd() {
    return this.#scroller.scrollHeight - this.#scroller.scrollTop - this.#scroller.clientHeight < NEAR_END;
  }

  #insert(line) {
    this.#removePending(line.key);
    const item = { line, element: draw(line) };
    const [later] = [...this.#byId].filter(([id]) => id > line.id).sort(([a], [b]) => a - b);
    const next = later?.[1] ?? [...this.#pendingByKey.values()][0];
    this.#list.insertBefore(item.element, next?.element ?? null);
    this.#byId.set(line.id, item);
  }

  /** Redraw the day headings, and group consecutive messages of one author. */
  #group() {
    for (const heading of this.#list.querySelectorAll(".day")) heading.remove();
    const stored = [...this.#byId].sort(([a], [b]) => a - b).map(([, item]) => item);
    let previous = null;
    for (const { line, element } of [...stored, ...this.#pendingByKey.values()]) {
      const at = new Date(line.at);
      const day = DAY.format(at);
      const isNewDay = !previous || DAY.format(new Date(previous.at)) !== day;
      if (isNewDay) this.#list.insertBefore(h("li", { class: "day" }, h("span", {}, day)), element);
      const isGrouped = !isNewDay && previous.ours === line.ours && previous.name === line.name
        && previous.venue === line.venue && at - new Date(previous.at) < GROUP_MS;
      element.classList.toggle("grouped", isGrouped);
      previous = line;
    }
  }
}

function draw(line) {
  const otherVenue = line.venue === "chat" ? "" : words[`venue_${line.venue}`];
  const name = line.ours || otherVenue ? line.name : words.you;
  const at = new Date(line.at);
  const text = line.ours ? linkify(stripChatLinks(line.text)) : [line.text];
  return h(
    "li",
    { class: `line ${line.ours ? "ours" : "theirs"}${otherVenue ? " other-venue" : ""}` },
    h("p", { class: "author" }, h("b", {}, name), otherVenue ? h("span", {}, ` · ${otherVenue}`) : ""),
    h("div", { class: "bubble" },
      line.text ? h("p", { class: "text" }, ...text) : "",
      ...line.files.map(drawFile)),
    h("p", { class: "meta" },
      h("time", { datetime: line.at, title: DATE_AND_TIME.format(at) }, TIME.format(at)),
      line.key ? ` · ${words.sent}` : ""),
  );
}

function drawFile(file) {
  if (file.id === undefined) return h("span", { class: "file" }, icon(FILE_ICON), file.name);
  const href = `chat/sent/${file.id}`;
  if (!file.type.startsWith("image/")) {
    return h("a", { class: "file", href, download: file.name }, icon(FILE_ICON), file.name);
  }
  const image = h("img", { src: href, alt: file.name, loading: "lazy" });
  return h("a", { class: "picture", href, target: "_blank", rel: "noopener" }, image);
}
