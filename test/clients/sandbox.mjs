// How the cases reach a running sandbox: its own description, tokens by password grant, and the clients.

import { readFileSync } from "node:fs";
import { DynamicsWebApi } from "dynamics-web-api";

export function connect(file) {
  const sandbox = JSON.parse(readFileSync(file, "utf8"));
  const organization = sandbox.organizations[0];
  const person = (word) => sandbox.people.find((p) => p.description.toLowerCase().includes(word));
  const tokens = new Map();

  async function token(word = "administrator", resource = organization.url) {
    const key = word + " " + resource;
    if (!tokens.has(key)) {
      const { username, password, tenant } = person(word);
      const response = await fetch(`${sandbox.entra}/${tenant}/oauth2/v2.0/token`, {
        method: "POST",
        body: new URLSearchParams({
          grant_type: "password", client_id: sandbox.client_id, client_secret: sandbox.client_secret, username, password, scope: `${resource}/.default`,
        }),
      });
      if (!response.ok) throw new Error(`no token: ${await response.text()}`);
      tokens.set(key, (await response.json()).access_token);
    }
    return tokens.get(key);
  }

  /** dynamics-web-api as somebody, with more configuration when needed. */
  const dwa = (word = "administrator", more = {}) => new DynamicsWebApi({
    serverUrl: organization.url + "/", dataApi: { version: "9.2" }, onTokenRefresh: () => token(word), ...more,
  });

  /** A plain request below the service root; the answer has status, headers, text and, for JSON, body. */
  async function raw(method, path, { as = "administrator", headers = {}, body } = {}) {
    const address = path.startsWith("http") ? path : root + path;
    const response = await fetch(address, { method, headers: { authorization: `Bearer ${await token(as)}`, ...headers }, body });
    const bytes = Buffer.from(await response.arrayBuffer());
    const text = bytes.toString("utf8");
    const json = (response.headers.get("content-type") ?? "").startsWith("application/json");
    return { status: response.status, headers: response.headers, text, bytes, body: json ? JSON.parse(text) : undefined };
  }

  const root = organization.url + "/api/data/v9.2/";
  return { sandbox, organization, root, person, token, dwa, raw };
}

/** Ids of rows in the way that every case reads them. */
export const first = async (dwa, collection, filter, ...select) => (await dwa.retrieveMultiple({ collection, filter, select, top: 1 })).value[0];
