// The one script of the tab. Everything works without it: it follows the theme of Teams, swaps one part of a dashboard
// instead of loading the page, and moves focus between Teams and the page.
import * as app from 'teams/app';
import * as authentication from 'teams/authentication';
import * as conversations from 'teams/conversations';
import * as pages from 'teams/pages';
import * as teamsCore from 'teams/teamsCore';
import { $, connect, embedded, forgetSignIn, setTheme, theme } from './host.js';
import { copying } from './copy.js';
import { parts } from './parts.js';
import { pickers } from './pickers.js';
import { charts } from './charts.js';
import { times } from './times.js';
import { prepare } from './popup.js';
import { reachable } from './reachable.js';

const root = document.documentElement;

if (root.dataset.path) history.replaceState(null, '', root.dataset.path);
// A page that was not the answer of a sign-in came by the cookie; one that failed says nothing about it.
if (!root.dataset.path || $('[data-failed]')) forgetSignIn();

times(document);
charts(document);
parts((section) => {
  times(section);
  charts(section);
});
pickers();
copying();
document.addEventListener('arrived', (event) => {
  times(event.detail);
  copying(event.detail);
});

// A link or a form takes the theme of this moment along, so that the next page is right before any script runs.
const here = (url) => url.origin === location.origin;
document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a[href]');
  if (!link || link.namespaceURI !== root.namespaceURI || !here(link)) return;
  const url = new URL(link.href);
  if (url.searchParams.get('theme') === theme() || !url.pathname.startsWith('/tab/')) return;
  url.searchParams.set('theme', theme());
  link.href = url;
}, true);
document.addEventListener('submit', (event) => {
  const field = event.target.elements.theme;
  if (field) field.value = theme();
}, true);

if (embedded) {
  connect().then(() => {
    app.notifyAppLoaded();
    app.registerOnThemeChangeHandler(setTheme);
    app.getContext().then((context) => setTheme(context.app.theme)).catch(() => {});
    const problem = $('[data-failed]');
    if (problem) app.notifyExpectedFailure({ reason: app.ExpectedFailureReason.Other, message: problem.dataset.failed });
    else app.notifySuccess();
    document.dispatchEvent(new CustomEvent('hosted', { detail: {
      token: () => authentication.getAuthToken(),
      subPage: () => app.getContext().then((context) => context.page.subPageId ?? '', () => ''),
      share: (link) => pages.shareDeepLink(link),
      talks: () => conversations.isSupported(),
      talk: async (about) => {
        const { page, channel } = await app.getContext();
        return conversations.openConversation({ ...about, entityId: page.id, channelId: channel?.id });
      },
      beforeUnload: (handler) => { if (teamsCore.isSupported()) teamsCore.registerBeforeUnloadHandler(handler); },
    } }));
    if ($('#sign-in')) prepare('#sign-in', () => {});
    pages.registerFocusEnterHandler((forward) => {
      const all = reachable();
      all.at(forward === false ? -1 : 0)?.focus();
      return all.length > 0;
    });
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Tab') return;
      const all = reachable();
      if (event.composedPath()[0] !== all.at(event.shiftKey ? 0 : -1)) return;
      pages.returnFocus(!event.shiftKey).catch?.(() => {});
    });
  }).catch(() => {}); // Not inside Teams: the page is complete without it.
}
