/** Docker's command line. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Its standard output. An exit code other than 0 is an error, with what it said. */
export async function docker(...parameters) {
  const { stdout } = await run("docker", parameters, { maxBuffer: 1 << 26 });
  return stdout.trim();
}

export async function inspect(container) {
  return JSON.parse(await docker("inspect", container))[0];
}

/** How a container ended, its output with both streams in one. */
export async function ended(container) {
  const code = Number(await docker("wait", container));
  const { stdout, stderr } = await run("docker", ["logs", container], { maxBuffer: 1 << 26 });
  const { State } = await inspect(container);
  return { code, log: stdout + stderr, killedForMemory: State.OOMKilled };
}

export const remove = (container) => docker("rm", "--force", container).catch(() => {});
