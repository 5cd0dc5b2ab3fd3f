// Runs in every document of the measured window before the document's own scripts; frames tell the measuring program when
// their first content was painted, and when the last part of a dashboard was shown.
(() => {
  if (window.top === window || !location.href.startsWith('http')) return;
  const origin = performance.timeOrigin;
  const tell = (kind, more) => window.tellBench(JSON.stringify({ kind, url: location.href, origin, ...more }));
  let shown = 0;
  let paint = 0;
  let blocked = 0;
  tell('start', {});
  new MutationObserver((changes) => {
    const grew = changes.some((c) => [...c.addedNodes].some((n) => n.nodeType === 1 && (n.parentElement ?? n).closest('section[data-part]') || n.nodeType === 1 && n.matches('section[data-part]')));
    if (grew) requestAnimationFrame(() => { shown = performance.now(); });
  }).observe(document, { childList: true, subtree: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntriesByName('first-contentful-paint')) {
      paint = entry.startTime;
      tell('painted', { paint });
    }
  }).observe({ type: 'paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) if (task.name !== 'cross-origin-ancestor') blocked += Math.max(0, task.duration - 50);
  }).observe({ type: 'longtask', buffered: true });
  addEventListener('load', () => setTimeout(() => {
    const early = performance.getEntriesByType('resource').filter((e) => e.responseEnd <= shown).map((e) => e.name);
    tell('settled', { paint, shown, blocked, early, parts: document.querySelectorAll('section[data-part]').length });
  }, 600));
})();
