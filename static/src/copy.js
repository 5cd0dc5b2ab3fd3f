// A button copies the text of the element that it names. Teams may not let a frame write to the clipboard, so the older way,
// which works on a selection, is tried too.
function byHand(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  return document.execCommand('copy');
}

export function copying(from = document) {
  for (const button of from.querySelectorAll('button[data-copy]')) {
    const from = document.getElementById(button.dataset.copy);
    const words = button.querySelector('span') ?? button; // beside an icon
    const label = words.textContent;
    button.hidden = false;
    button.addEventListener('click', async () => {
      const done = await navigator.clipboard?.writeText(from.textContent).then(() => true, () => byHand(from)) ?? byHand(from);
      if (!done) return;
      words.textContent = button.dataset.done;
      setTimeout(() => { words.textContent = label; }, 2000);
    });
  }
}
