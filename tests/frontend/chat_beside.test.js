import assert from "node:assert/strict";
import test from "node:test";
import { draftIn } from "../../static/src/js/chat_beside.js";
import { Storage } from "./storage.js";

test("the list of conversations finds what the composer has kept, of this member and this conversation", () => {
  const storage = new Storage();
  const kept = { values: { body: ["  Half a thought "] }, base: { body: [""] }, at: 1 };
  storage.setItem("kin-draft:ana:/messages/c1:chat", JSON.stringify(kept));
  assert.equal(draftIn(storage, "ana", "c1"), "Half a thought");
  assert.equal(draftIn(storage, "ana", "c2"), "");
  assert.equal(draftIn(storage, "bo", "c1"), "");
  storage.setItem("kin-draft:ana:/messages/c2:chat", "{");
  assert.equal(draftIn(storage, "ana", "c2"), "");
});
