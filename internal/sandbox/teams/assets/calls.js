// What every embedded page may ask of the host, wherever it stands.

import { ask, settings, withSettings } from './settings.js';
import { FrameLink, fill } from './frame.js';
import { openTask } from './tasks.js';
import { say } from './notice.js';

// contextOf gives the flat context of the protocol for a page in a place.
export function contextOf(place, frameContext, entity = {}) {
  return { ...place.context, theme: settings.theme, frameContext, ...entity };
}

// commonCalls gives the calls of a page. place is the page's setup (app and context), entity what the context says of the
// tab itself, and go leads to another address of this client.
export function commonCalls({ place, frameContext, entity, go, deepLink, tabs = [] }) {
  const home = tabs[0];
  const toTab = (pageId, sub) => {
    const tab = tabs.find((t) => t.entityId === pageId);
    if (!tab) return false;
    go(withSettings(sub ? tab.href + '&sub=' + encodeURIComponent(sub) : tab.href));
    return true;
  };
  return {
    getContext: (_, reply) => reply(contextOf(place, frameContext, entity())),
    'authentication.getAuthToken': (_, reply, link) => giveToken(place, reply, link),
    'authentication.authenticate': ([url, width, height], reply) => openSignIn(place, fill(url, contextOf(place, 'authentication')), width, height, reply),
    'pages.navigateToApp': ([to], reply) => {
      const where = to.channelId ? { channelId: to.channelId, subEntityId: to.subPageId } : { subEntityId: to.subPageId };
      go(withSettings(`/l/entity/${encodeURIComponent(to.appId)}/${encodeURIComponent(to.pageId)}?context=${encodeURIComponent(JSON.stringify(where))}`));
      reply(true);
    },
    'pages.currentApp.navigateTo': ([to], reply) => (toTab(to.pageId, to.subPageId) ? reply() : reply({ errorCode: 404, message: `There is no page ${to.pageId}.` })),
    'pages.currentApp.navigateToDefaultPage': (_, reply) => (home ? (go(withSettings(home.href)), reply()) : reply({ errorCode: 404, message: 'The app has no default page.' })),
    getTabInstances: (_, reply) => reply({ teamTabs: tabs.map((t) => ({ entityId: t.entityId, tabName: t.tabName, internalTabInstanceId: t.entityId })) }),
    getMruTabInstances: (_, reply) => reply({ teamTabs: tabs.map((t) => ({ entityId: t.entityId, tabName: t.tabName, internalTabInstanceId: t.entityId })) }),
    navigateToTab: ([tab], reply) => (toTab(tab.entityId) ? reply(true) : reply(false, 'There is no such tab.')),
    navigateBack: (_, reply) => (history.length > 1 ? (reply(true), history.back()) : reply(false, 'There is nothing to go back to.')),
    shareDeepLink: ([sub, label]) => share(deepLink(sub), label),
    executeDeepLink: ([url], reply) => reply(...follow(url, go)),
    returnFocus: ([forward]) => returnFocus(forward !== false),
    'tasks.startTask': ([task], reply, link) => openTask({ place, entity, task, reply, parent: link, calls: commonCalls, go, deepLink }),
  };
}

async function giveToken(place, reply, link) {
  if (settings.sso === 'silent') return;
  if (settings.sso) {
    reply(false, settings.sso);
    return;
  }
  try {
    const answer = await ask('POST', '/_host/token', { app: place.app.id, origin: link.origin });
    if (answer.ok) reply(true, answer.token);
    else reply(false, answer.reason || 'unknownAuthError');
  } catch {
    reply(false, 'unknownAuthError');
  }
}

// openSignIn opens the app's sign-in window. The window speaks the protocol itself and closes when it has spoken; when a
// person closes it before, the app is told so.
function openSignIn(place, url, width = 600, height = 600, reply) {
  const left = Math.max(0, window.screenX + (window.outerWidth - width) / 2);
  const top = Math.max(0, window.screenY + (window.outerHeight - height) / 2);
  const popup = window.open(url, 'parley-sign-in', `popup,width=${Number(width) || 600},height=${Number(height) || 600},left=${left},top=${top}`);
  if (!popup) {
    reply(false, 'FailedToOpenWindow');
    return;
  }
  let answered = false;
  const end = (...answer) => {
    if (answered) return;
    answered = true;
    clearInterval(watch);
    link.close();
    reply(...answer);
    popup.close();
  };
  const link = new FrameLink({
    target: () => popup,
    domains: place.app.domains,
    context: 'authentication',
    calls: {
      getContext: (_, answer) => answer(contextOf(place, 'authentication')),
      'authentication.authenticate.success': ([result]) => end(true, result),
      'authentication.authenticate.failure': ([reason]) => end(false, reason),
    },
  });
  const watch = setInterval(() => popup.closed && end(false, 'CancelledByUser'), 300);
}

async function share(address, label) {
  try {
    await navigator.clipboard.writeText(address);
    say(`Link copied${label ? `: ${label}` : ''}.`, address);
  } catch {
    say('Copy this link:', address);
  }
}

export { share };

// follow opens a link for an app: Teams' own links lead to a place in this client, all others to a new browser window.
function follow(address, go) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return [false, 'This is not an address.'];
  }
  const ours = url.origin === location.origin || /^(teams\.microsoft\.com|teams\.cloud\.microsoft)$/.test(url.hostname);
  if (ours && url.pathname.startsWith('/l/entity/')) {
    go(withSettings(url.pathname + url.search));
    return [true];
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return [false, 'Links of this kind are not opened.'];
  window.open(url.href, '_blank', 'noopener');
  return [true];
}

function returnFocus(forward) {
  const next = document.querySelector(forward ? '[data-after-frame]' : '[data-before-frame]');
  next?.focus();
}
