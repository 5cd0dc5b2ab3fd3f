// What cases are made of. A case is one call of `test`: the rows of the surface that it covers, a sentence, and what it does.
// A case that needs what the stand-in does not serve yet says so with `pending`: then it has to fail, so that nobody
// forgets to switch it on.

import assert from "node:assert/strict";

/** Every way in which dynamics-web-api calls the service; a run fails when one has no case. */
export const surface = [
  "create", "create representation", "retrieve", "retrieveMultiple", "retrieveAll", "trackChanges", "fetch", "count", "update", "upsert",
  "updateSingleProperty", "deleteRecord", "associate", "callFunction", "callAction", "metadata", "useEntityNames", "csdl", "impersonate",
  "search", "long address", "batch", "uploadFile", "downloadFile", "background operations",
];

const cases = [];

export function test(rows, title, run) { cases.push({ rows: [rows].flat(), title, run }); }
test.pending = (rows, title, run) => cases.push({ rows: [rows].flat(), title, run, pending: true });

/** Runs all cases one after the other and prints one JSON object a line: {title, ok, pending, error}. */
export async function run(at) {
  let failed = false;
  const report = (line) => { failed ||= !line.ok; console.log(JSON.stringify(line)); };
  for (const row of surface) {
    if (!cases.some((c) => c.rows.includes(row))) report({ title: `no case covers "${row}"`, ok: false, error: "write one" });
  }
  for (const { title, rows, run, pending } of cases) {
    const unknown = rows.find((row) => !surface.includes(row) && row !== "more");
    let error = unknown ? `there is no row "${unknown}"` : "", problem;
    if (!error) {
      try { await run(at); } catch (e) { problem = e; error = describe(e); }
    }
    const notServed = problem?.status >= 400 || problem instanceof assert.AssertionError; // and not a mistake in the case
    if (pending) report({ title, pending, ok: notServed, error: notServed ? "" : error || "it works now: switch it on" });
    else report({ title, ok: error === "", error });
  }
  return failed ? 1 : 0;
}

function describe(e) {
  if (e instanceof Error) return e.status ? `${e.status} ${e.code}: ${e.message}` : (e.stack ?? e.message);
  return JSON.stringify(e);
}

/** Demands that a call is refused with a status and, when given, a code. */
export async function refused(promise, status, code) {
  let problem;
  try { await promise; } catch (e) { problem = e; }
  assert.ok(problem, `expected ${status}, but it went well`);
  assert.equal(problem.status, status, problem.message);
  if (code) assert.equal(problem.code, code);
  return problem;
}
