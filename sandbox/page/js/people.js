/** Directory of the workspace: names, avatars and channel names by id. */

import { h } from "./dom.js";
import { icon } from "./icons.js";

const COLOURS = ["#b45309", "#0f766e", "#6d28d9", "#be185d", "#1d4ed8", "#4d7c0f", "#9f1239", "#0e7490", "#7c3aed", "#a16207"];

/** Derive a stable colour from a name. */
export function colourOf(name) {
  let sum = 0;
  for (const character of String(name)) sum = (sum * 31 + character.codePointAt(0)) >>> 0;
  return COLOURS[sum % COLOURS.length];
}

export const initials = (name) =>
  String(name).trim().split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).slice(0, 2)
    .map((word) => [...word].find((c) => /[\p{L}\p{N}]/u.test(c))).join("").toUpperCase() || "?";

/** Build an avatar, coloured and with initials. `kind` adds classes: small, tiny, round, brand. */
export function face(name, colour, kind = "") {
  return h("span", { class: `face ${kind}`, style: { "--face": colour ?? colourOf(name) }, "aria-hidden": "true" }, initials(name));
}

export class Directory {
  constructor(workspace) {
    this.learn(workspace);
  }

  /** Load the workspace's bootstrap data, replacing what was loaded before. */
  learn({ team, me, users, channels, commands, shortcuts }) {
    this.team = team;
    this.users = new Map(users.map((user) => [user.id, user]));
    this.channels = new Map(channels.map((channel) => [channel.id, channel]));
    this.commands = commands ?? [];
    this.shortcuts = shortcuts ?? [];
    this.me = this.users.get(typeof me === "string" ? me : me?.id);
  }

  get humans() {
    return [...this.users.values()].filter((user) => !user.is_bot);
  }

  get bot() {
    return [...this.users.values()].find((user) => user.is_bot);
  }

  userName(id) {
    const user = this.users.get(id);
    return user ? user.real_name || user.name : id;
  }

  channelName(id) {
    return this.channels.get(id)?.name ?? id;
  }

  userAvatar(id, kind = "") {
    const user = this.users.get(id);
    return user?.is_bot ? this.botAvatar(kind) : face(this.userName(id), user?.avatar_color, kind);
  }

  botAvatar(kind = "") {
    return h("img", { class: `face bot ${kind}`, src: "/page/svg/mark.svg", alt: "" });
  }

  /** Return a message's author: `{name, avatar, bot}`; an app may post under another name. */
  author(message) {
    const bot = Boolean(message.bot_id) || Boolean(this.users.get(message.user)?.is_bot);
    const name = message.username || (message.user ? this.userName(message.user) : "App");
    return { name, bot, avatar: bot ? this.botAvatar() : this.userAvatar(message.user) };
  }
}

/** A live mention of a person in a message. */
export function userMention(people, id, label) {
  const own = people.me?.id === id;
  const name = people.users.has(id) ? people.userName(id) : label || id;
  return h("span", { class: own ? "mention own" : "mention", data: { user: id } }, `@${name}`);
}

export function channelMention(people, id, label) {
  const known = people.channels.has(id);
  const name = known ? people.channelName(id) : label || id;
  return known
    ? h("a", { class: "mention", href: `#/${id}` }, `#${name}`)
    : h("span", { class: "mention" }, icon("lock"), name);
}

export const broadcast = (range) => h("span", { class: "mention own" }, `@${range}`);
