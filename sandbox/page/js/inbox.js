/** A customer's direct messages with the brand, and a composer to write as them. */

import { network as api } from "./api.js";
import { CatchUp } from "./catchup.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { linked } from "./linked.js";
import { face } from "./people.js";
import { Picture } from "./picture.js";
import { timeNode } from "./time.js";
import { complain } from "./toast.js";

const seconds = (message) => new Date(message.created_at).getTime() / 1000;

export class Inbox {
  /** `onNews()` is called for every message of the brand, `onWritten()` for every one of the visitor. */
  constructor({ onNews, onWritten }) {
    Object.assign(this, { onNews, onWritten });
    this.people = new Map();
    this.brand = { name: "Acme", username: "acme" };
    this.customer = null;
    this.catchUp = new CatchUp();
    this.picture = new Picture("inbox-file");
    this.who = h("select", { class: "field inbox-who", "aria-label": "Whose messages", data: { testid: "inbox-customer" }, on: { change: () => this.become(this.people.get(this.who.value)) } });
    this.open = h("input", { type: "checkbox", data: { testid: "inbox-open" }, on: { change: () => this.letIn() } });
    this.list = h("ol", { class: "letters", "aria-label": "Messages, oldest first", data: { testid: "inbox-letters" } });
    this.scroller = h("div", { class: "scroller letters-scroller", tabindex: "0", role: "region", "aria-label": "Conversation" }, this.list);
    this.text = h("textarea", { class: "customer-text", rows: 2, dir: "auto", maxlength: 10_000, placeholder: "Write to the brand …", "aria-label": "Message to the brand", data: { testid: "inbox-text" } });
    this.button = h("button", { type: "submit", class: "btn network", data: { testid: "inbox-send" } }, "Send");
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) this.form.requestSubmit();
    });
    this.form = h("form", { class: "customer", "aria-label": "Write to the brand as this customer", on: { submit: (event) => {
      event.preventDefault();
      this.send();
    } } }, this.text, this.picture.chip, h("div", { class: "customer-foot" }, this.picture.button, this.button));
    this.node = h("div", { class: "pane inbox", data: { testid: "inbox" } },
      h("header", { class: "pane-head" }, h("h2", {}, icon("send"), "Direct messages"), h("p", { class: "topic" }, "One customer's inbox")),
      h("div", { class: "inbox-head" }, this.who, h("label", { class: "choice" }, this.open, h("span", {}, "Takes messages from everybody"))),
      this.scroller, this.form);
    this.draw([]);
  }

  /** Add a customer to the selection. */
  meet(person) {
    if (!person || person.username === this.brand.username || this.people.has(person.username)) return;
    this.people.set(person.username, person);
    this.who.append(h("option", { value: person.username }, `${person.name} @${person.username}`));
    if (!this.customer) this.become(person);
  }

  /** Show this customer's conversation. */
  become(person) {
    if (!person) return;
    this.meet(person);
    this.customer = person;
    this.who.value = person.username;
    this.load();
  }

  async load() {
    const asked = this.customer;
    await this.catchUp.read(() => api.inbox(asked?.username ?? ""), (answer) => {
      for (const person of answer.customers) this.meet(person);
      if (asked !== this.customer) return;
      this.brand = answer.brand;
      this.open.checked = answer.open;
      this.draw(answer.messages);
    }).catch(complain);
  }

  draw(messages) {
    this.list.replaceChildren(...messages.map((message) => this.letter(message)));
    if (!messages.length) this.list.append(h("li", { class: "empty" }, "Nothing yet. Write to the brand, or wait for its message."));
    this.toEnd();
  }

  /** Handle a new message of either side. */
  receive(message) {
    this.meet(message.customer);
    if (message.from_brand) {
      if (message.customer.username !== this.customer?.username && !this.text.value) this.become(message.customer);
      this.onNews();
    }
    this.catchUp.note(() => this.append(message));
  }

  opened({ customer, open }) {
    if (customer.username === this.customer?.username) this.open.checked = open;
  }

  append(message) {
    if (message.customer.username !== this.customer?.username || this.list.querySelector(`[data-letter="${message.id}"]`)) return;
    this.list.querySelector(".empty")?.remove();
    this.list.append(this.letter(message));
    this.toEnd();
  }

  letter(message) {
    const { from_brand: ours, customer } = message;
    return h("li", { class: ours ? "letter of-brand" : "letter", data: { letter: message.id } },
      ours && face(this.brand.name, this.brand.color, "tiny round brand"),
      h("div", { class: "letter-body" },
        h("span", { class: "unseen" }, `${ours ? this.brand.name : customer.name}: `),
        message.media.map((media) => h("img", { class: "letter-picture", src: `/ui/x/dm/media/${media.id}`, alt: media.name, on: { load: () => this.toEnd() } })),
        message.text && h("p", { class: "letter-text", dir: "auto" }, linked(message.text)),
        h("span", { class: "letter-time" }, timeNode(seconds(message), "{time}"))));
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  async letIn() {
    await api.letIn({ username: this.customer?.username, name: this.customer?.name, open: this.open.checked }).catch(complain);
  }

  async send() {
    if (!this.customer || this.button.getAttribute("aria-busy") || !(this.text.value.trim() || this.picture.chosen)) {
      this.text.focus();
      return;
    }
    this.button.setAttribute("aria-busy", "true");
    try {
      const { username, name } = this.customer;
      await api.write({ username, name, text: this.text.value, picture: this.picture.chosen ?? undefined });
      this.onWritten();
      this.text.value = "";
      this.picture.clear();
    } catch (error) {
      complain(error);
    } finally {
      this.button.removeAttribute("aria-busy");
      this.text.focus();
    }
  }
}
