/** The conversation: each line once, in the order of their ids, what is still being sent at the end. */

import { h, icon, linked, page, withoutOwnLink, words } from "./dom.js";

const DAY = new Intl.DateTimeFormat(page.language, { weekday: "long", day: "numeric", month: "long" });
const TIME = new Intl.DateTimeFormat(page.language, { hour: "2-digit", minute: "2-digit" });
const EXACT = new Intl.DateTimeFormat(page.language, { dateStyle: "full", timeStyle: "short" });
const PAPER = "M7 3.5h7l4 4V20a.5.5 0 0 1-.5.5h-10A.5.5 0 0 1 7 20zM14 3.5V8h4";
const NEAR_END = 80; // pixels
const TOGETHER_MS = 5 * 60_000;

export class Lines {
  #list;
  #scroller;
  #newest;
  #byId = new Map();
  #byKey = new Map();
  #follows = true;

  constructor(list, scroller, newest) {
    this.#list = list;
    this.#scroller = scroller;
    this.#newest = newest;
    newest.addEventListener("click", () => this.toEnd());
    scroller.addEventListener("scroll", () => {
      this.#follows = this.#isAtEnd();
      if (this.#follows) newest.hidden = true;
    }, { passive: true });
    const follow = () => this.#follows && this.toEnd();
    list.addEventListener("load", follow, true); // a picture takes its place once it is there
    new ResizeObserver(follow).observe(scroller);
  }

  /** The highest id of a line of ours that is shown. */
  get newestOurs() {
    return Math.max(0, ...[...this.#byId].filter(([, item]) => item.line.ours).map(([id]) => id));
  }

  /** The ids of what is shown. */
  get ids() { return new Set(this.#byId.keys()); }

  /** Show the story anew: what is being sent stays, and what came after `known` was shown and the story was asked for. */
  fill(lines, known = this.ids) {
    for (const id of known) {
      this.#byId.get(id)?.element.remove();
      this.#byId.delete(id);
    }
    for (const line of lines) if (!this.#byId.has(line.id)) this.#put(line);
    this.#arrange();
    this.toEnd();
  }

  /** Show a line that came; false where it was there already. */
  add(line) {
    if (this.#byId.has(line.id)) return false;
    this.#put(line);
    this.#arrange();
    if (this.#follows || !line.ours) this.toEnd();
    else this.#newest.hidden = false;
    return true;
  }

  /** Show what is being sent: `note` says how that stands, `again` is called by its button. */
  pend(key, text, file) {
    const line = { key, text, ours: false, venue: "chat", name: words.you, files: file ? [{ name: file.name, type: "" }] : [], at: new Date().toISOString() };
    const item = { line, element: draw(line) };
    this.#byKey.set(key, item);
    this.#list.append(item.element);
    this.#arrange();
    this.toEnd();
  }

  note(key, text, again = null) {
    const element = this.#byKey.get(key)?.element;
    if (!element) return;
    element.classList.toggle("failed", again !== null);
    element.querySelector(".fate").replaceChildren(text, ...(again ? [" ", h("button", { type: "button", class: "link", click: again }, words.try_again)] : []));
  }

  /** It arrived under this id. What a file became is told by the stream. */
  sent(key, id, at) {
    const item = this.#byKey.get(key);
    if (!item) return;
    if (this.#byId.has(id)) this.#drop(key);
    else if (item.line.files.length) this.note(key, words.sent);
    else this.add({ ...item.line, id, at });
  }

  toEnd() {
    this.#follows = true;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#newest.hidden = true;
  }

  /** What was being sent under this key is shown as sent. */
  #drop(key) {
    this.#byKey.get(key)?.element.remove();
    this.#byKey.delete(key);
  }

  #isAtEnd() {
    return this.#scroller.scrollHeight - this.#scroller.scrollTop - this.#scroller.clientHeight < NEAR_END;
  }

  #put(line) {
    this.#drop(line.key);
    const item = { line, element: draw(line) };
    const later = [...this.#byId].filter(([id]) => id > line.id).sort(([a], [b]) => a - b)[0]?.[1] ?? [...this.#byKey.values()][0];
    this.#list.insertBefore(item.element, later?.element ?? null);
    this.#byId.set(line.id, item);
  }

  /** A heading for each day, and a name where somebody else begins. */
  #arrange() {
    for (const heading of this.#list.querySelectorAll(".day")) heading.remove();
    const inOrder = [...[...this.#byId].sort(([a], [b]) => a - b).map(([, item]) => item), ...this.#byKey.values()];
    let before = null;
    for (const { line, element } of inOrder) {
      const at = new Date(line.at);
      const newDay = !before || DAY.format(new Date(before.at)) !== DAY.format(at);
      if (newDay) this.#list.insertBefore(h("li", { class: "day" }, h("span", {}, DAY.format(at))), element);
      const goesOn = !newDay && before.ours === line.ours && before.name === line.name && before.venue === line.venue
        && at - new Date(before.at) < TOGETHER_MS;
      element.classList.toggle("goes-on", goesOn);
      before = line;
    }
  }
}

function draw(line) {
  const where = line.venue === "chat" ? "" : words[`venue_${line.venue}`];
  const name = line.ours || where ? line.name : words.you;
  const at = new Date(line.at);
  return h(
    "li",
    { class: `line ${line.ours ? "ours" : "theirs"}${where ? " before" : ""}` },
    h("p", { class: "by" }, h("b", {}, name), where ? h("span", {}, ` · ${where}`) : ""),
    h("div", { class: "bubble" }, line.text ? h("p", { class: "text" }, ...(line.ours ? linked(withoutOwnLink(line.text)) : [line.text])) : "", ...line.files.map(drawFile)),
    h("p", { class: "fate" }, h("time", { datetime: line.at, title: EXACT.format(at) }, TIME.format(at)), line.key ? ` · ${words.sent}` : ""),
  );
}

function drawFile(file) {
  if (file.id === undefined) return h("span", { class: "file" }, icon(PAPER), file.name);
  const href = `chat/sent/${file.id}`;
  if (!file.type.startsWith("image/")) return h("a", { class: "file", href, download: file.name }, icon(PAPER), file.name);
  return h("a", { class: "picture", href, target: "_blank", rel: "noopener" }, h("img", { src: href, alt: file.name, loading: "lazy" }));
}

