import assert from "node:assert/strict";
import test from "node:test";
import { codeIn, readerFor } from "../../static/src/js/codes.js";

const ORDER = "01jd0000000000000000000000";
const PICTURE = `https://kin.example/orders/${ORDER}/scan#123456`;

test("of all that a camera sees, only a code is a code", () => {
  assert.equal(codeIn(PICTURE), PICTURE);
  assert.equal(codeIn(" 123 456 "), "123 456");
  for (const other of ["https://kin.example/", "12345", "WIFI:S:home;;", `${PICTURE}7`, "javascript:alert(1)"])
    assert.equal(codeIn(other), null, other);
});

test("the browser reads by itself where it can", async () => {
  class Detector {
    static getSupportedFormats = async () => ["qr_code"];
    detect = async () => [{ rawValue: "a shop's code" }, { rawValue: PICTURE }];
  }
  globalThis.window = { BarcodeDetector: Detector };
  const read = await readerFor("/static/reader.js", 640);
  assert.equal(await read({}), PICTURE);
});

test("where it can't, the reader is fetched", async () => {
  globalThis.window = { readCode: () => PICTURE };
  const fetched = [];
  const pen = { drawImage: () => true, getImageData: () => ({}) };
  globalThis.document = {
    createElement: (tag) =>
      tag === "canvas" ? { getContext: () => pen } : { addEventListener: (kind, done) => kind === "load" && done() },
    head: { append: (script) => fetched.push(script.src) },
  };
  const read = await readerFor("/static/reader.js", 640);
  assert.deepEqual(fetched, ["/static/reader.js"]);
  assert.equal(await read({ videoWidth: 0 }), null);
  assert.equal(await read({ videoWidth: 1280, videoHeight: 720 }), PICTURE);
});
