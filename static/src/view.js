// The script of the list page. Everything works without it: where there is room, it opens the record of a row beside the list
// instead of on a page of its own.
import { parse } from './parse.js';

const $ = (selector, from = document) => from.querySelector(selector);
const beside = () => $('[data-beside]');
const room = matchMedia('(min-width: 1200px)');
let asked;

// mark shows which row's record stands beside the list, also in the address, so that it can be copied.
function mark(id) {
  for (const row of document.querySelectorAll('[data-row]')) {
    if (row.dataset.row === id) row.setAttribute('aria-current', 'true');
    else row.removeAttribute('aria-current');
  }
  const address = new URL(location.href);
  if (id) address.searchParams.set('id', id);
  else address.searchParams.delete('id');
  history.replaceState(null, '', address);
  // What the list is turned to next keeps the record beside it.
  for (const link of document.querySelectorAll('[data-part=list] a[data-swap]')) {
    const url = new URL(link.href);
    if (id) url.searchParams.set('id', id);
    else url.searchParams.delete('id');
    link.href = url;
  }
  for (const form of document.querySelectorAll('[data-part=list] form[data-swap]')) {
    let field = form.querySelector('input[name=id]');
    if (!id) field?.remove();
    else {
      if (!field) {
        field = document.createElement('input');
        field.type = 'hidden';
        field.name = 'id';
        form.append(field);
      }
      field.value = id;
    }
  }
}

function bar(address) {
  const line = $('.beside-bar');
  line.hidden = !address;
  if (address) $('[data-beside-page]', line).href = address;
}

const empty = () => beside().querySelectorAll(':scope > :not(.beside-bar)').forEach((e) => e.remove());

// present puts the record of a row beside the list. Whatever goes wrong, the link is simply followed.
async function present(link, id, quietly) {
  asked?.abort();
  asked = new AbortController();
  const to = new URL(link.href);
  const url = new URL(beside().dataset.panel, location.href);
  for (const name of ['table', 'id']) url.searchParams.set(name, to.searchParams.get(name));
  url.searchParams.set('theme', document.documentElement.dataset.theme);
  beside().setAttribute('aria-busy', 'true');
  let article;
  try {
    const response = await window.fetch(url, { signal: asked.signal, redirect: 'error' });
    if (response.ok) article = $('article[data-record]', parse(await response.text()));
  } catch (problem) {
    if (problem.name === 'AbortError') return;
  }
  beside().removeAttribute('aria-busy');
  if (!article) {
    location.assign(link.href);
    return;
  }
  empty();
  const next = document.importNode(article, true);
  beside().append(next);
  beside().scrollTop = 0;
  bar(link.href);
  mark(id);
  document.dispatchEvent(new CustomEvent('beside', { detail: next }));
  const heading = $('h1', next);
  heading.tabIndex = -1;
  if (!quietly) heading.focus({ preventScroll: true });
}

document.addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (event.target.closest?.('[data-beside-close]')) {
    const row = $('[data-row][aria-current] th a');
    document.dispatchEvent(new CustomEvent('leave', { detail: () => {
      empty();
      bar();
      mark();
      row?.focus();
    } }));
    return;
  }
  const link = event.target.closest?.('[data-row] th a');
  if (!link || !room.matches) return;
  event.preventDefault();
  present(link, link.closest('[data-row]').dataset.row);
});

document.addEventListener('keydown', (event) => {
  const menu = $('.listed details.menu[open]');
  if (event.key === 'Escape' && menu) {
    menu.open = false;
    $('summary', menu).focus();
  }
});
document.addEventListener('pointerdown', (event) => {
  const menu = $('.listed details.menu[open]');
  if (menu && !menu.contains(event.target)) menu.open = false;
}, true);

// What was changed beside the list changes in the list too.
document.addEventListener('arrived', ({ detail }) => {
  const link = $('[data-part=list] [data-key=refresh]');
  if (!link || !detail.closest('[data-beside]') || !$('#outcome', detail)) return;
  link.dataset.quiet = '';
  link.click();
});

// The record beside the list may have been closed while its list was on the way.
document.addEventListener('refreshed', () => {
  if (beside()) mark(new URL(location.href).searchParams.get('id'));
});

const shown = $('article[data-record]', beside() ?? document.createElement('i'));
if (shown?.dataset.path) bar(shown.dataset.path);
// A tab may want a record beside the list from the beginning.
const first = $('[data-row] th a');
if (!shown && first && room.matches && beside()?.matches('[data-first]')) present(first, first.closest('[data-row]').dataset.row, true);
