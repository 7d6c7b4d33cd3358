import assert from "node:assert/strict";
import test from "node:test";
import { Ground, nameWriter, shortName } from "../../static/src/js/map_faces.js";

test("a name is written only where it covers no other one, until the next drawing", () => {
  const written = [];
  const context = { measureText: (text) => ({ width: text.length * 7 }), fillText: (text) => written.push(text) };
  const settings = { labelSize: 12, labelColor: { color: "#000" } };
  const ground = new Ground();
  const write = nameWriter(ground);
  const say = (label, x, y) => write(context, { label, x, y, size: 8 }, settings);
  say("Ana Lindqvist", 0, 0);
  say("Bo", 40, 4);
  say("Cem", 0, 20);
  say("", 300, 300);
  assert.deepEqual(written, ["Ana Lindqvist", "Cem"]);
  ground.clear();
  say("Bo", 40, 4);
  assert.deepEqual(written, ["Ana Lindqvist", "Cem", "Bo"]);
});

test("a long name is cut between its letters", () => {
  assert.equal(shortName("林美玲"), "林美玲");
  const cut = shortName("👩‍🚀 Wolfeschlegelsteinhausenbergerdorff");
  assert.ok(cut.endsWith("…"));
  assert.equal([...cut].length, 22);
});
