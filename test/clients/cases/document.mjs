// Every row of docs/dataverse-stand-in.md is sent and compared, so that the page stays true.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "../suite.mjs";

const row = /^\| (.+) \| `([A-Z]+) (.*?)` \| (.*?) ?\| (\d{3}) \|$/;

/** What the braces of the page stand for. */
let filled;
async function fill({ dwa }) {
  const d = dwa();
  const number = "DOC-" + crypto.randomUUID().slice(0, 8);
  const contact = await d.create({ collection: "contacts", data: { lastname: "Documented" } });
  const account = await d.create({ collection: "accounts", data: { name: "Documented", accountnumber: number, contact_customer_accounts: [{ lastname: "Row" }] } });
  const task = await d.create({ collection: "tasks", data: { subject: "Documented" } });
  const opportunity = await d.create({ collection: "opportunities", data: { name: "Documented" } });
  const incident = await d.create({ collection: "incidents", data: { title: "Documented", "customerid_account@odata.bind": `/accounts(${account})` } });
  const lead = await d.create({ collection: "leads", data: { subject: "Documented", lastname: "Row", companyname: "Documented" } });
  const columns = await d.retrieveAttributes({ entityKey: "LogicalName='account'", select: ["LogicalName"], filter: "SourceType eq 2 and AttributeType eq Microsoft.Dynamics.CRM.AttributeTypeCode'Money'" });
  const one = async (collection, filter, id) => (await d.retrieveMultiple({ collection, filter, select: ["name"], top: 1 })).value[0][id];
  return {
    number, contact, account, task, opportunity, incident, lead, rollup: columns.value.map((c) => c.LogicalName).find((name) => !name.endsWith("_base")),
    team: await one("teams", "teamtype eq 0 and isdefault eq false", "teamid"),
    process: await one("opportunitysalesprocesses", "statecode eq 0", "businessprocessflowinstanceid"),
    me: (await d.callFunction("WhoAmI")).UserId,
    view: await one("savedqueries", "returnedtypecode eq 'account' and querytype eq 0 and isdefault eq true", "savedqueryid"),
    app: await one("appmodules", "statecode eq 0", "appmoduleid"),
    role: await one("roles", "name ne 'System Administrator'", "roleid"),
  };
}

async function send(at, method, rest, conditions) {
  const d = at.dwa();
  filled ??= await fill(at);
  const etag = (await d.retrieve({ collection: "accounts", key: filled.account, select: ["name"] }))["@odata.etag"];
  const value = (text) => text.replace(/\{([a-z]+)\}/g, (all, name) => name === "new" ? crypto.randomUUID() : name === "short" ? crypto.randomUUID().slice(0, 8) : name === "etag" ? etag : filled[name] ?? all);
  const headers = {};
  let as = "administrator";
  for (const condition of conditions.split(", ").filter(Boolean)) {
    const [, name, text] = condition.match(/^`([^:]+): (.*)`$/) ?? [];
    if (name) headers[name] = value(text);
    else as = condition.replace(/^as /, "");
  }
  const [, path, body] = value(rest).match(/^(.*?)(?: (\{.*|x))?$/);
  const address = path.replace(/ /g, "%20").replace(/[<>"{}]/g, encodeURIComponent);
  if (method === "BATCH" || method === "CHANGESET") {
    const [verb, below] = [address.split("%20")[0], address.split("%20").slice(1).join("%20")];
    const request = ["Content-Type: application/http", "Content-ID: 1", "", `${verb} ${below} HTTP/1.1`, "Content-Type: application/json", "", body ?? ""];
    const lines = method === "BATCH" ? ["--b", ...request, "--b--", ""] : ["--b", "Content-Type: multipart/mixed; boundary=c", "", "--c", ...request, "--c--", "--b--", ""];
    return at.raw("POST", "$batch", { as, headers: { ...headers, "content-type": "multipart/mixed; boundary=b" }, body: lines.join("\r\n") });
  }
  if (body !== undefined) headers["Content-Type"] ??= "application/json";
  return at.raw(method, address, { as, headers, body });
}

const page = readFileSync(process.argv[3], "utf8").split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| what |"));
for (const line of page) {
  const [, what, method, rest, conditions, status] = line.match(row) ?? [];
  test("more", "the page says: " + (what ?? line), async (at) => {
    assert.ok(what, "the row is not of the form | what | `METHOD address {body}` | with | status |");
    const answer = await send(at, method, rest, conditions);
    assert.equal(answer.status, Number(status), answer.text);
  });
}
test("more", "the page has its rows", async () => assert.ok(page.length > 70, `${page.length} rows`));
