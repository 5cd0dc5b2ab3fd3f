// Adding, changing, naming and removing a tab of a channel or chat, with the app's own pages where it has them.

import { ask, settings, withSettings } from './settings.js';
import { FrameLink, allows, fill } from './frame.js';
import { commonCalls, contextOf } from './calls.js';
import { newFrame } from './tasks.js';

// How long a configuration page may take to answer the save event.
const patience = 30000;

for (const button of document.querySelectorAll('[data-configure]')) {
  button.addEventListener('click', () => {
    const place = JSON.parse(document.getElementById(button.dataset.configure).textContent);
    document.getElementById('add-dialog').close();
    configure(place, { changed: (made) => location.assign(withSettings(made.path)) });
  });
}
document.querySelector('[data-action=add-tab]')?.addEventListener('click', () => document.getElementById('add-dialog').showModal());

// configure shows the app's configuration page with a Save button that the page switches on. Nothing is kept before the
// page has said what the tab is and that it succeeded.
export function configure(place, { existing = null, changed }) {
  const dialog = document.getElementById('config-dialog');
  const body = dialog.querySelector('[data-part=body]');
  const save = dialog.querySelector('[data-part=save]');
  const problem = dialog.querySelector('[data-part=problem]');
  dialog.querySelector('[data-part=title]').textContent = place.app.name;
  const entity = () => ({ entityId: existing?.config.entityId ?? '', subEntityId: '' });
  const frame = newFrame(`Set up ${place.app.name}`, fill(place.configurationUrl, contextOf(place, 'settings', entity())));
  frame.dataset.testid = 'config-frame';
  let config = existing?.config ?? null;
  let saving = false;
  let timer = 0;

  const tell = (sentence) => {
    problem.textContent = sentence;
    problem.hidden = !sentence;
  };
  const idle = (valid) => {
    clearTimeout(timer);
    saving = false;
    save.textContent = 'Save';
    save.disabled = !valid;
  };
  const close = () => {
    clearTimeout(timer);
    link.close();
    body.replaceChildren();
    save.onclick = null;
    if (dialog.open) dialog.close();
  };
  const keep = async () => {
    if (!saving) return;
    if (!config) {
      tell(`${place.app.name} said that it was ready, but not what to show. Nothing was saved.`);
      idle(true);
      return;
    }
    const answer = existing
      ? await ask('PUT', `/_host/tabs/${existing.tabId}`, { config })
      : await ask('POST', '/_host/tabs', { space: place.space, app: place.app.id, config });
    if (answer.status >= 300) {
      tell(answer.reason);
      idle(true);
      return;
    }
    close();
    changed(answer);
  };
  const link = new FrameLink({
    target: () => frame.contentWindow,
    domains: place.app.domains,
    context: 'settings',
    calls: {
      ...commonCalls({ place, frameContext: 'settings', entity, go: (address) => location.assign(address), deepLink: () => location.href }),
      'settings.getSettings': (_, reply) => reply(config ?? {}),
      'settings.setValidityState': ([valid]) => { if (!saving) save.disabled = valid !== true; },
      'settings.setSettings': ([wanted], reply) => {
        if (!wanted || !allows(place.app.domains, wanted.contentUrl)) {
          reply(false, 'The tab’s content address is not on one of the app’s valid domains.');
          return;
        }
        config = wanted;
        reply(true);
      },
      'settings.save.success': keep,
      'settings.save.failure': ([reason]) => {
        tell(reason || `${place.app.name} could not save the tab.`);
        idle(true);
      },
      'appInitialization.failure': ([, message]) => tell(message || `${place.app.name} could not be loaded.`),
    },
  });
  save.onclick = () => {
    tell('');
    saving = true;
    save.disabled = true;
    save.textContent = 'Saving…';
    timer = setTimeout(() => {
      tell(`${place.app.name} did not answer. Try again.`);
      idle(true);
    }, patience);
    if (!link.send('settings.save', {})) {
      tell(`${place.app.name} has not answered yet. Try again in a moment.`);
      idle(true);
      return;
    }
    // The event of a second press goes out before the first one's answer can be here.
    if (settings.press === 'twice') link.send('settings.save', {});
  };
  tell('');
  idle(false);
  body.replaceChildren(frame);
  dialog.addEventListener('close', close, { once: true });
  dialog.showModal();
}

export function rename(tab) {
  const dialog = document.getElementById('rename-dialog');
  const field = dialog.querySelector('input');
  field.value = tab.name;
  dialog.querySelector('form').onsubmit = async (event) => {
    event.preventDefault();
    const answer = await ask('PUT', `/_host/tabs/${tab.tabId}`, { name: field.value });
    if (answer.status < 300) location.reload();
  };
  dialog.showModal();
  field.select();
}

// remove asks the app's removal page when there is one. The tab goes whatever the page says: at once when it answers,
// and Remove is enabled after five seconds even if the page never enables it, as in Teams.
export function remove(tab, next) {
  const dialog = document.getElementById('remove-dialog');
  const body = dialog.querySelector('[data-part=body]');
  const button = dialog.querySelector('[data-part=remove]');
  let link = null;
  let waiting = 0;
  let enabling = 0;
  const drop = async () => {
    clearTimeout(waiting);
    await ask('DELETE', `/_host/tabs/${tab.tabId}`, {});
    location.assign(next);
  };
  button.disabled = Boolean(tab.config.removeUrl);
  body.replaceChildren();
  if (tab.config.removeUrl) {
    const entity = () => ({ entityId: tab.config.entityId ?? '' });
    const frame = newFrame(`Remove ${tab.name}`, fill(tab.config.removeUrl, contextOf(tab, 'remove', entity())));
    frame.dataset.testid = 'remove-frame';
    link = new FrameLink({
      target: () => frame.contentWindow,
      domains: tab.app.domains,
      context: 'remove',
      calls: {
        ...commonCalls({ place: tab, frameContext: 'remove', entity, go: (address) => location.assign(address), deepLink: () => location.href }),
        'settings.getSettings': (_, reply) => reply(tab.config),
        'settings.setValidityState': ([valid]) => { button.disabled = valid !== true; },
        'settings.remove.success': drop,
        'settings.remove.failure': drop,
      },
    });
    body.replaceChildren(frame);
    enabling = setTimeout(() => { button.disabled = false; }, 5000);
  }
  button.onclick = () => {
    clearTimeout(enabling);
    button.disabled = true;
    if (!link?.send('settings.remove')) {
      drop();
      return;
    }
    waiting = setTimeout(drop, 15000);
  };
  dialog.addEventListener('close', () => {
    clearTimeout(waiting);
    clearTimeout(enabling);
    link?.close();
    body.replaceChildren();
  }, { once: true });
  dialog.showModal();
}
