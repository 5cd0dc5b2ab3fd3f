// Dataverse search, in both versions that the client speaks.

import assert from "node:assert/strict";
import { test } from "../suite.mjs";

const pause = () => new Promise((done) => setTimeout(done, 1100)); // one request a second for each person

test("search", "search finds rows by their words, version 1", async ({ dwa }) => {
  const d = dwa("seller");
  const { value } = await d.query({ search: "sales", entities: ["account"], returnTotalRecordCount: true });
  assert.ok(value.length >= 0);
  await pause();
  assert.ok(Array.isArray((await d.suggest({ search: "con" })).value));
  await pause();
  assert.equal(typeof (await d.autocomplete({ search: "con" })).value, "string");
});

test("search", "search finds rows by their words, version 2", async ({ dwa }) => {
  const d = dwa("manager", { searchApi: { version: "2.0" } });
  const { response } = await d.query({ search: "sales", entities: [{ name: "account" }], count: true, top: 5 });
  assert.ok(response.Count >= 0);
  await pause();
  assert.ok(Array.isArray((await d.suggest({ search: "con" })).response.Value));
  await pause();
  assert.equal(typeof (await d.autocomplete({ search: "con" })).response.Value, "string");
});
