// The conversation page: joins, sends in order, catches up after a cut, and never loses what was written.
import { newClientId, Outbox, payloadOf, sendWaiting, upload } from "./chat_outbox.js";
import { Rows } from "./chat_rows.js";

const ASLEEP = 20_000; // after so long unseen a tab asks what it has missed
const HERE = 60_000;
const NEAR_END = 80;

export function startChat(socket) {
  const section = document.querySelector("[data-conversation]");
  const outbox = new Outbox(document.body.dataset.viewer);
  // A page of the past is only read: the newest messages are one link away.
  if (section) new Conversation(section, socket, outbox, "past" in section.dataset);
  socket.on("connect", () => sendWaiting(socket, outbox, section?.dataset.conversation));
  addEventListener("online", () => { if (!socket.connected) socket.connect(); });
}

class Conversation {
  constructor(section, socket, outbox, past) {
    this.id = section.dataset.conversation;
    this.me = section.dataset.me;
    this.last = Number(section.dataset.lastSeq) || 0;
    this.changed = Number(section.dataset.changeSeq) || 0;
    this.section = section;
    this.socket = socket;
    this.outbox = outbox;
    this.log = section.querySelector("[data-log]");
    this.rows = new Rows(section, this.log);
    this.state = section.querySelector("[data-state]");
    this.pill = section.querySelector("[data-new-pill]");
    this.form = section.querySelector("form[data-send]");
    this.box = this.form?.querySelector("textarea");
    this.pending = new Map(); // client id -> row on the page
    this.heard = Date.now();
    this.listenToPage();
    if (past) return this.jumpToHash();
    this.listenToSocket();
    this.listenToForm();
    for (const entry of outbox.of(this.id)) this.showWaiting(entry);
    if (socket.connected) this.join();
    this.toBeginning();
  }

  listenToSocket() {
    const { socket } = this;
    socket.on("connect", () => this.join());
    socket.on("disconnect", () => this.say("offline", true));
    socket.on("connect_error", () => this.say("offline", true));
    socket.on("message:new", (message) => this.hear(message));
    socket.on("message:changed", (message) => (this.missed(message) ? this.join() : this.change(message)));
    // Hints may be lost between two processes of the server; this says how far the conversation has come.
    socket.on("conversation:head", (head) => head.conversation === this.id && this.behind(head) && this.join());
    socket.on("conversation:typing", (hint) => this.typing(hint));
    socket.on("conversation:read", (hint) => this.seen(hint));
    socket.on("conversation:accepted", (hint) => {
      if (hint.conversation === this.id && !this.form) location.reload();
    });
    socket.on("presence:changed", (hint) => {
      const place = this.section.querySelector("[data-presence]");
      if (hint.conversation === this.id && hint.member !== this.me && place) {
        place.textContent = this.section.dataset.online;
        place.classList.add("online");
      }
    });
    document.addEventListener("visibilitychange", () => this.wake());
    addEventListener("offline", () => this.say("offline", true));
    setInterval(() => this.here(), HERE);
  }

  listenToForm() {
    this.form?.addEventListener("submit", (event) => this.submit(event));
    this.box?.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && matchMedia("(pointer: fine)").matches) {
        event.preventDefault();
        this.form.requestSubmit();
      }
    });
    this.box?.addEventListener("input", () => this.tellTyping());
    const files = this.form?.querySelector("input[type=file]");
    files?.addEventListener("change", () => {
      const chosen = this.form.querySelector("[data-chosen]");
      chosen.textContent = [...files.files].map((file) => file.name).join(", ");
      chosen.hidden = !files.files.length;
    });
    this.form?.querySelector("[data-answer-off]")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.answer(0, "");
    });
  }

  listenToPage() {
    this.log.addEventListener("scroll", () => { if (this.atEnd()) this.pill.hidden = true; }, { passive: true });
    this.pill.addEventListener("click", () => this.toEnd());
    this.section.addEventListener("submit", (event) => {
      if (event.target.matches("form[data-row-form]")) this.act(event);
    });
    this.section.addEventListener("click", (event) => {
      for (const menu of this.section.querySelectorAll(".bubble-menu[open]")) {
        if (!menu.contains(event.target)) menu.open = false;
      }
      const reply = event.target.closest("[data-reply]");
      const jump = event.target.closest("[data-jump]");
      if (reply && this.form) {
        event.preventDefault();
        const row = this.rows.find(reply.dataset.reply);
        this.answer(Number(reply.dataset.reply), `@${row.dataset.author}: ${row.querySelector(".bubble")?.textContent.trim().slice(0, 80) ?? ""}`);
      } else if (jump && this.rows.find(jump.dataset.jump)) {
        event.preventDefault();
        this.flash(this.rows.find(jump.dataset.jump));
      }
    });
  }

  async join() {
    // Two at once would draw the same messages twice: the second waits for its turn.
    if (this.joining) { this.again = true; return; }
    this.joining = true;
    try {
      let more = true;
      while (more) {
        const answer = await this.ask("conversation:join", {
          conversation: this.id, after_seq: this.last, after_change: this.changed,
        });
        if (!answer.ok) return this.say(answer.code, true);
        for (const message of answer.messages) this.show(message);
        for (const message of answer.changed) this.change(message);
        more = answer.more;
        // A number may belong to no message: without this a gap would never close.
        if (!more) this.changed = Math.max(this.changed, answer.change_seq);
      }
      this.heard = Date.now();
      this.say("", false);
      this.markRead();
      this.here();
      this.deliverAll();
    } catch {
      this.say("offline", true);
    } finally {
      this.joining = false;
      if (this.again) { this.again = false; this.join(); }
    }
  }

  ask(name, payload) {
    return this.socket.timeout(8000).emitWithAck(name, payload);
  }

  hear(message) {
    if (message.conversation !== this.id) return;
    this.heard = Date.now();
    // A gap means that hints were lost: fetch instead of guessing.
    if (message.seq > this.last + 1) return this.join();
    this.show(message);
    this.markRead();
  }

  show(message) {
    if (message.seq <= this.last) return;
    this.last = message.seq;
    this.log.querySelector("[data-first-word]")?.remove();
    const mine = message.author === this.me;
    if (!mine && this.typingTimer) this.stopTyping();
    const end = this.atEnd();
    if (mine) this.taken(message.client_id);
    // What is still on its way stays below what has its number.
    this.log.insertBefore(this.rows.draw(message), this.log.querySelector(".bubble-row.pending"));
    if (end || mine) this.toEnd();
    else this.pill.hidden = false;
  }

  behind(head) { return head.seq > this.last || head.change_seq > this.changed; }

  missed(message) { return message.conversation === this.id && message.change_seq > this.changed + 1; }

  change(message) {
    if (message.conversation !== this.id) return;
    this.changed = Math.max(this.changed, message.change_seq);
    const row = this.rows.find(message.seq);
    if (!row) return;
    if (message.deleted) row.replaceWith(this.rows.plain(message, message.author === this.me));
    else this.rows.fetch(message.seq);
  }

  async submit(event) {
    event.preventDefault();
    const body = this.box.value.trim();
    const files = this.form.querySelector("input[type=file]");
    if (!body && !files?.files.length) return;
    const entry = { conversation: this.id, client_id: newClientId(), body };
    const reply = Number(this.form.elements.reply_to?.value);
    if (reply) entry.reply_to = reply;
    // Pictures stay with the page, words with the browser.
    if (files?.files.length) this.pictures = new Map([...(this.pictures ?? []), [entry.client_id, [...files.files]]]);
    this.outbox.put(entry);
    this.showWaiting(entry);
    this.form.reset();
    this.form.querySelector("[data-chosen]").hidden = true;
    this.answer(0, "");
    this.box.value = "";
    this.toEnd();
    this.deliverAll();
  }

  showWaiting(entry) {
    const files = this.pictures?.get(entry.client_id);
    const row = this.rows.plain({ client_id: entry.client_id, body: entry.body || (files ?? []).map((file) => file.name).join(", ") }, true);
    row.classList.add("pending");
    row.querySelector("[data-at]").textContent = this.section.dataset.sending;
    this.log.append(row);
    this.pending.set(entry.client_id, row);
    if (entry.refused) this.failed(entry, entry.refused);
  }

  taken(clientId) {
    this.outbox.drop(clientId);
    this.pictures?.delete(clientId);
    this.pending.get(clientId)?.remove();
    this.pending.delete(clientId);
  }

  // One after the other, in the order in which they were written.
  async deliverAll() {
    if (this.delivering || !this.socket.connected) return;
    this.delivering = true;
    try {
      for (let entry = this.waiting(); entry; entry = this.waiting()) {
        if (!(await this.deliver(entry))) break;
      }
    } finally {
      this.delivering = false;
    }
  }

  waiting() {
    return this.outbox.of(this.id).find((entry) => !entry.refused && !entry.sent);
  }

  async deliver(entry) {
    const row = this.pending.get(entry.client_id);
    row?.classList.remove("failed");
    row?.querySelector(".retry-row")?.remove();
    try {
      const files = this.pictures?.get(entry.client_id);
      if (files && !entry.photos) entry = { ...entry, photos: await upload(this.form.dataset.photos, this.section.dataset.csrf, files) };
      const answer = await this.ask("message:send", payloadOf(entry));
      if (!answer.ok) {
        this.outbox.put({ ...entry, refused: answer.message ?? answer.code });
        this.failed(entry, answer.message ?? answer.code);
        return true;
      }
      this.outbox.drop(entry.client_id);
      // The hint usually brings it; when it does not, fetching does.
      setTimeout(() => { if (this.pending.has(entry.client_id)) this.join(); }, 700);
      return true;
    } catch (trouble) {
      if (trouble.refused) {
        this.outbox.put({ ...entry, refused: trouble.refused });
        this.failed(entry, trouble.refused);
        return true;
      }
      this.failed(entry, "");
      return false;
    }
  }

  failed(entry, why) {
    const row = this.pending.get(entry.client_id);
    if (!row) return;
    row.classList.add("failed");
    row.querySelector(".retry-row")?.remove();
    const line = Object.assign(document.createElement("div"), { className: "retry-row" });
    const again = Object.assign(document.createElement("button"), { type: "button", className: "retry" });
    again.textContent = [why, this.section.dataset.retry].filter(Boolean).join(" · ");
    again.addEventListener("click", () => {
      this.outbox.put({ ...entry, refused: undefined });
      row.classList.remove("failed");
      line.remove();
      this.deliverAll();
    });
    line.append(again);
    if (why) {
      const drop = Object.assign(document.createElement("button"), { type: "button", className: "retry soft", textContent: this.section.dataset.drop });
      drop.addEventListener("click", () => this.taken(entry.client_id));
      line.append(drop);
    }
    row.append(line);
  }

  // Reactions and taking back: the server answers with the row as it is now.
  async act(event) {
    event.preventDefault();
    const form = event.target;
    const row = form.closest("[data-seq]");
    try {
      const answer = await fetch(event.submitter?.getAttribute("formaction") ?? form.action, {
        method: "POST", body: new FormData(form, event.submitter), headers: { "HX-Request": "true" },
      });
      if (answer.ok) this.rows.replace(row.dataset.seq, await answer.text());
      else document.dispatchEvent(new CustomEvent("htmx:responseError"));
    } catch {
      document.dispatchEvent(new CustomEvent("htmx:sendError"));
    }
  }

  answer(seq, words) {
    const place = this.form?.querySelector("[data-answering]");
    if (!place) return;
    this.form.elements.reply_to.value = seq || "";
    place.querySelector("span").textContent = words;
    place.hidden = !seq;
    if (seq) this.box.focus();
  }

  wake() {
    if (document.visibilityState !== "visible") { this.slept = Date.now(); return; }
    // A sleeping tab may have lost hints without noticing that the line was cut.
    if (Date.now() - (this.slept ?? Date.now()) > ASLEEP || Date.now() - this.heard > ASLEEP) this.join();
    else this.markRead();
    this.here();
  }

  here() {
    if (document.visibilityState === "visible" && this.socket.connected) {
      this.socket.emit("presence:here", { conversation: this.id });
    }
  }

  markRead() {
    if (document.visibilityState !== "visible" || !this.last || !this.socket.connected) return;
    // In a lively room a reader need not say so after every word.
    if (this.section.dataset.kind === "room") {
      this.reading ??= setTimeout(() => { this.reading = undefined; this.tellRead(); }, 5000);
    } else this.tellRead();
  }

  tellRead() {
    this.socket.emit("conversation:read", { conversation: this.id, seq: this.last });
  }

  seen(hint) {
    if (hint.conversation !== this.id || hint.member === this.me || !["private", "listing"].includes(this.section.dataset.kind)) return;
    this.rows.markSeen(hint.seq);
  }

  tellTyping() {
    if (this.told && Date.now() - this.told < 3000) return;
    this.told = Date.now();
    if (this.socket.connected) this.socket.emit("conversation:typing", { conversation: this.id });
  }

  typing(hint) {
    if (hint.conversation !== this.id || hint.member === this.me || this.rows.blocked.has(hint.member)) return;
    this.state.textContent = `${hint.name} ${this.section.dataset.typing}`;
    this.state.classList.remove("off");
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.stopTyping(), 4000);
  }

  stopTyping() {
    clearTimeout(this.typingTimer);
    this.typingTimer = undefined;
    this.say("", false);
  }

  say(what, bad) {
    if (!this.state) return;
    this.state.textContent = what ? this.section.dataset[what] ?? what : "";
    this.state.classList.toggle("off", bad);
  }

  atEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_END;
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.pill.hidden = true;
  }

  // Where reading goes on: at the message that was asked for, at the first new one, else at the end.
  toBeginning() {
    if (this.jumpToHash()) return;
    const line = this.log.querySelector("[data-new-line]");
    if (line) this.log.scrollTop = line.offsetTop - this.log.offsetTop - 60;
    else this.toEnd();
  }

  jumpToHash() {
    const row = /^#m\d+$/.test(location.hash) && this.log.querySelector(location.hash);
    if (row && row !== this.log.lastElementChild) this.flash(row);
    return Boolean(row) && row !== this.log.lastElementChild;
  }

  flash(row) {
    row.scrollIntoView({ block: "center" });
    row.classList.add("flash");
    setTimeout(() => row.classList.remove("flash"), 1600);
  }
}
