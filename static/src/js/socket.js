// One socket for the page; everything on it is a hint, the database is the truth.
import { io } from "socket.io-client";
import { csrf } from "./session.js";

export function connect() {
  // Asked for at each connection: the page's token may have been renewed since.
  const socket = io({ transports: ["websocket"], auth: (give) => give({ token: csrf() }) });
  document.addEventListener("kin:session", () => {
    if (!socket.connected) socket.connect();
  });
  socket.on("notification:new", (hint) => {
    if (hint.kind !== "message") return;
    const open = document.querySelector("[data-conversation]");
    const reading = open?.dataset.conversation === hint.conversation && document.visibilityState === "visible";
    if (hint.first && !reading) raise("messages");
  });
  // The server ends a socket when its right ends; whoever still has one comes in again.
  socket.on("disconnect", (reason) => {
    if (reason === "io server disconnect") setTimeout(() => socket.connect(), 1000);
  });
  return socket;
}

function raise(name) {
  for (const badge of document.querySelectorAll(`[data-badge="${name}"]`)) {
    badge.textContent = String((Number(badge.textContent) || 0) + 1);
    badge.hidden = false;
  }
}
