// The tabs of a form are headings with an anchor each; with script only one of them is seen at a time.
export function tabs(from) {
  const list = from.querySelector('[data-tabs]');
  if (!list) return;
  from.classList.add('tabbed');
  list.setAttribute('role', 'tablist');
  const links = [...list.querySelectorAll('a')];
  for (const link of links) {
    const leaf = from.querySelector(`[data-leaf="${CSS.escape(link.dataset.tab)}"]`);
    link.setAttribute('role', 'tab');
    link.id = 't-' + link.dataset.tab;
    link.setAttribute('aria-controls', leaf.id);
    leaf.setAttribute('role', 'tabpanel');
    leaf.setAttribute('aria-labelledby', link.id);
    link.addEventListener('click', (event) => {
      event.preventDefault();
      pick(list, link);
      history.replaceState(null, '', link.hash);
    });
  }
  list.addEventListener('keydown', (event) => {
    const at = links.indexOf(document.activeElement);
    const forward = getComputedStyle(list).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    const back = forward === 'ArrowLeft' ? 'ArrowRight' : 'ArrowLeft';
    const to = { [forward]: at + 1, [back]: at - 1, Home: 0, End: links.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const next = links[(to + links.length) % links.length];
    next.click();
    next.focus();
  });
  const named = location.hash.startsWith('#tab-') && links.find((l) => l.hash === location.hash);
  pick(list, named || links.find((l) => l.hasAttribute('aria-current')) || links[0]);
}

function pick(list, link) {
  for (const other of list.querySelectorAll('a')) {
    const chosen = other === link;
    other.setAttribute('aria-selected', chosen);
    other.removeAttribute('aria-current');
    other.tabIndex = chosen ? 0 : -1;
    list.parentElement.querySelector(`[data-leaf="${CSS.escape(other.dataset.tab)}"]`).hidden = !chosen;
  }
  link.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

// reveal opens the tab that a part of the form is on.
export function reveal(node) {
  const leaf = node?.closest('[data-leaf]');
  const list = document.querySelector('[data-tabs][role=tablist]');
  if (!leaf?.hidden || !list) return;
  pick(list, list.querySelector(`[data-tab="${CSS.escape(leaf.dataset.leaf)}"]`));
}
