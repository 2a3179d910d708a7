/**
 * Socket.IO and HTTP at one port, in one process. PORT; STORE is pg or prisma; DATABASE_URL; FIREBASE_PROJECT_ID; CONNECTIONS of the
 * pool.
 */
import { createServer } from "node:http";
import { Server } from "socket.io";
import { Chat } from "./chat.js";
import { People } from "./people.js";
import { rest } from "./rest.js";
import { sockets, teller } from "./sockets.js";

const { PORT = "3001", STORE = "pg", DATABASE_URL: url, CONNECTIONS = "10" } = process.env;
const KEEP_ALIVE_MS = 65_000;

const stores = {
  pg: async () => (await import("./store-pg.js")).PgStore,
  prisma: async () => (await import("./store-prisma.js")).PrismaStore,
};
const Store = await stores[STORE]();
const store = new Store({ url, connections: Number(CONNECTIONS) });
await store.ready();

const io = new Server({
  transports: ["polling", "websocket"],
  maxHttpBufferSize: 64 * 1024,
  connectionStateRecovery: { maxDisconnectionDuration: 120_000, skipMiddlewares: false },
});
const people = new People(store);
const chat = new Chat(store, teller(io));
const http = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, rest(chat, people));
io.attach(http);
sockets(io, chat, people);
http.listen(Number(PORT), () => console.log(`listening on ${PORT} with ${STORE}`));

for (const signal of ["SIGTERM", "SIGINT"]) {
  process.once(signal, async () => {
    await io.close();
    await store.close();
    process.exit(0);
  });
}
