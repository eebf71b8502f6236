/** The sidebar: the workspace, its channels, and the app's Home view. */

import { h } from "./dom.js";
import { icon } from "./icons.js";

export class Sidebar {
  /** `onGo()` is called for every click on an entry, the open one too. */
  constructor(people, node, onGo) {
    this.people = people;
    this.onGo = onGo;
    this.unread = new Map();
    this.node = node;
    this.current = null;
    this.draw();
  }

  get total() {
    return [...this.unread.values()].reduce((sum, count) => sum + count, 0);
  }

  go(place) {
    this.current = place;
    this.unread.delete(place);
    this.draw();
  }

  arrived(place) {
    if (place === this.current && !document.hidden) return;
    this.unread.set(place, (this.unread.get(place) ?? 0) + 1);
    this.draw();
  }

  draw() {
    const { me, team } = this.people;
    const [direct, channels] = [[], []];
    for (const channel of this.people.channels.values()) (channel.is_im ? direct : channels).push(channel);
    this.node.replaceChildren(
      h("div", { class: "workspace" }, h("span", { class: "workspace-mark", "aria-hidden": "true" }, team.name.slice(0, 1)),
        h("div", {}, h("h1", {}, team.name), h("p", { class: "presence" }, me.real_name))),
      h("p", { class: "eyebrow" }, "Channels"),
      h("ul", {}, channels.map((channel) => this.row(channel.id, icon(channel.is_private ? "lock" : "hash"), channel.name, channel.is_member === false))),
      h("p", { class: "eyebrow" }, this.people.bot?.real_name ?? "App"),
      h("ul", {}, this.row("home", icon("home"), "Home", false),
        direct.map((channel) => this.row(channel.id, icon("thread"), "Messages", false))));
    document.title = `${this.total ? `(${this.total}) ` : ""}${team.name} · Switchboard sandbox`;
  }

  row(place, mark, name, muted) {
    const count = this.unread.get(place) ?? 0;
    const kinds = ["place", muted && "muted", count && "unread"].filter(Boolean);
    return h("li", {}, h("a", { class: kinds.join(" "), href: `#/${place}`, data: { place }, on: { click: this.onGo }, "aria-current": place === this.current ? "page" : undefined },
      mark, h("span", { class: "place-name" }, name),
      count > 0 && h("span", { class: "badge" }, String(Math.min(count, 99)), h("span", { class: "unseen" }, " unread"))));
  }
}
