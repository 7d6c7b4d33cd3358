// Rows of the conversation page. Plain words are drawn here, from the templates that the page brings;
// everything with more to it (cards, photos, quotes, signs) is drawn by the server alone.
import { complete, needsServer, redraw } from "./chat_changes.js";
import { keepForm } from "./chat_editing.js";
import { busy } from "./deals.js";
import { ask } from "./session.js";
import { clockTime, exactTime } from "./times.js";

const AT_ONCE = 3;
const SPREAD = 10_000; // in a room thousands would ask for the same row in the same moment

export class Rows {
  constructor(section, log) {
    this.section = section;
    this.log = log;
    this.id = section.dataset.conversation;
    this.me = section.dataset.me;
    this.names = JSON.parse(section.dataset.names || "{}");
    this.blocked = new Set((section.dataset.blocked || "").split(" ").filter(Boolean));
    this.words = { edited: section.dataset.edited, removed: section.dataset.removed };
    this.wanted = [];
    this.asking = 0;
  }

  find(seq) {
    return this.log.querySelector(`[data-seq="${Number(seq)}"]`);
  }

  // Draws a message that has its number; what needs the server's drawing is asked for.
  draw(message) {
    const row = this.plain(message, message.author === this.me);
    if (this.isRich(message)) this.fetch(message.seq);
    return row;
  }

  isRich(message) {
    return Boolean(
      message.card ||
        message.reply_to ||
        message.held ||
        message.hidden ||
        message.photos?.length ||
        message.signs?.length ||
        this.blocked.has(message.author) ||
        /(?:^|[\s"'>(/])\/?(?:market|items|m|s)\//.test(message.body ?? ""),
    );
  }

  plain(message, mine) {
    const row = this.section
      .querySelector(`template[data-row="${mine ? "mine" : "theirs"}"]`)
      .content.firstElementChild.cloneNode(true);
    const bubble = row.querySelector(".bubble");
    row.dataset.clientId = message.client_id;
    row.dataset.author = message.author ?? this.me;
    if (message.seq) {
      row.dataset.seq = message.seq;
      row.id = `m${message.seq}`;
      row.dataset.id = message.id;
      this.fill(row, message);
    } else {
      row.querySelector(".bubble-menu").remove();
    }
    if (message.deleted) {
      row.dataset.deleted = "";
      bubble.append(
        Object.assign(document.createElement("i"), { className: "soft", textContent: this.section.dataset.removed }),
      );
      row.querySelector(".bubble-menu")?.remove();
    } else if (this.blocked.has(message.author)) bubble.textContent = "…";
    else if (message.html)
      bubble.innerHTML = message.html; // cleaned by the server, in one place
    else if (message.body) bubble.textContent = message.body;
    else bubble.hidden = true;
    if (message.at) {
      const time = Object.assign(document.createElement("time"), { dateTime: message.at });
      time.dataset.clock = "";
      time.textContent = clockTime(message.at);
      time.title = exactTime(message.at);
      row.querySelector("[data-at]").append(time);
    }
    this.name(row, message, mine);
    if (message.seq && !message.deleted) complete(row, message, this);
    return row;
  }

  // In a group whoever begins to speak is named.
  name(row, message, mine) {
    const before = this.lastAuthor();
    if (mine || before === message.author || !["group", "room"].includes(this.section.dataset.kind)) return;
    const who = row.querySelector("[data-who]");
    const link = who.querySelector("a");
    link.href = `/m/${encodeURIComponent(message.author)}`;
    link.textContent = this.names[message.author] ?? `@${message.author}`;
    who.hidden = false;
    row.classList.add("starts");
  }

  lastAuthor() {
    const rows = this.log.querySelectorAll(".bubble-row[data-seq]");
    return rows.length ? rows[rows.length - 1].dataset.author : null;
  }

  fill(row, message) {
    for (const node of row.querySelectorAll("[action], [href], [data-reply]")) {
      for (const name of ["action", "href", "data-reply"]) {
        const value = node.getAttribute(name);
        if (value?.includes("__")) {
          node.setAttribute(
            name,
            value.replaceAll("__ID__", encodeURIComponent(message.id)).replaceAll("__SEQ__", Number(message.seq)),
          );
        }
      }
    }
  }

  // Somebody has read up to here: a sign on what I said until then.
  markSeen(upto) {
    for (const row of this.log.querySelectorAll(".bubble-row.mine[data-seq]")) {
      const time = row.querySelector(".bubble-time");
      if (Number(row.dataset.seq) > upto || !time || time.querySelector(".seen")) continue;
      const sign = Object.assign(document.createElement("span"), { className: "seen", textContent: "✓✓" });
      sign.title = this.section.dataset.seen;
      time.insertBefore(sign, time.querySelector(".bubble-menu"));
    }
  }

  // A message has changed. Answers whether it was let through, so that there is something new to read.
  change(row, message) {
    const held = row.classList.contains("held");
    const server = needsServer(row, message);
    redraw(row, message, this);
    if (server && this.section.dataset.kind === "room")
      setTimeout(() => this.fetch(message.seq), Math.random() * SPREAD);
    else if (server) this.fetch(message.seq);
    return held && !message.held;
  }

  // Cards of an offer or an order say what it is now, those from before as well.
  renewDeal(id) {
    for (const card of this.log.querySelectorAll(`[data-deal="${CSS.escape(id)}"]`)) {
      const row = card.closest("[data-seq]");
      if (row && !busy(row)) this.fetch(Number(row.dataset.seq));
    }
  }

  fetch(seq) {
    if (!this.wanted.includes(seq)) this.wanted.push(seq);
    this.next();
  }

  async next() {
    if (this.asking >= AT_ONCE || !this.wanted.length) return;
    const seq = this.wanted.shift();
    this.asking += 1;
    try {
      const answer = await ask(`/messages/${this.id}/row/${seq}`);
      if (answer.ok) this.replace(seq, await answer.text());
    } catch {
      // Without a network the plain row stays; joining again brings the rest.
    } finally {
      this.asking -= 1;
      this.next();
    }
  }

  // The server's own drawing, by the template that drew the rest of the page.
  replace(seq, html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const row = page.querySelector("li");
    const old = this.find(seq);
    if (!row || !old) return;
    const end = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80;
    const fresh = document.importNode(row, true);
    old.replaceWith(fresh);
    keepForm(old, fresh);
    if (end) this.log.scrollTop = this.log.scrollHeight;
  }
}
