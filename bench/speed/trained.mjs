/** The AOT cache that the image has: of the jars of this build, from the image's own training run. */
import { readFileSync } from "node:fs";
import { launch } from "../../local/src/test/faults/program.mjs";
import { quietly } from "../made.mjs";

const PASSWORD = "training";

/** @returns where it is */
export async function cacheOf(lab) {
  const { folder, programs, google } = lab;
  const [keys, cache, log] = ["google.p12", "socket-server.aot", "training.out"].map((name) => `${folder}/${name}`);
  const image = `${lab.root}/deploy/image`;
  quietly("openssl", ["pkcs12", "-export", "-name", "key-1", "-inkey", `${folder}/key.pem`, "-in", google.certificate, "-out", keys, "-passout", `pass:${PASSWORD}`]);
  const database = await lab.database("cove", "training", (session) => session.run(readFileSync(`${image}/people.sql`, "utf8")));
  const server = [...programs.jvm, ...programs.image, `-XX:AOTCacheOutput=${cache}`, "-XX:+UseG1GC", ...google.jvm, "-jar", programs.jar];
  const child = launch(programs.java, [`${image}/TrainingRun.java`, keys, ...server], { log, environment: {
    DATABASE_URL: lab.urlOf(database), FIREBASE_PROJECT_ID: "training", HOOK_SECRET: "only-for-the-training-run",
    SOCKET_PORT: lab.ports[0], INTERNAL_PORT: lab.ports[1], SOCKET_HANDSHAKES_PER_SECOND: 100_000, SOCKET_HANDSHAKE_BURST: 100_000 } });
  if ((await child.ended) !== 0) throw new Error(`the training run failed, see ${log}`);
  return cache;
}
