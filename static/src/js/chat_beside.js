// On a wide screen the list of conversations stands beside each of them; and in every list a conversation
// with something half written says so.
import { keyOf } from "./drafts.js";
import { ask } from "./session.js";

const WIDE = "(min-width: 64rem)";
const REST = 10_000; // in a lively community the list changes more often than anybody reads it
const SPREAD = 3_000;

export function startBeside(socket) {
  const place = document.querySelector("[data-beside]");
  showDrafts(document);
  if (place) new Beside(place, socket);
}

class Beside {
  constructor(place, socket) {
    this.place = place;
    this.open = document.querySelector("section.chat")?.dataset.conversation;
    this.wide = matchMedia(WIDE);
    this.wide.addEventListener("change", () => this.load());
    socket.on("notification:new", (hint) => hint.kind === "message" && this.heard(hint));
    socket.on("message:new", (message) => this.said(message));
    document.addEventListener("visibilitychange", () => this.stale && this.load());
    this.load();
  }

  heard(hint) {
    // What is open here comes with its own words.
    if (hint.conversation === this.open && this.row(this.open)) return;
    if (this.timer) return;
    const passed = Date.now() - (this.at ?? 0);
    this.timer = setTimeout(() => this.load(), Math.max(0, REST - passed) + Math.random() * SPREAD);
  }

  async load() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.stale = document.visibilityState !== "visible";
    if (this.stale || !this.wide.matches) return;
    this.at = Date.now();
    const answer = await ask("/messages?beside=1").catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-list]");
    if (!fresh) return;
    const first = !this.place.firstElementChild;
    const focused = this.place.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    // Somebody types into the search of it.
    if (!first && !focused && this.place.contains(document.activeElement)) return;
    const { scrollTop } = this.place;
    this.place.replaceChildren(document.importNode(fresh, true));
    showDrafts(this.place);
    this.mark();
    if (first) this.row(this.open)?.scrollIntoView({ block: "nearest" });
    else this.place.scrollTop = scrollTop;
    if (focused) this.place.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  }

  mark() {
    const row = this.row(this.open);
    if (!row) return;
    row.classList.add("open");
    row.classList.remove("unread");
    row.querySelector("[data-unread]")?.remove();
    row.querySelector(".conversation-name a").setAttribute("aria-current", "page");
  }

  said(message) {
    const row = message.conversation === this.open && this.row(this.open);
    if (!row || !message.body || message.hidden) return;
    row.querySelector(".conversation-last").textContent = message.body;
    row.parentElement.prepend(row);
  }

  row(conversation) {
    return conversation && this.place.querySelector(`[data-conversation-row="${CSS.escape(conversation)}"]`);
  }
}

function showDrafts(within) {
  const me = document.body.dataset.viewer;
  for (const row of within.querySelectorAll("[data-conversation-row]")) {
    const words = draftIn(localStorage, me, row.dataset.conversationRow);
    const line = row.querySelector(".conversation-last");
    if (!words || !line || row.querySelector("[aria-current]")) continue;
    const mark = Object.assign(document.createElement("span"), {
      className: "draft-mark",
      textContent: row.closest("[data-draft-mark]").dataset.draftMark,
    });
    line.replaceChildren(mark, ` ${words}`);
  }
}

// What is half written for a conversation, as the composer's own draft keeps it.
export function draftIn(storage, me, conversation) {
  try {
    const kept = JSON.parse(storage.getItem(keyOf(me, `/messages/${conversation}`, "chat")) ?? "null");
    return (kept?.values?.body?.[0] ?? "").trim().slice(0, 200);
  } catch {
    return "";
  }
}
