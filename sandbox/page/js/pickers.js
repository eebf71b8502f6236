/** Date and time pickers, using the browser's own. */

import { confirmed } from "./confirm.js";
import { h } from "./dom.js";
import { bind } from "./fields.js";

const two = (number) => String(number).padStart(2, "0");

/** Convert seconds since the epoch to a `datetime-local` value, in the browser's time zone. */
function localMinute(seconds) {
  const at = new Date(seconds * 1000);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

const same = (value) => value;
const KINDS = {
  datepicker: { input: "date", key: "selected_date", initial: "initial_date", show: same, parse: same },
  timepicker: { input: "time", key: "selected_time", initial: "initial_time", show: same, parse: same },
  datetimepicker: {
    input: "datetime-local", key: "selected_date_time", initial: "initial_date_time",
    show: localMinute, parse: (value) => Math.floor(new Date(value).getTime() / 1000),
  },
};

export function picker(item, slot) {
  const { input, key, initial, show, parse } = KINDS[item.type];
  const start = item[initial] ? show(item[initial]) : "";
  const node = h("input", { type: input, class: "field picker", value: start, data: slot.data, "aria-label": slot.label });
  const read = () => ({ type: item.type, [key]: node.value ? parse(node.value) : null });
  let before = node.value;
  node.addEventListener("change", async () => {
    if (!slot.speaks) return;
    if (!(await confirmed(item.confirm, slot.people))) {
      node.value = before;
      return;
    }
    before = node.value;
    await slot.send(node, { [key]: read()[key] });
  });
  return bind(node, { read, write: (state) => { node.value = state[key] ? show(state[key]) : ""; } });
}
