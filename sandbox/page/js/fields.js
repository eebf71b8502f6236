/**
 * Read and restore form input, in Slack's `state.values` form.
 *
 * As in Slack, a field is identified by block id and action id: when a view is re-rendered, a field with the
 * same two keeps what was typed, whatever its new initial value says.
 */

const controls = new WeakMap();

/** Register a control: `read()` returns its `state.values` entry, `write(state)` restores one. */
export function bind(node, control) {
  controls.set(node, control);
  return node;
}

function all(root) {
  return [...root.querySelectorAll("[data-action-id]")]
    .filter((node) => controls.has(node))
    .map((node) => ({ node, control: controls.get(node), block: node.closest("[data-block-id]")?.dataset.blockId, action: node.dataset.actionId }));
}

export function readState(root) {
  const values = {};
  for (const { control, block, action } of all(root)) (values[block] ??= {})[action] = control.read();
  return values;
}

export function restoreState(root, values) {
  for (const { control, block, action } of all(root)) {
    const kept = values[block]?.[action];
    if (kept && kept.type === control.read().type) control.write(kept);
  }
}

const FOCUSABLE = "input, textarea, select, button";

/** Save the focus, the caret and the scroll position in `root`. */
export function readPlace(root, scroller) {
  const active = root.contains(document.activeElement) ? document.activeElement : null;
  const holder = active?.closest("[data-action-id]");
  return {
    top: scroller?.scrollTop ?? 0,
    block: active?.closest("[data-block-id]")?.dataset.blockId,
    action: holder?.dataset.actionId,
    nth: holder ? [holder, ...holder.querySelectorAll(FOCUSABLE)].indexOf(active) : -1,
    caret: typeof active?.selectionStart === "number" ? [active.selectionStart, active.selectionEnd] : null,
  };
}

export function restorePlace(root, scroller, place) {
  if (scroller) scroller.scrollTop = place.top;
  if (!place.action) return;
  const holder = all(root).map(({ node }) => node).concat([...root.querySelectorAll("[data-action-id]")])
    .find((node) => node.dataset.actionId === place.action && node.closest("[data-block-id]")?.dataset.blockId === place.block);
  const target = holder && [holder, ...holder.querySelectorAll(FOCUSABLE)][place.nth];
  target?.focus({ preventScroll: true });
  if (place.caret && target && "setSelectionRange" in target) {
    try { target.setSelectionRange(...place.caret); } catch { /* number and e-mail fields have no caret */ }
  }
}
