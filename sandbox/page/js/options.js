/** Options of a select: its own, or the workspace's people and channels; `{key, label, note, choice}`. */

import { withEmoji } from "./emoji.js";

const option = (choice) => ({
  key: choice.value,
  label: withEmoji(choice.text.text),
  note: choice.description?.text,
  choice,
});

const person = (user) => ({ key: user.id, label: user.real_name || user.name, note: user.title, choice: user.id });
const channel = (each) => ({ key: each.id, label: `#${each.name}`, choice: each.id });

/** Return option groups `[{label, options}]`; a list without groups is one group without a label. */
export function offered(item, people) {
  const kind = item.type.replace("multi_", "");
  if (kind === "users_select") return [{ options: people.humans.map(person) }];
  if (kind === "channels_select") return [{ options: [...people.channels.values()].map(channel) }];
  if (kind === "conversations_select") return conversations(item.filter?.include, people);
  if (item.option_groups) return item.option_groups.map((group) => ({ label: group.label.text, options: group.options.map(option) }));
  return [{ options: item.options.map(option) }];
}

function conversations(include, people) {
  const groups = [];
  if (!include || include.some((kind) => kind !== "im")) {
    groups.push({ label: "Channels", options: [...people.channels.values()].map(channel) });
  }
  if (!include || include.includes("im")) groups.push({ label: "People", options: people.humans.map(person) });
  return groups;
}

/** The field in which Slack reports a choice: `selected_option`, `selected_users`, … */
export function stateKey(type) {
  const many = type.startsWith("multi_");
  const noun = { static: "option", users: "user", channels: "channel", conversations: "conversation" }[type.replace("multi_", "").split("_")[0]];
  return `selected_${noun}${many ? "s" : ""}`;
}

/** The keys of the initial selection. */
export function initialKeys(item, ctx) {
  const start = item.initial_option ?? item.initial_user ?? item.initial_channel ?? item.initial_conversation
    ?? item.initial_options ?? item.initial_users ?? item.initial_channels ?? item.initial_conversations
    ?? (item.default_to_current_conversation ? ctx.channel : undefined);
  return [start ?? []].flat().map((each) => (typeof each === "string" ? each : each.value));
}
