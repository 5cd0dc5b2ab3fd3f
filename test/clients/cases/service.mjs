// What a client meets before it has a row: discovery, the challenge, membership, and answers that it has already.

import assert from "node:assert/strict";
import { test } from "../suite.mjs";
import { account } from "./rows.mjs";

test("more", "global discovery lists a person's organizations, and finds one in a list of its own", async (at) => {
  const origin = new URL(at.sandbox.discovery).origin;
  const ask = async (query) => {
    const answer = await fetch(`${origin}/api/discovery/v2.0/Instances${query}`, { headers: { authorization: `Bearer ${await at.token("administrator", origin)}` } });
    assert.equal(answer.status, 200);
    return (await answer.json()).value;
  };
  const all = await ask("?$select=ApiUrl,FriendlyName,UniqueName,State");
  assert.ok(all.some((one) => one.ApiUrl.startsWith(at.organization.url)));
  assert.equal((await ask(`(UniqueName='${all[0].UniqueName}')`)).length, 1);
  assert.ok((await ask("?$filter=State eq 0")).length > 0);
});

test("more", "who brings no token is told where to get one, in one header", async ({ organization }) => {
  const answer = await fetch(organization.url + "/api/data/v9.2/WhoAmI");
  assert.equal(answer.status, 401);
  assert.match(answer.headers.get("www-authenticate"), /^Bearer authorization_uri=\S+\/oauth2\/authorize, resource_id=\S+\/$/);
});

test("more", "somebody of another organization is no member", async ({ raw }) => {
  const answer = await raw("GET", "WhoAmI", { as: "no organization" });
  assert.equal(answer.status, 403);
  assert.equal(answer.body.error.code, "0x80072560");
});

test("retrieve", "a row that the client has already is not sent again", async ({ dwa }) => {
  const d = dwa();
  const key = await account(d);
  const row = await d.retrieve({ collection: "accounts", key, select: ["name"] });
  assert.equal(await d.retrieve({ collection: "accounts", key, select: ["name"], ifnonematch: row["@odata.etag"] }), undefined);
});

test("callFunction", "the first answer has what Microsoft's own client reads of it", async ({ raw }) => {
  const { headers } = await raw("GET", "WhoAmI", { headers: { "If-None-Match": "null" } });
  assert.match(headers.get("x-ms-dop-hint"), /^\d+$/);
  assert.match(headers.get("x-ms-ratelimit-burst-remaining-xrm-requests"), /^\d+$/);
  assert.match(headers.get("x-ms-ratelimit-time-remaining-xrm-requests"), /^[\d,]+\.\d\d$/);
});
