/** This machine: what of it whom used, and what else it did meanwhile. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { cpuOf, cpuOfFamily } from "../nodes/meters.mjs";

const TICKS = 100;
/** A measurement is called disturbed where others had more of the cores than that. */
const MOST_OF_OTHERS = 0.1;
/** And where that share of the time, of all cores, went to other machines on the same host. */
const MOST_STOLEN = 0.02;

/** The server has one core, everything else the other; on a machine with one core they share it. */
export const SERVER_CORE = "0";
export const OTHER_CORE = availableParallelism() > 1 ? "1" : "0";
export const pinned = (core) => ["taskset", "-c", core];

/** From here on this program, and what it starts, runs there. */
export const move = (core) => execFileSync("taskset", ["-acp", core, String(process.pid)], { stdio: "ignore" });

/** Seconds that all cores spent for programs, and that this machine wanted and did not get. */
function machine() {
  const [user, nice, system, , , , , stolen] = readFileSync("/proc/stat", "utf8").split("\n")[0].split(/\s+/).slice(1).map(Number);
  return { busy: (user + nice + system) / TICKS, stolen: stolen / TICKS };
}

/** What all took so far, in seconds of CPU. */
export function readMeters({ server, postgres, generator }) {
  const own = process.cpuUsage();
  return {
    at: performance.now() / 1_000,
    server: server ? cpuOf(server) : 0,
    postgres: cpuOfFamily(postgres),
    generator: generator ? cpuOf(generator) : 0,
    orchestrator: (own.user + own.system) / 1e6,
    ...machine(),
  };
}

/** @returns seconds, what each took meanwhile, and whether something else did too much for it to count */
export function between(before, after) {
  const used = Object.fromEntries(Object.keys(after).map((name) => [name, after[name] - before[name]]));
  const seconds = used.at;
  const others = Math.max(0, used.busy - used.server - used.postgres - used.generator - used.orchestrator) / seconds;
  const stolen = used.stolen / seconds / availableParallelism();
  return {
    seconds,
    cpu: { server: used.server, postgres: used.postgres, generator: used.generator },
    others,
    stolen,
    disturbed: others > MOST_OF_OTHERS || stolen > MOST_STOLEN,
  };
}

/** Bytes of a process that are in memory. */
export const residentBytes = (pid) => Number(readFileSync(`/proc/${pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)[1]) * 1024;

/** Of that, what is outside of these addresses. */
export function residentBytesOutside(pid, { from, to }) {
  let [outside, bytes] = [false, 0];
  for (const line of readFileSync(`/proc/${pid}/smaps`, "utf8").split("\n")) {
    const mapping = line.match(/^([0-9a-f]+)-[0-9a-f]+ /);
    if (mapping) {
      const start = BigInt(`0x${mapping[1]}`);
      outside = start < from || start >= to;
    } else if (outside && line.startsWith("Rss:")) {
      bytes += Number(line.match(/\d+/)[0]) * 1024;
    }
  }
  return bytes;
}

/** How many files a process may open: the limit that is raised to where this user may raise it. */
export function raiseFileLimit() {
  const of = () => readFileSync("/proc/self/limits", "utf8").match(/Max open files\s+(\d+)\s+(\d+)/).slice(1).map(Number);
  const raise = (to) => execFileSync("prlimit", ["--pid", String(process.pid), `--nofile=${to}:${to}`], { stdio: "ignore" });
  try {
    raise(120_000);
  } catch {
    raise(of()[1]);
  }
  return of()[0];
}

const first = (command, ...parameters) => execFileSync(command, parameters, { stdio: ["ignore", "pipe", "pipe"] }).toString().split("\n")[0].trim();

/** Where and with what it was measured. */
export function describeMachine({ java, postgres, files, root }) {
  const commit = () => {
    try {
      return first("git", "-C", root, "rev-parse", "--short", "HEAD") + (first("git", "-C", root, "status", "--porcelain", "--untracked-files=no") ? ", changed" : "");
    } catch {
      return "unknown";
    }
  };
  return {
    date: new Date().toISOString(),
    commit: commit(),
    processor: cpus()[0].model,
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    kernel: first("uname", "-r"),
    java: execFileSync(java, ["--version"]).toString().split("\n")[1].trim(),
    node: process.version,
    postgres: first(postgres, "--version"),
    openFiles: files,
    loadBefore: loadavg()[0],
  };
}
