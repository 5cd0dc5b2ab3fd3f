// Package store keeps what Pintab has to remember, in SQLite or in PostgreSQL: sessions, sign-ins under way, hand-offs,
// sealed tokens, leases, preferences and chosen dashboards. It never keeps anything of Dataverse, and it never sees a
// session id, a sign-in state, a hand-off code or a token in the clear: the first three arrive hashed, the last sealed
// by package entra.
//
// Of what people write to the bot it keeps what waits to be answered, sealed by package bot, until that is done.
//
// Both databases run the same statements, with $1 placeholders; only opening and the migrations differ. Rows that have expired are removed by the next write to their table, so nothing runs in the
// background.
package store
