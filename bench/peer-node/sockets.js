/** The events over Socket.IO. */
import { verify } from "./auth.js";
import { told } from "./rest.js";

const room = {
  user: (id) => `user:${id}`,
  thread: (id) => `thread:${id}`,
};

/** @returns tell: what everybody in a thread is told */
export const teller = (io) => (threadId, event, payload) => io.to(room.thread(threadId)).emit(event, payload);

export function sockets(io, chat, people) {
  /** How many connections each user has. */
  const online = new Map();

  io.use(async (socket, next) => {
    try {
      const user = await verify(socket.handshake.auth.token ?? socket.handshake.query.token);
      socket.data = { user, threads: await people.arrive(user) };
      next();
    } catch (error) {
      const { code, message } = told(error);
      next(Object.assign(new Error(code), { data: { code, message } }));
    }
  });

  io.on("connection", (socket) => {
    const { user, threads } = socket.data;
    socket.join([room.user(user.id), ...threads.map(room.thread)]);
    come(socket);
    on(socket, "send_message", async (payload) => ({ message: (await chat.send(user, payload)).message }));
    on(socket, "mark_read", (payload) => chat.read(user, payload));
    on(socket, "sync", (payload) => chat.sync(user, payload));
    for (const [event, isTyping] of [["typing_start", true], ["typing_stop", false]]) {
      on(socket, event, async ({ threadId }) => {
        if (socket.rooms.has(room.thread(threadId))) {
          socket.to(room.thread(threadId)).except(room.user(user.id)).emit("user_typing", { threadId, userId: user.id, isTyping });
        }
      });
    }
    socket.on("disconnect", () => leave(user, threads));
  });

  function on(socket, event, handle) {
    socket.on(event, async (payload, acknowledge) => {
      try {
        const answer = await handle(payload ?? {});
        acknowledge?.({ ok: true, ...answer });
      } catch (error) {
        const refusal = told(error);
        if (typeof acknowledge === "function") acknowledge({ ok: false, error: refusal });
        else socket.emit("error", { event, ...refusal });
      }
    });
  }

  /** Tells who shares a thread with this user, at the first connection; and the new connection who is there. */
  function come(socket) {
    const { user, threads } = socket.data;
    const { rooms, sids } = io.of("/").adapter;
    const there = new Set();
    for (const thread of threads) {
      for (const sid of rooms.get(room.thread(thread)) ?? []) {
        const id = io.of("/").sockets.get(sid)?.data.user.id;
        if (id && id !== user.id && sids.has(sid)) there.add(id);
      }
    }
    for (const id of there) socket.emit("user_online", { userId: id, online: true, lastSeenAt: null });
    const count = (online.get(user.id) ?? 0) + 1;
    online.set(user.id, count);
    if (count === 1) presence(user, threads, { online: true, lastSeenAt: null });
  }

  function leave(user, threads) {
    const count = online.get(user.id) - 1;
    if (count > 0) {
      online.set(user.id, count);
    } else {
      online.delete(user.id);
      presence(user, threads, { online: false, lastSeenAt: new Date() });
    }
  }

  function presence(user, threads, state) {
    if (!threads.length) return;
    io.to(threads.map(room.thread)).except(room.user(user.id)).emit("user_online", { userId: user.id, ...state });
  }
}
