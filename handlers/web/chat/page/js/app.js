/** Starts the page: comes in by the link or the cookie, shows the story, and listens. */

import { Lost, newKey, post, read, Refused, show } from "./api.js";
import { Composer } from "./composer.js";
import { byId, h, memory, page, words } from "./dom.js";
import { Lines } from "./lines.js";
import { Mailing } from "./mailing.js";
import { Outgoing } from "./outgoing.js";
import { Rating } from "./rating.js";
import { Standing } from "./standing.js";
import { Stream } from "./stream.js";

const LATER_MS = 2_000;
const title = document.title;
let tapped = false;

class Talk {
  #lines = new Lines(byId("lines"), byId("scroller"), byId("newest"));
  #standing = new Standing();
  #mailing = new Mailing();
  #rating = new Rating(() => this.#leaveRating(), this.#mailing);
  #chat = 0;
  #state = {};
  #asked = false;
  #told = 0;
  #unread = 0;
  #outgoing;
  #composer;
  #stream;

  start(told) {
    const { chat, state, read_to } = told;
    byId("notice").hidden = true;
    byId("talk").hidden = false;
    this.#chat = chat;
    show(chat);
    this.#fill(told);
    this.#outgoing = new Outgoing(this.#lines, chat);
    this.#composer = new Composer(this.#outgoing);
    this.#show(state);
    byId("end").addEventListener("click", () => this.#end());
    byId("mail").addEventListener("click", () => this.#rating.mail());
    document.addEventListener("visibilitychange", () => this.#seen());
    this.#stream = new Stream({
      line: (line) => this.#line(line),
      state: (now) => this.#show(now),
      typing: () => this.#standing.typing(),
      gone: () => refuse(words.refused_no_chat),
      fails: () => this.#look(),
      up: () => this.#connected(true),
      down: () => this.#connected(false),
    });
    this.#stream.open(read_to);
    this.#seen();
    byId("log").setAttribute("aria-live", "polite");
    document.body.dataset.ready = "";
  }

  #fill({ lines, whole, entered }, known) {
    const first = lines.find((line) => line.chat === this.#chat);
    const greets = whole || !first; // else the chat began before what is shown
    this.#lines.fill(greets ? [greeting(lines, first, entered), ...lines] : lines, known);
    this.#noteAnswer(lines);
  }

  #noteAnswer(lines) {
    if (lines.some((line) => line.ours && line.chat === this.#chat)) this.#standing.answered();
  }

  #line(line) {
    if (!this.#lines.add(line) || !line.ours) return;
    this.#standing.quiet();
    this.#noteAnswer([line]);
    if (document.hidden) document.title = `(${++this.#unread}) ${title}`;
    if (line.id < this.#told) this.#told = 0; // what came late is to be told of, too
    this.#seen();
  }

  #show(state) {
    const known = this.#state;
    this.#state = state;
    this.#standing.show(state);
    byId("end").hidden = !state.open;
    byId("mail").hidden = state.open || !page.mails;
    if (state.transcript) this.#mailing.show(state.transcript);
    this.#askIfResolved();
    if (!state.resolved) this.#asked = this.#asked && this.#rating.isShown;
    this.#composer.show(state.open && !this.#rating.isShown);
    // Whoever is known may see more of the story.
    if (known.verified === false && state.verified) this.#fillAnew();
  }

  async #fillAnew() {
    const known = this.#lines.ids;
    try {
      this.#fill(await read("history"), known);
    } catch { /* what is shown stays, and what is new still comes */ }
  }

  #end() {
    this.#ask(true);
    this.#composer.show(false);
  }

  #askIfResolved() {
    if (this.#state.resolved && this.#state.solved === null && !this.#asked) this.#ask(false);
  }

  #ask(focus) {
    this.#asked = true;
    this.#rating.ask(focus);
  }

  #leaveRating() {
    if (this.#rating.isAnswered) this.#asked = false; // what was resolved again while we thanked is another question
    this.#askIfResolved();
    if (this.#rating.isShown) return;
    this.#composer.show(this.#state.open);
    this.#composer.focus();
  }

  #connected(up) {
    const bar = byId("connection");
    if (up && !bar.hidden) this.#catchUp();
    bar.hidden = up;
    bar.textContent = up ? "" : words.offline;
    if (up) this.#outgoing.flush();
  }

  /** Where the server answers, and this chat is not ours any more, the page says so, and tries no more. */
  async #look() {
    try {
      await read("history");
    } catch (error) {
      if (!(error instanceof Refused) || !["no_chat", "other_chat"].includes(error.word)) return;
      this.#stream.close();
      refuse(error.message);
    }
  }

  #catchUp() {
    this.#told = 0;
    this.#seen();
  }

  async #seen() {
    const newest = Math.floor(this.#lines.newestOurs);
    if (document.hidden) return;
    this.#unread = 0;
    document.title = title;
    if (newest <= this.#told) return;
    this.#told = newest;
    await post("seen", { id: newest }).catch(() => { this.#told = 0; });
  }
}

/** Our first words, always in the same place: before the chat's first line, or else where the customer came in. */
function greeting(lines, first, entered) {
  const before = lines.filter((line) => new Date(line.at) <= new Date(entered));
  const id = first ? first.id - 0.5 : (before.at(-1)?.id ?? 0) + 0.5;
  return { id, ours: true, name: page.brand, text: page.greeting, venue: "chat", files: [], at: entered };
}

function refuse(text) {
  byId("talk").hidden = true;
  byId("end").hidden = true;
  byId("connection").hidden = true;
  byId("notice").hidden = false;
  byId("notice").replaceChildren(h("h2", {}, words.cannot_open), h("p", { role: "alert" }, text));
  document.body.dataset.ready = "";
}

/** Lets this tab ask again where the answer to its first try was lost: to anybody else the link is used then. */
function tabKey() {
  const key = memory.get("switchboard-key") ?? newKey();
  memory.set("switchboard-key", key);
  return key;
}

/** Greets, and waits for the tap: whatever merely loads the page, as a mail scanner does, uses no link up. */
function greet() {
  return new Promise((goOn) => {
    const button = h("button", { type: "button", class: "strong", id: "start", click: goOn }, words.start_chat);
    byId("notice").replaceChildren(h("h2", {}, title), h("p", {}, page.greeting), button);
    byId("connection").hidden = true;
    button.focus();
  });
}

async function enter() {
  const token = location.hash.slice(1);
  if (token) {
    const link = { token, key: tabKey() };
    const { inside } = await post("link", { ...link, look: true });
    if (!inside) {
      if (!tapped) await greet();
      tapped = true;
      byId("notice").replaceChildren(h("p", {}, words.loading));
      await post("link", link);
    }
    history.replaceState(null, "", location.pathname);
  }
  new Talk().start(await read("history"));
}

async function start() {
  try {
    await enter();
  } catch (error) {
    if (error instanceof Refused) refuse(error.message);
    else if (error instanceof Lost) {
      byId("connection").textContent = words.offline;
      byId("connection").hidden = false;
      setTimeout(start, LATER_MS);
    } else throw error;
  }
}

addEventListener("hashchange", () => location.reload());
start();
