// node main.mjs <sandbox.json> <docs/dataverse-stand-in.md>: runs every case against a running sandbox.

import { readdirSync } from "node:fs";
import { connect } from "./sandbox.mjs";
import { run } from "./suite.mjs";

for (const name of readdirSync(new URL("./cases/", import.meta.url)).sort()) await import("./cases/" + name);
process.exit(await run(connect(process.argv[2])));
