// Signing in with a click, from inside Teams: a popup runs the sign-in and hands back a one-time code, which only this
// page can redeem because only it knows the verifier (the idea of RFC 7636).
import * as authentication from 'teams/authentication';
import { $ } from './host.js';

const base64url = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

async function secret() {
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  return { verifier, challenge: base64url(new Uint8Array(hash)) };
}

// prepare makes the link with this selector open the popup. The secret is made now, because a popup has to open in the
// very turn of the click.
export async function prepare(selector, failed) {
  const link = $(selector);
  const { verifier, challenge } = await secret();
  const url = new URL(link.href);
  url.searchParams.set('challenge', challenge);
  link.removeAttribute('target');
  link.addEventListener('click', async (event) => {
    event.preventDefault();
    link.setAttribute('aria-disabled', 'true');
    try {
      const code = url.protocol === 'https:'
        ? await authentication.authenticate({ url: url.href, width: 600, height: 640 })
        : await open(url);
      const form = $('#redeem');
      form.elements.code.value = code;
      form.elements.verifier.value = verifier;
      form.submit();
    } catch (problem) {
      link.removeAttribute('aria-disabled');
      failed(problem);
    }
  });
}

// open stands in for authentication.authenticate, which refuses every http address, on the loopback of the sandbox.
function open(url) {
  return new Promise((resolve, reject) => {
    const popup = window.open(url, 'pintab-sign-in', 'popup,width=600,height=640');
    if (!popup) {
      reject(new Error('FailedToOpenWindow'));
      return;
    }
    const done = (settle, value) => {
      clearInterval(watch);
      removeEventListener('message', receive);
      settle(value);
    };
    const receive = (event) => {
      if (event.origin !== location.origin || event.source !== popup) return;
      if (event.data?.code) done(resolve, event.data.code);
      else done(reject, new Error('refused'));
    };
    // A window that has sent its code closes at once; on a busy machine the code comes after the closing is seen.
    const watch = setInterval(() => {
      if (!popup.closed) return;
      clearInterval(watch);
      setTimeout(() => done(reject, new Error('CancelledByUser')), 1500);
    }, 500);
    addEventListener('message', receive);
  });
}
