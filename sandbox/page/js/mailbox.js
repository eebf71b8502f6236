/** A mailbox, and a composer to write as its owner. Mails are shown as plain text. */

import { mail as api } from "./api.js";
import { CatchUp } from "./catchup.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { mailed } from "./linked.js";
import { timeNode } from "./time.js";
import { complain } from "./toast.js";

const FIRST = { name: "Dana Petrova", address: "dana@example.com" };

/** Guess a person's name from an address: "ana.ruiz+shop@example.com" is Ana Ruiz's. */
function nameOf(address) {
  const words = address.split("@")[0].split("+")[0].split(/[._\d-]+/).filter(Boolean);
  return words.map((word) => word[0].toUpperCase() + word.slice(1)).join(" ");
}

export class Mailbox {
  /** `onNews()` is called for every mail to a customer, `onWritten()` for every one of the visitor. */
  constructor({ onNews, onWritten }) {
    Object.assign(this, { onNews, onWritten });
    this.answers = null;
    this.names = new Map([[FIRST.address, FIRST.name]]);
    this.typed = false;
    /** The number of the last mail event; `null` until the current number has been fetched. */
    this.heard = null;
    this.catchUp = new CatchUp();
    this.known = h("datalist", { id: "mail-addresses" });
    this.name = h("input", { class: "persona", "aria-label": "Customer's name", maxlength: 50, autocomplete: "off", value: FIRST.name, data: { testid: "mail-name" }, on: { input: () => { this.typed = true; } } });
    this.address = h("input", { class: "persona", type: "email", "aria-label": "Customer's address", maxlength: 100, autocomplete: "off", spellcheck: "false", value: FIRST.address, list: "mail-addresses", data: { testid: "mail-address" }, on: { change: () => {
      if (this.typed) this.remember();
      this.become(this.who);
    } } });
    this.subject = h("input", { class: "mail-subject", "aria-label": "Subject", placeholder: "Subject", maxlength: 80, data: { testid: "mail-subject" } });
    this.text = h("textarea", { class: "customer-text", rows: 3, dir: "auto", maxlength: 100_000, "aria-label": "Mail to the brand", data: { testid: "mail-text" } });
    this.chip = h("p", { class: "replying-chip", hidden: true });
    this.button = h("button", { type: "submit", class: "btn network", data: { testid: "mail-send" } }, "Send");
    this.form = h("form", { class: "customer", "aria-label": "Write a mail as a customer", novalidate: true, on: { submit: (event) => {
      event.preventDefault();
      this.send();
    } } },
      h("div", { class: "persona-fields" }, h("span", { class: "eyebrow" }, "Write to the brand as"),
        h("div", { class: "persona-row" }, this.name, h("label", { class: "at" }, this.address)), this.known),
      this.chip, this.subject, this.text, h("div", { class: "customer-foot end" }, this.button));
    this.list = h("div", { class: "mails", role: "feed", "aria-label": "Mails, newest first", data: { testid: "mails" } });
    this.node = h("div", { class: "pane mailbox", data: { testid: "mailbox" } },
      h("header", { class: "pane-head" }, h("h2", {}, icon("mail"), "Mailbox"), this.topic = h("p", { class: "topic" })),
      this.form, h("div", { class: "message-list" }, h("div", { class: "scroller", tabindex: "0" }, this.list)));
    this.fresh();
  }

  get who() {
    return this.address.value.trim().toLowerCase();
  }

  get customer() {
    return { name: this.name.value.trim() || this.who };
  }

  /** Keep the typed name with its address. */
  remember() {
    this.names.set(this.who, this.name.value.trim());
    this.typed = false;
  }

  /** Open this mailbox, with the name that was last used with it. */
  become(address) {
    this.address.value = address;
    this.name.value = this.names.get(address) || nameOf(address);
    this.typed = false;
    this.load();
  }

  async load() {
    const asked = this.who;
    this.fresh();
    await this.catchUp.read(() => api.mailbox(asked), (answer) => asked === this.who && this.show(answer)).catch(complain);
  }

  show({ brand, addresses, mails, last }) {
    this.topic.textContent = `What ${this.who} gets`;
    this.text.placeholder = `To ${brand} …`;
    this.known.replaceChildren(...addresses.map((value) => h("option", { value })));
    this.list.replaceChildren(...mails.map((mail, index) => this.draw(mail, index === 0)));
    if (!mails.length) this.list.append(h("p", { class: "empty" }, "Nothing yet. Write to the brand, or leave this address where it asks for one."));
    if (this.heard !== null && last.number > this.heard) this.receive(last);
    this.heard = Math.max(this.heard ?? 0, last.number);
  }

  /** Handle a new mail; its mailbox is opened unless something is being written. */
  receive({ address, number }) {
    this.heard = number;
    this.onNews();
    if (address === this.who) this.load();
    else if (!this.text.value) this.become(address);
  }

  draw(mail, open) {
    const answer = h("button", { type: "button", class: "post-action", "aria-label": `Answer ${mail.from.name}`, on: { click: () => this.answer(mail) } }, icon("reply"), "Reply");
    return h("details", { class: "mail", open, data: { mail: mail.uid } },
      h("summary", {}, h("b", { class: "mail-from", dir: "auto" }, mail.from.name), h("span", { class: "mail-time" }, timeNode(mail.at, "{time}")),
        h("span", { class: "mail-title", dir: "auto" }, mail.subject)),
      h("p", { class: "mail-text", dir: "auto" }, mailed(mail.text.trim())),
      mail.files.map((name) => h("p", { class: "hint" }, `With ${name}`)), answer);
  }

  answer(mail) {
    this.answers = mail.uid;
    this.subject.hidden = true;
    this.chip.hidden = false;
    this.chip.replaceChildren(h("span", { dir: "auto" }, "Answering ", h("b", {}, mail.subject)),
      h("button", { type: "button", class: "plain", "aria-label": "Do not answer; write a new mail", on: { click: () => this.fresh() } }, icon("close")));
    this.text.focus();
  }

  fresh() {
    this.answers = null;
    this.subject.hidden = false;
    this.chip.hidden = true;
  }

  async send() {
    if (!this.text.value.trim() || this.button.getAttribute("aria-busy")) {
      this.text.focus();
      return;
    }
    this.button.setAttribute("aria-busy", "true");
    try {
      this.remember();
      await api.write({ address: this.who, name: this.name.value.trim(), subject: this.subject.value.trim(), text: this.text.value, answers: this.answers ?? undefined });
      this.onWritten();
      this.text.value = "";
      this.subject.value = "";
      this.fresh();
    } catch (error) {
      complain(error);
    } finally {
      this.button.removeAttribute("aria-busy");
    }
  }
}
