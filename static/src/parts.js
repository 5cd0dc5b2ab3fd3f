// Links and forms inside a part replace that part alone. Whatever goes wrong, the link is simply followed: the server then
// answers the whole page, or the page that says what is the matter.
import { theme } from './host.js';
import { parse } from './parse.js';

const underWay = new Map();

export function parts(ready) {
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest?.('a[data-swap]');
    const section = link?.closest('section[data-part]');
    if (!section) return;
    event.preventDefault();
    swap(section, new URL(link.href.baseVal ?? link.href, location.href), link.dataset.key, ready, link.matches('.pick'), 'quiet' in link.dataset);
  });
  document.addEventListener('submit', (event) => {
    const form = event.target;
    const section = form.matches('form[data-swap]') && form.closest('section[data-part]');
    if (!section || event.defaultPrevented) return;
    event.preventDefault();
    const url = new URL(form.action);
    url.search = new URLSearchParams(new FormData(form));
    swap(section, url, document.activeElement?.dataset?.key, ready);
  });
}

// swap asks for the part in another state; quietly when nobody has asked for it but the page itself.
async function swap(section, address, key, ready, pick, quiet) {
  const part = section.dataset.part;
  underWay.get(part)?.abort();
  const control = new AbortController();
  underWay.set(part, control);
  section.setAttribute('aria-busy', 'true');
  address.searchParams.set('theme', theme());
  const url = new URL(address);
  url.pathname += '/part';
  let next;
  try {
    const response = await window.fetch(url, { signal: control.signal, redirect: 'error' });
    if (response.status !== 401) {
      const page = parse(await response.text());
      next = [...page.querySelectorAll('section[data-part]')].find((s) => s.dataset.part === part);
      if (next && !response.ok) next.querySelector('h2').replaceChildren(...section.querySelector('h2').cloneNode(true).childNodes);
    }
  } catch (problem) {
    if (problem.name === 'AbortError') return;
  }
  underWay.delete(part);
  if (!next) {
    if (quiet) section.removeAttribute('aria-busy');
    else location.assign(address);
    return;
  }
  const held = quiet && section.contains(document.activeElement) && place(document.activeElement);
  const hadFocus = !quiet && (section.contains(document.activeElement) || document.activeElement === document.body);
  section.replaceWith(next);
  ready(next);
  if (hadFocus) focus(next, key, pick);
  if (quiet) {
    if (held) (next.querySelector(held) ?? next.querySelector('h2'))?.focus({ preventScroll: true });
    document.dispatchEvent(new CustomEvent('refreshed', { detail: next }));
    return;
  }
  // A record beside a list has no say in the page's address.
  if (!next.closest('[data-beside]')) history.replaceState(null, '', next.dataset.path || address);
  document.getElementById('said').textContent = next.dataset.said || '';
}

// open shows the choices of a picker that has just come; a browser that wants a fresh click for that leaves it closed.
function open(picker) {
  try {
    picker.showPicker();
  } catch { /* it has the focus: one more key or click opens it */ }
}

// place finds the counterpart of what has the focus in a part that has come anew.
function place(element) {
  if (element.dataset.key) return `[data-key="${CSS.escape(element.dataset.key)}"]`;
  const row = element.closest('[data-row]')?.dataset.row;
  return row ? `[data-row="${CSS.escape(row)}"] th a` : 'h2';
}

function focus(section, key, opened) {
  const same = key && section.querySelector(`[data-key="${CSS.escape(key)}"]`);
  const target = same || section.querySelector('h2');
  target?.focus({ preventScroll: true });
  if (same?.matches('input')) same.setSelectionRange(same.value.length, same.value.length);
  if (same?.matches('select') && opened) open(same);
}
