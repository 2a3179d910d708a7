/** Google's certificates for ID tokens, at their true address of a loopback network; and tokens that the key signs. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Google, HOST } from "../local/src/test/containers/google.mjs";

/** Of this process alone: two benches at a time disturb each other, but do not take each other's keys. */
const ADDRESS = `127.88.${(process.pid >> 8) & 255}.${1 + (process.pid % 254)}`;
export const PROJECT = "cove-bench";

/**
 * @param port Google's own, which a JVM goes to, whatever it is told; it takes root to listen on
 * @returns what a program needs to find and to believe it, and token(user)
 */
export async function startGoogle(folder, port = 443) {
  const google = new Google(folder, PROJECT);
  writeFileSync(`${folder}/hosts`, `${ADDRESS} ${HOST}\n127.0.0.1 localhost\n`);
  await google.listen(ADDRESS, port);
  return {
    certificate: google.authority,
    jvm: [`-Djdk.net.hosts.file=${folder}/hosts`, ...Google.trusting(google.trust).split(" ")],
    node: {
      NODE_OPTIONS: `--require ${fileURLToPath(new URL("hosts.cjs", import.meta.url))}`,
      NODE_EXTRA_CA_CERTS: google.authority, BENCH_HOST: HOST, BENCH_ADDRESS: ADDRESS, BENCH_PORT: String(port),
    },
    token: (user) => google.token(user),
    close: () => google.close(),
  };
}
