/** Render one message: author, time, content, thread summary. */

import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { fileNode } from "./files.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";
import { messageShortcuts } from "./shortcuts.js";
import { dateOf, timeNode } from "./time.js";

/**
 * `ctx` is `{people, act(action, node), useShortcut(id, ts), channel, openThread?, grouped?, flash?}`.
 * Without `openThread` the message is drawn as one inside a thread.
 */
export function messageNode(message, ctx) {
  const { name, bot, avatar } = ctx.people.author(message);
  const kinds = ["message", ctx.grouped && "grouped", message.ephemeral && "ephemeral", isCard(message) && "card", ctx.flash && "flash"].filter(Boolean);
  const time = timeNode(message.ts, "{time}");
  const head = !ctx.grouped && h("div", { class: "message-head" },
    h("span", { class: "author", dir: "auto" }, name), bot && h("span", { class: "app-tag" }, "App"),
    h("span", { class: "when" }, time));
  return h("article", { class: kinds.join(" "), data: { ts: message.ts, channel: ctx.channel, user: message.user }, tabindex: "-1" },
    h("div", { class: "gutter" }, ctx.grouped ? h("span", { class: "when" }, timeNode(message.ts, "{time}")) : avatar),
    h("div", { class: "message-body" },
      message.ephemeral && h("p", { class: "only-you" }, icon("eye"), "Only visible to you"),
      head, content(message, ctx), reactions(message, ctx.people), ctx.openThread && replies(message, ctx)),
    tools(message, name, ctx));
}

/** What is offered on hover; null for what only one person sees, and for what is gone. */
function tools(message, name, ctx) {
  if (message.ephemeral || message.deleted) return null;
  const thread = ctx.openThread && h("button", { type: "button", class: "plain", title: "Reply in thread", "aria-label": `Reply in thread to ${name}`, on: { click: () => ctx.openThread(message) } }, icon("thread"));
  const more = messageShortcuts(ctx.people, name, (shortcut) => ctx.useShortcut(shortcut, message.ts));
  return (thread || more) && h("div", { class: "message-tools" }, thread, more);
}

/** Style an app's message with interactive elements as a card. */
export const isCard = (message) => Boolean(message.bot_id) && (message.blocks ?? []).some((block) => block.type === "actions");

function content(message, ctx) {
  if (message.deleted) return h("p", { class: "gone" }, "This message was deleted.");
  const edited = message.edited && !message.bot_id && h("span", { class: "edited", title: dateOf(message.edited.ts).toString() }, "(edited)");
  const files = (message.files ?? []).map((file) => fileNode(file, ctx));
  const attached = (message.attachments ?? []).map((each) => attachment(each, ctx));
  const nothing = !message.blocks?.length && !message.text;
  const inner = nothing ? null : message.blocks?.length
    ? blocks(message.blocks, ctx)
    : h("div", { class: "text", dir: "auto" }, mrkdwn(message.text, ctx.people));
  return h("div", { class: "content", data: { surface: "message" } }, inner, edited, attached, files);
}

/** Legacy `attachments`: a coloured bar beside blocks or text. */
function attachment(each, ctx) {
  const bar = /^#?[0-9a-f]{6}$/i.test(each.color ?? "") ? `#${each.color.replace("#", "")}` : { good: "#2eb67d", warning: "#ecb22e", danger: "#e01e5a" }[each.color];
  return h("div", { class: "attachment", style: bar ? { "--bar": bar } : {} },
    each.blocks ? blocks(each.blocks, ctx) : h("div", { class: "text", dir: "auto" }, mrkdwn(each.text ?? each.fallback, ctx.people)));
}

function reactions(message, people) {
  if (!message.reactions?.length) return null;
  return h("div", { class: "reactions" }, message.reactions.map((each) =>
    h("span", { class: "reaction", title: `${each.users.map((id) => people.userName(id)).join(", ")} reacted with :${each.name}:`, data: { reaction: each.name } },
      h("span", { class: "emoji" }, emoji(each.name) ?? `:${each.name}:`), h("span", {}, String(each.count ?? each.users.length)))));
}

function replies(message, ctx) {
  if (!message.reply_count) return null;
  const faces = (message.reply_users ?? []).slice(0, 4).map((id) => ctx.people.userAvatar(id, "tiny"));
  const last = message.latest_reply && h("span", { class: "last-reply" }, "Last reply ", timeNode(message.latest_reply, "{ago}"));
  return h("button", { type: "button", class: "replies", data: { testid: "replies" }, on: { click: () => ctx.openThread(message) } },
    h("span", { class: "faces" }, faces), h("span", { class: "reply-count" }, `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}`), last);
}
