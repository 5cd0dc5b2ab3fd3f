// What every script needs of the host: whether there is one, and TeamsJS connected to it.
import * as app from 'teams/app';

const root = document.documentElement;

export const embedded = window.parent !== window;

// hosts are the origins that the server lets TeamsJS trust beside its built-in list.
export const hosts = () => (root.dataset.hosts || '').split(' ').filter(Boolean);

export const theme = () => root.dataset.theme;

export function setTheme(name) {
  root.dataset.theme = name === 'dark' || name === 'contrast' ? name : 'default';
}

export function connect() {
  const origins = hosts();
  return app.initialize(origins.length ? origins : undefined);
}

export const $ = (selector, from = document) => from.querySelector(selector);

// The moment of the last silent sign-in is kept until a page has come by the cookie that it set: a second one before that
// means that the cookie is blocked. Where storage is blocked too, nobody can tell, and signing in again does no harm.
const signingIn = 'pintab.signing-in';

export function forgetSignIn() {
  try {
    sessionStorage.removeItem(signingIn);
  } catch {
    // Nothing was kept.
  }
}

// signedInSince notes a sign-in and reports whether the one before was less than so many ms ago.
export function signedInSince(ms) {
  try {
    const before = Number(sessionStorage.getItem(signingIn));
    sessionStorage.setItem(signingIn, Date.now());
    return Date.now() - before < ms;
  } catch {
    return false;
  }
}
