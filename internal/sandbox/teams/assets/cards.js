// Cards in a conversation: Adaptive Cards by Microsoft's own renderer, and the hero, thumbnail and sign-in cards that
// older bots send.

import { toHTML } from './markdown.js';

const adaptive = 'application/vnd.microsoft.card.adaptive';
const plain = /^application\/vnd\.microsoft\.card\.(hero|thumbnail|signin)$/;

// render gives the element of an attachment. act is called with what a person did: {kind, ...}.
export function render(attachment, act) {
  if (attachment.contentType === adaptive) return adaptiveCard(attachment.content, act);
  if (plain.test(attachment.contentType)) return plainCard(attachment.content ?? {}, attachment.contentType.endsWith('signin'), act);
  const note = document.createElement('p');
  note.className = 'card-unknown';
  note.textContent = `This client cannot show an attachment of the kind ${attachment.contentType}.`;
  return note;
}

function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// hostConfig takes colours from the page, so that cards follow the theme.
function hostConfig() {
  const text = { default: color('--text'), subtle: color('--muted') };
  const one = (base) => ({ default: base, subtle: text.subtle });
  const colors = {
    default: one(text.default), dark: one(text.default), light: one(text.subtle), accent: one(color('--link')),
    good: one(color('--good')), warning: one(color('--warning')), attention: one(color('--danger')),
  };
  const style = (background) => ({ backgroundColor: background, foregroundColors: colors });
  return {
    fontFamily: 'inherit',
    spacing: { small: 4, default: 8, medium: 12, large: 16, extraLarge: 24, padding: 12 },
    separator: { lineThickness: 1, lineColor: color('--line') },
    supportsInteractivity: true,
    fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 22 },
    containerStyles: {
      default: style(color('--surface')), emphasis: style(color('--raised')), accent: style(color('--raised')),
      good: style(color('--raised')), warning: style(color('--raised')), attention: style(color('--raised')),
    },
    actions: { maxActions: 6, spacing: 'default', buttonSpacing: 8, showCard: { actionMode: 'inline', inlineTopMargin: 8 }, actionsOrientation: 'horizontal', actionAlignment: 'left' },
    factSet: { title: { color: 'default', size: 'default', weight: 'bolder', wrap: true, maxWidth: 150 }, value: { wrap: true }, spacing: 8 },
  };
}

function adaptiveCard(content, act) {
  const { AdaptiveCard, HostConfig } = window.AdaptiveCards;
  AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = toHTML(text);
    result.didProcess = true;
  };
  const card = new AdaptiveCard();
  card.hostConfig = new HostConfig(hostConfig());
  card.onExecuteAction = (action) => {
    const type = action.getJsonTypeName();
    if (type === 'Action.OpenUrl') act({ kind: 'open', url: action.url });
    else if (type === 'Action.Execute') act({ kind: 'execute', action: { type, title: action.title, id: action.id, verb: action.verb ?? '', data: action.data ?? {} } });
    else if (type === 'Action.Submit') act(submitted(action.data ?? {}, action.title));
  };
  try {
    card.parse(content);
    const element = card.render();
    if (element) {
      element.classList.add('adaptive-card');
      return element;
    }
  } catch (problem) {
    console.warn('Card cannot be shown', problem);
  }
  const note = document.createElement('p');
  note.className = 'card-unknown';
  note.textContent = content?.fallbackText || 'This card cannot be shown.';
  return note;
}

// submitted reads the special commands that Teams knows inside the data of Action.Submit.
function submitted(data, title) {
  const special = data?.msteams;
  switch (special?.type) {
    case 'imBack':
      return { kind: 'say', text: special.value };
    case 'messageBack':
      return { kind: 'submit', value: special.value ?? data, text: special.text ?? '' };
    case 'signin':
      return { kind: 'signin', url: special.value };
    case 'task/fetch':
      return { kind: 'task', data };
    default:
      return { kind: 'submit', value: data, title };
  }
}

function plainCard(content, signIn, act) {
  const card = document.createElement('div');
  card.className = 'plain-card';
  for (const [tag, text] of [['h3', content.title], ['p', content.subtitle], ['p', content.text]]) {
    if (!text) continue;
    const part = document.createElement(tag);
    if (tag === 'p') part.innerHTML = toHTML(text);
    else part.textContent = text;
    card.append(part);
  }
  if (content.buttons?.length) card.append(buttons(content.buttons, act, signIn));
  return card;
}

// buttons are card actions: of a plain card, or suggested under a message.
export function buttons(actions, act, signIn = false) {
  const row = document.createElement('div');
  row.className = 'actions';
  for (const action of actions) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = action.title ?? action.value;
    button.addEventListener('click', () => {
      switch (action.type) {
        case 'imBack':
          return act({ kind: 'say', text: String(action.value) });
        case 'openUrl':
          return act({ kind: 'open', url: String(action.value) });
        case 'signin':
          return act({ kind: 'signin', url: String(action.value) });
        default:
          return signIn ? act({ kind: 'signin', url: String(action.value) }) : act({ kind: 'submit', value: action.value, text: action.text ?? '' });
      }
    });
    row.append(button);
  }
  return row;
}
