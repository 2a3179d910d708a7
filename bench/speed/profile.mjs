/** Stacks of our server while something is measured, by async-profiler; bench/README.md. */
import { execFileSync } from "node:child_process";

const { PROFILE: settings, ASYNC_PROFILER: library } = process.env;
/** Of settings such as "alloc,alloc=32k". */
const event = settings?.split(",", 1)[0];

/** @param parameters jcmd's own of the agent, such as "stop,file=…" */
const tell = ({ jcmd, pid }, parameters) =>
  execFileSync(jcmd, [String(pid), "JVMTI.agent_load", library, `"${parameters}"`], { stdio: ["ignore", "ignore", "inherit"] });

/** Collects from now on, where PROFILE asks for it and the server is a JVM. @returns what ends it, and writes the stacks into the folder */
export function startProfile(server, folder, name) {
  if (!event || !server?.jcmd) return () => {};
  tell(server, `start,event=${settings},threads`);
  return () => tell(server, `stop,collapsed,total,threads,file=${folder}/${name}.${event}.collapsed`);
}
