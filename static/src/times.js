// Times are written by the server in UTC; here they become the reader's own.
export function times(from) {
  const language = document.documentElement.lang;
  const day = (date) => date.toLocaleDateString(language);
  for (const time of from.querySelectorAll('time[data-clock]')) {
    const at = new Date(time.dateTime);
    const options = day(at) === day(new Date()) ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' };
    time.textContent = new Intl.DateTimeFormat(language, options).format(at);
  }
}
