// A tab in its place: the frame, what stands over it while it loads or has failed, and the tab's own actions.

import { settings } from './settings.js';
import { FrameLink, fill } from './frame.js';
import { commonCalls, contextOf, share } from './calls.js';
import { newFrame } from './tasks.js';
import { configure, remove, rename } from './tabsetup.js';
import { talk } from './talk.js';
import { say } from './notice.js';

// How long a tab may take to say that it is ready (Teams' own limit).
const patience = 30000;

const data = document.getElementById('tab');
if (data) start(JSON.parse(data.textContent));

function start(tab) {
  const stage = document.getElementById('stage');
  const device = stage.querySelector('.device');
  const loading = stage.querySelector('[data-part=loading]');
  const failed = stage.querySelector('[data-part=failed]');
  const website = document.querySelector('[data-action=website]');
  let frame = null;
  let link = null;
  let timer = 0;

  const entity = () => ({ entityId: tab.config.entityId ?? '', subEntityId: tab.subEntityId ?? '' });
  const deepLink = (sub) => {
    const where = { subEntityId: sub || undefined, channelId: tab.context.channelId, chatId: tab.context.chatId };
    return tab.links + encodeURIComponent(tab.config.entityId ?? '') + '?context=' + encodeURIComponent(JSON.stringify(where));
  };

  const show = (part) => {
    loading.hidden = part !== 'loading';
    failed.hidden = part !== 'failed';
    stage.dataset.state = part;
  };
  const fail = (sentence) => {
    clearTimeout(timer);
    failed.querySelector('[data-part=reason]').textContent = sentence;
    show('failed');
  };
  const ready = () => {
    clearTimeout(timer);
    show('ready');
  };

  // go leaves the tab. A page that wants to be told first is, and gets up to three seconds for it.
  const go = (address) => {
    if (!link?.handlers.has('beforeUnload') || !link.send('beforeUnload')) {
      location.assign(address);
      return;
    }
    const leave = () => location.assign(address);
    link.calls.readyToUnload = leave;
    setTimeout(leave, 3000);
  };

  const load = () => {
    link?.close();
    clearTimeout(timer);
    const context = contextOf(tab, 'content', entity());
    frame = newFrame(tab.name, fill(tab.config.contentUrl, context));
    frame.dataset.testid = 'tab-frame';
    device.querySelector('iframe')?.remove();
    link = new FrameLink({ target: () => frame.contentWindow, domains: tab.app.domains, context: 'content', calls: calls() });
    device.prepend(frame);
    show(tab.app.showLoadingIndicator ? 'loading' : 'ready');
    timer = setTimeout(() => {
      if (tab.app.showLoadingIndicator) fail(`${tab.app.name} took longer than 30 seconds.`);
      else if (!link.origin) say(`${tab.name} has not answered for 30 seconds. Reload the tab, or open it in a browser.`);
    }, patience);
  };

  const conversation = talk(tab, (...event) => link?.send(...event));
  const calls = () => ({
    ...commonCalls({ place: tab, frameContext: 'content', entity, go, deepLink, tabs: tab.tabs }),
    ...conversation.calls,
    'appInitialization.appLoaded': () => { loading.hidden = true; },
    'appInitialization.success': (_, reply) => { ready(); reply(); },
    'appInitialization.failure': ([reason, message]) => fail(message || `${tab.app.name} could not be loaded (${reason}).`),
    'appInitialization.expectedFailure': () => ready(),
    'settings.getSettings': (_, reply) => reply(tab.config),
    setFrameContext: ([where]) => {
      if (!where) return;
      if (where.websiteUrl && website) website.href = where.websiteUrl;
    },
  });

  document.addEventListener('parley:theme', () => link?.send('themeChange', settings.theme));
  document.addEventListener('click', (event) => {
    const action = event.target.closest('[data-action]')?.dataset.action;
    if (action === 'reload' || action === 'retry') load();
    else if (action === 'copy-link') share(deepLink(tab.subEntityId), tab.name);
    else if (action === 'talk') conversation.toggle();
    else if (action === 'enter-frame') {
      frame.focus();
      link.send('focusEnter', true);
    } else if (action === 'tab-settings') configure(tab, { existing: tab, changed: () => location.reload() });
    else if (action === 'tab-rename') rename(tab);
    else if (action === 'tab-remove') remove(tab, document.querySelector('[data-testid=posts-tab]').href);
    else if (action === 'send-event') sendEvent();
    const away = event.target.closest('a[href^="/"]:not([target]):not([data-set])');
    if (away && !event.defaultPrevented && event.button === 0 && !event.metaKey && !event.ctrlKey && link?.handlers.has('beforeUnload')) {
      event.preventDefault();
      go(away.getAttribute('href'));
    }
  });

  // sendEvent raises an event by hand, for developers who want to see what their page does with it.
  const sendEvent = () => {
    const events = {
      load: [{ entityId: tab.config.entityId, contentUrl: frame.src }],
      beforeUnload: [],
      focusEnter: [true],
      backButtonPress: [],
      changeSettings: [],
      fullScreenChange: [true],
      contextChange: [nested(contextOf(tab, 'content', entity()))],
    };
    const name = document.querySelector('[data-testid=event-name]').value;
    if (!link.send(name, ...events[name])) say('The tab has not said hello, so that it cannot be told anything.');
  };

  if (website && tab.config.websiteUrl) website.href = fill(tab.config.websiteUrl, contextOf(tab, 'content', entity()));
  load();
}

// nested gives the flat context in the shape of app.Context, which is what contextChange hands to the app as it is.
function nested(flat) {
  return {
    app: { sessionId: flat.appSessionId, theme: flat.theme, locale: flat.locale, host: { name: flat.hostName, clientType: flat.hostClientType, sessionId: flat.sessionId } },
    page: { id: flat.entityId, subPageId: flat.subEntityId, frameContext: flat.frameContext },
    user: { id: flat.userObjectId, displayName: flat.userDisplayName, loginHint: flat.loginHint, userPrincipalName: flat.userPrincipalName, tenant: { id: flat.tid } },
    channel: flat.channelId ? { id: flat.channelId, displayName: flat.channelName } : undefined,
    team: flat.teamId ? { internalId: flat.teamId, displayName: flat.teamName, groupId: flat.groupId } : undefined,
    chat: flat.chatId ? { id: flat.chatId } : undefined,
  };
}
