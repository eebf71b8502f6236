/** A customer's phone: a frame that shows the brand's page of a link. */

import { h } from "./dom.js";
import { icon } from "./icons.js";

export class Phone {
  /** `onOpened()` is called for every page that is opened. */
  constructor(onOpened) {
    this.onOpened = onOpened;
    this.whose = h("p", { class: "topic" }, "One customer's phone");
    this.screen = h("div", { class: "phone-screen" }, h("p", { class: "empty" }, "Nothing is open. Follow the brand's link to its chat, in a post or a message, and it opens here."));
    this.node = h("div", { class: "pane phone", data: { testid: "phone" } },
      h("header", { class: "pane-head" }, h("h2", {}, icon("phone"), "Phone"), this.whose),
      this.screen);
  }

  /** Open an address, as this customer where known. */
  open(address, person) {
    const whose = person ? `${person.name}’s phone` : "One customer’s phone";
    this.whose.textContent = whose;
    this.screen.replaceChildren(h("iframe", { class: "phone-page", src: address, title: whose, allow: "clipboard-write", referrerpolicy: "no-referrer" }));
    this.onOpened();
  }
}
