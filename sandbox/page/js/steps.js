/** Which step of the guide somebody has just done: each is known by what was pressed, said or sent for it, and by nothing else. */

const PRESSED = [["claim", /^claim\b/i], ["answer", /^answer\b/i], ["move", /^move to\b/i]];

/** Everything typed in a form, from Slack's `state.values`. */
const typed = (values) => Object.values(values).flatMap((block) => Object.values(block)).map(({ value }) => value?.trim?.()).filter(Boolean);

export class Steps {
  constructor(guide) {
    this.guide = guide;
    this.form = null;
    this.answers = [];
  }

  /** A button of a card: what it opens, if anything, is for this. */
  pressed({ text }) {
    this.form = PRESSED.find(([, words]) => words.test(text?.text ?? ""))?.[0] ?? null;
    if (this.form !== "move") this.guide.did(this.form);
  }

  /** A form was sent; what it says will be seen later. */
  submitted(values) {
    if (this.form === "answer") this.answers.push(...typed(values));
  }

  /** A form that was sent is away: the app took it. */
  taken() {
    if (this.form === "move") this.guide.did("move");
  }

  /** The brand posted: an answer from here, or anything else of its own. */
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
