/** The form in which the visitor posts as a customer. */

import { network } from "./api.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { face } from "./people.js";
import { Picture } from "./picture.js";
import { complain } from "./toast.js";

const CUSTOMERS = [["Dana Petrova", "danapetrova"], ["Jonas Weber", "jonas_weber"], ["Amara Okeke", "amara_ok"], ["Lucía Ferrer", "luciaferrer"], ["Priya Nair", "priya_nair"]];
const EXAMPLES = [
  "@acme I was charged twice and the payment still says failed. Can somebody help?",
  "@acme is it just me or is everything down again?? nothing loads since 9",
  "@acme tercera vez que la app se come mi pago. ¿Hay alguien ahí?",
  "@acme honestly the new export is lovely. Thank you!",
  "@acme how do I change the address on my invoice?",
  "@acme <!channel> <script>alert(1)</script> *is this bold?* <https://evil.example|yourbank.com>",
];

/** Within it a post has a card, unless a flood keeps it back or the bot is away. */
const PATIENCE = 25_000;

const any = (list) => list[Math.floor(Math.random() * list.length)];

export class CustomerBox {
  constructor({ find }) {
    this.find = find;
    this.replyTo = this.edited = this.awaited = null;
    this.example = -1;
    this.picture = new Picture("customer-file");
    this.way = h("p", { class: "on-its-way", role: "status", hidden: true, data: { testid: "on-its-way" } });
    this.persona = h("span", { class: "persona-face" });
    this.name = h("input", { class: "persona", "aria-label": "Customer's name", maxlength: 50, autocomplete: "off", data: { testid: "customer-name" } });
    this.handle = h("input", { class: "persona", "aria-label": "Customer's handle", maxlength: 16, autocomplete: "off", spellcheck: "false", data: { testid: "customer-handle" } });
    this.text = h("textarea", { class: "customer-text", rows: 2, dir: "auto", maxlength: 25_000, placeholder: "@acme …", "aria-label": "What the customer posts", data: { testid: "customer-text" } });
    this.chip = h("p", { class: "replying-chip", hidden: true });
    this.button = h("button", { type: "submit", class: "btn network", data: { testid: "customer-post" } }, "Post");
    this.node = h("form", { class: "customer", "aria-label": "Post as a customer", data: { testid: "customer" }, on: { submit: (event) => {
      event.preventDefault();
      this.post();
    } } },
      h("div", { class: "customer-head" }, this.persona,
        h("div", { class: "persona-fields" }, h("span", { class: "eyebrow" }, "Post as a customer"),
          h("div", { class: "persona-row" }, this.name, h("label", { class: "at" }, "@", this.handle)))),
      this.chip, this.text, this.picture.chip,
      h("div", { class: "customer-foot" },
        h("button", { type: "button", class: "plain-link", data: { testid: "customer-example" }, on: { click: () => this.nextExample() } }, "Try an example"), this.picture.button, this.button), this.way);
    this.name.addEventListener("input", () => this.drawFace());
    this.handle.addEventListener("input", () => {
      if (this.handle.value.startsWith("@")) this.handle.value = this.handle.value.replace(/^@+/, "");
    });
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) this.node.requestSubmit();
    });
    this.be(...any(CUSTOMERS));
  }

  be(name, handle) {
    this.name.value = name;
    this.handle.value = handle;
    this.drawFace();
  }

  drawFace() {
    this.persona.replaceChildren(face(this.name.value || "?", undefined, "round"));
  }

  nextExample() {
    this.example = (this.example + 1) % EXAMPLES.length;
    this.text.value = EXAMPLES[this.example];
    this.text.focus();
  }

  /** Reply to a post: to the brand's as the customer it answered, to a customer's as the visitor's own. */
  answer(post) {
    const customer = post.from_brand && post.in_reply_to ? this.find(post.in_reply_to)?.author : null;
    if (customer) this.be(customer.name, customer.username);
    const text = post.from_brand || /@acme\b/i.test(post.text) ? "@acme " : "";
    this.fresh();
    this.replyTo = post.id;
    this.about("Replying to ", post, "Do not reply; post by itself");
    this.begin(text);
  }

  /** Change the words of a customer's post. */
  edit(post) {
    this.be(post.author.name, post.author.username);
    this.fresh();
    this.edited = post.id;
    this.about("Editing the post of ", post, "Leave the post as it is");
    this.button.textContent = "Save";
    this.begin(post.text);
  }

  about(words, post, otherwise) {
    this.chip.hidden = false;
    this.chip.replaceChildren(h("span", {}, words, h("b", {}, `@${post.author.username}`)),
      h("button", { type: "button", class: "plain", "aria-label": otherwise, on: { click: () => this.fresh() } }, icon("close")));
  }

  begin(text) {
    this.text.value = text;
    this.text.focus();
    this.text.setSelectionRange(text.length, text.length);
  }

  /** A message came in Slack: the post that is waited for may be in it. */
  seenInSlack(message) {
    if (!this.awaited || !JSON.stringify(message.blocks ?? "").includes(`status/${this.awaited}`)) return;
    this.awaited = null;
    this.way.textContent = "Your post is in Slack.";
    setTimeout(() => { if (!this.awaited) this.way.hidden = true; }, 6_000);
  }

  fresh() {
    this.replyTo = this.edited = null;
    this.button.textContent = "Post";
    this.chip.hidden = true;
  }

  async post() {
    if (!this.text.value.trim() || this.button.getAttribute("aria-busy")) {
      this.text.focus();
      return;
    }
    this.button.setAttribute("aria-busy", "true");
    try {
      if (this.edited) await network.edit(this.edited, this.text.value);
      else await this.send();
      this.text.value = "";
      this.picture.clear();
      this.fresh();
    } catch (error) {
      complain(error);
    } finally {
      this.button.removeAttribute("aria-busy");
    }
  }

  async send() {
    const posted = await network.post({
      name: this.name.value.trim(),
      username: this.handle.value.trim(),
      text: this.text.value,
      in_reply_to: this.replyTo ?? undefined,
      picture: this.picture.chosen ?? undefined,
    });
    this.awaited = /@acme\b/i.test(posted.text) ? posted.id : null;
    this.way.hidden = !this.awaited;
    this.way.textContent = "Your post is on its way: the bot reads X every ten seconds.";
    setTimeout(() => {
      if (this.awaited === posted.id) this.way.textContent = "Your post has no card yet. While many write at once, most wait on the board in #support.";
    }, PATIENCE);
  }
}
