// The conversation with an app's bot.

import { ask, settings, withSettings } from './settings.js';
import { FrameLink, allows } from './frame.js';
import { contextOf } from './calls.js';
import { buttons, render } from './cards.js';
import { toHTML } from './markdown.js';
import { newFrame } from './tasks.js';
import { say } from './notice.js';

const page = JSON.parse(document.getElementById('chat').textContent);
const here = `/_host/conversations/${encodeURIComponent(page.id)}`;
const list = document.querySelector('[data-testid=messages]');
const scroll = list.parentElement;
const typing = document.querySelector('[data-testid=typing]');
const problem = document.querySelector('[data-testid=chat-problem]');
const composer = document.querySelector('[data-testid=composer]');
const field = composer.querySelector('textarea');
const place = { app: page.app, context: { locale: page.locale } };

let drawn = new Map(); // message id -> its JSON, so that only what changed is drawn again
let quiet = 0;

let busy = false;
let again = false;

// refresh asks for the conversation and draws it; one at a time, so that an older answer never replaces a newer one.
async function refresh() {
  again = true;
  if (busy) return;
  busy = true;
  try {
    while (again) {
      again = false;
      await reload();
    }
  } finally {
    busy = false;
  }
}

async function reload() {
  const answer = await fetch(withSettings(here));
  if (!answer.ok) {
    tell('This conversation is not there any more. Reload the page.');
    return;
  }
  const state = await answer.json();
  const nearEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
  const wanted = new Set(state.messages.map((m) => m.id));
  for (const line of [...list.children]) if (!wanted.has(line.dataset.id)) line.remove();
  let before = null;
  for (const message of state.messages) {
    const text = JSON.stringify(message);
    let line = list.querySelector(`[data-id="${CSS.escape(message.id)}"]`);
    if (!line || drawn.get(message.id) !== text) {
      const fresh = draw(message);
      if (line) line.replaceWith(fresh);
      else if (before) before.after(fresh);
      else list.prepend(fresh);
      line = fresh;
      drawn.set(message.id, text);
    }
    before = line;
  }
  drawn = new Map([...drawn].filter(([id]) => wanted.has(id)));
  document.querySelector('[data-testid=chat-empty]').hidden = state.messages.length > 0 || state.pending;
  typing.hidden = state.typingFor <= 0;
  clearTimeout(quiet);
  if (state.typingFor > 0) quiet = setTimeout(() => { typing.hidden = true; }, state.typingFor);
  if (nearEnd) scroll.scrollTop = scroll.scrollHeight;
}

function draw(message) {
  const line = document.createElement('li');
  line.dataset.id = message.id;
  line.dataset.from = message.from;
  line.className = 'message';
  const mine = message.from === 'person';
  const head = document.createElement('p');
  head.className = 'message-head';
  const who = document.createElement('strong');
  who.textContent = mine ? page.name : page.app.name;
  const when = document.createElement('time');
  when.dateTime = message.at;
  when.textContent = new Date(message.at).toLocaleTimeString(page.locale, { hour: '2-digit', minute: '2-digit' });
  head.append(who, ' ', when);
  const body = document.createElement('div');
  body.className = 'bubble';
  const activity = message.activity;
  if (activity.text) {
    const text = document.createElement('div');
    text.className = 'text';
    if (mine || activity.textFormat === 'plain') text.textContent = activity.text;
    else text.innerHTML = toHTML(activity.text.replace(/<br\s*\/?>/gi, '\n'));
    body.append(text);
  } else if (mine && activity.value !== undefined) {
    const sent = document.createElement('div');
    sent.className = 'text sent';
    sent.textContent = 'Sent from the card';
    body.append(sent);
  }
  for (const attachment of activity.attachments ?? []) {
    const card = document.createElement('div');
    card.className = 'card';
    card.append(render(attachment, (action) => act(action, message.id)));
    body.append(card);
  }
  line.append(head, body);
  if (activity.suggestedActions?.actions?.length) {
    line.append(buttons(activity.suggestedActions.actions, (action) => act(action, message.id)));
  }
  if (message.problem) {
    const trouble = document.createElement('p');
    trouble.className = 'not-sent';
    trouble.setAttribute('role', 'alert');
    const again = document.createElement('button');
    again.type = 'button';
    again.textContent = 'Retry';
    again.addEventListener('click', () => send({ again: message.id }));
    trouble.append('Not delivered. ' + message.problem + ' ', again);
    line.append(trouble);
  }
  return line;
}

function tell(sentence, retry = null) {
  problem.hidden = !sentence;
  problem.querySelector('[data-part=text]').textContent = sentence;
  const button = problem.querySelector('button');
  button.hidden = !retry;
  button.onclick = retry;
}

async function send(message) {
  try {
    const answer = await ask('POST', here + '/messages', { locale: page.locale, ...message });
    if (answer.reason) tell(answer.reason);
  } catch {
    tell('The message could not be sent. Is the sandbox still running?', () => { tell(''); send(message); });
  }
}

async function invoke(name, value, replyTo) {
  typing.hidden = false;
  try {
    const answer = await ask('POST', here + '/invoke', { name, value, replyTo, locale: page.locale });
    if (answer.problem || answer.reason) say(answer.problem || answer.reason);
    return answer;
  } catch {
    say('The action could not be sent. Is the sandbox still running?');
    return {};
  } finally {
    typing.hidden = true;
  }
}

// act does what a person chose on a card.
async function act(action, messageId) {
  switch (action.kind) {
    case 'say':
      return send({ text: action.text });
    case 'submit':
      return send({ value: action.value, text: action.text ?? '', replyTo: messageId });
    case 'open':
      if (/^https?:/i.test(action.url)) window.open(action.url, '_blank', 'noopener');
      return undefined;
    case 'execute':
      return shownAnswer(await invoke('adaptiveCard/action', { action: action.action, trigger: 'manual' }, messageId));
    case 'task':
      return openTask(await invoke('task/fetch', { data: action.data, context: { theme: settings.theme } }, messageId), messageId);
    case 'signin':
      return signIn(action.url);
  }
  return undefined;
}

function shownAnswer(answer) {
  const body = answer.body;
  if (typeof body?.value === 'string') say(body.value);
  else if (body?.type?.startsWith('application/vnd.microsoft.error')) say(body.value?.message || 'The bot could not do this.');
}

// openTask shows what a bot answers to task/fetch and task/submit: a card, a page of the app, a sentence, or nothing more.
function openTask(answer, messageId) {
  const task = answer.body?.task;
  const dialog = document.getElementById('task-dialog');
  if (!task) {
    dialog.close();
    return;
  }
  if (task.type === 'message') {
    dialog.close();
    say(String(task.value));
    return;
  }
  const { title, card, url } = task.value ?? {};
  const body = dialog.querySelector('[data-part=body]');
  dialog.querySelector('[data-part=title]').textContent = title || page.app.name;
  if (card) {
    body.replaceChildren(render(card, async (action) => {
      if (action.kind === 'submit') openTask(await invoke('task/submit', { data: action.value, context: { theme: settings.theme } }, messageId), messageId);
      else act(action, messageId);
    }));
  } else if (url && allows(page.app.domains, url)) {
    const frame = newFrame(title || page.app.name, url);
    const link = new FrameLink({
      target: () => frame.contentWindow,
      domains: page.app.domains,
      context: 'task',
      calls: {
        getContext: (_, reply) => reply(contextOf(place, 'task')),
        'tasks.completeTask': async ([result]) => openTask(await invoke('task/submit', { data: result, context: { theme: settings.theme } }, messageId), messageId),
      },
    });
    body.replaceChildren(frame);
    dialog.addEventListener('close', () => link.close(), { once: true });
  }
  if (!dialog.open) dialog.showModal();
}

// signIn opens the app's own sign-in page; the code that it hands over goes to the bot, which checks whose it is.
function signIn(url) {
  if (!allows(page.app.domains, url)) {
    say('The sign-in page is not on one of the app’s valid domains.');
    return;
  }
  const popup = window.open(url, 'parley-sign-in', 'popup,width=600,height=640');
  if (!popup) {
    say('The browser blocked the sign-in window. Allow windows for this page and try again.');
    return;
  }
  const end = () => {
    clearInterval(watch);
    link.close();
    popup.close();
  };
  const link = new FrameLink({
    target: () => popup,
    domains: page.app.domains,
    context: 'authentication',
    calls: {
      getContext: (_, reply) => reply(contextOf(place, 'authentication')),
      'authentication.authenticate.success': ([code]) => { end(); invoke('signin/verifyState', { state: code }); },
      'authentication.authenticate.failure': ([reason]) => { end(); say(`Sign-in did not succeed (${reason}).`); },
    },
  });
  const watch = setInterval(() => popup.closed && end(), 300);
}

composer.addEventListener('submit', (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (!text) return;
  field.value = '';
  send({ text });
});
field.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    composer.requestSubmit();
  }
});
for (const hint of document.querySelectorAll('[data-say]')) {
  hint.addEventListener('click', () => {
    field.value = hint.dataset.say;
    field.focus();
    hint.closest('[popover]')?.hidePopover();
  });
}
document.addEventListener('parley:theme', () => { drawn.clear(); refresh(); });

// A bot that has not heard of the installation yet is told now, which is when its welcome can be seen.
async function deliver() {
  tell('');
  const answer = await ask('POST', here + '/deliver', {});
  if (answer.problem) tell(answer.problem, deliver);
}

const changes = new EventSource(withSettings(here + '/events'));
changes.addEventListener('message', refresh);
if (page.pending) deliver();
