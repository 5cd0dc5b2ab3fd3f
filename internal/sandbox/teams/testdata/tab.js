// A tab that speaks the host protocol by hand, without TeamsJS: what the library puts on the wire, as it was recorded.
// It tells its own server everything that it hears; what it says depends on its path.

const host = window.opener ?? window.parent;
let origin = '*';
let serial = 0;
const asked = new Map();

function ask(func, ...args) {
  const id = serial++;
  asked.set(id, func);
  host.postMessage({ id, func, args, uuidAsString: crypto.randomUUID(), apiVersionTag: 'v2_test', timestamp: Date.now() }, origin);
}

const greeting = () => ask('initialize', '2.58.0', 4, undefined);

const parts = {
  '/tab/board': {
    initialize() {
      ask('registerHandler', 'themeChange');
      ask('getContext');
      ask('authentication.getAuthToken', [], undefined, false, undefined);
      ask('tasks.startTask', { url: location.origin + '/dialog', title: 'Choose', width: 300, height: 200 });
      ask('appInitialization.success', '2.58.0');
      ask('unheard.of');
    },
  },
  '/dialog': { initialize: () => ask('tasks.completeTask', 'chosen', []) },
  '/popup': { initialize: () => ask('authentication.authenticate.success', 'a-code') },
  '/closing': { initialize: () => window.close() },
  '/tab/options': { initialize: () => ask('appInitialization.failure', 'Other', 'Out of order.') },
  '/config': {
    tries: 0,
    initialize() {
      ask('registerHandler', 'save');
      ask('settings.setValidityState', true);
    },
    'settings.save'() {
      if (this.tries++ === 0) ask('settings.save.failure', 'Not yet.');
      else ask('settings.setSettings', { entityId: 'pin-7', contentUrl: location.origin + '/pin?theme={theme}', removeUrl: location.origin + '/gone', suggestedDisplayName: 'Contoso' });
    },
    'settings.setSettings': () => ask('settings.save.success'),
  },
  '/pin': { initialize: () => ask('appInitialization.success', '2.58.0') },
  '/talk': { initialize: () => ask('conversations.openConversation', { title: 'Row one', subEntityId: 'row-1', entityId: 'pin-7' }) },
  '/gone': {
    initialize() {
      ask('registerHandler', 'remove');
      ask('settings.setValidityState', true);
    },
    'settings.remove': () => ask('settings.remove.success'),
  },
};

window.addEventListener('message', (event) => {
  const message = event.data;
  const answer = typeof message?.id === 'number';
  const func = answer ? asked.get(message.id) : message?.func;
  if (event.source !== host || !func) return;
  if (func === 'initialize') origin = event.origin;
  fetch('/report', {
    method: 'POST',
    keepalive: true,
    body: JSON.stringify({ page: location.pathname, query: location.search, origin: event.origin, func, answer, same: !answer || Boolean(message.uuidAsString), args: message.args }),
  });
  parts[location.pathname]?.[func]?.(...(message.args ?? []));
});

// A popup opens only for a person who did something.
const signIns = ['/popup', '/closing'];
document.addEventListener('click', () => ask('authentication.authenticate', location.origin + signIns.shift(), 300, 300));
document.addEventListener('contextmenu', () => ask('tasks.startTask', { url: location.origin + '/quiet', height: 'small', width: 'small' }));
greeting();
