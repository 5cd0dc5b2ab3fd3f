// What the Tab key reaches, in the order of the Tab key: parts are drawn where their slots are, whenever they came.
const stops = 'a[href],button,input:not([type=hidden]),select,summary,[tabindex="0"]';

export function reachable(from = document.body, found = []) {
  if (from.matches(stops) && !from.disabled && from.tabIndex >= 0 && from.checkVisibility()) found.push(from);
  const slotted = from.localName === 'slot' ? from.assignedElements() : [];
  for (const child of slotted.length ? slotted : (from.shadowRoot ?? from).children) reachable(child, found);
  return found;
}
