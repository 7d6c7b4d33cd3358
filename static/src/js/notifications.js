// The inbox and its badge, live; and what lies before the reader's eyes, so that nothing is told of it.
import { ask } from "./session.js";

const RENEW = 50_000; // the server lets a screen go after 75 s
const AFTER_CHAT = 2_000;
const tab = Math.random().toString(36).slice(2) + Date.now().toString(36);

export function startNotifications(socket) {
  socket.on("notification:new", (hint) => {
    if (hint.kind !== "message") look(socket);
    // The chat has its own badge at once; the line of the inbox follows when it has been written.
    else if (hint.first) setTimeout(() => look(socket), AFTER_CHAT);
  });
  socket.on("notification:read", () => look(socket));
  socket.on("connect", () => tell(socket));
  document.addEventListener("visibilitychange", () => tell(socket));
  window.addEventListener("pagehide", () => socket.emit("screen:hide", { tab }));
  setInterval(() => tell(socket), RENEW);
  guessTimezone();
}

function tell(socket) {
  if (!socket.connected) return;
  if (document.visibilityState !== "visible") return void socket.emit("screen:hide", { tab });
  const path = location.pathname.slice(0, 300);
  socket.emit("screen:show", { tab, path }, (answer) => answer?.ok && count(answer.unread));
}

let waiting;
function look(socket) {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    socket.emit("notification:count", {}, (answer) => answer?.ok && count(answer.unread));
    if (document.querySelector("[data-inbox]") && !new URLSearchParams(location.search).has("cursor")) renew();
  }, 150);
}

function count(unread) {
  for (const badge of document.querySelectorAll('[data-badge="notifications"]')) {
    badge.textContent = String(unread);
    badge.hidden = !unread;
  }
}

async function renew() {
  const response = await ask("/notifications").catch(() => null);
  if (!response?.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector("[data-inbox]");
  const old = document.querySelector("[data-inbox]");
  if (!fresh || !old) return;
  // The focus stays on the line that it was on, though the line is drawn anew.
  const at = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  old.replaceChildren(...fresh.childNodes);
  if (at) old.querySelector(`a[href="${CSS.escape(at)}"]`)?.focus();
}

function guessTimezone() {
  const field = document.querySelector("[data-guess-timezone]");
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (field && [...field.options].some((option) => option.value === zone)) field.value = zone;
}
