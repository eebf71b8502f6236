/** Where outages are announced, as the public sees it, and the issues of the developers. */

import { notices as api } from "./api.js";
import { h, link } from "./dom.js";
import { icon } from "./icons.js";

const PLACES = [["statuspage", "Statuspage"], ["cachet", "Cachet"], ["feed", "Feed"], ["mail", "E-mail"], ["webhook", "Webhook"], ["issues", "Issues"]];
const EVERY_MS = 3_000;

export class Notices {
  /** `onNews()` is called when something new is there. */
  constructor(onNews) {
    this.onNews = onNews;
    this.place = "statuspage";
    this.buttons = new Map(PLACES.map(([name, label]) => [name,
      h("button", { type: "button", class: "notice-place", data: { testid: `notices-${name}` }, on: { click: () => this.show(name) } }, label)]));
    this.list = h("div", { class: "notice-list", data: { testid: "notices-list" } });
    this.node = h("div", { class: "pane notices", data: { testid: "notices" } },
      h("header", { class: "pane-head" }, h("h2", {}, icon("bell"), "Status"), h("p", { class: "topic" }, "Where outages are announced")),
      h("div", { class: "notice-places", role: "group", "aria-label": "Place" }, ...this.buttons.values()),
      h("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": "What is announced there" }, this.list));
    this.show(this.place);
    this.follow();
  }

  /** Whether an outage was announced on the status page. */
  get announced() {
    return Boolean(this.told?.statuspage.entries.length);
  }

  /** Read everything again and again. */
  async follow() {
    await this.load();
    setTimeout(() => this.follow(), EVERY_MS);
  }

  async load() {
    const told = await api.read().catch(() => null);
    const text = JSON.stringify(told);
    if (!told || text === this.text) return;
    if (this.text !== undefined) this.onNews();
    this.text = text;
    this.told = told;
    this.draw();
  }

  show(name) {
    this.place = name;
    for (const [each, button] of this.buttons) button.setAttribute("aria-pressed", String(each === name));
    this.draw();
  }

  draw() {
    if (!this.told) return;
    const told = this.told[this.place];
    const drawn = { statuspage: statusPage, cachet: statusPage, feed, mail, webhook, issues }[this.place](told);
    this.list.replaceChildren(...drawn);
  }
}

const nothing = (text) => h("p", { class: "empty" }, text);

function statusPage({ components, entries }) {
  const states = h("ul", { class: "components" }, components.map(({ name, state }) =>
    h("li", { class: state === "operational" ? "component" : "component down" }, h("b", {}, name), h("span", {}, state))));
  const shown = entries.map(({ title, updates }) => h("article", { class: "announced" }, h("h3", { dir: "auto" }, title),
    updates.map(({ status, text }) => h("div", { class: "announced-update" }, h("b", { class: "phase" }, status), h("p", { dir: "auto" }, text)))));
  return [states, ...(shown.length ? shown : [nothing("No incidents.")])];
}

function feed({ address, problem, entries }) {
  const head = h("p", { class: "hint" }, problem ? `The feed cannot be read: ${problem}` : address);
  const shown = entries.map(({ title, text, terms }) => h("article", { class: "announced" }, h("h3", { dir: "auto" }, title),
    h("div", { class: "announced-update" }, h("b", { class: "phase" }, terms.join(" · ")), h("p", { dir: "auto" }, text))));
  return [head, ...(shown.length ? shown : [nothing("The feed is empty.")])];
}

function mail({ subscribe }) {
  return [h("p", { class: "hint" }, "Sign up as one of the customers, such as dana@example.com. The mail that asks to confirm it, and every notice, arrive under Mail."),
    h("p", { class: "sign-up" }, link(subscribe, { class: "btn", data: { testid: "subscribe" } }, "Subscribe to the e-mail list"))];
}

function webhook({ events, repeats }) {
  const shown = events.map((event) => h("details", { class: "mail" },
    h("summary", {}, h("b", { class: "mail-from" }, event.event), h("span", { class: "mail-time" }, event.id), h("span", { class: "mail-title", dir: "auto" }, event.outage?.title ?? event.retracts)),
    h("pre", { class: "event" }, JSON.stringify(event, null, 2))));
  const again = repeats ? [h("p", { class: "hint" }, `${repeats} came again and were left out.`)] : [];
  return [...again, ...(shown.length ? shown : [nothing("Nothing was received. Each event here had a right signature.")])];
}

function issues(told) {
  const shown = told.map(({ key, tracker, title, state, url }) => h("article", { class: "announced" }, h("h3", { dir: "auto" }, title),
    h("div", { class: "announced-update" }, h("b", { class: "phase" }, state), h("p", {}, link(url, { data: { testid: "issue" } }, `${key}: open it at ${tracker} to close it`)))));
  return shown.length ? shown : [nothing("No issue yet. Details… of a case has Create issue….")];
}
