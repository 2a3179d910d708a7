/** The versions of socket.io-client there are apps with, and the transports that apps choose. */
import { createRequire } from "node:module";
import { io as newest } from "socket.io-client";
import { io as three } from "socket.io-client-3";

const require = createRequire(import.meta.url);

export const versions = [
  { version: require("socket.io-client-3/package.json").version, library: three },
  { version: require("socket.io-client/package.json").version, library: newest },
];

export const transportChoices = [
  { name: "websocket only", transports: ["websocket"] },
  { name: "polling only", transports: ["polling"] },
  { name: "polling, then websocket", transports: ["polling", "websocket"] },
];

/** Every version over every transport. */
export const combinations = versions.flatMap(({ version, library }) =>
  transportChoices.map(({ name, transports }) => ({ title: `socket.io-client ${version}, ${name}`, library, transports })));
