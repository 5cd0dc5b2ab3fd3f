// A choice made with the pointer is taken at once. With the keyboard the arrow keys only move through the choices, and
// Enter or the button beside the list takes one.
export function pickers() {
  let pointer = false;
  document.documentElement.classList.add('js');
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
