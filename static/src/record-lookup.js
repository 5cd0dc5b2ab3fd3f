// A lookup without script is a list of choices and a search button. Here it becomes a field that suggests while one types
// (the combobox pattern of WAI-ARIA).
import { parse } from './parse.js';

// The address of the icons' file is that of any icon on the page.
const icon = (name) => {
  const holder = document.createElement('template');
  const file = document.querySelector('svg.i use')?.getAttribute('href').split('#')[0] ?? '';
  holder.innerHTML = `<svg class="i" aria-hidden="true"><use href="${file}#${name}"></use></svg>`;
  return holder.content.firstChild;
};

export function combos(from) {
  for (const lookup of from.querySelectorAll('.lookup:not([data-ready])')) combo(lookup);
}

function combo(lookup) {
  lookup.dataset.ready = '';
  const { name, label } = lookup.dataset;
  const many = lookup.hasAttribute('data-many');
  const picked = lookup.querySelector('[data-picked]');
  const seek = lookup.querySelector('.seek');
  const input = lookup.querySelector('[data-seek]');
  const target = lookup.querySelector('[data-target]');
  const form = input.getAttribute('form');
  const box = document.createElement('div');
  box.className = 'combo';
  const list = document.createElement('ul');
  list.className = 'options';
  list.id = 'o-' + name + '-' + form;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', label);
  list.hidden = true;
  let tokens = [...picked.querySelectorAll('input:checked')].filter((e) => e.value).map((e) => ({ value: e.value, name: e.parentElement.querySelector('bdi').textContent }));
  let at = -1;
  let control;
  let timer;

  input.removeAttribute('name');
  for (const [key, value] of Object.entries({ role: 'combobox', 'aria-expanded': 'false', 'aria-controls': list.id, 'aria-autocomplete': 'list', autocomplete: 'off' })) input.setAttribute(key, value);
  input.setAttribute('aria-label', label);
  seek.querySelector('button').remove();

  const keep = () => {
    picked.replaceChildren(...tokens.map((t) => {
      const hidden = document.createElement('input');
      hidden.type = 'hidden';
      hidden.name = name;
      hidden.value = t.value;
      hidden.setAttribute('form', form);
      return hidden;
    }));
    for (const old of box.querySelectorAll('.token')) old.remove();
    for (const t of tokens) {
      const token = document.createElement('span');
      token.className = 'token';
      const text = document.createElement('bdi');
      text.textContent = t.name;
      const clear = document.createElement('button');
      clear.type = 'button';
      clear.className = 'ghost';
      clear.setAttribute('aria-label', (document.querySelector('[data-clear]')?.dataset.clear ?? '{name}').replace('{name}', t.name));
      clear.append(icon('x'));
      clear.addEventListener('click', () => {
        tokens = tokens.filter((o) => o !== t);
        keep();
        input.focus();
      });
      token.append(text, clear);
      box.insertBefore(token, input);
    }
    input.hidden = !many && tokens.length > 0;
    if (target) target.hidden = input.hidden;
    lookup.dispatchEvent(new Event('input', { bubbles: true }));
  };

  const shut = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };

  const choose = (item) => {
    const t = { value: item.dataset.value, name: item.dataset.name };
    tokens = many ? tokens.filter((o) => o.value !== t.value).concat(t) : [t];
    input.value = '';
    shut();
    keep();
    if (many) input.focus();
    else box.querySelector('.token button').focus();
  };

  const mark = (to) => {
    const items = [...list.querySelectorAll('[role=option]')];
    if (!items.length) return;
    at = (to + items.length) % items.length;
    items.forEach((item, i) => item.setAttribute('aria-selected', i === at));
    input.setAttribute('aria-activedescendant', items[at].id);
    items[at].scrollIntoView({ block: 'nearest' });
  };

  const find = async () => {
    control?.abort();
    const mine = (control = new AbortController());
    const url = new URL(lookup.dataset.lookup, location.href);
    url.searchParams.set('q', input.value.trim());
    if (target?.value) url.searchParams.set('type', target.value);
    input.setAttribute('aria-busy', 'true');
    let page;
    try {
      const response = await window.fetch(url, { signal: mine.signal, redirect: 'error' });
      page = parse(await response.text());
    } catch {
      if (mine.signal.aborted) return;
    }
    input.removeAttribute('aria-busy');
    if (document.activeElement !== input) return; // the person has gone on
    const found = page?.querySelector('[data-found]');
    const items = [...(found?.querySelectorAll('li') ?? [])].map((li, i) => {
      const item = document.createElement('li');
      item.id = list.id + '-' + i;
      item.setAttribute('role', 'option');
      item.setAttribute('aria-selected', 'false');
      item.dataset.value = li.dataset.value;
      item.dataset.name = li.dataset.name;
      const text = document.createElement('bdi');
      text.textContent = li.dataset.name;
      item.append(text);
      if (li.dataset.detail) {
        const detail = document.createElement('span');
        detail.className = 'quiet';
        detail.textContent = li.dataset.detail;
        item.append(detail);
      }
      item.addEventListener('pointerdown', (event) => event.preventDefault());
      item.addEventListener('click', () => choose(item));
      return item;
    });
    const words = found ? found.querySelector('[data-more],[data-problem]')?.textContent : lookup.closest('article,dialog')?.dataset.unreached;
    if (words || !items.length) {
      const note = document.createElement('li');
      note.setAttribute('role', 'presentation');
      note.className = 'quiet';
      note.textContent = words ?? '';
      items.push(note);
    }
    list.replaceChildren(...items);
    list.hidden = false;
    at = -1;
    input.setAttribute('aria-expanded', 'true');
    document.getElementById('said').textContent = found?.dataset.said ?? words ?? '';
  };

  input.addEventListener('input', (event) => {
    event.stopPropagation();
    clearTimeout(timer);
    timer = setTimeout(find, 160);
  });
  input.addEventListener('click', () => { if (list.hidden) find(); });
  input.addEventListener('blur', () => {
    clearTimeout(timer);
    setTimeout(shut, 120);
  });
  target?.addEventListener('change', () => { input.focus(); find(); });
  input.addEventListener('keydown', (event) => {
    switch (event.key) {
      case 'ArrowDown':
        event.preventDefault();
        if (list.hidden) find();
        else mark(at + 1);
        break;
      case 'ArrowUp':
        event.preventDefault();
        mark(at < 0 ? -1 : at - 1);
        break;
      case 'Enter': {
        event.preventDefault();
        const item = list.querySelectorAll('[role=option]')[at];
        if (item) choose(item);
        else find();
        break;
      }
      case 'Escape':
        if (!list.hidden) {
          event.preventDefault();
          shut();
        }
        break;
      case 'Backspace':
        if (many && !input.value && tokens.length) {
          tokens = tokens.slice(0, -1);
          keep();
        }
        break;
    }
  });

  box.append(...(target ? [target] : []), input, list);
  seek.replaceWith(box);
  keep();
}
