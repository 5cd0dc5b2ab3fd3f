// The script of the pages that sign in. The shell asks Teams for a token and posts it; where that is not to be had, and on
// the sign-in page, a button opens the popup. Outside Teams the button stays what it is in the page: an ordinary link.
import * as app from 'teams/app';
import * as authentication from 'teams/authentication';
import { $, connect, embedded, forgetSignIn, setTheme, signedInSince } from './host.js';
import { prepare } from './popup.js';

const patience = 8000; // ms until a silent host is given up on in front of the person; TeamsJS itself waits a minute
const loop = 60000; // ms within which a second silent sign-in means that the first one's cookie did not come back
const shell = $('#token');

function show(id) {
  for (const step of document.querySelectorAll('[data-step]')) step.hidden = step.id !== id;
  for (const part of document.querySelectorAll('[data-way-on]')) part.hidden = id === 'waiting';
  $('[data-skeleton]')?.toggleAttribute('hidden', id !== 'waiting');
}

async function silently() {
  try {
    const token = await authentication.getAuthToken();
    shell.elements.token.value = token;
    shell.submit();
  } catch {
    show('refused');
  }
}

function cancelled() {
  show('cancelled');
}

if (!shell || document.documentElement.dataset.cookies === 'kept') forgetSignIn();
if (document.documentElement.dataset.cookies === 'blocked' || embedded && shell && signedInSince(loop)) {
  show('blocked'); // The link opens a window of its own, whose cookies are not those of a frame.
} else if (!embedded) {
  show('outside');
  $('#sign-in').removeAttribute('target');
} else {
  const slow = setTimeout(() => show('outside'), patience);
  connect().then(() => {
    clearTimeout(slow);
    app.registerOnThemeChangeHandler(setTheme);
    app.notifyAppLoaded();
    app.notifySuccess();
    prepare('#sign-in', cancelled);
    if (shell) silently();
  }).catch(() => {
    clearTimeout(slow);
    show('outside');
  });
}
