// The end of the sign-in popup. The code goes to the tab that opened the window: straight to it where it is our own page
// (the sandbox over http), through Teams otherwise. It is a one-time code, worth nothing without the tab's verifier.
import * as authentication from 'teams/authentication';
import { $, connect } from './host.js';

const { code, problem, origin } = $('main').dataset;

function openedByUs() {
  try {
    return Boolean(window.opener?.location.origin) && window.opener.location.origin === origin;
  } catch {
    return false; // Another origin: the host.
  }
}

function stay() {
  $('#closing').hidden = true;
  $('#stay').hidden = false;
}

if (!window.opener) {
  stay();
} else if (openedByUs()) {
  window.opener.postMessage(code ? { code } : { problem }, origin);
  window.close();
  setTimeout(stay, 1000);
} else {
  connect().then(() => {
    if (code) authentication.notifySuccess(code);
    else authentication.notifyFailure(problem);
  }).catch(stay);
}
