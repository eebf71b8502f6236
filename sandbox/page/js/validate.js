/** Validate a view as Slack's own client does before it submits: `{block_id: message}` per invalid field. */

const isEmpty = (state) => Object.entries(state).every(([key, value]) => key === "type" || value === null || value === "" || (Array.isArray(value) && !value.length));

export function problems(view, values) {
  const found = {};
  for (const block of view.blocks.filter((each) => each.type === "input")) {
    const state = values[block.block_id]?.[block.element.action_id];
    if (!state) continue;
    const problem = isEmpty(state) ? !block.optional && "Please complete this required field." : wrong(block.element, state.value);
    if (problem) found[block.block_id] = problem;
  }
  return found;
}

function wrong(element, value) {
  if (typeof value !== "string") return null;
  if (element.min_length && value.length < element.min_length) return `Please write at least ${element.min_length} characters.`;
  if (element.type === "email_text_input" && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) return "Please enter a valid e-mail address.";
  if (element.type === "url_text_input" && !/^https?:\/\/\S+\.\S+/.test(value) && !/^https?:\/\/localhost/.test(value)) return "Please enter a valid link.";
  return element.type === "number_input" ? wrongNumber(element, value) : null;
}

function wrongNumber(element, value) {
  const number = Number(value);
  if (Number.isNaN(number)) return "Please enter a number.";
  if (!element.is_decimal_allowed && !Number.isInteger(number)) return "Please enter a whole number.";
  if (element.min_value !== undefined && number < Number(element.min_value)) return `Please enter ${element.min_value} or more.`;
  if (element.max_value !== undefined && number > Number(element.max_value)) return `Please enter ${element.max_value} or less.`;
  return null;
}
