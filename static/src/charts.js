// A chart is one stop of the Tab key; arrow keys, Home and End move between its segments.
export function charts(from) {
  for (const chart of from.querySelectorAll('svg.chart')) {
    const links = [...chart.querySelectorAll('a')];
    links.forEach((link, i) => link.setAttribute('tabindex', i ? -1 : 0));
    chart.addEventListener('keydown', (event) => {
      const at = links.indexOf(document.activeElement);
      const last = links.length - 1;
      const to = {
        ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: last,
      }[event.key];
      if (at < 0 || to === undefined) return;
      event.preventDefault();
      const next = links[Math.max(0, Math.min(last, to))];
      links[at].setAttribute('tabindex', -1);
      next.setAttribute('tabindex', 0);
      next.focus();
    });
  }
}
