// The host's side of the TeamsJS protocol, for one embedded window (a tab, a dialog, a configuration page or a sign-in
// popup). Requests are {id, uuidAsString, func, args}; an answer repeats both ids; an event has no id.

import { record } from './log.js';
import { settings } from './settings.js';

const runtime = {
  apiVersion: 4,
  isLegacyTeams: false,
  hostVersionsInfo: { adaptiveCardSchemaVersion: { majorVersion: 1, minorVersion: 5 } },
  supports: {
    app: { notifySuccessResponse: {} },
    pages: { config: {}, currentApp: {}, tabs: {}, backStack: {} },
    dialog: { url: { parentCommunication: {} }, update: {} },
    conversations: {},
  },
};
const sdkVersion = '2.0.1';
const slowness = 2500; // ms

// The answers to initialize that hosts are known to give, by the name of the developer setting.
const greetings = {
  '': (context) => [context, 'web', JSON.stringify(runtime), sdkVersion],
  swapped: (context) => [context, 'web', sdkVersion, JSON.stringify(runtime)],
  legacy: (context) => [context, 'web', sdkVersion],
};

// allows is the rule of validDomains: an https page (or one on this machine) on one of the app's hosts.
export function allows(domains, address) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return false;
  }
  const local = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|.+\.localhost)$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local)) return false;
  return domains.some((domain) => {
    const wanted = domain.toLowerCase();
    if (!wanted.startsWith('*.')) return url.host === wanted;
    const dot = url.host.indexOf('.');
    return dot > 0 && url.host.slice(dot + 1) === wanted.slice(2);
  });
}

// fill puts the context into the placeholders of an address: {theme}, {locale}, {tid} and so on.
export function fill(address, context) {
  return address.replace(/\{(\w+)\}/g, (whole, name) => {
    const known = { subEntityId: '', entityId: '', groupId: '', teamId: '', channelId: '', channelName: '', chatId: '', meetingId: '', ...context };
    return name in known ? encodeURIComponent(known[name] ?? '') : whole;
  });
}

// Every page says how its start went. Only where a sign of loading stands does the host do anything with it, but the
// runtime promises an answer to success.
const starting = {
  'appInitialization.appLoaded': () => {},
  'appInitialization.success': (_, reply) => reply(),
  'appInitialization.failure': () => {},
  'appInitialization.expectedFailure': () => {},
};

export class FrameLink {
  // target gives the embedded window; domains are the app's; context is one of the protocol's frame contexts; calls maps
  // a func to (args, reply, link) => void.
  constructor({ target, domains, context, calls }) {
    Object.assign(this, { target, domains, context, calls: { ...starting, ...calls }, origin: null, handlers: new Set() });
    this.listener = (event) => this.receive(event);
    window.addEventListener('message', this.listener);
  }

  close() {
    window.removeEventListener('message', this.listener);
    this.handlers.clear();
    this.origin = null;
    this.closed = true;
  }

  receive(event) {
    const message = event.data;
    if (event.source !== this.target() || !message || typeof message.func !== 'string') return;
    if (!allows(this.domains, event.origin)) {
      record('refused', message.func, [`from ${event.origin}`]);
      return;
    }
    const args = Array.isArray(message.args) ? message.args : [];
    record('in', message.func, args, this.context);
    const reply = (...answer) => {
      if (!this.target() || event.source !== this.target()) return;
      record('out', message.func, answer, this.context);
      event.source.postMessage({ id: message.id, uuidAsString: message.uuidAsString, args: answer }, event.origin);
    };
    // A slow host takes its time over every message; their order stays. A sign-in window closes as soon as it has spoken.
    if (settings.pace === 'slow' && this.context !== 'authentication') setTimeout(() => this.answer(event, message, args, reply), slowness);
    else this.answer(event, message, args, reply);
  }

  answer(event, message, args, reply) {
    if (this.closed || event.source !== this.target()) return;
    if (message.func === 'initialize') {
      this.handlers.clear();
      this.origin = event.origin;
      const greet = greetings[settings.init];
      if (!greet) return;
      reply(...greet(this.context));
    } else if (message.func === 'registerHandler') {
      this.handlers.add(args[0]);
    }
    const call = this.calls[message.func];
    if (call) call(args, reply, this);
    else if (message.func !== 'initialize' && message.func !== 'registerHandler') record('unknown', message.func, args, this.context);
  }

  // send raises an event in the embedded page. It goes only to the origin that said hello.
  send(func, ...args) {
    const target = this.target();
    if (!target || !this.origin) return false;
    record('out', func, args, this.context);
    target.postMessage({ func, args }, this.origin);
    return true;
  }
}
