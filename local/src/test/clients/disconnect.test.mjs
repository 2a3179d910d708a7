/** Why a client is told that it lost its connection: the same reasons as from Node's server, which is asked, too. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { App, newUser } from "./app.mjs";
import { Proxy } from "./proxy.mjs";
import { CoveServer, NodeServer } from "./servers.mjs";
import { combinations } from "./versions.mjs";

const QUICK = { SOCKET_PING_INTERVAL_MS: 1_000, SOCKET_PING_TIMEOUT_MS: 4_000 };
const MEBIBYTE = 1024 * 1024;

const onWebSocket = ({ transports }) => transports.includes("websocket");

const scenarios = {
  "the client leaves": {
    happens: ({ apps }) => apps.forEach((app) => app.close()),
    reason: () => "io client disconnect",
  },
  "the server stops": {
    happens: ({ server }) => server.stop(),
    reason: () => "transport close",
  },
  "the network closes the connection": {
    happens: ({ proxy }) => proxy.cut(),
    reason: (combination) => (onWebSocket(combination) ? "transport close" : "transport error"),
  },
  "the server goes silent": {
    settings: QUICK,
    happens: ({ proxy }) => proxy.silence(),
    reason: () => "ping timeout",
  },
  "the client sends more than maxPayload": {
    happens: ({ apps }) => apps.forEach((app) => app.socket.emit("send_message", { content: "x".repeat(3 * MEBIBYTE) })),
    reason: (combination) => (onWebSocket(combination) ? "transport close" : "transport error"),
  },
};

/** What every combination of client and transport is told. */
async function reasons(t, kind, { settings, happens }) {
  const server = await kind.start(t, settings);
  const proxy = await Proxy.to(t, server);
  const apps = combinations.map(({ library }) => new App(newUser("ada"), { library, server: proxy }));
  t.after(() => apps.forEach((app) => app.close()));
  await Promise.all(apps.map((app, i) => app.connect({ transports: combinations[i].transports, reconnection: false })));
  await Promise.all(apps.filter((_, i) => onWebSocket(combinations[i])).map((app) => app.upgraded()));
  await proxy.quiet();
  const told = Promise.all(apps.map((app) => app.event("disconnect")));
  await happens({ server, proxy, apps });
  const reasons = byTitle(await told);
  // Node's server, when it stops, waits for those who are silent.
  proxy.cut();
  return reasons;
}

const byTitle = (values) => Object.fromEntries(combinations.map(({ title }, i) => [title, values[i]]));

describe("the reason of a disconnect is the one Node gives", { concurrency: true }, () => {
  for (const [name, scenario] of Object.entries(scenarios)) {
    test(`when ${name}`, async (t) => {
      const [ours, nodes] = await Promise.all([CoveServer, NodeServer].map((kind) => reasons(t, kind, scenario)));
      assert.deepEqual(ours, byTitle(combinations.map(scenario.reason)));
      assert.deepEqual(ours, nodes);
    });
  }
});

const refusals = {
  "a bad token": { auth: { token: "forged" } },
  "no token": { auth: undefined },
  "an unknown namespace": { namespace: "/admin" },
};

describe("connect_error says what Node's would", { concurrency: true }, () => {
  for (const [name, { namespace = "", ...options }] of Object.entries(refusals)) {
    test(`for ${name}`, async (t) => {
      const answers = async (kind) => {
        const server = await kind.start(t);
        return byTitle(await Promise.all(combinations.map(async ({ library, transports }) => {
          const app = new App(newUser("ada"), { library, server: { url: server.url + namespace } });
          t.after(() => app.close());
          const error = await app.open({ transports, ...options }).event("connect_error");
          assert.ok(error instanceof Error);
          return { message: error.message, code: error.data?.code, data: typeof error.data, text: typeof error.data?.message };
        })));
      };
      const [ours, nodes] = await Promise.all([CoveServer, NodeServer].map(answers));
      const expected = namespace
        ? { message: "Invalid namespace", code: undefined, data: "undefined", text: "undefined" }
        : { message: "unauthenticated", code: "unauthenticated", data: "object", text: "string" };
      assert.deepEqual(ours, byTitle(combinations.map(() => expected)));
      assert.deepEqual(ours, nodes);
    });
  }
});
