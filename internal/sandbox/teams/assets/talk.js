// The conversation beside a tab: posts about the tab, or about the sub page of it that the app names.

import { ask } from './settings.js';
import { say } from './notice.js';

const panel = document.getElementById('talk');

// talk gives what a tab needs of its conversation. send raises an event in the tab.
export function talk(tab, send) {
  if (!panel) return { calls: {}, toggle() {} };
  const part = (name) => panel.querySelector(`[data-part=${name}]`);
  const lines = [...(tab.talk ?? [])];
  let about = { subEntityId: tab.subEntityId ?? '', title: '' };
  const place = () => [about.subEntityId || null, 'talk-' + tab.tabId, tab.context.channelId ?? tab.context.chatId, tab.config.entityId ?? ''];

  const draw = () => {
    part('title').textContent = `About ${about.title || tab.name}`;
    const mine = lines.filter((line) => (line.sub ?? '') === about.subEntityId);
    part('lines').replaceChildren(...mine.map((line) => {
      const item = document.createElement('li');
      item.className = 'message';
      const head = document.createElement('p');
      head.className = 'message-head';
      const name = document.createElement('strong');
      name.textContent = line.person;
      const bubble = document.createElement('div');
      bubble.className = 'bubble';
      bubble.textContent = line.text;
      head.append(name, ' ', new Date(line.at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }));
      item.append(head, bubble);
      return item;
    }));
    part('empty').hidden = mine.length > 0;
  };
  const show = (open) => {
    panel.hidden = !open;
    document.querySelector('[data-testid=talk-button]')?.setAttribute('aria-expanded', String(open));
    if (open) draw();
    else send('closeConversation', ...place());
  };
  panel.querySelector('form').addEventListener('submit', async (event) => {
    event.preventDefault();
    const field = panel.querySelector('textarea');
    const said = await ask('POST', `/_host/tabs/${tab.tabId}/posts`, { sub: about.subEntityId, text: field.value });
    if (said.status >= 300) {
      say(said.reason);
      return;
    }
    field.value = '';
    lines.push(said);
    draw();
    send('startConversation', ...place());
  });
  if (new URLSearchParams(location.search).get('talk') === '1') show(true);
  return {
    toggle() {
      about = { subEntityId: tab.subEntityId ?? '', title: '' };
      show(panel.hidden);
      if (!panel.hidden) panel.querySelector('textarea').focus();
    },
    calls: {
      'conversations.openConversation': ([wanted], reply) => {
        if (!wanted?.title) {
          reply(false, 'A conversation needs a title.');
          return;
        }
        about = { subEntityId: wanted.subEntityId ?? '', title: wanted.title };
        show(true);
        reply(true);
      },
      'conversations.closeConversation': () => { panel.hidden = true; },
    },
  };
}
