// What was written but not yet taken by the server, kept in the browser: it survives reloading, closing
// and days without a network. Each entry has a client id of its own, so sending it twice is harmless.
import { codeOfStatus, isFinal } from "./chat_codes.js";

const NAME = "kin-outbox";
const MOST = 200;

export class Outbox {
  constructor(me, storage = localStorage) {
    this.key = `${NAME}:${me}`;
    this.storage = storage;
    this.held = []; // of this page alone: the browser would not keep them
  }

  all() {
    return [...this.stored(), ...this.held];
  }

  stored() {
    try {
      const found = JSON.parse(this.storage.getItem(this.key) ?? "[]");
      return Array.isArray(found) ? found : [];
    } catch {
      return [];
    }
  }

  of(conversation) {
    return this.all().filter((entry) => entry.conversation === conversation);
  }

  find(clientId) {
    return this.all().find((entry) => entry.client_id === clientId);
  }

  put(entry) {
    if (this.held.some((one) => one.client_id === entry.client_id)) return this.hold(entry);
    const rest = this.stored();
    const place = rest.findIndex((one) => one.client_id === entry.client_id);
    if (place < 0) rest.push(entry);
    else rest[place] = entry;
    // Storage is full or forbidden: the message stays with the page, only a reload would lose it.
    if (!this.keep(rest.slice(-MOST))) this.hold(entry);
  }

  hold(entry) {
    this.held = [...this.held.filter((one) => one.client_id !== entry.client_id), entry];
  }

  // What is there still is changed; what another tab has sent meanwhile does not come back.
  change(clientId, news) {
    const entry = this.find(clientId);
    if (entry) this.put({ ...entry, ...news });
  }

  drop(clientId) {
    this.held = this.held.filter((one) => one.client_id !== clientId);
    const rest = this.stored();
    if (rest.some((one) => one.client_id === clientId)) this.keep(rest.filter((one) => one.client_id !== clientId));
  }

  keep(entries) {
    try {
      if (entries.length) this.storage.setItem(this.key, JSON.stringify(entries));
      else this.storage.removeItem(this.key);
      return true;
    } catch {
      return false;
    }
  }
}

export function newClientId() {
  return crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random().toString(36).slice(2)}`;
}

// One try to send one entry, the same on every page and in every tab. Answers {sent} or {code, message,
// retryAfter}. An entry that has pictures never goes without them: whoever sends it brings them first.
export async function deliver(entry, ways) {
  const alone = ways.alone ?? ((_name, act) => act());
  return alone(`kin-send-${entry.client_id}`, () => {
    // Another tab may have sent it since it was read here.
    const now = ways.outbox.find(entry.client_id);
    return now ? send(now, ways) : { sent: true };
  });
}

// One tab at a time; whoever comes second does not wait with it.
export function aloneInTabs(name, act) {
  if (!navigator.locks) return act();
  return navigator.locks.request(name, { ifAvailable: true }, (lock) =>
    lock ? act() : { sent: false, code: "elsewhere" },
  );
}

async function send(entry, { outbox, pictures, say, upload }) {
  try {
    if (entry.pictures && !entry.photos) {
      const files = await pictures.of(entry.client_id);
      if (!files?.length) return refusedFor(outbox, entry, { code: "photos_gone" });
      const photos = await upload(entry.conversation, files);
      outbox.change(entry.client_id, { photos });
      entry = { ...entry, photos };
    }
    const answer = await say(payloadOf(entry));
    if (!answer.ok) return refusedFor(outbox, entry, answer);
  } catch (trouble) {
    return refusedFor(outbox, entry, {
      code: trouble.code ?? "offline",
      message: trouble.words,
      retry_after: trouble.retryAfter,
    });
  }
  outbox.drop(entry.client_id);
  await pictures.forget(entry.client_id);
  return { sent: true };
}

function refusedFor(outbox, entry, { code, message, retry_after: retryAfter }) {
  if (isFinal(code)) outbox.change(entry.client_id, { refused: message ?? code, code });
  return { sent: false, final: isFinal(code), code, message, retryAfter };
}

// On any page: what waits for other conversations goes out as soon as there is a connection.
// Answers what stopped it, when it is to be tried again.
export async function sendWaiting(ways, except) {
  const stopped = new Set();
  let later;
  for (const entry of ways.outbox.all()) {
    if (entry.conversation === except || entry.refused || stopped.has(entry.conversation)) continue;
    const outcome = await deliver(entry, ways);
    if (outcome.sent || outcome.final) continue;
    if (outcome.code === "offline") return outcome;
    // The order within a conversation stays.
    stopped.add(entry.conversation);
    later = outcome;
  }
  return later;
}

export function payloadOf(entry) {
  const payload = { conversation: entry.conversation, client_id: entry.client_id, body: entry.body };
  if (entry.reply_to) payload.reply_to = entry.reply_to;
  if (entry.photos?.length) payload.photos = entry.photos;
  return payload;
}

// Photos go ahead of the message that names them; a refusal is told in the server's words.
export async function upload(conversation, files, { ask, csrf }) {
  const form = new FormData();
  form.append("csrf_token", csrf());
  for (const file of files) form.append("photos", file, file.name);
  const answer = await ask(`/messages/${conversation}/photos`, {
    method: "POST",
    body: form,
    headers: { Accept: "application/json" },
  });
  if (answer.ok) return (await answer.json()).photos;
  const { code, words } = await reasonOf(answer);
  throw Object.assign(new Error("refused"), {
    code: codeOfStatus(answer.status, code),
    words,
    retryAfter: Number(answer.headers.get("Retry-After")) || undefined,
  });
}

async function reasonOf(answer) {
  const text = await answer.text().catch(() => "");
  try {
    const found = JSON.parse(text);
    return { code: found.code, words: found.detail };
  } catch {
    // A page of errors, ours or a proxy's.
    const page = typeof DOMParser === "undefined" ? null : new DOMParser().parseFromString(text, "text/html");
    return { words: page?.querySelector("main p")?.textContent.trim() || undefined };
  }
}
