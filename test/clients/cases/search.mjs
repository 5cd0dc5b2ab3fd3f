// Dataverse search, in both versions that the client speaks.

import assert from "node:assert/strict";
import { refused, test } from "../suite.mjs";

const pause = () => new Promise((done) => setTimeout(done, 1100)); // one request a second for each person

/** An account that the person may read, and a word of its name. */
async function known(d) {
  const { value } = await d.retrieveMultiple({ collection: "accounts", select: ["name"], filter: "statecode eq 0", top: 50 });
  const row = value.find((r) => /^[A-Za-z]{5,}\b/.test(r.name));
  return { id: row.accountid, word: row.name.match(/^[A-Za-z]+/)[0] };
}

test("search", "search finds rows by their words, version 1", async ({ dwa }) => {
  const d = dwa("seller");
  const { id, word } = await known(d);
  await pause(); // other cases may just have searched
  const found = await d.query({ query: { search: word, entities: ["account"], returnTotalRecordCount: true, top: 100 } });
  assert.ok(found.value.some((r) => r["@search.objectid"] === id), word);
  assert.ok(found.totalrecordcount >= 1);
  await pause();
  assert.ok((await d.suggest({ query: { search: word.slice(0, 4) } })).value.length > 0);
  await pause();
  assert.match((await d.autocomplete({ query: { search: word.slice(0, 4) } })).value, /\{crmhit\}/);
});

test("search", "search finds rows by their words, version 2", async ({ dwa }) => {
  const d = dwa("manager", { searchApi: { version: "2.0" } });
  const { id, word } = await known(d);
  await pause();
  const { response } = await d.query({ query: { search: word, entities: [{ name: "account" }], count: true, top: 100, facets: ["entityname,count:5"], options: { searchMode: "all" } } });
  assert.ok(response.Value.some((r) => r.Id === id), word);
  assert.ok(response.Count >= 1);
  await pause();
  assert.ok((await d.suggest({ query: { search: word.slice(0, 4) } })).response.Value.length > 0);
  await pause();
  assert.match((await d.autocomplete({ query: { search: word.slice(0, 4) } })).response.Value, /\{crmhit\}/);
});

test(["search", "callAction"], "the action of the Web API searches too, and one person may not ask twice a second", async ({ dwa }) => {
  const d = dwa();
  const { id, word } = await known(d);
  await pause();
  const action = { actionName: "searchquery", action: { search: word, entities: JSON.stringify([{ name: "account" }]), count: true, top: 100 } };
  const { response } = await d.callAction(action);
  assert.ok(JSON.parse(response).Value.some((r) => r.Id === id));
  const problem = await refused(d.callAction(action), 429);
  assert.ok(Number(problem.headers["retry-after"]) >= 1);
});

test("search", "an organization may have search switched off", async ({ dwa, sandbox, organization }) => {
  const turn = (enabled) => fetch(sandbox.dataverse + "/_sandbox/search", { method: "POST", body: JSON.stringify({ organization: organization.name, enabled }) });
  await turn(false);
  await pause();
  try {
    const problem = await refused(dwa("seller").query({ query: { search: "anything" } }), 400, "0x80048d0b");
    assert.match(problem.message, /disabled/);
  } finally {
    await turn(true);
  }
});
