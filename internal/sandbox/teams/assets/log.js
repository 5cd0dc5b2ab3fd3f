// The protocol log for developers, at the foot of the page. window.parley.log holds the same entries for tests.

const entries = [];
const list = document.querySelector('[data-testid="protocol-log"]');
const count = document.querySelector('[data-testid="protocol-count"]');
const most = 300;

const arrows = { in: 'app → host', out: 'host → app', refused: 'refused', unknown: 'not supported here' };

// record writes one message down. Tokens are shortened: a log is often copied into a report.
export function record(direction, func, args, context = '') {
  const shown = JSON.stringify(args ?? [], (_, value) => (typeof value === 'string' && /^eyJ[\w-]{20,}\./.test(value) ? value.slice(0, 12) + '…' : value));
  entries.push({ direction, func, args: shown, context });
  if (entries.length > most) entries.shift();
  if (!list) return;
  const line = document.createElement('li');
  Object.assign(line.dataset, { direction, func });
  for (const [kind, text] of [['way', arrows[direction]], ['func', func], ['args', shown]]) {
    const part = document.createElement('span');
    part.className = 'log-' + kind;
    part.textContent = text;
    line.append(part, ' ');
  }
  list.append(line);
  if (list.childElementCount > most) list.firstElementChild.remove();
  if (count) count.textContent = String(entries.length);
}

window.parley = { log: entries };
