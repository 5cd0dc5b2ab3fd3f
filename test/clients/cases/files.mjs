// Files and images of rows.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { refused, test } from "../suite.mjs";
import { account } from "./rows.mjs";

test(["uploadFile", "downloadFile"], "a file goes up and comes down in chunks", async ({ dwa }) => {
  const d = dwa();
  const key = await account(d);
  for (const length of [3, 4 * 1024 * 1024, 5 * 1024 * 1024 + 1]) {
    const data = randomBytes(length);
    await d.uploadFile({ collection: "accounts", key, fieldName: "hf_contract", fileName: "contract.pdf", data });
    const file = await d.downloadFile({ collection: "accounts", key, fieldName: "hf_contract" });
    assert.equal(file.fileName, "contract.pdf");
    assert.equal(file.fileSize, length);
    assert.ok(Buffer.from(file.data).equals(data));
  }
  const row = await d.retrieve({ collection: "accounts", key, select: ["hf_contract", "hf_contract_name"] });
  assert.equal(row.hf_contract_name, "contract.pdf");
  await d.deleteRecord({ collection: "accounts", key, fieldName: "hf_contract" });
  assert.equal((await d.retrieve({ collection: "accounts", key, select: ["hf_contract"] })).hf_contract, null);
  await refused(d.uploadFile({ collection: "accounts", key, fieldName: "hf_contract", fileName: "a.exe", data: randomBytes(3) }), 400, "0x80043e09");
});

test("downloadFile", "an image has a thumbnail and an address", async ({ dwa, raw, organization }) => {
  const d = dwa();
  const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
  const key = await d.create({ collection: "contacts", data: { lastname: "Pictured" } });
  const put = await raw("PUT", `contacts(${key})/entityimage`, { headers: { "content-type": "application/octet-stream" }, body: png });
  assert.equal(put.status, 204, put.text);
  const row = await d.retrieve({ collection: "contacts", key, select: ["entityimage", "entityimage_url"] });
  assert.equal(Buffer.from(row.entityimage, "base64").subarray(1, 4).toString(), "PNG");
  assert.equal((await raw("GET", organization.url + row.entityimage_url)).headers.get("content-type"), "image/png");
  const full = await d.downloadFile({ collection: "contacts", key, fieldName: "entityimage" });
  assert.ok(Buffer.from(full.data).equals(png));
});
