// What the package asks of the control API is what the program's OpenAPI document says.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { CALLS, Stand } from "@esia-stand/test";

const documents = {};
let stand;

before(async () => {
  stand = await Stand.shared();
  for (const server of stand.servers) documents[server.server] = await server.get("/control/openapi.json");
});

/** The names of the fields of an object, or of the items of a list. */
function properties(document, schema) {
  if (schema.$ref) return properties(document, document.components.schemas[schema.$ref.split("/").at(-1)]);
  if (schema.items) return properties(document, schema.items);
  return [...Object.keys(schema.properties ?? {}), ...(schema.allOf ?? []).flatMap((part) => properties(document, part))];
}

/** What of a call the document does not have. */
function differences(document, { method, path, sends, asks, reads, opaque }) {
  const operation = document.paths[path]?.[method.toLowerCase()];
  if (!operation) return [`${method} ${path}`];
  const schema = ({ content }) => Object.values(content)[0].schema;
  const missing = [];
  const without = (names, known) => missing.push(...names.filter((name) => !known.includes(name)));
  if (sends.length > 0) without(sends, properties(document, schema(operation.requestBody)));
  without(asks, (operation.parameters ?? []).filter((one) => one.in === "query").map(({ name }) => name));
  if (reads.length > 0 && !opaque) {
    const [, done] = Object.entries(operation.responses).find(([status]) => status.startsWith("2"));
    without(reads, properties(document, schema(done)));
  }
  return missing.map((name) => `${method} ${path}: ${name}`);
}

test("every call is in the document of its servers", () => {
  const calls = Object.values(CALLS);
  assert.ok(calls.length > 15);
  assert.deepEqual(calls.flatMap((call) => call.at.flatMap((server) => differences(documents[server], call))), []);
});

test("what is not in the document is found", () => {
  const wrong = { method: "POST", path: "/control/faults", sends: ["falt"], asks: ["ask"], reads: ["no"], opaque: false };
  const found = ["falt", "ask", "no"].map((name) => `POST /control/faults: ${name}`);
  assert.deepEqual(differences(documents.idp, wrong), found);
  assert.deepEqual(differences(documents.diary, wrong), ["POST /control/faults"]);
});

test("nothing else is sent", async () => {
  const wrong = stand.main.idp.call(CALLS.make, {}, { body: { name: "x", seeed: {} } });
  await assert.rejects(wrong, /takes no seeed/);
  await assert.rejects(stand.main.diary.call(CALLS.faults), /the diary has no/);
});
