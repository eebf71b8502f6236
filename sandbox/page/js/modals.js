/** The stack of modals: only the top one is shown; closing it shows the one below unchanged. */

import { Modal } from "./modal.js";
import { complain } from "./toast.js";

export class Modals {
  constructor(desk) {
    this.desk = desk;
    this.stack = [];
  }

  /** Open a modal and replace the whole stack. */
  open(view) {
    this.clear();
    this.push(view);
  }

  push(view) {
    if (this.update(view)) return;
    const modal = new Modal(view, {
      desk: this.desk,
      depth: this.stack.length,
      onSubmit: (values) => this.submit(modal, values),
      onClose: () => this.giveUp(modal),
    });
    this.stack.push(modal);
  }

  /** True when the view was on screen. */
  update(view) {
    const modal = this.find(view.id);
    modal?.show(view);
    return Boolean(modal);
  }

  /** Close a view that the app closed, and those above it. */
  closed(viewId) {
    const at = this.stack.findIndex((modal) => modal.view.id === viewId);
    if (at < 0) return;
    for (const modal of this.stack.splice(at).reverse()) modal.close();
  }

  errors(viewId, errors) {
    this.find(viewId)?.showErrors(errors);
  }

  find(viewId) {
    return this.stack.find((modal) => modal.view.id === viewId);
  }

  clear() {
    for (const modal of this.stack.splice(0).reverse()) modal.close();
  }

  async submit(modal, values) {
    const sent = modal.view;
    modal.sent = true;
    this.desk.steps.submitted(values);
    try {
      const answer = await this.desk.slack.submit(modal.view.id, values);
      modal.sent = !answer.errors;
      if (modal.sent) this.desk.steps.accepted(sent);
      return answer;
    } catch (error) {
      modal.sent = false;
      complain(error);
      return {};
    }
  }

  giveUp(modal) {
    this.closed(modal.view.id);
    this.desk.slack.close(modal.view.id).catch(complain);
  }
}
