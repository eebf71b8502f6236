/** What the visitor may do with a customer's post: edit it, as X allows for half an hour, or delete it. */

import { network as api } from "./api.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { menu } from "./popover.js";
import { complain } from "./toast.js";

/** `onEdit(post)` opens the form with the post's words. */
export function ownPostButton(post, onEdit) {
  const button = h("button", { type: "button", class: "post-action", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": `Edit or delete the post of ${post.author.name}`, on: { click: () => menu(button, [
    { label: "Edit…", note: "as its author, within 30 minutes", data: { post: "edit" }, act: () => onEdit(post) },
    { label: "Delete", note: "as its author; each post is looked up once a day, and then its card says so", data: { post: "delete" }, act: () => api.remove(post.id).catch(complain) },
  ], { label: "Post" }) } }, icon("more"));
  return button;
}
