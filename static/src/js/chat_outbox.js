// What was written but not yet taken by the server, kept in the browser: it survives reloading, closing
// and days without a network. Each entry has a client id of its own, so sending it twice is harmless.
const NAME = "kin-outbox";
const MOST = 200;

export class Outbox {
  constructor(me) {
    this.key = `${NAME}:${me}`;
  }

  all() {
    try {
      const found = JSON.parse(localStorage.getItem(this.key) ?? "[]");
      return Array.isArray(found) ? found : [];
    } catch {
      return [];
    }
  }

  of(conversation) {
    return this.all().filter((entry) => entry.conversation === conversation);
  }

  put(entry) {
    const rest = this.all().filter((one) => one.client_id !== entry.client_id);
    const place = this.all().findIndex((one) => one.client_id === entry.client_id);
    rest.splice(place < 0 ? rest.length : place, 0, entry);
    this.keep(rest.slice(-MOST));
  }

  drop(clientId) {
    this.keep(this.all().filter((one) => one.client_id !== clientId));
  }

  keep(entries) {
    try {
      if (entries.length) localStorage.setItem(this.key, JSON.stringify(entries));
      else localStorage.removeItem(this.key);
    } catch {
      // Storage is full or forbidden: the message stays on the page, only a reload would lose it.
    }
  }
}

export function newClientId() {
  return crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random().toString(36).slice(2)}`;
}

// On any page: what waits for other conversations goes out as soon as there is a connection.
export async function sendWaiting(socket, outbox, except) {
  const stopped = new Set();
  for (const entry of outbox.all()) {
    if (entry.conversation === except || entry.refused || stopped.has(entry.conversation)) continue;
    try {
      const answer = await socket.timeout(8000).emitWithAck("message:send", payloadOf(entry));
      if (answer.ok) outbox.drop(entry.client_id);
      else if (answer.code !== "too_many") outbox.put({ ...entry, refused: answer.message ?? answer.code });
      else stopped.add(entry.conversation);
    } catch {
      return;
    }
  }
}

export function payloadOf(entry) {
  const payload = { conversation: entry.conversation, client_id: entry.client_id, body: entry.body };
  if (entry.reply_to) payload.reply_to = entry.reply_to;
  if (entry.photos?.length) payload.photos = entry.photos;
  return payload;
}

// Photos go ahead of the message that names them; a refusal is told in the server's words.
export async function upload(address, csrf, files) {
  const form = new FormData();
  form.append("csrf_token", csrf);
  for (const file of files) form.append("photos", file);
  const answer = await fetch(address, { method: "POST", body: form, headers: { Accept: "application/json" } });
  if (!answer.ok) throw Object.assign(new Error("refused"), { refused: answer.status < 500 ? await reasonOf(answer) : "" });
  return (await answer.json()).photos;
}

async function reasonOf(answer) {
  try {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector("main p")?.textContent.trim() || String(answer.status);
  } catch {
    return String(answer.status);
  }
}
