/**
 * `make lambda-image-test`: runs the image of Dockerfile.lambda as Lambda would, with one core, 1,769 MB and a file system of which only
 * /tmp can be written: every function with its event of test-events/, under a server of the Runtime API. Measures STARTS (5) first answers
 * with the AOT cache and without. Exit code 1 where an answer is not as expected. Needs Docker, and port 443 for what stands for Google.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { loadavg } from "node:os";
import { cpuOf } from "../../../../bench/lambda/functions.mjs";
import { RuntimeApi } from "../../../../bench/lambda/runtime-api.mjs";
import { freePorts, killAll, Program } from "../faults/program.mjs";
import { docker, inspect, remove } from "./docker.mjs";
import { callEach, event, REPOSITORY } from "./events.mjs";
import { Google, HOST } from "./google.mjs";
import { conclude, median, say } from "./trial.mjs";

const IMAGE = process.env.IMAGE || "cove-lambda-api";
const STARTS = Number(process.env.STARTS || 5);
const FOLDER = `${REPOSITORY}local/target/lambda-image-test`;
const PROJECT = "cove-lambda-image";
const NAME = "cove-lambda-image-test";
const MEGABYTE = 1_000_000;
const TEMPLATE = readFileSync(`${REPOSITORY}template.yaml`, "utf8");

class Functions {
  constructor(api, database, google) {
    Object.assign(this, { api, database, google });
  }

  /** @returns the answer to an event, of a container of its own, and how long that took from the start of its process */
  async first(name, event, options) {
    await remove(NAME);
    this.api.expect();
    await docker("run", "--detach", "--name", NAME, ...this.parameters(options), IMAGE, handlerOf(name));
    const { at, answer } = await this.api.invoke(event);
    const { Pid, StartedAt } = (await inspect(NAME)).State;
    // The Runtime API's clock is a monotonic one.
    const answered = Date.now() - (Number(process.hrtime.bigint()) / 1e6 - at);
    return { ...answer, took: answered - Date.parse(StartedAt), cpu: cpuOf(Pid) };
  }

  parameters(options = "") {
    const environment = {
      AWS_LAMBDA_RUNTIME_API: this.api.address, AWS_LAMBDA_FUNCTION_NAME: "cove", AWS_LAMBDA_FUNCTION_VERSION: "1",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "1769", AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand", AWS_REGION: "eu-west-1",
      DATABASE_URL: this.database, FIREBASE_PROJECT_ID: PROJECT, JAVA_TOOL_OPTIONS: `${Google.trusting("/trust.p12")} ${options}`,
    };
    return ["--cpus", "1", "--memory", "1769m", "--read-only", "--tmpfs", "/tmp:exec", "--user", "993:990", "--network", "host",
      "--add-host", `${HOST}:127.0.0.1`, "--volume", `${this.google.trust}:/trust.p12:ro`,
      ...Object.entries(environment).flatMap(([name, value]) => ["--env", `${name}=${value}`])];
  }
}

/** What template.yaml calls of a function. */
function handlerOf(name) {
  const [, handler] = TEMPLATE.match(new RegExp(`^  ${name}:[^]*?^      Handler: (\\S+)`, "m"));
  return handler;
}

async function answersEach(functions, google) {
  const unsigned = await functions.first("UpdatePresenceFunction", event("update-presence", { ID_TOKEN: "not-signed" }));
  assert.equal(unsigned.statusCode, 401);
  await callEach(async (name, event, status) => {
    const answer = await functions.first(name, event, "-XX:AOTMode=on");
    assert.equal(answer.statusCode, status, `${name} answered ${answer.statusCode}: ${answer.body}`);
    say(name, `${answer.statusCode} in ${answer.took.toFixed(0)} ms, ${answer.cpu} ms of the processor`);
    return answer;
  }, (user) => google.token(user));
  assert.equal(google.asked, 1, "one asked Google for its keys, and the others found them in the database");
  say("asked Google for its keys", "the first");
}

async function startsQuickly(functions, google) {
  for (const [what, options] of [["with its AOT cache", "-XX:AOTMode=on"], ["without it", "-XX:AOTMode=off"]]) {
    const starts = [];
    for (let i = 0; i < STARTS; i += 1) {
      starts.push(await functions.first("GetThreadsFunction", event("get-threads", { ID_TOKEN: google.token("ann") }), options));
    }
    const took = starts.map((start) => Math.round(start.took));
    say(`first answer of get-threads, ${what}`, `median ${median(took)} ms of ${took.join(", ")}; `
      + `time of the processor ${median(starts.map((start) => start.cpu))} ms`);
  }
}

async function main() {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const [databasePort, SOCKET_PORT, INTERNAL_PORT] = await freePorts(3);
  const DATABASE_URL = `postgresql://postgres@localhost:${databasePort}/postgres`;
  const postgres = new Program("database", "LocalPostgresMain", FOLDER, { LOCAL_DATABASE_PORT: databasePort });
  const migrator = new Program("schema", "LocalSocketMain", FOLDER, { DATABASE_URL, SOCKET_PORT, INTERNAL_PORT });
  const google = new Google(FOLDER, PROJECT);
  const api = await RuntimeApi.start();
  const functions = new Functions(api, DATABASE_URL, google);
  try {
    await Promise.all([postgres.start(), google.listen("127.0.0.1")]);
    await migrator.start();
    await migrator.end("SIGTERM");
    const { Size } = JSON.parse(await docker("image", "inspect", IMAGE))[0];
    say("size of the image", `${(Size / MEGABYTE).toFixed(0)} MB`);
    await answersEach(functions, google);
    say("load of this machine before the measurement", loadavg()[0].toFixed(1));
    await startsQuickly(functions, google);
  } finally {
    await remove(NAME);
    google.close();
    if (postgres.up) await postgres.end("SIGTERM");
    killAll();
  }
}

conclude(main);
