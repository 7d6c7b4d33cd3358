// The conversation page: joins, sends in order, catches up after a cut, and never loses what was written.
import { startBeside } from "./chat_beside.js";
import { isFinal, patience } from "./chat_codes.js";
import { Days } from "./chat_days.js";
import { Editing } from "./chat_editing.js";
import { startMenus } from "./chat_menus.js";
import { Names } from "./chat_names.js";
import { aloneInTabs, Outbox, sendWaiting, upload } from "./chat_outbox.js";
import { Pictures } from "./chat_pictures.js";
import { Rows } from "./chat_rows.js";
import { Sending } from "./chat_sending.js";
import { ask, csrf } from "./session.js";

const ASLEEP = 20_000; // after so long unseen a tab asks what it has missed
const HERE = 60_000;
const NEAR_END = 80;
// Where nobody is shown who has read, a reader need not say so after every word.
const READ_LATER = { room: 5000, group: 1000 };

export function startChat(socket) {
  const section = document.querySelector("[data-conversation]");
  const me = document.body.dataset.viewer;
  const ways = {
    outbox: new Outbox(me),
    pictures: new Pictures(me),
    say: (payload) => socket.timeout(8000).emitWithAck("message:send", payload),
    alone: aloneInTabs,
    upload: (conversation, files) => upload(conversation, files, { ask, csrf }),
  };
  // A page of the past is only read: the newest messages are one link away.
  const past = section && "past" in section.dataset;
  if (section) new Conversation(section, socket, ways, past);
  startBeside(socket);
  sendOthers(socket, ways, section && !past ? section.dataset.conversation : undefined);
  addEventListener("online", () => {
    if (!socket.connected) socket.connect();
  });
}

// What waits for conversations that are not open here; tried again for as long as the page is.
function sendOthers(socket, ways, except) {
  let timer;
  let tries = 0;
  let sending = false;
  const send = async () => {
    if (sending || !socket.connected) return;
    sending = true;
    clearTimeout(timer);
    const later = await sendWaiting(ways, except).finally(() => {
      sending = false;
    });
    tries = later ? tries + 1 : 0;
    if (later) timer = setTimeout(send, patience(tries, later.retryAfter) * 1000);
  };
  socket.on("connect", send);
  document.addEventListener("kin:session", send);
}

class Conversation {
  constructor(section, socket, ways, past) {
    this.id = section.dataset.conversation;
    this.me = section.dataset.me;
    this.last = Number(section.dataset.lastSeq) || 0;
    this.changed = Number(section.dataset.changeSeq) || 0;
    this.section = section;
    this.socket = socket;
    this.log = section.querySelector("[data-log]");
    this.rows = new Rows(section, this.log);
    this.days = new Days(section, this.log);
    this.state = section.querySelector("[data-state]");
    this.pill = section.querySelector("[data-new-pill]");
    this.heard = Date.now();
    this.listenToPage();
    if (past) {
      this.jumpToHash();
      return;
    }
    this.names = new Names(section);
    this.sending = new Sending(this, ways);
    this.listenToSocket();
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
    for (const name of ["offer:changed", "order:changed"]) socket.on(name, (hint) => this.rows.renewDeal(hint.id));
    socket.on("conversation:typing", (hint) => this.typing(hint));
    socket.on("conversation:read", (hint) => this.seen(hint));
    socket.on("conversation:accepted", (hint) => {
      if (hint.conversation === this.id && !this.sending.form) location.reload();
    });
    socket.on("presence:changed", (hint) => {
      const place = this.section.querySelector("[data-presence]");
      if (hint.conversation === this.id && hint.member !== this.me && place) {
        place.textContent = this.section.dataset.online;
        place.classList.add("online");
      }
    });
    document.addEventListener("visibilitychange", () => this.wake());
    // A page that is left, or killed in the background, has said how far it was read.
    addEventListener("pagehide", () => this.reading && this.tellRead());
    document.addEventListener("kin:session", () => this.sending.deliverAll());
    addEventListener("offline", () => this.say("offline", true));
    setInterval(() => this.here(), HERE);
  }

  listenToPage() {
    this.log.addEventListener(
      "scroll",
      () => {
        if (this.atEnd()) this.pill.hidden = true;
      },
      { passive: true },
    );
    this.pill.addEventListener("click", () => this.toNew());
    startMenus(this.section);
    this.editing = new Editing(this);
    this.section.addEventListener("submit", (event) => {
      if (event.target.matches("form[data-row-form]")) this.act(event);
    });
    this.section.addEventListener("click", (event) => {
      const reply = event.target.closest("[data-reply]");
      const jump = event.target.closest("[data-jump]");
      if (reply && this.sending?.form) {
        event.preventDefault();
        const row = this.rows.find(reply.dataset.reply);
        this.sending.answer(
          Number(reply.dataset.reply),
          `@${row.dataset.author}: ${row.querySelector(".bubble")?.textContent.trim().slice(0, 80) ?? ""}`,
        );
      } else if (jump && this.rows.find(jump.dataset.jump)) {
        event.preventDefault();
        this.flash(this.rows.find(jump.dataset.jump));
      }
    });
  }

  async join() {
    // Two at once would draw the same messages twice: the second waits for its turn.
    if (this.joining) {
      this.again = true;
      return;
    }
    this.joining = true;
    try {
      let more = true;
      while (more) {
        const answer = await this.ask("conversation:join", {
          conversation: this.id,
          after_seq: this.last,
          after_change: this.changed,
        });
        if (!answer.ok) return this.refused(answer);
        this.refusals = 0;
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
      this.sending.deliverAll();
    } catch {
      this.say("offline", true);
    } finally {
      this.joining = false;
      if (this.again) {
        this.again = false;
        this.join();
      }
    }
  }

  // What the server could not do just now is asked for again: messages wait for having joined.
  refused({ code, retry_after: retryAfter }) {
    this.say(code, true);
    if (isFinal(code)) return;
    this.refusals = (this.refusals ?? 0) + 1;
    clearTimeout(this.rejoin);
    this.rejoin = setTimeout(() => this.join(), patience(this.refusals, retryAfter) * 1000);
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
    if (mine) this.sending.taken(message.client_id);
    // What is still on its way stays below what has its number.
    const row = this.rows.draw(message);
    const day = this.days.before(message.at);
    const pending = this.log.querySelector(".bubble-row.pending");
    if (day) this.log.insertBefore(day, pending);
    this.log.insertBefore(row, pending);
    if (end || mine) return this.toEnd();
    // Whoever reads further up comes back to where the new begins.
    if (this.pill.hidden) this.log.insertBefore(this.newLine(), row);
    this.pill.hidden = false;
  }

  behind(head) {
    return head.seq > this.last || head.change_seq > this.changed;
  }

  missed(message) {
    return message.conversation === this.id && message.change_seq > this.changed + 1;
  }

  change(message) {
    if (message.conversation !== this.id) return;
    this.changed = Math.max(this.changed, message.change_seq);
    const row = this.rows.find(message.seq);
    if (!row) return;
    if (message.deleted) row.replaceWith(this.rows.plain(message, message.author === this.me));
    // What a moderator has let through is read only now.
    else if (this.rows.change(row, message)) this.markRead();
  }

  // Reactions and taking back: the server answers with the row as it is now.
  async act(event) {
    event.preventDefault();
    const form = event.target;
    const row = form.closest("[data-seq]");
    try {
      const answer = await ask(event.submitter?.getAttribute("formaction") ?? form.action, {
        method: "POST",
        body: new FormData(form, event.submitter),
      });
      if (answer.ok) this.rows.replace(row.dataset.seq, await answer.text());
      else document.dispatchEvent(new CustomEvent("htmx:responseError"));
    } catch (trouble) {
      if (trouble.code !== "unauthenticated") document.dispatchEvent(new CustomEvent("htmx:sendError"));
    }
  }

  wake() {
    if (document.visibilityState !== "visible") {
      this.slept = Date.now();
      if (this.reading) this.tellRead();
      return;
    }
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
    const later = READ_LATER[this.section.dataset.kind];
    if (later) this.reading ??= setTimeout(() => this.tellRead(), later);
    else this.tellRead();
  }

  tellRead() {
    clearTimeout(this.reading);
    this.reading = undefined;
    this.socket.emit("conversation:read", { conversation: this.id, seq: this.last });
  }

  seen(hint) {
    if (
      hint.conversation !== this.id ||
      hint.member === this.me ||
      !["private", "listing"].includes(this.section.dataset.kind)
    )
      return;
    this.rows.markSeen(hint.seq);
  }

  tellTyping() {
    if (this.told && Date.now() - this.told < 3000) return;
    this.told = Date.now();
    if (this.socket.connected) this.socket.emit("conversation:typing", { conversation: this.id });
  }

  typing(hint) {
    if (hint.conversation !== this.id || hint.member === this.me || this.rows.blocked.has(hint.member)) return;
    this.state.textContent = this.section.dataset.typing.replace("{name}", hint.name);
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
    this.state.textContent = what ? (this.section.dataset[what] ?? what) : "";
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
    if (!this.log.querySelector("[data-new-line]")) return this.toEnd();
    this.toLine();
    this.pill.hidden = this.atEnd();
  }

  // First to where the new begins, and from there to the end.
  toNew() {
    const line = this.log.querySelector("[data-new-line]");
    const below = line && line.getBoundingClientRect().top > this.log.getBoundingClientRect().bottom;
    if (below) this.toLine();
    else this.toEnd();
  }

  toLine() {
    const line = this.log.querySelector("[data-new-line]");
    this.log.scrollTop += line.getBoundingClientRect().top - this.log.getBoundingClientRect().top - 60;
  }

  newLine() {
    this.log.querySelector("[data-new-line]")?.remove();
    const line = Object.assign(document.createElement("li"), { className: "new-line" });
    line.dataset.newLine = "";
    line.append(Object.assign(document.createElement("span"), { textContent: this.section.dataset.new }));
    return line;
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
