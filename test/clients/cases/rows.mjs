// One row at a time: create, read, change, delete, and who may.

import assert from "node:assert/strict";
import { refused, test } from "../suite.mjs";

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** An account of this run, with what a case wants it to have. */
export async function account(dwa, more = {}) {
  return dwa.create({ collection: "accounts", data: { name: "Clients Ltd", ...more } });
}

test("create", "create gives the id of the new row", async ({ dwa }) => {
  const d = dwa();
  const contact = await d.create({ collection: "contacts", data: { firstname: "Ünïcode", lastname: "O'Hara \"the\" 日本" } });
  assert.match(contact, guid);
  const id = await account(d, { "primarycontactid@odata.bind": `contacts(${contact})`, numberofemployees: 12, revenue: 1234.56, donotemail: true });
  const row = await d.retrieve({ collection: "accounts", key: id, select: ["name", "revenue", "numberofemployees", "donotemail", "_primarycontactid_value"], includeAnnotations: "*" });
  assert.equal(row._primarycontactid_value, contact);
  assert.equal(row._primarycontactid_value_LogicalName, "contact");
  assert.deepEqual([row.revenue, row.numberofemployees, row.donotemail], [1234.56, 12, true]);
  assert.ok(row.revenue_Formatted);
  const back = await d.retrieve({ collection: "contacts", key: contact, select: ["lastname"] });
  assert.equal(back.lastname, "O'Hara \"the\" 日本");
});

test("create", "create takes related rows with it", async ({ dwa }) => {
  const d = dwa();
  const id = await account(d, { primarycontactid: { lastname: "Deep" }, contact_customer_accounts: [{ lastname: "One" }, { lastname: "Two" }] });
  const row = await d.retrieve({ collection: "accounts", key: id, select: ["name"], expand: [{ property: "primarycontactid", select: ["lastname"] }, { property: "contact_customer_accounts", select: ["lastname"], orderBy: ["lastname desc"] }] });
  assert.equal(row.primarycontactid.lastname, "Deep");
  assert.deepEqual(row.contact_customer_accounts.map((c) => c.lastname), ["Two", "One"]);
});

test("create", "an appointment brings its parties", async ({ dwa }) => {
  const d = dwa();
  const who = await d.create({ collection: "contacts", data: { lastname: "Guest" } });
  const { UserId } = await d.callFunction("WhoAmI");
  const id = await d.create({ collection: "appointments", data: {
    subject: "Parties", scheduledstart: "2026-12-01T10:00:00Z", scheduledend: "2026-12-01T11:00:00Z",
    appointment_activity_parties: [
      { "partyid_contact@odata.bind": `/contacts(${who})`, participationtypemask: 5 },
      { "partyid_systemuser@odata.bind": `/systemusers(${UserId})`, participationtypemask: 7 },
    ],
  } });
  const read = async () => (await d.retrieve({ collection: "appointments", key: id, select: ["subject"], expand: [{ property: "appointment_activity_parties", select: ["participationtypemask", "_partyid_value"] }] })).appointment_activity_parties;
  const of = (parties, mask) => parties.filter((p) => p.participationtypemask === mask).map((p) => p._partyid_value);
  let parties = await read();
  assert.deepEqual([of(parties, 5), of(parties, 7)], [[who], [UserId]]);
  await d.update({ collection: "appointments", key: id, data: { appointment_activity_parties: [{ "partyid_contact@odata.bind": `/contacts(${who})`, participationtypemask: 6 }] } });
  parties = await read();
  assert.deepEqual([of(parties, 5), of(parties, 6)], [[], [who]]);
});

test("create representation", "create may answer with the row", async ({ dwa }) => {
  const row = await dwa().create({ collection: "accounts", data: { name: "Shown" }, returnRepresentation: true, select: ["name", "createdon"] });
  assert.equal(row.name, "Shown");
  assert.ok(row.createdon instanceof Date);
  assert.match(row.accountid, guid);
});

test("retrieve", "retrieve selects, expands and follows", async ({ dwa, root }) => {
  const d = dwa();
  const contact = await d.create({ collection: "contacts", data: { firstname: "Nav", lastname: "Igate" } });
  const number = "CL-" + contact.slice(0, 8);
  const id = await account(d, { accountnumber: number, "primarycontactid@odata.bind": `contacts(${contact})` });
  const row = await d.retrieve({ collection: "accounts", key: id, select: ["name"], expand: [{ property: "primarycontactid", select: ["fullname"] }] });
  assert.equal(row.primarycontactid.contactid, contact);
  assert.equal((await d.retrieve({ collection: "accounts", key: `accountnumber='${number}'`, select: ["name"] })).accountid, id);
  assert.equal((await d.retrieve({ collection: "accounts", key: id, navigationProperty: "primarycontactid", select: ["lastname"] })).lastname, "Igate");
  const ref = await d.retrieve({ collection: "accounts", key: id, select: ["primarycontactid/$ref"] });
  assert.deepEqual([ref.id, ref.collection], [contact, "contacts"]);
  await d.associate({ collection: "accounts", primaryKey: id, relationshipName: "contact_customer_accounts", relatedCollection: "contacts", relatedKey: contact });
  assert.equal((await d.retrieve({ collection: "accounts", key: id, navigationProperty: "contact_customer_accounts", navigationPropertyKey: contact, select: ["lastname"] })).lastname, "Igate");
  assert.ok(row.oDataContext.startsWith(root + "$metadata#accounts"));
});

test("retrieve", "an unchanged row is not sent again", async ({ dwa, raw }) => {
  const d = dwa();
  const id = await account(d);
  const row = await d.retrieve({ collection: "accounts", key: id, select: ["name"] });
  assert.equal(await d.retrieve({ collection: "accounts", key: id, select: ["name"], ifnonematch: row["@odata.etag"] }), undefined);
  const path = `accounts(${id})?$select=name`;
  assert.equal((await raw("GET", path, { headers: { "if-none-match": "null" } })).status, 200);
  assert.equal((await raw("GET", path + "&$expand=primarycontactid", { headers: { "if-none-match": row["@odata.etag"] } })).status, 200);
});

test("retrieve", "a row that is not there, and a property that is not", async ({ dwa }) => {
  const d = dwa();
  await refused(d.retrieve({ collection: "accounts", key: "00000000-0000-4000-8000-000000000001" }), 404, "0x80040217");
  await refused(d.retrieve({ collection: "accounts", key: "accountnumber='nobody at all'" }), 404, "0x80060891");
  await refused(d.retrieveMultiple({ collection: "accounts", select: ["nothing"], top: 1 }), 400, "0x80060888");
  await refused(d.retrieveMultiple({ collection: "nothings", top: 1 }), 404, "0x80060888");
});

test("update", "update changes what is sent and respects versions", async ({ dwa }) => {
  const d = dwa();
  const id = await account(d, { telephone1: "1" });
  assert.equal(await d.update({ collection: "accounts", key: id, data: { telephone1: "2" } }), true);
  const row = await d.retrieve({ collection: "accounts", key: id, select: ["name", "telephone1"] });
  assert.deepEqual([row.name, row.telephone1], ["Clients Ltd", "2"]);
  assert.equal(await d.update({ collection: "accounts", key: id, data: { telephone1: "3" }, ifmatch: row["@odata.etag"] }), true);
  assert.equal(await d.update({ collection: "accounts", key: id, data: { telephone1: "4" }, ifmatch: row["@odata.etag"] }), false);
  const shown = await d.update({ collection: "accounts", key: id, data: { telephone1: "5" }, returnRepresentation: true, select: ["telephone1"] });
  assert.equal(shown.telephone1, "5");
  await refused(d.update({ collection: "accounts", key: "00000000-0000-4000-8000-000000000002", data: { name: "x" } }), 404, "0x80040217");
  await d.update({ collection: "accounts", key: id, data: { "primarycontactid@odata.bind": null, statecode: 1, statuscode: 2 }, duplicateDetection: true });
  assert.equal((await d.retrieve({ collection: "accounts", key: id, select: ["statecode"] })).statecode, 1);
  const problem = await refused(d.update({ collection: "accounts", key: id, data: { nothing: 1 } }), 400, "0x80048d19");
  assert.match(problem.message, /Invalid property 'nothing' was found in entity 'Microsoft\.Dynamics\.CRM\.account'/);
});

test("upsert", "upsert creates or updates, or is told not to", async ({ dwa }) => {
  const d = dwa();
  const id = crypto.randomUUID();
  assert.equal(await d.upsert({ collection: "accounts", key: id, data: { name: "Up" } }), id);
  assert.equal(await d.upsert({ collection: "accounts", key: id, data: { name: "Sert" }, returnRepresentation: true, select: ["name"] }).then((r) => r.name), "Sert");
  assert.equal(await d.upsert({ collection: "accounts", key: id, data: { name: "Never" }, ifnonematch: "*" }), null);
  assert.equal(await d.upsert({ collection: "accounts", key: crypto.randomUUID(), data: { name: "Never" }, ifmatch: "*" }), null);
  const number = "UP-" + id.slice(0, 8);
  const keyed = await d.upsert({ collection: "accounts", key: `accountnumber='${number}'`, data: { name: "Keyed" } });
  assert.match(keyed, guid);
  assert.equal((await d.retrieve({ collection: "accounts", key: keyed, select: ["accountnumber"] })).accountnumber, number);
});

test("updateSingleProperty", "one property is put and taken away", async ({ dwa }) => {
  const d = dwa();
  const id = await account(d, { fax: "9" });
  await d.updateSingleProperty({ collection: "accounts", key: id, fieldValuePair: { name: "Single" } });
  await d.deleteRecord({ collection: "accounts", key: id, property: "fax" });
  const row = await d.retrieve({ collection: "accounts", key: id, select: ["name", "fax"] });
  assert.deepEqual([row.name, row.fax], ["Single", null]);
});

test("deleteRecord", "a row is deleted, once, and in its version", async ({ dwa }) => {
  const d = dwa();
  const id = await account(d);
  assert.equal(await d.deleteRecord({ collection: "accounts", key: id, ifmatch: 'W/"1"' }), false);
  assert.equal(await d.deleteRecord({ collection: "accounts", key: id }), true);
  await refused(d.deleteRecord({ collection: "accounts", key: id }), 404, "0x80040217");
});

test("associate", "rows are associated and taken apart, in every kind of relationship", async ({ dwa }) => {
  const d = dwa();
  const id = await account(d);
  const contact = await d.create({ collection: "contacts", data: { lastname: "Assoc" } });
  const many = { collection: "accounts", primaryKey: id, relationshipName: "contact_customer_accounts", relatedCollection: "contacts", relatedKey: contact };
  const parent = async () => (await d.retrieve({ collection: "contacts", key: contact, select: ["_parentcustomerid_value"] }))._parentcustomerid_value;
  await d.associate(many);
  assert.equal(await parent(), id);
  await d.disassociate(many);
  assert.equal(await parent(), null);
  const single = { collection: "accounts", primaryKey: id, navigationProperty: "primarycontactid", relatedCollection: "contacts", relatedKey: contact };
  await d.associateSingleValued(single);
  assert.equal((await d.retrieve({ collection: "accounts", key: id, select: ["_primarycontactid_value"] }))._primarycontactid_value, contact);
  await d.disassociateSingleValued(single);
  assert.equal((await d.retrieve({ collection: "accounts", key: id, select: ["_primarycontactid_value"] }))._primarycontactid_value, null);

  const { UserId } = await d.callFunction("WhoAmI");
  const role = (await d.retrieveMultiple({ collection: "roles", select: ["name"], filter: "name ne 'System Administrator'", top: 1 })).value[0];
  const roles = async () => (await d.retrieve({ collection: "systemusers", key: UserId, select: ["fullname"], expand: [{ property: "systemuserroles_association", select: ["name"] }] })).systemuserroles_association.map((r) => r.roleid);
  const before = await roles();
  const nn = { collection: "systemusers", primaryKey: UserId, relationshipName: "systemuserroles_association", relatedCollection: "roles", relatedKey: role.roleid };
  await d.associate(nn);
  assert.ok((await roles()).includes(role.roleid));
  if (!before.includes(role.roleid)) await d.disassociate(nn);
  assert.deepEqual((await roles()).sort(), before.sort());
});

test("impersonate", "only who may acts for another", async ({ dwa }) => {
  const { UserId } = await dwa("seller").callFunction("WhoAmI");
  await refused(dwa("seller", { impersonate: (await dwa().callFunction("WhoAmI")).UserId }).callFunction("WhoAmI"), 403, "0x8004A110");
  assert.equal((await dwa("administrator", { impersonate: UserId }).callFunction("WhoAmI")).UserId, UserId);
  const { azureactivedirectoryobjectid: oid } = await dwa().retrieve({ collection: "systemusers", key: UserId, select: ["azureactivedirectoryobjectid"] });
  assert.equal((await dwa("administrator", { impersonateAAD: oid }).callFunction("WhoAmI")).UserId, UserId);
});

test("more", "rights decide, by table and by row", async ({ dwa }) => {
  const d = dwa();
  const id = await account(d);
  await refused(dwa("read-only").update({ collection: "accounts", key: id, data: { name: "x" } }), 403);
  await refused(dwa("read-only").create({ collection: "accounts", data: { name: "x" } }), 403, "0x80040220");
});

test("more", "without a token there is one challenge, in the service's own form", async ({ root, sandbox, organization }) => {
  const response = await fetch(root + "WhoAmI");
  assert.equal(response.status, 401);
  assert.equal(response.headers.get("www-authenticate"), `Bearer authorization_uri=${sandbox.entra}/${sandbox.tenant}/oauth2/authorize, resource_id=${organization.url}/`);
});

test("more", "an answer has the headers that Microsoft's own client cannot do without", async ({ raw }) => {
  const a = await raw("GET", "WhoAmI");
  assert.ok(Number.isInteger(Number(a.headers.get("x-ms-dop-hint"))));
  assert.equal(a.headers.get("odata-version"), "4.0");
  assert.match(a.headers.get("req_id"), guid);
});
