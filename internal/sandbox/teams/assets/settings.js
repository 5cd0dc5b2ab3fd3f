// How this window looks at the client: who sits here, the theme and so on. It travels in the page's address.

export const settings = JSON.parse(document.getElementById('window').textContent);

const usual = { theme: 'default', locale: 'en-US', size: 'desktop', sso: '', init: '', pace: '', press: '' };

// withSettings gives an address of this client in this window's view.
export function withSettings(address) {
  const url = new URL(address, location.href);
  url.searchParams.set('person', settings.person);
  for (const [name, value] of Object.entries(usual)) {
    if (settings[name] === value) url.searchParams.delete(name);
    else url.searchParams.set(name, settings[name]);
  }
  return url.pathname + url.search;
}

// choose changes one setting and every link on the page with it.
export function choose(name, value) {
  settings[name] = value;
  history.replaceState(history.state, '', withSettings(location.href));
  for (const link of document.querySelectorAll('a[href^="/"]:not([data-set])')) link.setAttribute('href', withSettings(link.getAttribute('href')));
  for (const form of document.querySelectorAll('form[action^="/"]')) form.setAttribute('action', withSettings(form.getAttribute('action')));
  for (const field of document.querySelectorAll(`form input[type=hidden][name="${name}"]`)) field.value = value;
  for (const item of document.querySelectorAll(`[data-set="${name}"]`)) {
    if (item.dataset.value === value) item.setAttribute('aria-current', 'true');
    else item.removeAttribute('aria-current');
  }
}

// ask calls this server on behalf of the person at this window.
export async function ask(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ person: settings.person, ...body }),
  });
  return { status: answer.status, ...(await answer.json()) };
}
