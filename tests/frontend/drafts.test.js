import assert from "node:assert/strict";
import test from "node:test";
import { endAll, keyOf, settle, sweep, toRestore } from "../../static/src/js/drafts.js";
import { Storage } from "./storage.js";

const draft = (more = {}) => JSON.stringify({ values: { text: ["typed"] }, base: { text: [""] }, at: 1000, ...more });

test("what has arrived goes, what has not is a draft again, and who cannot be asked changes nothing", async () => {
  const storage = new Storage();
  for (const name of ["arrived", "lost", "unknown", "unsent"]) {
    storage.setItem(keyOf("ana", "/asks/new", name), draft(name === "unsent" ? {} : { once: name }));
  }
  storage.setItem(keyOf("bo", "/asks/new", "ask"), draft({ once: "arrived" }));
  await settle(storage, "ana", async (once) => ({ arrived: true, lost: false, unknown: null })[once]);
  const of = (name) => JSON.parse(storage.getItem(keyOf("ana", "/asks/new", name)));
  assert.equal(of("arrived"), null);
  assert.equal(of("lost").once, undefined);
  assert.deepEqual(of("lost").values, { text: ["typed"] });
  assert.equal(of("unknown").once, "unknown");
  assert.ok(of("unsent"));
  assert.ok(storage.getItem(keyOf("bo", "/asks/new", "ask")), "another member's draft is not asked about");
});

test("signing out takes every draft, and nothing else", () => {
  const storage = new Storage();
  storage.setItem(keyOf("ana", "/asks/new", "ask"), draft());
  storage.setItem(keyOf("bo", "/messages/1", "chat"), draft());
  storage.setItem("theme", "dark");
  endAll(storage);
  assert.deepEqual([...storage.map.keys()].sort(), ["kin-drafts-ended", "theme"]);
});

test("after a month a draft goes; what cannot be read goes at once", () => {
  const storage = new Storage();
  const day = 24 * 3600 * 1000;
  storage.setItem(keyOf("ana", "/a", "old"), draft({ at: 0 }));
  storage.setItem(keyOf("ana", "/a", "new"), draft({ at: 29 * day }));
  storage.setItem(keyOf("ana", "/a", "odd"), "{");
  sweep(storage, 31 * day);
  assert.deepEqual([...storage.map.keys()], [keyOf("ana", "/a", "new")]);
});

test("a field whose beginning has changed keeps what the server says", () => {
  const kept = {
    values: { title: ["mine"], place: ["Graz"], gone: ["x"] },
    base: { title: ["before"], place: [""], gone: [""] },
  };
  assert.deepEqual(toRestore(kept, { title: ["edited elsewhere"], place: [""] }), { place: ["Graz"] });
  assert.deepEqual(toRestore(kept, { title: ["before"], place: ["Graz"] }), { title: ["mine"] });
  assert.deepEqual(toRestore({}, { title: [""] }), {});
});
