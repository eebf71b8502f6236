/** Client of the sandbox's JSON API. Every error response becomes an Error with a readable message. */

const WORDS = {
  not_in_channel: "You are not a member of this channel, so you cannot write in it. Act as somebody who is.",
  is_archived: "This channel is archived. Nobody can write in it.",
  message_not_found: "This message is gone.",
  thread_not_found: "This thread is gone.",
  file_upload_size_restricted: "This file is empty.",
  not_found: "This window has already been closed.",
};

/** Errors that Slack itself reports in a notice. */
const TOLD = new Set(["unknown_command"]);

function refusal(code, otherwise) {
  return Object.assign(new Error(WORDS[code] ?? code ?? otherwise), { told: TOLD.has(code) });
}

function call(method, path, body) {
  return send(method, path, body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

async function send(method, path, request) {
  let answer;
  try {
    answer = await fetch(path, { method, ...request });
  } catch {
    throw new Error("The sandbox cannot be reached. Is it still running?");
  }
  const data = await answer.json().catch(() => null);
  if (!answer.ok) throw refusal(data?.error, `The sandbox answered ${answer.status} to ${path}`);
  return data ?? {};
}

const query = (values) => new URLSearchParams(Object.entries(values).filter(([, value]) => value !== undefined));

/** Slack's API, acting as one person. */
export class Slack {
  constructor(as) {
    this.as = as;
  }

  read(what, values = {}) {
    return call("GET", `/ui/slack/${what}?${query({ as: this.as, ...values })}`);
  }

  write(what, values) {
    return call("POST", `/ui/slack/${what}`, { as: this.as, ...values });
  }

  get events() {
    return `/ui/slack/events?${query({ as: this.as })}`;
  }

  bootstrap() { return this.read("bootstrap"); }
  messages(channel) { return this.read("messages", { channel }); }
  ephemerals(channel) { return this.read("ephemerals", { channel }); }
  replies(channel, ts) { return this.read("replies", { channel, ts }); }
  home() { return this.read("home"); }
  act(values) { return this.write("act", values); }
  submit(viewId, values) { return this.write("submit", { view_id: viewId, state: { values } }); }
  close(viewId) { return this.write("close", { view_id: viewId }); }
  command(channel, text) { return this.write("command", { channel, text }); }
  shortcut(callbackId, channel, ts) { return this.write("shortcut", { callback_id: callbackId, channel, ts }); }
  say(channel, text, threadTs, files) { return this.write("say", { channel, text, thread_ts: threadTs, files }); }
  async upload(file) { return (await send("POST", `/ui/slack/upload?${query({ as: this.as, name: file.name })}`, { body: file })).id; }
  file(file) { return `${new URL(file.url_private, location.href).pathname}?${query({ as: this.as })}`; }
}

/** The public network's API. */
export const network = {
  events: "/ui/x/events",
  timeline: () => call("GET", "/ui/x/timeline"),
  post: (values) => call("POST", "/ui/x/post", values),
  edit: (id, text) => call("POST", "/ui/x/edit", { id, text }),
  remove: (id) => call("POST", "/ui/x/delete", { id }),
  inbox: (username) => call("GET", `/ui/x/dm?${query({ username })}`),
  write: (values) => call("POST", "/ui/x/dm", values),
  letIn: (values) => call("POST", "/ui/x/dm/open", values),
};

/** The mail API, for any mailbox. */
export const mail = {
  mailbox: (address) => call("GET", `/ui/mail/mailbox?${query({ address })}`),
  write: (values) => call("POST", "/ui/mail/write", values),
};

/** Where outages are announced. */
export const notices = { read: () => call("GET", "/ui/notices") };

/** Break something, and mend it. */
export const breakdown = {
  read: () => call("GET", "/ui/breakdown"),
  set: (running) => call("POST", "/ui/breakdown", { running }),
};

/** What goes wrong outside, by name. */
export const faults = {
  read: () => call("GET", "/ui/faults"),
  set: (name, on) => call("POST", "/ui/faults", { name, on }),
};

/** The bot that this sandbox runs. */
export const bot = {
  read: () => call("GET", "/ui/bot"),
  evidence: async () => (await call("GET", "/ui/bot?evidence")).evidence,
  kill: () => call("POST", "/ui/bot", { act: "kill" }),
  skip: () => call("POST", "/ui/bot", { act: "skip" }),
};

/** Control of the mention replay. */
export const replay = {
  read: () => call("GET", "/control/replay"),
  change: (values) => call("POST", "/control/replay", values),
};
