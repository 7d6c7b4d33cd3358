// One socket for the page; everything on it is a hint, the database is the truth.
import { io } from "socket.io-client";

export function connect() {
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const socket = io({ transports: ["websocket"], auth: { token } });
  socket.on("message:new", (message) => {
    const open = document.querySelector("[data-conversation]");
    const mine = message.author === document.body.dataset.viewer;
    if (!mine && open?.dataset.conversation !== message.conversation) raise("messages");
  });
  socket.on("notification:new", () => raise("notifications"));
  return socket;
}

function raise(name) {
  for (const badge of document.querySelectorAll(`[data-badge="${name}"]`)) {
    badge.textContent = String((Number(badge.textContent) || 0) + 1);
    badge.hidden = false;
  }
}
