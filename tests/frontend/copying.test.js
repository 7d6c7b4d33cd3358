import assert from "node:assert/strict";
import test from "node:test";
import { handOver } from "../../static/src/js/copying.js";

function page({ share, refuse = false } = {}) {
  const copied = [];
  const field = { value: "https://kin.example/i/1", select: () => copied.push("selected") };
  globalThis.document = {
    title: "A page",
    querySelector: (name) => (name === "#link" ? field : null),
    execCommand: () => true,
  };
  const clipboard = {
    writeText: (text) => (refuse ? Promise.reject(new Error("no permission")) : copied.push(text)),
  };
  Object.defineProperty(globalThis, "navigator", { value: { share, clipboard }, configurable: true });
  return copied;
}

const button = (data) => ({ dataset: data, textContent: "Copy", querySelector: () => null });

test("the field is copied, and the button says so for a while", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const copied = page();
  const copy = button({ copy: "#link" });
  await handOver(copy);
  await handOver(copy);
  assert.deepEqual(copied, ["https://kin.example/i/1", "https://kin.example/i/1"]);
  assert.equal(copy.textContent, "✓");
  t.mock.timers.tick(1500);
  assert.equal(copy.textContent, "Copy");
});

test("where the clipboard is refused the text is selected", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const copied = page({ refuse: true });
  await handOver(button({ copy: "#link" }));
  assert.deepEqual(copied, ["selected"]);
});

test("sharing copies only where the device can't share, not where the reader changes their mind", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const given = [];
  let copied = page({ share: async (what) => given.push(what.url) });
  await handOver(button({ share: "#link" }));
  assert.deepEqual([given, copied], [["https://kin.example/i/1"], []]);
  copied = page({
    share: async () => {
      throw Object.assign(new Error(), { name: "AbortError" });
    },
  });
  await handOver(button({ share: "#link" }));
  assert.deepEqual(copied, []);
  copied = page();
  await handOver(button({ share: "#link" }));
  assert.deepEqual(copied, ["https://kin.example/i/1"]);
});
