// The script of the pages that Teams opens as dialogs: choosing what a tab leads to, and removing one. It contains that of tabs.
// Choosing works by links and forms alone; what Teams asks of such pages does not.
import * as app from 'teams/app';
import * as authentication from 'teams/authentication';
import * as pages from 'teams/pages';
import './tab.js';
import { connect, embedded, theme } from './host.js';
import { parse } from './parse.js';

const $ = (selector, from = document) => from.querySelector(selector);
const keep = () => $('#keep');
const ready = () => Boolean(keep()?.hasAttribute('data-ready'));
const outside = () => { for (const note of document.querySelectorAll('[data-outside]')) note.hidden = false; };
const choosing = Boolean($('#pick')) && !location.pathname.startsWith('/tab/');

let hosted = false;
let remember = false;
let saving;

// tell shows what went wrong where the person is looking.
function tell(text) {
  const trouble = $('#trouble');
  if (!trouble) return;
  trouble.textContent = text;
  trouble.hidden = !text;
}

// Save may be pressed when something has been chosen, and only once somebody listens.
function validity() {
  if (hosted && choosing) pages.config.setValidityState(ready());
}

// signIn gets a new session while the person goes on: Teams knows who sits there.
async function signIn() {
  try {
    const token = await authentication.getAuthToken();
    const answer = await window.fetch('/auth/teams', { method: 'POST', body: new URLSearchParams({ token, next: '/tab/settings' }) });
    return answer.ok;
  } catch {
    return false;
  }
}

async function post(address, body) {
  let answer = await window.fetch(address, { method: 'POST', body });
  if (answer.status === 401 && await signIn()) answer = await window.fetch(address, { method: 'POST', body });
  if (answer.ok) return answer;
  throw new Error($('.message p', parse(await answer.text()))?.textContent.trim() || String(answer.status));
}

// spot is where in Teams the tab will stand. It proves nothing, and gives nobody a right.
async function spot() {
  const { channel, team, chat, meeting } = await app.getContext();
  const at = { channel: channel?.id, team: team?.internalId, group: team?.groupId ?? channel?.ownerGroupId, chat: chat?.id, meeting: meeting?.id };
  return Object.entries(at).filter(([, id]) => id);
}

// save keeps what was chosen, tells Teams what the tab is, and then that it is saved. Whoever presses twice saves once: Teams
// cannot tell one answer from another, so that it gets one.
async function save(event) {
  if (saving) return;
  saving = true;
  tell('');
  try {
    const body = new URLSearchParams(new FormData(keep()));
    if (remember) body.set('remember', '1');
    for (const [name, id] of await spot()) body.set(name, id);
    const settings = await (await post(keep().action, body)).json();
    await pages.config.setConfig(settings);
    event.notifySuccess();
  } catch (problem) {
    event.notifyFailure(problem.message);
    tell(problem.message);
  }
  saving = false;
}

async function remove(event) {
  try {
    await post('/remove', new URLSearchParams(new FormData($('#remove'))));
    event.notifySuccess();
  } catch (problem) {
    event.notifyFailure(problem.message); // The tab goes whatever is said here.
  }
}

// A tab that stands already is led elsewhere: its entity id says which pin it is.
async function existing() {
  const config = await pages.getConfig().catch(() => null);
  const pin = /^pin-1-([0-9a-f-]{36})$/.exec(config?.entityId ?? '')?.[1];
  const here = new URL(location.href);
  if (!pin || $('#pick')?.dataset.pin === pin) return false;
  here.searchParams.set('pin', pin);
  here.searchParams.delete('target');
  location.replace(here);
  return true;
}

if (!embedded) outside();
else if (choosing || $('[data-remove]')) {
  connect().then(async () => {
    if ($('[data-remove]')) {
      pages.config.registerOnRemoveHandler(remove);
      pages.config.setValidityState(true);
      return;
    }
    pages.config.registerOnSaveHandler(save);
    hosted = true;
    if (!await existing()) validity();
  }).catch(outside);
}

// What follows saves round trips: a look at something else replaces only what it changes.
let control;
let timer;

async function look(url, regions, from) {
  control?.abort();
  const mine = (control = new AbortController());
  url.searchParams.set('theme', theme());
  const piece = new URL(url);
  piece.pathname += '/panel';
  for (const id of regions) document.getElementById(id)?.setAttribute('aria-busy', 'true');
  let page;
  try {
    const answer = await window.fetch(piece, { signal: mine.signal, redirect: 'error' });
    page = answer.ok && parse(await answer.text());
  } catch {
    if (mine.signal.aborted) return;
  }
  if (!page || !$('#pick', page)) {
    location.assign(url);
    return;
  }
  const key = from?.dataset.key;
  const scrolled = $('.results')?.scrollTop;
  for (const id of regions) {
    const next = page.getElementById(id);
    if (next) document.getElementById(id)?.replaceWith(document.importNode(next, true));
  }
  history.replaceState(null, '', url);
  const box = $('input[name=remember]');
  if (box) box.checked = remember;
  if (scrolled && regions[0] !== 'pick' && $('.results')) $('.results').scrollTop = scrolled;
  if (key && document.activeElement === document.body) $(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
  const text = $('#found')?.dataset.said;
  if (text) $('#said').textContent = text;
  if (key && /^[rvo]-/.test(key) && innerWidth < 720) $('#chosen').scrollIntoView({ block: 'nearest' });
  validity();
}

function send(form, from) {
  clearTimeout(timer);
  const url = new URL(form.action);
  url.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  look(url, form.dataset.look.split(' '), from);
}

if ($('#pick')) {
  const typed = $('[data-search] input[type=search]');
  if (typed && typed.value !== typed.defaultValue) send(typed.form, typed); // while this script was still on its way
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest?.('a[data-look]');
    if (!link) return;
    event.preventDefault();
    look(new URL(link.href), link.dataset.look.split(' '), link);
  });
  document.addEventListener('submit', (event) => {
    if (!event.target.matches('form[data-look]')) return;
    event.preventDefault();
    send(event.target, event.submitter ?? document.activeElement);
  });
  document.addEventListener('input', (event) => {
    const field = event.target;
    if (field.name === 'remember') remember = field.checked;
    if (!field.matches('[data-search] input[type=search]')) return;
    clearTimeout(timer);
    timer = setTimeout(() => send(field.form, field), 350);
  });
  document.addEventListener('change', (event) => {
    if (!event.target.matches('[data-now]')) return;
    const app = event.target.name === 'org' && event.target.form.elements.app;
    if (app) app.disabled = true; // it is of the organization before
    send(event.target.form, event.target);
  });
}
