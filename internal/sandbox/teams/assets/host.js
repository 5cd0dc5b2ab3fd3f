// What every page of the client does: theme and width without a reload, menus, dialogs, and starting what is on the page.

import { choose, settings } from './settings.js';
import './log.js';
import './tab.js';
import './tabsetup.js';

document.addEventListener('click', (event) => {
  const item = event.target.closest('[data-set]');
  if (item && (item.dataset.set === 'theme' || item.dataset.set === 'size')) {
    event.preventDefault();
    choose(item.dataset.set, item.dataset.value);
    document.documentElement.dataset[item.dataset.set] = item.dataset.value;
    if (item.dataset.set === 'theme') document.dispatchEvent(new CustomEvent('parley:theme'));
  }
  if (event.target.closest('[data-close]')) event.target.closest('dialog, [data-closable]').close?.();
  if (event.target.closest('[data-dismiss]')) event.target.closest('[data-closable]').hidden = true;
});

// The developer settings decide how the host answers from the next message on.
for (const field of document.querySelectorAll('select[data-set]')) {
  field.value = settings[field.dataset.set];
  field.addEventListener('change', () => choose(field.dataset.set, field.value));
}

// The details page's Yes switch stands for the agreement without which Install does nothing.
for (const form of document.querySelectorAll('form[data-install]')) {
  const yes = form.querySelector('input[name=yes]');
  const button = form.querySelector('button');
  const follow = () => {
    button.disabled = !yes.checked;
    form.querySelector('[data-part=state]').textContent = yes.checked ? 'Yes' : 'No';
  };
  yes.addEventListener('change', follow);
  follow();
}

if (document.getElementById('chat')) await import('./chat.js');
