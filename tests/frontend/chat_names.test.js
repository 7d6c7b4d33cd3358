import assert from "node:assert/strict";
import test from "node:test";
import { plain, ranked, typedName } from "../../static/src/js/chat_names.js";

const row = (handle, name) => ({ dataset: { handle, name } });
const PEOPLE = [
  row("bo", "Bo Almgren"),
  row("ana", "Ana Lindqvist"),
  row("linmeiling", "林美玲"),
  row("zoe", "Zoë Ek"),
];
const found = (typed) => ranked(PEOPLE, typed).map((one) => one.dataset.handle);

test("a mention begins where the server reads one", () => {
  assert.equal(typedName("Hi @an", 6), "an");
  assert.equal(typedName("@", 1), "");
  assert.equal(typedName("谢谢@林", 4), "林");
  assert.equal(typedName("Hi @ana lin", 11), "ana lin");
  for (const text of ["mail me: ana@exa", "https://x.org/@an", "@ an", "@an\nx", "@one two three four ", "no"])
    assert.equal(typedName(text, text.length), null, text);
  assert.equal(typedName("Hi @ana and", 6), "an");
});

test("names and usernames are found without their marks, those that begin so first", () => {
  assert.deepEqual(found("a"), ["ana", "bo"]);
  assert.deepEqual(found("lin"), ["linmeiling", "ana"]);
  assert.deepEqual(found("美"), ["linmeiling"]);
  assert.deepEqual(found("zoe"), ["zoe"]);
  assert.deepEqual(found("x"), []);
  assert.equal(plain("Åkesson"), "akesson");
});
