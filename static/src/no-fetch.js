// TeamsJS refreshes its list of host origins from a public address when it loads. Our policy allows no such connection, and
// the built-in list is enough, so that its fetch is this one, which fails quietly.
export const fetchNothing = () => Promise.reject(new Error('offline list only'));
