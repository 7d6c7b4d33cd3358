import assert from "node:assert/strict";
import test from "node:test";
import { Rows } from "../../static/src/js/chat_rows.js";
import { Element, openPage } from "./page.js";

const SAID = {
  conversation: "c",
  id: "m7",
  seq: 7,
  author: "bo",
  html: "<p>oak</p>",
  edited_at: null,
  held: false,
  signs: [],
  reactions: [],
};

// A page of one reader that shows one message, as the server has drawn it.
function pageOf(me, { kind = "room", ...more } = {}) {
  const section = new Element("section", {
    dataset: { conversation: "c", me, kind, edited: "edited", removed: "removed" },
  });
  const row = new Element(
    "li",
    { className: "bubble-row", dataset: { seq: "7", id: "m7", author: "bo", edited: "", signs: "" }, ...more },
    new Element("div", { className: "bubble", innerHTML: SAID.html }),
    new Element("small", { className: "soft bubble-time" }, new Element("details", { className: "bubble-menu" })),
  );
  const log = new Element("ol", {}, row);
  return { rows: new Rows(section, log), row };
}

const chips = (row) =>
  row.querySelectorAll("form.reactions button").map((one) => [one.textContent, one.className.includes("own")]);

test("reactions in a room are no request of anybody", () => {
  const fetched = openPage();
  const pages = ["ana", "bo", "cem"].map((me) => pageOf(me));
  const members = [];
  for (let count = 1; count <= 200; count += 1) {
    members.push(count === 100 ? "ana" : `member${count}`);
    for (const { rows, row } of pages)
      rows.change(row, { ...SAID, change_seq: count, reactions: [{ emoji: "👍", members: [...members] }] });
  }
  assert.deepEqual(fetched, []);
  assert.deepEqual(chips(pages[0].row), [["👍 200", true]], "mine is marked as mine");
  assert.deepEqual(chips(pages[1].row), [["👍 200", false]]);
  const [form] = pages[0].row.querySelectorAll("form.reactions");
  assert.equal(form.dataset.rowForm, "");
  assert.equal(form.querySelector("button").getAttribute("formaction"), "/messages/c/react/m7?on=0");
  for (const { rows, row } of pages) rows.change(row, { ...SAID, change_seq: 201 });
  assert.deepEqual(
    pages.map(({ row }) => chips(row)),
    [[], [], []],
  );
});

test("an edit in a room is no request of anybody either", () => {
  const fetched = openPage();
  const { rows, row } = pageOf("ana");
  const card = new Element("a", { className: "link-card", href: "/m/bo" });
  row.insertBefore(card, row.querySelector(".bubble-time"));
  for (let count = 1; count <= 50; count += 1) {
    rows.change(row, {
      ...SAID,
      change_seq: count,
      edited_at: `2026-11-29T10:00:${count}`,
      html: `<p>beech ${count}</p>`,
    });
  }
  assert.deepEqual(fetched, []);
  assert.equal(row.querySelector(".bubble").innerHTML, "<p>beech 50</p>");
  assert.equal(row.querySelectorAll("[data-edited-mark]").length, 1);
  assert.equal(row.querySelector("[data-edited-mark]").getAttribute("href"), "/messages/c/history/m7");
  assert.equal(row.querySelector(".link-card"), null, "what is not linked any more has no card");
});

test("words of somebody whom the reader blocks stay away", () => {
  openPage();
  const { rows, row } = pageOf("ana");
  rows.blocked.add("bo");
  rows.change(row, { ...SAID, edited_at: "now", html: "<p>new</p>" });
  rows.change(row, { ...SAID, hidden: true, edited_at: "later", html: "" });
  assert.equal(row.querySelector(".bubble").innerHTML, SAID.html);
});

test("what each reader sees in their own way is drawn by the server, in a room not by all at once", (context) => {
  const fetched = openPage();
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const room = pageOf("ana");
  room.rows.change(room.row, { ...SAID, edited_at: "now", signs: ["link"] });
  assert.deepEqual(fetched, []);
  context.mock.timers.tick(10_000);
  assert.deepEqual(fetched, ["/messages/c/row/7"]);
  const pair = pageOf("ana", { kind: "private" });
  assert.equal(pair.rows.change(pair.row, { ...SAID, held: true, html: "" }), false);
  assert.equal(fetched.length, 2, "held");
  const held = pageOf("ana", { kind: "private", className: "bubble-row held" });
  assert.equal(held.rows.change(held.row, SAID), true, "let through: there is something to read");
});

test("who stands on a sign with the keyboard stays there", () => {
  openPage();
  const { rows, row } = pageOf("ana");
  rows.change(row, { ...SAID, reactions: [{ emoji: "👍", members: ["bo"] }] });
  row.querySelector("form.reactions button").focus();
  rows.change(row, {
    ...SAID,
    reactions: [
      { emoji: "👀", members: ["bo"] },
      { emoji: "👍", members: ["bo", "cem"] },
    ],
  });
  assert.equal(document.activeElement.textContent, "👍 2");
  assert.equal(document.activeElement.parent, row.querySelector("form.reactions"));
});
