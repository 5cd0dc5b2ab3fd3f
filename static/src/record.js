// The script of a record's page. Everything works without it: it opens single fields for typing, sends forms without leaving the
// page, and keeps what was typed when something goes wrong. TeamsJS is in tab.js, which tells of itself by the event "hosted".
import { combos } from './record-lookup.js';
import { rich, counters } from './record-rich.js';
import { tabs, reveal } from './record-tabs.js';
import { confirmed, dialogs } from './record-dialog.js';
import { parse } from './parse.js';

const $ = (selector, from = document) => from.querySelector(selector);
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const record = () => $('article[data-record]');
const root = document.documentElement;

// What was in a field when it was opened, by its element; and the element that only shows it.
const before = new WeakMap();
const reading = new WeakMap();
let sending = false;
let leaving = false;

let host;
document.addEventListener('hosted', (event) => {
  host = event.detail;
  host.beforeUnload((ready) => {
    if (!dirty()) return false;
    leave().then((yes) => { if (yes) ready(); });
    return true;
  });
});

const named = (node) => all('[name]', node).filter((e) => !e.name.startsWith('_') && (!/checkbox|radio/.test(e.type) || e.checked)).map((e) => [e.name, e.value]);
const typed = (node) => JSON.stringify([named(node), all('[contenteditable]', node).map((e) => e.innerHTML)]);

function dirty() {
  if (sending) return false;
  const form = $('form[data-guard]');
  if (form?.hasAttribute('data-changed')) return true;
  return all(form ? '[data-column]' : '.steps [data-column]').some((node) => before.has(node) && before.get(node) !== typed(node));
}

const leave = () => confirmed(record().dataset.unsaved, record().dataset.leave, record().dataset.stay);

// equip makes ready whatever has just come into the page.
function equip(from) {
  combos(from);
  rich(from);
  counters(from);
  for (const node of all('[data-column]', from)) {
    if ($('[name]', node)) before.set(node, typed(node));
  }
}

function arrive(from) {
  tabs(from);
  equip(from);
  from.querySelectorAll('[data-await]').forEach((section) => seen.observe(section));
  document.dispatchEvent(new CustomEvent('arrived', { detail: from }));
}

// Lists below the fold, or on a tab that is not open, are asked for when they come into sight.
const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    const link = $('a[data-swap]', target);
    if (link) {
      link.dataset.quiet = '';
      link.click();
    }
  }
}, { rootMargin: '200px' });

// show puts another drawing of the record into the page; lists that are there already stay.
function show(next) {
  const old = record();
  for (const section of all('section[data-await]', next)) {
    if (section.dataset.part === next.dataset.stale) continue;
    const mine = $(`section[data-part="${CSS.escape(section.dataset.part)}"]:not([data-await])`, old);
    if (mine) section.replaceWith(mine);
  }
  const tab = $('[data-tabs] [aria-selected="true"]', old)?.dataset.tab;
  old.replaceWith(next);
  arrive(next);
  if (tab && !$('#problems', next)) reveal($(`[data-leaf="${CSS.escape(tab)}"]`, next));
  document.title = next.dataset.title + document.title.slice(document.title.lastIndexOf(' · '));
}

let parsed;
async function editable() {
  if (parsed?.of === record()) return parsed.page;
  const response = await window.fetch(record().dataset.editUrl, { redirect: 'error' });
  const page = parse(await response.text());
  if (!response.ok || !$('article[data-record]', page)) throw new Error(response.status);
  parsed = { of: record(), page };
  return page;
}


// open makes one field an input, or with "1" all of them. Whatever goes wrong, the link is simply followed.
async function open(link) {
  let page;
  try {
    page = await editable();
  } catch {
    location.assign(link.href);
    return;
  }
  const wanted = $('article[data-record]', page);
  const column = link.dataset.edit;
  const node = column && link.closest('[data-column]');
  const fresh = node && $(`[data-control="${CSS.escape(node.dataset.control)}"]:has([name])`, wanted);
  if (!fresh) {
    show(document.importNode(wanted, true));
    focusOn(column ? `[data-column="${CSS.escape(column)}"]:has([name])` : 'form + .sheet [data-column]:has([name])');
    parsed = undefined;
    return;
  }
  if (!$('form[data-guard]')) {
    $('.sheet').before(document.importNode($('form[data-guard]', wanted), true));
    const bar = document.importNode($('.savebar', wanted), true);
    bar.dataset.inPlace = '';
    $('.sheet').after(bar);
  }
  const input = document.importNode(fresh, true);
  reading.set(input, node);
  node.replaceWith(input);
  equip(input.parentElement);
  before.set(input, typed(input));
  focusOn(input);
}

function focusOn(where) {
  const node = typeof where === 'string' ? $(where) : where;
  const target = node && $('input:not([type=hidden]):not([hidden]),select,textarea:not([hidden]),[contenteditable]', node);
  if (!target) return;
  reveal(node);
  target.focus();
  if (target.matches('input[type=text],input[type=email],input[type=tel],input[type=url]')) target.select();
}

// close gives up what was typed into one field.
function close(input) {
  const node = reading.get(input);
  if (!node) return false;
  input.replaceWith(node);
  $('.pencil', node)?.focus();
  if (!all('[data-column]').some((n) => reading.has(n))) closeAll();
  return true;
}

function closeAll() {
  for (const input of all('[data-column]')) {
    const node = reading.get(input);
    if (node) input.replaceWith(node);
  }
  $('form[data-guard]')?.remove();
  $('.savebar')?.remove();
}

document.addEventListener('click', async (event) => {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest?.('a[href]');
  if (link?.matches('[data-edit]')) {
    event.preventDefault();
    open(link);
  } else if (link?.matches('[data-cancel]') && $('.savebar[data-in-place]')) {
    event.preventDefault();
    if (!dirty() || await leave()) closeAll();
  } else if (link && !link.matches('[data-swap],[data-dialog],[download]') && link.target !== '_blank' && dirty()) {
    const url = new URL(link.href);
    if (url.pathname + url.search === location.pathname + location.search && url.hash) return;
    event.preventDefault();
    if (await leave()) {
      leaving = true;
      location.assign(link.href);
    }
  } else if (!link && !event.target.closest('button,input,select,textarea,label,summary,dialog') && String(getSelection()) === '') {
    const pencil = $('.pencil[data-edit]', event.target.closest('.f > .v') ?? document.createElement('i'));
    if (pencil) open(pencil);
  }
});

document.addEventListener('click', (event) => {
  const problem = event.target.closest?.('#problems a[href^="#"]');
  if (!problem) return;
  const target = document.getElementById(problem.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  const folded = target.closest('details');
  if (folded) folded.open = true;
  reveal(target);
  (target.matches('fieldset') ? $('input:not([type=hidden]):not([hidden]),select', target) ?? target : target).focus();
});

document.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 's') {
    event.preventDefault();
    const form = $('dialog[open] form') ?? $('form[data-guard]');
    form?.requestSubmit();
  }
  if (event.key !== 'Escape' || event.defaultPrevented) return;
  const menu = $('details.menu[open],.stage details[open]');
  const input = event.target.closest?.('[data-column]');
  if (menu) {
    menu.open = false;
    $('summary', menu).focus();
  } else if (input && close(input)) {
    event.preventDefault();
  }
});

document.addEventListener('pointerdown', (event) => {
  for (const menu of all('details.menu[open],.stage details[open]')) {
    if (!menu.contains(event.target)) menu.open = false;
  }
}, true);

addEventListener('beforeunload', (event) => {
  if (!leaving && dirty()) event.preventDefault();
});

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented || !record() || !form.matches('form[data-guard],form[data-post]')) return;
  event.preventDefault();
  if (!sending) send(form, event.submitter);
});

// send posts a form and puts the answer where it belongs. Until there is an answer, everything stays as it is.
async function send(form, submitter) {
  const url = new URL(form.action);
  url.searchParams.set('panel', '1');
  url.searchParams.set('theme', root.dataset.theme);
  const data = new FormData(form, submitter);
  // What is typed into the sheet and into the steps of a stage is saved together.
  const other = { record: 'stage', stage: 'record' }[form.id];
  const beside = other && document.getElementById(other);
  if (beside?.matches('[data-guard],[data-post]')) {
    const own = new Set(data.keys());
    for (const [name, value] of new FormData(beside)) if (!own.has(name)) data.append(name, value);
  }
  const body = form.enctype === 'multipart/form-data' ? data : new URLSearchParams(data);
  sending = true;
  const buttons = all(`button[form="${CSS.escape(form.id)}"],[data-key=save]`).concat(all('button', form));
  for (const button of buttons) button.setAttribute('aria-disabled', 'true');
  form.setAttribute('aria-busy', 'true');
  try {
    let response = await window.fetch(url, { method: 'POST', body });
    if (response.status === 401 && await signIn()) response = await window.fetch(url, { method: 'POST', body });
    sending = false;
    take(response, parse(await response.text()), form);
  } catch {
    sending = false;
    tell(record().dataset.unreached, form);
  } finally {
    form.removeAttribute('aria-busy');
    for (const button of buttons) button.removeAttribute('aria-disabled');
  }
}

function take(response, page, form) {
  const dialog = form.closest('dialog');
  const inner = $('[data-dialog-body]', page);
  if (inner && dialog) {
    dialog.replaceChildren(document.importNode(inner, true));
    equip(dialog);
    ($('[aria-invalid]', dialog) ?? $('h1', dialog)).focus();
    return;
  }
  const next = $('article[data-record]', page);
  if (next) {
    dialog?.close();
    parsed = undefined;
    if (next.dataset.record && next.dataset.record !== record().dataset.record || next.dataset.elsewhere) {
      leaving = true;
    }
    show(document.importNode(next, true));
    if (next.dataset.path && !record().closest('[data-beside]')) history.replaceState(null, '', next.dataset.path);
    const outcome = $('#problems') ?? $('#outcome');
    outcome?.focus();
    outcome?.scrollIntoView({ block: 'nearest' });
    return;
  }
  const gone = $('[data-leads]', page);
  if (gone) {
    leaving = true;
    location.assign(gone.dataset.leads);
    return;
  }
  const said = $('.message p', page)?.textContent.trim();
  tell(response.status === 401 ? record().dataset.signedOut : said || record().dataset.unreached, form, response.status === 401);
}

// tell says above the form what went wrong; nothing that was typed is touched.
function tell(text, form, signIn) {
  $('#told')?.remove();
  const banner = document.createElement('div');
  banner.id = 'told';
  banner.className = 'banner danger';
  banner.setAttribute('role', 'alert');
  banner.tabIndex = -1;
  const words = document.createElement('div');
  words.textContent = text;
  banner.append(words);
  if (signIn) {
    const link = document.createElement('a');
    link.className = 'button';
    link.href = '/auth/start?next=%2Ftab%2Fsettings';
    link.target = '_blank';
    link.rel = 'noopener';
    link.textContent = record().dataset.signIn;
    banner.append(link);
  }
  (form.closest('dialog') ? form : $('.sheet') ?? form).before(banner);
  banner.focus();
}

// signIn gets a new session while the person goes on: Teams knows who sits there.
async function signIn() {
  try {
    const token = await host.token();
    const answer = await window.fetch('/auth/teams', { method: 'POST', body: new URLSearchParams({ token, next: '/tab/settings' }) });
    return answer.ok;
  } catch {
    return false;
  }
}

// The list page shows records beside the list, one after the other.
document.addEventListener('beside', ({ detail }) => {
  parsed = undefined;
  arrive(detail);
});
document.addEventListener('leave', async ({ detail }) => {
  if (!dirty() || await leave()) detail();
});
dialogs(equip, async () => {
  if (!dirty()) return true;
  const yes = await leave();
  if (yes && $('.savebar[data-in-place]')) closeAll();
  return yes;
});
if (record()) arrive(record());
else equip(document);
const outcome = $('#problems') ?? $('#outcome');
outcome?.focus();
