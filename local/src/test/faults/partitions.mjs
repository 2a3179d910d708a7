/**
 * `make partitions`: the fault checker in network namespaces, with networks that part, lose and delay. Needs root. The namespaces
 * are gone in the end, however it ends.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Namespaces } from "./namespaces.mjs";

const CHECKER = fileURLToPath(new URL("main.mjs", import.meta.url));
const USUAL = { MINUTES: "2", REDIS: "1" };

function missing() {
  if (process.platform !== "linux" || process.getuid() !== 0) return "make partitions makes network namespaces: run it as root, on Linux.";
  for (const [tool, ...parameters] of [["ip", "netns"], ["iptables", "--version"]]) {
    try {
      execFileSync(tool, parameters, { stdio: "ignore" });
    } catch {
      return `make partitions needs the program ${tool} (packages iproute2 and iptables).`;
    }
  }
  return undefined;
}

const problem = missing();
if (problem) {
  console.error(problem);
  process.exit(2);
}
const name = `cove-${process.pid}`;
const namespaces = new Namespaces(name);
process.on("exit", () => namespaces.remove());
namespaces.create();
const given = Object.fromEntries(Object.entries(USUAL).map(([variable, usual]) => [variable, process.env[variable] || usual]));
const child = spawn("ip", ["netns", "exec", namespaces.of("people"), process.execPath, CHECKER], {
  env: { ...process.env, ...given, NAMESPACES: name },
  stdio: "inherit",
});
// Ctrl-C reaches both; the checker ends first.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
const [code] = await once(child, "exit");
process.exit(code ?? 130);
