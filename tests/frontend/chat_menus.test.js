import assert from "node:assert/strict";
import test from "node:test";
import { placeOf } from "../../static/src/js/chat_menus.js";

const sheet = { width: 200, height: 300 };
const window_ = { width: 1280, height: 900, rtl: false, mine: false };
const button = (left, top) => ({ left, right: left + 44, top, bottom: top + 30 });

test("a message's menu stands above its button where there is room, else below, always in the window", () => {
  assert.deepEqual(placeOf(button(400, 800), sheet, window_), { top: 494, left: 400 });
  assert.equal(placeOf(button(400, 100), sheet, window_).top, 136);
  for (const at of [0, 250, 320, 500]) {
    const { top } = placeOf(button(400, at), sheet, { ...window_, height: 520 });
    assert.ok(top >= 6 && top + sheet.height <= 520, `at ${at}: ${top}`);
  }
});

test("it grows towards the middle of the page, in both directions of writing", () => {
  const left = (mine, rtl) => placeOf(button(600, 800), sheet, { ...window_, mine, rtl }).left;
  assert.equal(left(false, false), 600);
  assert.equal(left(true, false), 444);
  assert.equal(left(false, true), 444);
  assert.equal(left(true, true), 600);
  assert.equal(placeOf(button(1250, 800), sheet, window_).left, 1074);
});
