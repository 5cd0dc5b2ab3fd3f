// The script of what a tab of Teams leads to: it goes to the part that a link in Teams points to, and makes such links.
const bar = () => document.querySelector('.pin-bar');

document.addEventListener('hosted', async ({ detail: host }) => {
  const sub = await host.subPage();
  const here = new URL(location.href);
  if (sub && here.pathname === '/tab/pin' && !here.searchParams.has('sub') && sub !== bar()?.dataset.sub) {
    here.searchParams.set('sub', sub);
    location.replace(here);
    return;
  }
  for (const button of document.querySelectorAll('[data-share]')) {
    button.hidden = false;
    button.addEventListener('click', () => {
      done(button);
      host.share({ subPageId: current(), subPageLabel: button.dataset.share });
    });
  }
  if (!host.talks()) return;
  for (const button of document.querySelectorAll('[data-talk]')) {
    button.hidden = false;
    button.addEventListener('click', () => {
      done(button);
      host.talk({ subEntityId: current() || 'tab', title: button.dataset.talk });
    });
  }
});

function done(button) {
  button.closest('details').open = false;
}

// current is the sub page that is shown: the record beside a list, whichever that is by now.
function current() {
  const id = new URL(location.href).searchParams.get('id');
  const row = document.querySelector('[data-row][aria-current]')?.dataset.row ?? (document.querySelector('[data-beside] article') ? id : '');
  return row ? `r.${bar().dataset.table}.${row}` : bar().dataset.sub;
}
