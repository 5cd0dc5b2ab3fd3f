// Many rows: filters, pages, FetchXML, counts, views.

import assert from "node:assert/strict";
import { refused, test } from "../suite.mjs";
import { account } from "./rows.mjs";

test("retrieveMultiple", "a query filters, sorts, counts and annotates", async ({ dwa }) => {
  const d = dwa();
  const mark = "Q" + crypto.randomUUID().slice(0, 8);
  for (const n of [3, 1, 2]) await account(d, { name: `${mark} ${n}`, numberofemployees: n });
  const ask = (filter, more) => d.retrieveMultiple({ collection: "accounts", select: ["name", "numberofemployees"], filter: `startswith(name,'${mark}') and (${filter})`, orderBy: ["numberofemployees desc"], ...more });
  const names = async (filter) => (await ask(filter)).value.map((r) => r.numberofemployees).join("");
  assert.equal(await names("numberofemployees gt 0"), "321");
  assert.equal(await names("numberofemployees ge 2 and numberofemployees le 3"), "32");
  assert.equal(await names("not (numberofemployees eq 2)"), "31");
  assert.equal(await names(`endswith(name,'1') or contains(name,' 2')`), "21");
  assert.equal(await names(`name eq '${mark.toLowerCase()} 1'`), "1");
  assert.equal(await names("Microsoft.Dynamics.CRM.In(PropertyName='numberofemployees',PropertyValues=['1','3'])"), "31");
  assert.equal(await names("Microsoft.Dynamics.CRM.Between(PropertyName='numberofemployees',PropertyValues=['2','9'])"), "32");
  assert.equal(await names("Microsoft.Dynamics.CRM.Today(PropertyName='createdon')"), "321");
  assert.equal(await names("Microsoft.Dynamics.CRM.EqualUserId(PropertyName='ownerid')"), "321");
  const page = await ask("numberofemployees gt 0", { count: true, top: 2, includeAnnotations: "*" });
  assert.equal(page.oDataCount, 3);
  assert.equal(page.value.length, 2);
  assert.ok(page.value[0]["_ownerid_value_Formatted"] === undefined && page.value[0].numberofemployees_Formatted === "3");
});

test("retrieveMultiple", "any and all look into collections", async ({ dwa }) => {
  const d = dwa();
  const mark = "L" + crypto.randomUUID().slice(0, 8);
  await account(d, { name: mark + " a", contact_customer_accounts: [{ lastname: mark + "x" }, { lastname: "other" }] });
  await account(d, { name: mark + " b", contact_customer_accounts: [{ lastname: mark + "x" }] });
  const ask = async (lambda) => (await d.retrieveMultiple({ collection: "accounts", select: ["name"], filter: `startswith(name,'${mark}') and ${lambda}`, orderBy: ["name"] })).value.map((r) => r.name.slice(-1)).join("");
  assert.equal(await ask(`contact_customer_accounts/any(o:o/lastname eq '${mark}x')`), "ab");
  assert.equal(await ask(`contact_customer_accounts/any(o:o/lastname eq 'other')`), "a");
  assert.equal(await ask(`contact_customer_accounts/all(o:o/lastname eq '${mark}x')`), "b");
});

test("retrieveMultiple", "rows are grouped and summed", async ({ dwa }) => {
  const d = dwa();
  const mark = "G" + crypto.randomUUID().slice(0, 8);
  for (const n of [1, 2, 3]) await account(d, { name: mark, numberofemployees: n });
  const { value } = await d.retrieveMultiple({ collection: "accounts", apply: `filter(name eq '${mark}')/groupby((name),aggregate($count as n,numberofemployees with sum as total,numberofemployees with average as mean))` });
  assert.deepEqual([value[0].n, value[0].total, value[0].mean], [3, 6, 2]);
});

test("retrieveMultiple", "a saved view and a personal view run by id", async ({ dwa }) => {
  const d = dwa();
  const view = (await d.retrieveMultiple({ collection: "savedqueries", select: ["name"], filter: "returnedtypecode eq 'account' and querytype eq 0 and isdefault eq true", top: 1 })).value[0];
  assert.ok((await d.retrieveMultiple({ collection: "accounts", savedQuery: view.savedqueryid })).value.length > 0);
  const fetch = '<fetch><entity name="account"><attribute name="name"/><order attribute="name"/></entity></fetch>';
  const own = await d.create({ collection: "userqueries", data: { name: "Mine", returnedtypecode: "account", querytype: 0, fetchxml: fetch, layoutxml: "<grid/>" } });
  assert.ok((await d.retrieveMultiple({ collection: "accounts", userQuery: own })).value[0].name);
});

test("retrieveAll", "pages follow each other under the caller's own address", async ({ dwa, root }) => {
  const d = dwa();
  const page = await d.retrieveMultiple({ collection: "contacts", select: ["fullname"], maxPageSize: 7, orderBy: ["fullname"] });
  assert.equal(page.value.length, 7);
  assert.ok(page.oDataNextLink.startsWith(root + "contacts?"), page.oDataNextLink);
  const next = await d.retrieveMultiple({ collection: "contacts", select: ["fullname"], maxPageSize: 7 }, page.oDataNextLink);
  assert.equal(next.value.length, 7);
  assert.ok(!next.value.some((r) => page.value.some((p) => p.contactid === r.contactid)));
  const all = await d.retrieveAll({ collection: "businessunits", select: ["name"], maxPageSize: 2 });
  assert.equal(new Set(all.value.map((u) => u.businessunitid)).size, all.value.length);
  assert.ok(all.value.length > 2);
});

test("retrieveAll", "a collection in $expand has pages too", async ({ dwa, raw, root }) => {
  const d = dwa();
  const id = await account(d, { contact_customer_accounts: Array.from({ length: 5 }, (_, n) => ({ lastname: "Page " + n })) });
  const a = await raw("GET", `accounts(${id})?$select=name&$expand=contact_customer_accounts($select=lastname;$orderby=lastname)`, { headers: { prefer: "odata.maxpagesize=2" } });
  assert.deepEqual(a.body.contact_customer_accounts.map((c) => c.lastname), ["Page 0", "Page 1"]);
  const link = a.body["contact_customer_accounts@odata.nextLink"];
  assert.ok(link.startsWith(root + `accounts(${id})/contact_customer_accounts?`), link);
  const seen = [];
  for (let next = link; next;) {
    const { body } = await raw("GET", next, { headers: { prefer: "odata.maxpagesize=2" } });
    seen.push(...body.value.map((c) => c.lastname));
    next = body["@odata.nextLink"];
  }
  assert.deepEqual(seen, ["Page 2", "Page 3", "Page 4"]);
});

test("fetch", "FetchXML runs, joins, and pages by cookie", async ({ dwa }) => {
  const d = dwa();
  const fetchXml = '<fetch><entity name="contact"><attribute name="fullname"/><order attribute="createdon" descending="true"/><link-entity name="account" from="accountid" to="parentcustomerid" alias="a"><attribute name="name"/></link-entity></entity></fetch>';
  const page = await d.fetch({ collection: "contacts", fetchXml: fetchXml.replace("<fetch>", '<fetch count="4">'), includeAnnotations: "*" });
  assert.equal(page.value.length, 4);
  assert.ok(page.value[0]["a.name"]);
  assert.equal(page.PagingInfo.nextPage, 2);
  const next = await d.fetch({ collection: "contacts", fetchXml: fetchXml.replace("<fetch>", '<fetch count="4">'), includeAnnotations: "*", pageNumber: 2, pagingCookie: page.PagingInfo.cookie });
  assert.ok(!next.value.some((r) => page.value.some((p) => p.contactid === r.contactid)));
  const all = await d.fetchAll({ collection: "businessunits", includeAnnotations: "*", fetchXml: '<fetch count="2"><entity name="businessunit"><attribute name="name"/></entity></fetch>' });
  assert.ok(all.value.length > 2);
  const sums = await d.fetch({ collection: "opportunities", fetchXml: '<fetch aggregate="true"><entity name="opportunity"><attribute name="createdon" groupby="true" dategrouping="year" alias="y"/><attribute name="estimatedvalue" aggregate="sum" alias="v"/></entity></fetch>' });
  assert.ok(Number.isInteger(sums.value[0].y));
  await refused(d.fetch({ collection: "contacts", fetchXml: '<fetch><entity name="account"/></fetch>' }), 400, "0x80041128");
});

test("count", "rows are counted with and without a filter", async ({ dwa }) => {
  const d = dwa();
  const mark = "C" + crypto.randomUUID().slice(0, 8);
  await account(d, { name: mark });
  assert.equal(await d.count({ collection: "accounts", filter: `name eq '${mark}'` }), 1);
  assert.ok((await d.count({ collection: "accounts" })) > 1);
  assert.equal(await d.countAll({ collection: "accounts", filter: `name eq '${mark}'` }), 1);
});

test("long address", "what is too long for an address goes as a batch by itself", async ({ dwa }) => {
  const d = dwa();
  const filter = Array.from({ length: 80 }, (_, n) => `name eq 'nobody number ${n}'`).join(" or ");
  const { value } = await d.retrieveMultiple({ collection: "accounts", select: ["name"], filter });
  assert.deepEqual(value, []);
  const conditions = Array.from({ length: 60 }, (_, n) => `<condition attribute="name" operator="ne" value="no&quot;body ${n}"/>`).join("");
  assert.ok((await d.fetch({ collection: "accounts", fetchXml: `<fetch count="3"><entity name="account"><attribute name="name"/><filter>${conditions}</filter></entity></fetch>` })).value.length === 3);
});

test("trackChanges", "changes are told since the last time", async ({ dwa }) => {
  const d = dwa();
  const id = await account(d);
  const all = await d.retrieveMultiple({ collection: "accounts", select: ["name"], trackChanges: true });
  assert.ok(all.oDataDeltaLink);
  await d.update({ collection: "accounts", key: id, data: { name: "Tracked" } });
  const changes = await d.retrieveMultiple({ collection: "accounts", select: ["name"] }, all.oDataDeltaLink);
  assert.deepEqual(changes.value.map((r) => r.name), ["Tracked"]);
  await d.deleteRecord({ collection: "accounts", key: id });
  const gone = await d.retrieveMultiple({ collection: "accounts", select: ["name"] }, changes.oDataDeltaLink);
  assert.equal(gone.value[0].reason, "deleted");
});

test("more", "the sets that Pintab reads are ordinary sets", async ({ dwa }) => {
  for (const collection of ["appmodules", "appmodulecomponents", "sitemaps", "systemforms", "userforms", "savedqueries", "userqueries", "savedqueryvisualizations", "roles", "teams", "systemusers", "serviceplans"]) {
    assert.ok(Array.isArray((await dwa().retrieveMultiple({ collection, top: 1 })).value), collection);
  }
});
