/** Google's certificates for ID tokens, at their true address of a loopback network; and tokens that the key signs. */
import { writeFileSync } from "node:fs";
import { Google, HOST } from "../../local/src/test/containers/google.mjs";

/** Of this bench alone: the port is Google's own, 443, which takes root to listen on. */
const ADDRESS = "127.88.0.1";
export const PROJECT = "cove-bench";

/** @returns what a function needs to find and to believe it, and token(user) */
export async function startGoogle(folder) {
  const google = new Google(folder, PROJECT);
  writeFileSync(`${folder}/hosts`, `${ADDRESS} ${HOST}\n127.0.0.1 localhost\n`);
  await google.listen(ADDRESS);
  return {
    jvm: [`-Djdk.net.hosts.file=${folder}/hosts`, ...Google.trusting(google.trust).split(" ")],
    node: { NODE_EXTRA_CA_CERTS: google.authority, BENCH_HOST: HOST, BENCH_ADDRESS: ADDRESS },
    token: (user) => google.token(user),
  };
}
