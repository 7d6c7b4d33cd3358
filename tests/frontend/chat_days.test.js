import assert from "node:assert/strict";
import test from "node:test";
import { dayWords } from "../../static/src/js/chat_days.js";

const words = { today: "Today", yesterday: "Yesterday" };
const now = new Date("2026-11-29T12:00:00Z");

function within(zone, lang = "en") {
  globalThis.document = { documentElement: { dataset: { zone }, lang } };
}

test("a day is the reader's day, told as the server tells it", () => {
  within("Europe/Stockholm");
  assert.equal(dayWords("2026-11-28T23:30:00Z", now, words), "Today");
  assert.equal(dayWords("2026-11-28T22:30:00Z", now, words), "Yesterday");
  assert.equal(dayWords("2026-11-27T12:00:00Z", now, words), "Friday, November 27, 2026");
  within("America/New_York", "sv");
  assert.equal(dayWords("2026-11-28T23:30:00Z", now, words), "Yesterday");
  assert.equal(dayWords("2026-11-23T12:00:00Z", now, words), "måndag 23 november 2026");
});
