// The script of the connection check: that of every tab page, and the steps that only a browser can test. It chooses among
// the sentences that the page brings, and nothing of a token or of an error goes into the page.
import './tab.js';
import * as app from 'teams/app';
import * as authentication from 'teams/authentication';
import { $, connect, embedded } from './host.js';

const patience = 8000; // ms
const report = $('#report');

// word keeps what a host calls itself to what a name may be.
const word = (text) => String(text ?? '?').replace(/[^\w .-]/g, '').slice(0, 40) || '?';

const within = (promise) => Promise.race([promise, new Promise((_, reject) => setTimeout(reject, patience, new Error('late')))]);

function found(step, outcome, values = {}) {
  const box = $(`[data-browser="${step}"]`);
  const chosen = $(`template[data-outcome="${outcome}"]`, box);
  const text = chosen.content.textContent.trim().replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
  $('[data-text]', box).textContent = text;
  $('[data-label]', box).textContent = chosen.dataset.label;
  box.dataset.verdict = chosen.dataset.verdict;
  return `[${chosen.dataset.label}] ${$('h3', box).textContent}: ${text}`;
}

async function host() {
  if (!embedded) return [found('host', 'alone'), found('token', 'alone')];
  let lines;
  try {
    await within(connect());
    const { host: client, theme } = (await within(app.getContext())).app;
    lines = [found('host', 'good', { host: word(client.name), client: word(client.clientType), theme: word(theme) })];
  } catch {
    return [found('host', 'silent'), found('token', 'silent')];
  }
  try {
    const token = await within(authentication.getAuthToken());
    if (!token) throw new Error('none');
    return [...lines, found('token', 'good')];
  } catch {
    return [...lines, found('token', 'refused')];
  }
}

async function ask() {
  const before = Date.now();
  const response = await within(window.fetch('/tab/check/browser', { method: 'POST', redirect: 'error' }));
  if (!response.ok) throw new Error('refused');
  const answer = await response.json();
  return { ...answer, ahead: Math.round(((before + Date.now()) / 2 - answer.now) / 1000) };
}

// The server is asked twice: the first answer sets a cookie as a session's is, which the second question should bring back.
async function server() {
  try {
    await ask();
    const { cookie, ahead } = await ask();
    const seconds = Math.abs(ahead);
    return [found('cookie', cookie ? 'good' : 'blocked'), found('browser-clock', seconds > 60 ? 'differs' : 'good', { seconds })];
  } catch {
    return [found('cookie', 'unreachable'), found('browser-clock', 'unreachable')];
  }
}

const first = [found('script', 'good'), found('frame', embedded ? 'good' : 'alone')];
Promise.all([host(), server()]).then((rest) => {
  report.value += `\n${$('#here').textContent}\n${[...first, ...rest.flat()].join('\n')}\n`;
  report.dataset.whole = 'true';
});

const copy = $('#copy');
copy.hidden = false;
// Teams may not let a frame write to the clipboard, so the older way, which works on a selection, is tried too.
copy.addEventListener('click', async () => {
  const byHand = () => { report.select(); return document.execCommand('copy'); };
  const done = navigator.clipboard ? await navigator.clipboard.writeText(report.value).then(() => true, byHand) : byHand();
  $('#said').textContent = done ? copy.dataset.done : copy.dataset.byHand;
});
