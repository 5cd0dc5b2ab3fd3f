// The script of Settings, without which everything works: a look at another organization or app replaces the choices alone,
// typing filters them at once, and the time zone is the device's.
const panel = () => document.getElementById('choose');
let control;

document.addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest?.('a[data-look]');
  if (!link) return;
  event.preventDefault();
  look(new URL(link.href), link);
});

// look follows a link within the page. Whatever goes wrong, it is simply followed.
async function look(url, link) {
  control?.abort();
  const mine = (control = new AbortController());
  url.searchParams.set('theme', document.documentElement.dataset.theme);
  const piece = new URL(url);
  piece.pathname = '/tab/settings/choices';
  panel().setAttribute('aria-busy', 'true');
  const find = document.querySelector('input[data-filter]')?.value;
  let next;
  try {
    const response = await window.fetch(piece, { signal: mine.signal, redirect: 'error' });
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    next = response.ok && page.getElementById('choose');
  } catch {
    if (mine.signal.aborted) return;
  }
  if (!next || next.querySelector('#sign-in')) { // which wants a script that runs once for each page
    location.assign(url);
    return;
  }
  const scrolled = link.closest('ul')?.scrollTop;
  panel().replaceWith(next);
  history.replaceState(null, '', url);
  const field = document.querySelector('input[data-filter]');
  if (field && find) {
    field.value = find;
    filter(field);
  }
  const same = next.querySelector(`[data-key="${CSS.escape(link.dataset.key)}"]`) || next.querySelector('[aria-current]');
  if (same && scrolled) same.closest('ul').scrollTop = scrolled;
  same?.focus({ preventScroll: true });
}

function filter(field) {
  const words = field.value.trim().toLowerCase();
  let found = 0;
  for (const item of document.querySelectorAll(`ul[data-list="${field.dataset.filter}"] > li`)) {
    const match = item.dataset.text.toLowerCase().includes(words);
    item.hidden = !match && !item.querySelector('[aria-current]');
    if (match) found++;
  }
  const said = document.querySelector('[data-found]');
  said.textContent = words ? new Intl.NumberFormat(document.documentElement.lang).format(found) + ' / ' + field.form.dataset.of : '';
}

document.addEventListener('input', (event) => {
  if (event.target.matches('input[data-filter]')) filter(event.target);
});
document.addEventListener('submit', (event) => {
  if (event.target.querySelector('input[data-filter]') && !new URLSearchParams(location.search).get('find')) event.preventDefault();
});

const from = document.querySelector('[data-zone-from]');
for (const zone of document.querySelectorAll('[data-zone]')) zone.textContent = Intl.DateTimeFormat().resolvedOptions().timeZone;
from.textContent = from.dataset.zoneFrom;
