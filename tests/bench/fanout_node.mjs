// The server that ours is measured beside: socket.io as its documentation starts it, WebSocket only.
import { createServer } from "node:http";
import { Server } from "socket.io";

const [port] = process.argv.slice(2).map(Number);
const http = createServer();
const io = new Server(http, { transports: ["websocket"], pingInterval: 300_000, pingTimeout: 300_000 });

io.on("connection", (socket) => {
  socket.join("room");
  socket.on("go", async (count, body, answer) => {
    for (let number = 1; number <= count; number += 1) {
      io.to("room").emit("message:new", { seq: String(number).padStart(8, "0"), body });
      await new Promise(setImmediate);
    }
    answer("done");
  });
});

http.listen(port, "127.0.0.1");
