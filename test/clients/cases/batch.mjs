// Several operations in one request.

import assert from "node:assert/strict";
import { test } from "../suite.mjs";
import { account } from "./rows.mjs";

test("batch", "a batch reads and writes in order", async ({ dwa }) => {
  const d = dwa();
  const id = await account(d, { name: "Batched" });
  d.startBatch();
  d.retrieve({ collection: "accounts", key: id, select: ["name"] });
  d.retrieveMultiple({ collection: "contacts", select: ["fullname"], filter: "contains(fullname,'a')", top: 2 });
  d.count({ collection: "accounts" });
  d.update({ collection: "accounts", key: id, data: { name: "Batched twice" } });
  d.create({ collection: "accounts", data: { name: "From a batch" } });
  d.deleteRecord({ collection: "accounts", key: id, property: "fax" });
  d.updateSingleProperty({ collection: "accounts", key: id, fieldValuePair: { telephone1: "7" } });
  d.create({ collection: "accounts", data: { name: "Shown by a batch" }, returnRepresentation: true, select: ["name"] });
  const [row, contacts, count, updated, created, cleared, , shown] = await d.executeBatch();
  assert.equal(row.name, "Batched");
  assert.equal(contacts.value.length, 2);
  assert.ok(count > 0);
  assert.deepEqual([updated, cleared], [true, true]);
  assert.match(created, /^[0-9a-f-]{36}$/);
  assert.equal(shown.name, "Shown by a batch");
  const after = await d.retrieve({ collection: "accounts", key: id, select: ["name", "telephone1"] });
  assert.deepEqual([after.name, after.telephone1], ["Batched twice", "7"]);
});

test("batch", "a later operation refers to an earlier one", async ({ dwa }) => {
  const d = dwa();
  d.startBatch();
  d.create({ collection: "accounts", data: { name: "Referred" }, contentId: "1" });
  d.create({ collection: "contacts", data: { lastname: "Referring", "parentcustomerid_account@odata.bind": "$1" }, contentId: "2" });
  d.associateSingleValued({ collection: "$1", navigationProperty: "primarycontactid", relatedKey: "$2" });
  d.create({ collection: "tasks", data: { subject: "below", "regardingobjectid_account_task@odata.bind": "$1" } });
  const [id, contact] = await d.executeBatch();
  const row = await d.retrieve({ collection: "accounts", key: id, select: ["name"], expand: [{ property: "primarycontactid", select: ["lastname"] }, { property: "Account_Tasks", select: ["subject"] }] });
  assert.equal(row.primarycontactid.contactid, contact);
  assert.equal(row.Account_Tasks[0].subject, "below");
});

test("batch", "a change set that fails leaves nothing", async ({ dwa, raw }) => {
  const d = dwa();
  const mark = "R" + crypto.randomUUID().slice(0, 8);
  d.startBatch();
  d.create({ collection: "accounts", data: { name: mark } });
  d.update({ collection: "accounts", key: crypto.randomUUID(), data: { name: mark } });
  await assert.rejects(d.executeBatch(), (all) => [all].flat().some((e) => e.status === 404 || e.code === "0x80040217"));
  assert.equal(await d.count({ collection: "accounts", filter: `name eq '${mark}'` }), 0);
  const body = ["--b", "Content-Type: multipart/mixed;boundary=c", "", "--c", "Content-Type: application/http", "Content-ID: 1", "", `PUT $9/primarycontactid/$ref HTTP/1.1`, "Content-Type: application/json", "", "{}", "--c--", "--b--", ""].join("\r\n");
  const a = await raw("POST", "$batch", { headers: { "content-type": "multipart/mixed;boundary=b" }, body });
  assert.equal(a.status, 400);
  assert.match(a.text, /Content-ID Reference: '\$9' does not exist in the batch context\./);
});

test("batch", "a batch may go on after a failure", async ({ dwa }) => {
  const d = dwa();
  d.startBatch();
  d.retrieve({ collection: "accounts", key: crypto.randomUUID(), select: ["name"] });
  d.retrieveMultiple({ collection: "accounts", select: ["name"], top: 1 });
  const answers = await d.executeBatch({ continueOnError: true });
  assert.equal(answers[0].status, 404);
  assert.equal(answers[1].value.length, 1);
  d.startBatch();
  d.create({ collection: "accounts", data: { name: "Alone" }, inChangeSet: false });
  d.create({ collection: "accounts", data: { nothing: 1 }, inChangeSet: false });
  d.create({ collection: "accounts", data: { name: "Alone too" }, inChangeSet: false });
  const singles = await d.executeBatch({ continueOnError: true });
  assert.match(singles[0], /^[0-9a-f-]{36}$/);
  assert.equal(singles[1].error.code, "0x80048d19");
  assert.match(singles[2], /^[0-9a-f-]{36}$/);
});
