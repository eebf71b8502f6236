/** "What to try": onboarding steps, each ticked when done; can be dismissed permanently. */

import { h, memory } from "./dom.js";
import { icon } from "./icons.js";

const HIDDEN = "switchboard-guide-hidden";
const DONE = "switchboard-guide-done";
const STEPS = [
  ["card", "Wait for a card", "or post one as a customer, on the right"],
  ["claim", "Press Claim", "the case is now yours; others see it"],
  ["answer", "Press Answer…", "edit the suggestion and send it"],
  ["reply", "See the reply", "it appears in the public timeline"],
  ["move", "Move a case", "Move to… takes it to a private venue"],
  ["customer", "Be the customer", "in Inbox, Mail or Phone: write back"],
  ["private", "Answer in private", "in the thread, begin with @Switchboard"],
  ["command", "Type /mentions next", "it hands you the most urgent case"],
  ["correct", "Correct a card", "⋯, Details…, It is about…: the next such post is read right"],
  ["saved", "Type /mentions replies", "write a saved reply; it is suggested at once"],
  ["rule", "Break a rule", "answer “We will refund you.” and see what is asked"],
  ["person", "Act as somebody else", "top right; try to take a case over"],
];

export class Guide {
  constructor() {
    this.done = new Set((memory.get(DONE) ?? "").split(" ").filter(Boolean));
    this.node = h("details", { class: "guide", open: innerWidth > 760 && innerHeight > 640, data: { testid: "guide" } });
    if (memory.get(HIDDEN)) this.node.hidden = true;
    this.draw();
  }

  did(step) {
    if (this.done.has(step) || !STEPS.some(([name]) => name === step)) return;
    this.done.add(step);
    memory.set(DONE, [...this.done].join(" "));
    this.draw();
  }

  hide() {
    this.node.hidden = true;
    memory.set(HIDDEN, "yes");
  }

  draw() {
    const next = STEPS.find(([name]) => !this.done.has(name));
    this.node.replaceChildren(
      h("summary", {}, h("span", { class: "guide-title" }, "What to try"),
        h("span", { class: "guide-next" }, next ? `Next: ${next[1]}` : "You have seen the whole story."),
        h("span", { class: "guide-count" }, `${this.done.size} of ${STEPS.length}`),
        h("button", { type: "button", class: "plain", "aria-label": "Hide this guide", on: { click: (event) => {
          event.preventDefault();
          this.hide();
        } } }, icon("close"))),
      h("ol", { class: "guide-steps" }, STEPS.map(([name, what, more], index) =>
        h("li", { class: this.done.has(name) ? "done" : next?.[0] === name ? "next" : "", data: { step: name } },
          h("span", { class: "guide-mark" }, this.done.has(name) ? icon("check") : String(index + 1)),
          h("span", {}, h("b", {}, what), h("small", {}, more))))));
  }
}
