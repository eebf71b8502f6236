/** "Acting as": select the workspace user that the visitor acts as. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { menu } from "./popover.js";

/** `onChange(id)` is called with the selected user id. */
export function actingAs(people, onChange) {
  const { me } = people;
  const row = (user) => h("span", { class: "person" }, people.userAvatar(user.id, "small"), h("span", {}, h("b", {}, user.real_name), h("small", {}, user.title)));
  const button = h("button", { type: "button", class: "acting-as", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": `Acting as ${me.real_name}. Change`, data: { testid: "person-switcher", person: me.id } },
    people.userAvatar(me.id, "small"),
    h("span", { class: "acting-words" }, h("small", {}, "Acting as"), h("b", {}, me.real_name)), icon("chevron"));
  button.addEventListener("click", () => {
    const others = people.humans.map((user) => ({ label: row(user), note: user.id === me.id ? "you" : "", data: { person: user.id }, act: () => onChange(user.id) }));
    menu(button, others, { kind: "people", label: "Act as" });
  });
  return button;
}
