// The same service through xrm-webapi, which somebody else wrote from the same documentation.

import assert from "node:assert/strict";
import api from "xrm-webapi/dist/webapi.js";
import { test } from "../suite.mjs";

/** Its own transport speaks https only; this one hands its requests to fetch as they are. */
function submit(config, callback) {
  const address = config.apiConfig.url + (config.queryString === "" ? "" : "/" + config.queryString);
  fetch(address, { method: config.method, headers: api.getHeaders(config), body: config.body })
    .then(async (response) => callback({ error: !response.ok, response: await response.text(), headers: response.headers }), (e) => callback({ error: true, response: String(e) }));
}

async function config({ root, token }) { return { url: root.slice(0, -1), accessToken: await token() }; }

test("more", "xrm-webapi creates, reads, updates and deletes", async (at) => {
  const c = await config(at);
  const row = await api.createWithReturnData(c, "accounts", { name: "Xrm" }, "$select=name,accountid", submit);
  assert.equal(row.name, "Xrm");
  await api.create(c, "contacts", { lastname: "Xrm", "parentcustomerid_account@odata.bind": `accounts(${row.accountid})` }, submit);
  await api.update(c, "accounts", row.accountid, { telephone1: "5" }, submit);
  assert.equal((await api.updateWithReturnData(c, "accounts", row.accountid, { fax: "6" }, "$select=fax,telephone1", submit)).telephone1, "5");
  await api.updateProperty(c, "accounts", row.accountid, "name", "Xrm 2", submit);
  await api.deleteProperty(c, "accounts", row.accountid, "fax", submit);
  const read = await api.retrieve(c, "accounts", row.accountid, submit, "$select=name,fax&$expand=contact_customer_accounts($select=lastname)", { includeFormattedValues: true });
  assert.deepEqual([read.name, read.fax, read.contact_customer_accounts.length], ["Xrm 2", null, 1]);
  const contact = read.contact_customer_accounts[0].contactid;
  await api.associate(c, "accounts", row.accountid, "primarycontactid", "contacts", contact, submit);
  assert.equal((await api.retrieve(c, "accounts", row.accountid, submit, "$select=_primarycontactid_value"))._primarycontactid_value, contact);
  await api.disassociate(c, "accounts", row.accountid, "primarycontactid", submit);
  await api.disassociate(c, "accounts", row.accountid, "contact_customer_accounts", submit, contact);
  await api.deleteRecord(c, "accounts", row.accountid, submit);
  await assert.rejects(api.retrieve(c, "accounts", row.accountid, submit), (e) => e.code === "0x80040217");
});

test("more", "xrm-webapi pages, calls functions and sends batches", async (at) => {
  const c = await config(at);
  const page = await api.retrieveMultiple(c, "contacts", submit, "$select=fullname", { maxPageSize: 3 });
  const next = await api.retrieveMultipleNextPage({ ...c }, page["@odata.nextLink"], submit, { maxPageSize: 3 });
  assert.equal(page.value.length + next.value.length, 6);
  assert.match((await api.unboundFunction(c, "WhoAmI", submit)).UserId, /^[0-9a-f-]{36}$/);
  const answer = await api.batchOperation(c, "x1", "y1",
    [{ method: "POST", queryString: "accounts", entity: { name: "Xrm batch" } }, { method: "POST", queryString: "contacts", entity: { lastname: "Xrm batch", "parentcustomerid_account@odata.bind": "$1" } }],
    ["accounts?$select=name&$filter=name eq 'Xrm batch'&$expand=contact_customer_accounts($select=lastname)"], submit);
  assert.ok(answer.startsWith("--batchresponse_"));
  assert.equal(answer.match(/HTTP\/1\.1 204 No Content/g).length, 2);
  assert.match(answer, /"lastname":"Xrm batch"/);
});
