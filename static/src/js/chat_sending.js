// The composer of a conversation: what is written goes to the outbox at once and from there to the server,
// one after the other. A row on the page shows each until the conversation itself brings it.
import { patience } from "./chat_codes.js";
import { deliver, newClientId } from "./chat_outbox.js";
import { Shelf } from "./chat_shelf.js";
import { composing, sendsOnEnter } from "./keys.js";

const MOST_STUCK = 5; // tries after which the next message need not wait for this one any longer

export class Sending {
  constructor(page, ways) {
    this.page = page;
    this.ways = ways;
    this.outbox = ways.outbox;
    this.section = page.section;
    this.form = this.section.querySelector("form[data-send]");
    this.box = this.form?.querySelector("textarea");
    this.shelf = this.form && new Shelf(this.form, this.section.dataset);
    this.pending = new Map(); // client id -> row on the page
    this.tries = new Map(); // client id -> how often it was tried since it was written or shown
    this.listen();
    for (const entry of this.outbox.of(page.id)) this.show(entry);
  }

  listen() {
    this.form?.addEventListener("submit", (event) => this.submit(event));
    this.box?.addEventListener("keydown", (event) => {
      if (event.key === "ArrowUp" && this.isEmpty() && !composing(event)) {
        if (this.page.editing.last()) event.preventDefault();
      } else if (sendsOnEnter(event) && matchMedia("(pointer: fine)").matches) {
        event.preventDefault();
        this.form.requestSubmit();
      }
    });
    this.box?.addEventListener("input", () => this.page.tellTyping());
    this.form?.querySelector("[data-answer-off]")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.answer(0, "");
    });
  }

  isEmpty() {
    return !this.box.value && !this.shelf.size && !this.form.elements.reply_to?.value;
  }

  async submit(event) {
    event.preventDefault();
    const body = this.box.value.trim();
    const chosen = this.shelf.size > 0;
    if ((!body && !chosen) || this.reading) return;
    const entry = { conversation: this.page.id, client_id: newClientId(), body };
    const reply = Number(this.form.elements.reply_to?.value);
    if (reply) entry.reply_to = reply;
    let everywhere = true;
    if (chosen) {
      // Large photos may still be being made smaller; the words stay in the box meanwhile.
      this.reading = true;
      try {
        const files = await this.shelf.take();
        entry.pictures = files.map((file) => file.name);
        everywhere = await this.ways.pictures.keep(entry.client_id, files);
      } finally {
        this.reading = false;
      }
    }
    // Only what every tab could send whole may be seen by every tab.
    if (everywhere) this.outbox.put(entry);
    else this.outbox.hold(entry);
    this.show(entry);
    this.form.reset();
    this.box.value = "";
    this.form.dispatchEvent(new CustomEvent("kin:taken", { bubbles: true }));
    this.answer(0, "");
    this.page.toEnd();
    this.deliverAll();
  }

  show(entry) {
    const body = entry.body || (entry.pictures ?? []).join(", ");
    const row = this.page.rows.plain({ client_id: entry.client_id, body }, true);
    row.classList.add("pending");
    row.querySelector("[data-at]").textContent = this.section.dataset.sending;
    this.page.log.append(row);
    this.pending.set(entry.client_id, row);
    if (entry.refused) this.failed(entry, entry.refused);
  }

  // The conversation has it.
  taken(clientId) {
    this.outbox.drop(clientId);
    this.ways.pictures.forget(clientId);
    this.pending.get(clientId)?.remove();
    this.pending.delete(clientId);
    this.tries.delete(clientId);
  }

  async deliverAll() {
    if (this.delivering || !this.page.socket.connected) return;
    this.delivering = true;
    clearTimeout(this.timer);
    let wait;
    try {
      const stuck = new Set();
      for (let entry = this.next(stuck); entry; entry = this.next(stuck)) {
        const outcome = await this.try(entry);
        if (outcome.sent || outcome.final) continue;
        wait = Math.min(wait ?? Infinity, patience(this.tries.get(entry.client_id), outcome.retryAfter));
        if (outcome.code !== "internal" || this.tries.get(entry.client_id) < MOST_STUCK) break;
        stuck.add(entry.client_id);
      }
    } finally {
      this.delivering = false;
    }
    if (wait) this.timer = setTimeout(() => this.deliverAll(), wait * 1000);
  }

  // In the order in which they were written. What another tab has sent is gone from the outbox.
  next(stuck) {
    return this.outbox.of(this.page.id).find((entry) => !entry.refused && !stuck.has(entry.client_id));
  }

  async try(entry) {
    const id = entry.client_id;
    const row = this.pending.get(id);
    row?.classList.remove("failed");
    row?.querySelector(".retry-row")?.remove();
    this.tries.set(id, (this.tries.get(id) ?? 0) + 1);
    const outcome = await deliver(entry, this.ways);
    if (outcome.sent) {
      // The hint usually brings it; when it does not, fetching does.
      setTimeout(() => {
        if (this.pending.has(id)) this.page.join();
      }, 700);
    } else if (outcome.code !== "elsewhere") {
      this.failed(entry, outcome.final ? this.words(outcome) : "");
    }
    return outcome;
  }

  words({ code, message }) {
    return message ?? this.section.dataset[code] ?? code;
  }

  failed(entry, why) {
    const row = this.pending.get(entry.client_id);
    if (!row) return;
    row.classList.add("failed");
    row.querySelector(".retry-row")?.remove();
    const line = Object.assign(document.createElement("div"), { className: "retry-row" });
    const again = Object.assign(document.createElement("button"), { type: "button", className: "retry" });
    const said = this.section.dataset[why] ?? why;
    again.textContent = [said, this.section.dataset.retry].filter(Boolean).join(" · ");
    again.addEventListener("click", () => {
      // Photos that are gone stay gone: the words can go without them.
      const gone = this.outbox.find(entry.client_id)?.code === "photos_gone" ? { pictures: undefined } : {};
      this.outbox.change(entry.client_id, { refused: undefined, code: undefined, ...gone });
      row.classList.remove("failed");
      line.remove();
      this.deliverAll();
    });
    line.append(again);
    if (why) {
      const drop = Object.assign(document.createElement("button"), {
        type: "button",
        className: "retry soft",
        textContent: this.section.dataset.drop,
      });
      drop.addEventListener("click", () => this.taken(entry.client_id));
      line.append(drop);
    }
    row.append(line);
  }

  answer(seq, words) {
    const place = this.form?.querySelector("[data-answering]");
    if (!place) return;
    this.form.elements.reply_to.value = seq || "";
    place.querySelector("span").textContent = words;
    place.hidden = !seq;
    if (seq) this.box.focus();
  }
}
