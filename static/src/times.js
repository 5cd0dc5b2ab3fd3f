// Times are written by the server in UTC; here they become the reader's own.
export function times(from) {
  // The calendar and the digits are those of everything else on the page, also where Arabic has others of its own.
  const language = document.documentElement.lang + '-u-ca-gregory-nu-latn';
  const day = (date) => date.toLocaleDateString(language);
  for (const time of from.querySelectorAll('time[data-clock]')) {
    const at = new Date(time.dateTime);
    const options = day(at) === day(new Date()) ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' };
    time.textContent = new Intl.DateTimeFormat(language, options).format(at);
  }
}
