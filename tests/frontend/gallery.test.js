import assert from "node:assert/strict";
import { test } from "node:test";
import { placeAt } from "../../static/src/js/gallery.js";

test("the place in a gallery follows the scroll, in both directions of reading", () => {
  assert.equal(placeAt(0, 390, 3), 0);
  assert.equal(placeAt(180, 390, 3), 0);
  assert.equal(placeAt(389.5, 390, 3), 1);
  assert.equal(placeAt(-780, 390, 3), 2);
  assert.equal(placeAt(4000, 390, 3), 2);
  assert.equal(placeAt(0, 0, 1), 0);
});
