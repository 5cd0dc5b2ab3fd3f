// A choice made with the pointer is taken at once. With the keyboard the arrow keys only move through the choices, and
// Enter or the button beside the list takes one.
export function pickers() {
  let pointer = false;
  for (const select of document.querySelectorAll('select[data-auto]')) {
    if (select.selectedIndex >= 0 && !select.selectedOptions[0].defaultSelected && select.querySelector('[selected]')) {
      select.form.requestSubmit(); // Chosen while this script was still on its way.
      break;
    }
  }
  document.addEventListener('pointerdown', () => { pointer = true; }, true);
  document.addEventListener('keydown', (event) => {
    pointer = false;
    if (event.key !== 'Enter' || !event.target.matches?.('select[data-auto]')) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  }, true);
  document.addEventListener('change', (event) => {
    if (pointer && event.target.matches('select[data-auto]')) event.target.form.requestSubmit();
  });
}
