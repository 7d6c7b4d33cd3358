import assert from "node:assert/strict";
import test from "node:test";
import { CODES, codeOfStatus, isFinal, patience } from "../../static/src/js/chat_codes.js";
import { composing, sendsOnEnter } from "../../static/src/js/keys.js";
import { formatFor, LONGEST_SIDE, renamed, sizeToSend } from "../../static/src/js/photo_size.js";

test("Enter that ends a word being composed sends nothing, in any browser", () => {
  const enter = { key: "Enter", keyCode: 13, shiftKey: false, isComposing: false };
  assert.equal(sendsOnEnter(enter), true);
  assert.equal(sendsOnEnter({ ...enter, shiftKey: true }), false);
  assert.equal(sendsOnEnter({ ...enter, isComposing: true }), false);
  assert.equal(sendsOnEnter({ ...enter, keyCode: 229 }), false, "Safari");
  assert.equal(sendsOnEnter({ ...enter, key: "a" }), false);
  assert.equal(composing({ key: "Escape", keyCode: 229, isComposing: false }), true);
});

test("every kind of answer of a server or a proxy is one that the table knows", () => {
  for (let status = 400; status < 600; status += 1) assert.ok(CODES[codeOfStatus(status)], String(status));
  assert.equal(isFinal(codeOfStatus(500)), false);
  assert.equal(codeOfStatus(422, "bad_photo"), "bad_photo");
  assert.equal(isFinal("a code of tomorrow"), true);
});

test("waiting grows, has an end, and follows the server", () => {
  let before = 0;
  for (let tries = 1; tries < 40; tries += 1) {
    const now = patience(tries);
    assert.ok(now >= before && now <= 60);
    before = now;
  }
  assert.equal(patience(9, 7), 7);
  assert.equal(patience(1, 1e9), 300);
});

test("what a phone takes is made small enough, and nothing is made larger or warped", () => {
  assert.deepEqual(sizeToSend(8160, 6120, 20e6), { width: 2560, height: 1920 });
  assert.equal(sizeToSend(800, 600, 90_000), null);
  assert.deepEqual(sizeToSend(2000, 1500, 5e6), { width: 2000, height: 1500 }, "heavy: written anew");
  assert.deepEqual(sizeToSend(60_000, 10, 5e6), { width: 2560, height: 1 });
  assert.equal(sizeToSend(0, 0, 5e6), null);
  for (let width = 1; width < 12_000; width += 517) {
    for (let height = 1; height < 12_000; height += 733) {
      const size = sizeToSend(width, height, 3e6);
      assert.ok(size.width >= 1 && size.height >= 1 && Math.max(size.width, size.height) <= LONGEST_SIDE);
      assert.ok(size.width <= width && size.height <= height);
    }
  }
});

test("a photo keeps its name, and a drawing its holes", () => {
  assert.equal(renamed("IMG_1.HEIC.jpeg", "jpg"), "IMG_1.HEIC.jpg");
  assert.equal(renamed(".png", "webp"), "photo.webp");
  assert.equal(formatFor("image/jpeg").type, "image/jpeg");
  assert.equal(formatFor("image/png").type, "image/webp");
});
