import assert from "node:assert/strict";
import test from "node:test";
import { CODES, isFinal } from "../../static/src/js/chat_codes.js";
import { deliver, Outbox, sendWaiting, upload } from "../../static/src/js/chat_outbox.js";
import { Storage } from "./storage.js";

const entry = (id, more = {}) => ({ conversation: "c", client_id: id, body: `words ${id}`, ...more });

// Pictures that every tab of the browser finds.
function pictures(kept = {}) {
  const map = new Map(Object.entries(kept));
  return {
    map,
    of: async (id) => map.get(id),
    forget: async (id) => {
      map.delete(id);
    },
  };
}

function ways({ storage = new Storage(), answer = { ok: true }, kept = {}, fail } = {}) {
  const said = [];
  return {
    said,
    outbox: new Outbox("ana", storage),
    pictures: pictures(kept),
    say: async (payload) => {
      if (fail) throw new Error("timeout");
      said.push(payload);
      return typeof answer === "function" ? answer(payload) : answer;
    },
    upload: async (_conversation, files) => files.map((file) => `id-of-${file}`),
  };
}

test("a message with photos never goes without them, whichever tab sends it", async () => {
  const storage = new Storage();
  const kept = { 1: ["a.jpg", "b.jpg"] };
  const [here, there] = [ways({ storage, kept }), ways({ storage, kept })];
  let finish;
  here.upload = () =>
    new Promise((resolve) => {
      finish = resolve;
    });
  here.outbox.put(entry("1", { pictures: ["a.jpg", "b.jpg"] }));
  const first = deliver(here.outbox.find("1"), here);
  await new Promise(setImmediate);
  // The upload here has not ended; another tab sends what waits.
  await sendWaiting(there);
  finish(["id-of-a.jpg", "id-of-b.jpg"]);
  await first;
  const all = [...here.said, ...there.said];
  assert.ok(all.length >= 1);
  for (const payload of all) assert.deepEqual(payload.photos, ["id-of-a.jpg", "id-of-b.jpg"]);
  assert.deepEqual(here.outbox.all(), []);
  assert.equal(here.pictures.map.size, 0);
});

test("one tab at a time: whoever comes second neither sends nor refuses", async () => {
  const one = ways();
  one.outbox.put(entry("1"));
  one.alone = async () => ({ sent: false, code: "elsewhere" });
  const outcome = await deliver(one.outbox.find("1"), one);
  assert.equal(outcome.sent, false);
  assert.equal(isFinal(outcome.code), false);
  assert.equal(one.outbox.find("1").refused, undefined);
});

test("what another tab has sent meanwhile is not sent again, and does not come back", async () => {
  const storage = new Storage();
  const [here, there] = [ways({ storage }), ways({ storage })];
  here.outbox.put(entry("1"));
  const mine = here.outbox.find("1");
  there.outbox.drop("1");
  assert.deepEqual(await deliver(mine, here), { sent: true });
  here.outbox.change("1", { refused: "late" });
  assert.deepEqual(here.said, []);
  assert.deepEqual(here.outbox.all(), []);
});

test("photos that are gone are the writer's decision, not silently left out", async () => {
  const one = ways();
  one.outbox.put(entry("1", { pictures: ["a.jpg"] }));
  const outcome = await deliver(one.outbox.find("1"), one);
  assert.equal(outcome.code, "photos_gone");
  assert.deepEqual(one.said, []);
  assert.equal(one.outbox.find("1").refused, "photos_gone");
});

for (const [code, kind] of Object.entries(CODES)) {
  test(`${code} is ${kind}: on the page and from any other page`, async () => {
    for (const act of [(one) => deliver(one.outbox.find("1"), one), (one) => sendWaiting(one)]) {
      const one = ways({
        answer: (payload) =>
          payload.client_id === "1" ? { ok: false, code, message: "why", retry_after: 3 } : { ok: true },
      });
      one.outbox.put(entry("1"));
      one.outbox.put(entry("2"));
      await act(one);
      const left = one.outbox.find("1");
      assert.equal(left.refused, kind === "final" ? "why" : undefined);
    }
  });
}

test("in one conversation the order stays: nothing overtakes what is tried again", async () => {
  const one = ways({
    answer: (payload) => (payload.conversation === "c" ? { ok: false, code: "restarting" } : { ok: true }),
  });
  for (const id of ["1", "2"]) one.outbox.put(entry(id));
  one.outbox.put(entry("3", { conversation: "d" }));
  const later = await sendWaiting(one);
  assert.equal(later.code, "restarting");
  assert.deepEqual(
    one.said.map((payload) => payload.client_id),
    ["1", "3"],
  );
  assert.deepEqual(
    one.outbox.all().map((left) => left.client_id),
    ["1", "2"],
  );
});

test("without a line everything waits", async () => {
  const one = ways({ fail: true });
  one.outbox.put(entry("1"));
  assert.equal((await sendWaiting(one)).code, "offline");
  assert.equal(one.outbox.find("1").refused, undefined);
});

test("a message that the browser cannot keep is sent all the same", async () => {
  const one = ways({ storage: new Storage(10) });
  one.outbox.put(entry("1"));
  assert.equal(one.outbox.of("c").length, 1);
  assert.deepEqual(await deliver(one.outbox.find("1"), one), { sent: true });
  assert.equal(one.said.length, 1);
  assert.deepEqual(one.outbox.all(), []);
});

test("only a refusal of the photos themselves is final", async () => {
  const expected = {
    400: true,
    401: false,
    403: true,
    404: true,
    408: false,
    413: true,
    422: true,
    425: false,
    429: false,
    500: false,
    502: false,
    503: false,
    504: false,
  };
  for (const [status, final] of Object.entries(expected)) {
    const ask = async () => new Response("<main><p>words</p></main>", { status: Number(status) });
    const trouble = await upload("c", [new File(["x"], "a.jpg")], { ask, csrf: () => "t" }).catch((error) => error);
    assert.equal(isFinal(trouble.code), final, status);
  }
});

test("a token that ended is no refusal of the photos", async () => {
  const ask = async () => new Response(JSON.stringify({ code: "token_ended" }), { status: 400 });
  const trouble = await upload("c", [new File(["x"], "a.jpg")], { ask, csrf: () => "t" }).catch((error) => error);
  assert.equal(isFinal(trouble.code), false);
});
