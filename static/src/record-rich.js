// Formatted text is typed with its formatting; the server cleans what comes back. Long texts count what is left.
const tools = [['bold', 'B'], ['italic', 'I'], ['underline', 'U'], ['insertUnorderedList', '•'], ['insertOrderedList', '1.']];

export function rich(from) {
  for (const plain of from.querySelectorAll('textarea[data-rich]:not([data-ready])')) {
    plain.dataset.ready = '';
    const cell = plain.closest('.v');
    const box = cell.querySelector('[data-rich-for]');
    const marker = cell.querySelector('input[type=hidden][name^="_plain."]');
    const label = document.querySelector(`label[for="${CSS.escape(plain.id)}"]`);
    const shown = box.innerHTML;
    box.hidden = false;
    box.contentEditable = 'true';
    box.id = plain.id + '-box';
    box.setAttribute('role', 'textbox');
    box.setAttribute('aria-multiline', 'true');
    if (label) {
      label.id ||= 'l-' + plain.id;
      box.setAttribute('aria-labelledby', label.id);
      label.addEventListener('click', () => box.focus());
    }
    plain.hidden = true;
    cell.querySelector('[data-plain-note]').hidden = true;
    const bar = document.createElement('div');
    bar.className = 'formats';
    for (const [command, text] of tools) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'ghost';
      button.dataset.mark = text;
      button.setAttribute('aria-label', (document.querySelector('[data-formats]')?.dataset.formats.split('|') ?? [])[tools.findIndex((t) => t[0] === command)] ?? command);
      button.addEventListener('pointerdown', (event) => event.preventDefault());
      button.addEventListener('click', () => {
        box.focus();
        document.execCommand(command);
      });
      bar.append(button);
    }
    box.before(bar);
    const plainly = marker.name;
    box.addEventListener('input', () => {
      const touched = box.innerHTML !== shown;
      marker.name = touched ? plainly.replace('_plain.', '_rich.') : plainly;
      plain.value = touched ? box.innerHTML : plain.defaultValue;
    });
  }
}

export function counters(from) {
  for (const input of from.querySelectorAll('[data-longest]:not([data-counted])')) {
    input.dataset.counted = '';
    const longest = Number(input.dataset.longest);
    const count = document.createElement('span');
    count.className = 'count-left';
    count.hidden = true;
    input.after(count);
    input.addEventListener('input', () => {
      const left = longest - input.value.length;
      count.hidden = left > Math.max(20, longest / 10);
      count.textContent = new Intl.NumberFormat(document.documentElement.lang).format(left);
      count.classList.toggle('problem-text', left < 0);
    });
  }
}
