import assert from "node:assert/strict";
import test from "node:test";

globalThis.document = { activeElement: null };
const { busy, changed } = await import("../../static/src/js/deals.js");

const place = (...fields) => ({ querySelectorAll: () => fields, contains: (node) => node !== null });
const select = (selectedIndex, ...marked) => ({
  type: "select-one",
  selectedIndex,
  options: marked.map((defaultSelected) => ({ defaultSelected })),
});

test("typed words, a ticked box and a choice keep the page of a deal as it is", () => {
  const untouched = [
    { type: "text", value: "", defaultValue: "" },
    { type: "checkbox", value: "on", defaultValue: "on", checked: true, defaultChecked: true },
    select(0, false, false),
    select(1, false, true),
  ];
  assert.equal(busy(place(...untouched)), false);
  const touched = [
    { type: "text", value: "Is it", defaultValue: "" },
    { type: "checkbox", value: "on", defaultValue: "on", checked: true, defaultChecked: false },
    select(1, false, false),
    select(0, false, true),
  ];
  for (const field of touched) {
    assert.equal(changed(field), true);
    assert.equal(busy(place(...untouched, field)), true);
  }
});

test("whoever stands in a form of the deal is not disturbed", () => {
  document.activeElement = { closest: () => ({}) };
  assert.equal(busy(place()), true);
  document.activeElement = null;
  assert.equal(busy(place()), false);
});
