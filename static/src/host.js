// What every script needs of the host: whether there is one, and TeamsJS connected to it.
import { app } from '@microsoft/teams-js';

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
