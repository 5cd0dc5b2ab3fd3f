// Dialogs that an app opens with dialog.url.open: a page of the app in a window over the tab.

import { FrameLink, allows, fill } from './frame.js';
import { contextOf } from './calls.js';

const sizes = { small: [400, 300], medium: [600, 450], large: [800, 600] };

function extent(value, side) {
  if (typeof value === 'number' && value > 0) return value;
  return (sizes[String(value).toLowerCase()] ?? sizes.medium)[side];
}

export function newFrame(title, address) {
  const frame = document.createElement('iframe');
  frame.title = title;
  frame.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox');
  frame.setAttribute('allow', 'clipboard-write');
  frame.src = address;
  return frame;
}

export function openTask({ place, entity, task, reply, parent, calls, go, deepLink }) {
  if (!task?.url || !allows(place.app.domains, task.url)) {
    reply('The address of the dialog is not on one of the app’s valid domains.', null);
    return;
  }
  const dialog = document.getElementById('task-dialog');
  if (dialog.open) {
    reply('Another dialog is open.', null);
    return;
  }
  const body = dialog.querySelector('[data-part=body]');
  dialog.querySelector('[data-part=title]').textContent = task.title || place.app.name;
  const resize = ({ width, height }) => {
    dialog.style.setProperty('--task-width', extent(width, 0) + 'px');
    dialog.style.setProperty('--task-height', extent(height, 1) + 'px');
  };
  resize(task);
  const frame = newFrame(task.title || place.app.name, fill(task.url, contextOf(place, 'task', entity())));
  body.replaceChildren(frame);

  let done = false;
  const finish = (error, result) => {
    if (done) return;
    done = true;
    link.close();
    parent.calls['messageForChild'] = undefined;
    body.replaceChildren();
    if (dialog.open) dialog.close();
    reply(error, result);
  };
  const link = new FrameLink({
    target: () => frame.contentWindow,
    domains: place.app.domains,
    context: 'task',
    calls: {
      ...calls({ place, frameContext: 'task', entity, go, deepLink }),
      'tasks.startTask': (_, answer) => answer('A dialog cannot open another one.', null),
      'tasks.completeTask': ([result]) => finish(null, result),
      'tasks.submitTask': ([result]) => finish(null, result),
      messageForParent: ([message]) => parent.send('messageForParent', message),
    },
  });
  parent.calls['tasks.updateTask'] = ([size]) => resize(size);
  parent.calls.messageForChild = ([message]) => link.send('messageForChild', message);
  dialog.addEventListener('close', () => finish('User cancelled/closed the task module.', null), { once: true });
  dialog.showModal();
}
