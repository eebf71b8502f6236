/** Detect completed guide steps, only from what was pressed, posted or submitted. */

const PRESSED = [["claim", /^claim\b/i], ["answer", /^answer\b/i], ["move", /^move to\b/i]];

/** Join everything typed in a form, from Slack's `state.values`. */
const typed = (values) => Object.values(values).flatMap((block) => Object.values(block)).map(({ value }) => value?.trim?.()).filter(Boolean);

export class Steps {
  constructor(guide) {
    this.guide = guide;
    this.form = null;
    this.answers = [];
  }

  /** Record a card's button; the form that it opens belongs to it. */
  pressed({ text }) {
    this.form = PRESSED.find(([, words]) => words.test(text?.text ?? ""))?.[0] ?? null;
    if (this.form !== "move") this.guide.did(this.form);
  }

  /** Record a submitted form; whether it was accepted is known later. */
  submitted(values) {
    if (this.form === "answer") this.answers.push(...typed(values));
  }

  /** A submitted form was closed: the app accepted it. */
  taken() {
    if (this.form === "move") this.guide.did("move");
  }

  /** The brand posted: an answer sent from here, or another post. */
  posted({ text }) {
    if (this.answers.some((answer) => text.includes(answer))) this.guide.did("reply");
  }

  said(text, bot) {
    if (text.trim().toLowerCase().startsWith(`@${bot}`.toLowerCase())) this.guide.did("private");
  }

  commanded(text) {
    if (/^\/mentions\s+next\b/i.test(text)) this.guide.did("command");
  }
}
