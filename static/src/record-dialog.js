// Links that lead to a small form open it over the page instead; without script it is a page of its own.
import { parse } from './parse.js';

function make() {
  const dialog = document.createElement('dialog');
  dialog.className = 'over';
  document.body.append(dialog);
  dialog.addEventListener('close', () => {
    dialog.remove();
    dialog.opener?.isConnected && dialog.opener.focus();
  });
  return dialog;
}

// dialogs opens them. May says whether the page beneath may be replaced, which is what the answer to a small form does.
export function dialogs(equip, may) {
  document.addEventListener('click', async (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const close = event.target.closest?.('dialog [data-cancel]');
    if (close) {
      event.preventDefault();
      close.closest('dialog').close();
      return;
    }
    const link = event.target.closest?.('a[data-dialog]');
    if (!link) return;
    event.preventDefault();
    link.closest('details.menu')?.removeAttribute('open');
    if (!link.closest('dialog') && !await may()) return;
    const url = new URL(link.href);
    url.searchParams.set('panel', '1');
    let body;
    try {
      const response = await window.fetch(url, { redirect: 'error' });
      body = parse(await response.text()).querySelector('[data-dialog-body]');
    } catch { /* the page itself says what is the matter */ }
    if (!body) {
      location.assign(link.href);
      return;
    }
    const dialog = make();
    dialog.opener = link;
    dialog.append(document.importNode(body, true));
    dialog.setAttribute('aria-labelledby', dialog.querySelector('h1').id);
    equip(dialog);
    dialog.showModal();
    dialog.querySelector('[autofocus],input:not([type=hidden]):not([hidden]),select,textarea')?.focus();
  });
}

// confirmed asks a question; Chromium shows none of a frame's own.
export function confirmed(text, yes, no) {
  return new Promise((resolve) => {
    const dialog = make();
    dialog.opener = document.activeElement;
    const words = document.createElement('p');
    words.textContent = text;
    words.id = 'asked';
    dialog.setAttribute('aria-labelledby', 'asked');
    const ways = document.createElement('p');
    ways.className = 'ways';
    let answer = false;
    for (const [label, value] of [[no, false], [yes, true]]) {
      const button = document.createElement('button');
      button.className = value ? 'button' : 'button primary';
      button.type = 'button';
      button.textContent = label;
      button.dataset.answer = value ? 'yes' : 'no';
      button.addEventListener('click', () => {
        answer = value;
        dialog.close();
      });
      ways.append(button);
    }
    dialog.append(words, ways);
    dialog.addEventListener('close', () => resolve(answer));
    dialog.showModal();
  });
}
