// The conversation page: joins, sends, catches up after a cut, and never loses what was written.
export function startChat(socket) {
  const section = document.querySelector("[data-conversation]");
  // A page of the past is only read: the newest messages are one link away.
  if (section && !("past" in section.dataset)) new Conversation(section, socket);
}

class Conversation {
  constructor(section, socket) {
    this.id = section.dataset.conversation;
    this.me = section.dataset.me;
    this.last = Number(section.dataset.lastSeq) || 0;
    this.changed = Number(section.dataset.changeSeq) || 0;
    this.section = section;
    this.socket = socket;
    this.log = section.querySelector("[data-log]");
    this.state = section.querySelector("[data-state]");
    this.form = section.querySelector("form[data-send]");
    this.box = this.form?.querySelector("textarea");
    this.waiting = new Map();
    socket.on("connect", () => this.join());
    socket.on("disconnect", () => this.say("offline", true));
    socket.on("connect_error", () => this.say("offline", true));
    document.addEventListener("visibilitychange", () => this.markRead());
    socket.on("message:new", (message) => this.hear(message));
    socket.on("message:changed", (message) => this.change(message));
    socket.on("conversation:typing", (hint) => this.typing(hint));
    this.form?.addEventListener("submit", (event) => this.submit(event));
    this.box?.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && matchMedia("(pointer: fine)").matches) {
        event.preventDefault();
        this.form.requestSubmit();
      }
    });
    this.box?.addEventListener("input", () => this.tellTyping());
    if (socket.connected) this.join();
    this.toEnd();
  }

  async join() {
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
      }
      this.say("", false);
      this.markRead();
      for (const [clientId, entry] of this.waiting) if (!entry.busy) this.deliver(clientId);
    } catch {
      this.say("offline", true);
    }
  }

  ask(name, payload) {
    return this.socket.timeout(8000).emitWithAck(name, payload);
  }

  hear(message) {
    if (message.conversation !== this.id) return;
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
    const pending = mine ? this.log.querySelector(`[data-client-id="${CSS.escape(message.client_id)}"]`) : null;
    this.waiting.delete(message.client_id);
    const row = this.row(message, mine);
    // What is still on its way stays below what has its number.
    pending?.remove();
    this.log.insertBefore(row, this.log.querySelector(".bubble-row.pending"));
    this.toEnd();
  }

  change(message) {
    if (message.conversation !== this.id) return;
    this.changed = Math.max(this.changed, message.change_seq);
    const row = this.log.querySelector(`[data-seq="${Number(message.seq)}"]`);
    if (row) row.replaceWith(this.row(message, message.author === this.me));
  }

  row(message, mine) {
    const row = document.createElement("li");
    row.className = mine ? "bubble-row mine" : "bubble-row";
    row.dataset.seq = message.seq ?? "";
    row.dataset.clientId = message.client_id;
    const bubble = document.createElement("div");
    bubble.className = "bubble";
    bubble.dir = "auto";
    if (message.deleted) bubble.append(Object.assign(document.createElement("i"), { className: "soft", textContent: this.section.dataset.removed }));
    else if (message.html) bubble.innerHTML = message.html; // cleaned by the server, in one place
    else bubble.textContent = message.body;
    const time = document.createElement("small");
    time.className = "soft bubble-time";
    if (message.at) time.textContent = new Date(message.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    if (message.id && !mine && !message.deleted) time.append(" ", this.report(message.id));
    row.append(bubble, time);
    return row;
  }

  report(id) {
    const link = document.createElement("a");
    link.className = "bubble-act";
    link.href = `/report/message/${encodeURIComponent(id)}`;
    link.rel = "nofollow";
    link.textContent = this.section.dataset.report;
    return link;
  }

  submit(event) {
    event.preventDefault();
    const body = this.box.value.trim();
    if (!body) return;
    const clientId = crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random().toString(36).slice(2)}`;
    const row = this.row({ client_id: clientId, body }, true);
    row.classList.add("pending");
    this.log.append(row);
    this.waiting.set(clientId, { body, row, busy: false });
    this.box.value = "";
    this.toEnd();
    this.deliver(clientId);
  }

  async deliver(clientId) {
    const entry = this.waiting.get(clientId);
    if (!entry) return;
    entry.busy = true;
    entry.row.classList.remove("failed");
    entry.row.querySelector(".retry")?.remove();
    try {
      const answer = await this.ask("message:send", { conversation: this.id, client_id: clientId, body: entry.body });
      if (!answer.ok) return this.failed(clientId, answer.message ?? answer.code);
      // The hint usually brings it; when it does not, fetching does.
      setTimeout(() => { if (this.waiting.has(clientId)) this.join(); }, 700);
    } catch {
      this.failed(clientId, "");
    } finally {
      entry.busy = false;
    }
  }

  failed(clientId, why) {
    const entry = this.waiting.get(clientId);
    if (!entry) return;
    entry.row.classList.add("failed");
    const again = document.createElement("button");
    again.type = "button";
    again.className = "retry";
    again.textContent = [why, this.section.dataset.retry || "Try again"].filter(Boolean).join(" · ");
    again.addEventListener("click", () => this.deliver(clientId));
    entry.row.append(again);
  }

  markRead() {
    if (document.visibilityState !== "visible" || !this.last) return;
    this.socket.emit("conversation:read", { conversation: this.id, seq: this.last });
  }

  tellTyping() {
    if (this.told && Date.now() - this.told < 3000) return;
    this.told = Date.now();
    this.socket.emit("conversation:typing", { conversation: this.id });
  }

  typing(hint) {
    if (hint.conversation !== this.id || hint.author === this.me || hint.member === this.me) return;
    this.say("typing", false);
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

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
  }
}
