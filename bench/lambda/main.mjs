/**
 * `make bench-lambda`: our functions beside a peer's in JavaScript, each under its real runtime client on one core, in turns; bench/README.md.
 * ROUNDS=… (10), CALLS=… a life (150), ONLY=… variants that match, SHARE=0.6 of a core, SECONDS=… after which no further round begins.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, rmdirSync, writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import { Postgres } from "../../local/src/test/faults/postgres.mjs";
import { freePorts, launch, pause, Program } from "../../local/src/test/faults/program.mjs";
import { Session } from "../../local/src/test/faults/sql.mjs";
import { run } from "../nodes/run.mjs";
import { PROJECT, startGoogle } from "../google.mjs";
import { made, prismaModules, quietly } from "../made.mjs";
import { cpuOf, java, memory, node, size, start } from "./functions.mjs";
import { report } from "./report.mjs";
import { now, RuntimeApi } from "./runtime-api.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url)).replace(/\/$/, "");
const TARGET = `${ROOT}/bench/target/lambda`;
const RESULTS = process.env.BENCH_HOME || `${ROOT}/bench/results`;
const JAR = `${ROOT}/lambda-api/target/lambda-api.jar`;
const ROUNDS = Number(process.env.ROUNDS || 10);
const CALLS = Number(process.env.CALLS || 150);
const SECONDS = Number(process.env.SECONDS || 600);
const SHARE = Number(process.env.SHARE || 0);
const ONLY = new RegExp(process.env.ONLY || "");
const ENDPOINTS = ["send-message", "get-threads"];
const KINDS = ["java-aot", "java", "node", "node-bundled", "java-restored", "java-secret", "java-secret-restored", "node-secret", "node-bundled-secret"];
/** What is measured: a kind of function with an endpoint. */
const WANTED = ENDPOINTS.flatMap((endpoint) => KINDS.map((kind) => ({ name: `${kind} ${endpoint}`, kind, endpoint }))).filter(({ name }) => ONLY.test(name));
const wants = (part) => WANTED.some(({ kind }) => kind.includes(part));
/** The function's; everything else runs on the others. */
const CORE = 1;
const ME = "ann";
const SECRET = "rds-bench";
/** Calls in the training run of an AOT cache. */
const TRAINING = 20;
/** Calls until which a compiler is busy; they count as neither cold nor warm. */
const WARMING = 0.25;
const WATCHDOG_MS = (SECONDS + 900) * 1000;

/** What is built, once. */
function prepare() {
  mkdirSync(TARGET, { recursive: true });
  const jdk = execFileSync(`${ROOT}/bin/mvn25`, ["--java-home"]).toString().trim();
  made(`${TARGET}/ric`, [`${ROOT}/pom.xml`], (folder) =>
    quietly(`${ROOT}/bin/mvn25`, ["-B", "-q", "-f", `${ROOT}/deploy/lambda-image/pom.xml`, "dependency:copy-dependencies", "-DincludeScope=runtime",
      `-DoutputDirectory=${folder}`]));
  made(`${TARGET}/java`, [JAR], (folder) => quietly("install", ["-D", JAR, `${folder}/lib/lambda-api.jar`]));
  if (wants("node")) prepareNode();
  return { jdk };
}

function prepareNode() {
  const sources = ["services.js", "send-message.js", "get-threads.js"].map((name) => `${ROOT}/bench/lambda/peer/${name}`);
  // Its own runtime client is compiled here: autoconf, automake, libtool, cmake and g++.
  prismaModules(`${TARGET}/modules`, `${ROOT}/bench/lambda/peer`);
  made(`${TARGET}/node`, [`${TARGET}/modules.made`, ...sources], (folder) => {
    quietly("cp", ["-r", `${TARGET}/modules/.`, folder]);
    quietly("npm", ["prune", "--omit=dev", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: folder });
    // Lambda has this one itself, and its runtime brings the SDK.
    quietly("rm", ["-rf", `${folder}/node_modules/aws-lambda-ric`]);
    quietly("cp", ["-r", `${TARGET}/modules/node_modules/.prisma`, `${folder}/node_modules/`]);
    quietly("cp", [...sources, folder]);
  });
  made(`${TARGET}/node-bundled`, [`${TARGET}/modules.made`, ...sources], (folder) => {
    quietly("cp", [...sources, `${TARGET}/modules/`]);
    quietly("npx", ["esbuild", "send-message.js", "get-threads.js", "--bundle", "--minify", "--platform=node", "--target=node20", "--format=esm",
      "--out-extension:.js=.mjs", "--banner:js=import{createRequire}from'module';const require=createRequire(import.meta.url);const __dirname=import.meta.dirname,__filename=import.meta.filename;",
      `--outdir=${folder}`, "--log-level=error"], { cwd: `${TARGET}/modules` });
    quietly("sh", ["-c", `cp ${TARGET}/modules/node_modules/.prisma/client/*.wasm ${folder}/ 2>/dev/null || true`]);
  });
}

async function database() {
  rmSync(`${TARGET}/run`, { recursive: true, force: true });
  mkdirSync(`${TARGET}/run`);
  const [port, SOCKET_PORT, INTERNAL_PORT] = await freePorts(3);
  const postgres = new Postgres(`${TARGET}/run`, port);
  await postgres.create();
  // Makes the schema.
  const migrator = new Program("schema", "LocalSocketMain", `${TARGET}/run`, {
    DATABASE_URL: `postgresql://postgres@127.0.0.1:${port}/postgres`, SOCKET_PORT, INTERNAL_PORT });
  await migrator.start();
  await migrator.end("SIGTERM");
  quietly("taskset", ["-acp", "0", String(postgres.child.pid)], { stdio: "ignore" });
  const session = await Session.open(port);
  session.socket.setTimeout(60_000);
  await session.run(SEED);
  await session.run("VACUUM ANALYZE");
  session.close();
  return port;
}

/** 30 threads of ours among 2,000, four people each, 20 messages each. */
const SEED = `
INSERT INTO app_user (id, name) SELECT 'user-' || i, 'User ' || i FROM generate_series(1, 2000) i;
INSERT INTO app_user (id, name) VALUES ('${ME}', 'Ann');
INSERT INTO thread (id, kind, title, created_by, last_seq, created_at, updated_at)
  SELECT ('01935c2e-5a00-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, 'group', 'Thread ' || i, 'user-' || i, 20, now(), now() FROM generate_series(1, 2000) i;
INSERT INTO thread_member (thread_id, user_id, role, joined_at)
  SELECT ('01935c2e-5a00-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, 'user-' || (1 + (i + k * 37 - 1) % 2000), CASE k WHEN 0 THEN 'owner' ELSE 'member' END, now()
  FROM generate_series(1, 2000) i, generate_series(0, 2) k;
INSERT INTO thread_member (thread_id, user_id, role, joined_at)
  SELECT ('01935c2e-5a00-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, '${ME}', 'member', now() FROM generate_series(1, 30) i;
INSERT INTO message (id, thread_id, seq, sender_id, content, created_at)
  SELECT gen_random_uuid(), id, seq, created_by, repeat('x', 60), now() FROM thread, generate_series(1, 20) seq;
`;

/** AWS Secrets Manager, as moto plays it. */
async function secrets(databasePort) {
  const [port] = await freePorts(1);
  const tools = execFileSync(`${ROOT}/bin/aws-tool`, ["--path"]).toString().trim();
  launch("taskset", ["-c", "0", `${tools}/bin/moto_server`, "-H", "127.0.0.1", "-p", String(port)], { log: `${TARGET}/run/moto.log` });
  const url = `http://127.0.0.1:${port}`;
  const body = JSON.stringify({ Name: SECRET, SecretString: JSON.stringify({
    username: "postgres", password: "anything", engine: "postgres", host: "127.0.0.1", port: databasePort, dbname: "postgres" }) });
  for (const deadline = Date.now() + 30_000; ; await pause(100)) {
    try {
      const answer = await fetch(url, { method: "POST", body, headers: {
        "content-type": "application/x-amz-json-1.1", "x-amz-target": "secretsmanager.CreateSecret",
        authorization: "AWS4-HMAC-SHA256 Credential=bench/20261128/eu-west-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=0" } });
      return { url, arn: (await answer.json()).ARN };
    } catch (failure) {
      if (Date.now() > deadline) throw failure;
    }
  }
}

function event(endpoint, token, call) {
  const request = JSON.parse(readFileSync(`${ROOT}/test-events/${endpoint}.json`, "utf8"));
  request.headers.authorization = `Bearer ${token}`;
  if (endpoint === "send-message") {
    request.body = JSON.stringify({ threadId: `01935c2e-5a00-7000-8000-${(1 + (call % 30)).toString(16).padStart(12, "0")}`,
      content: "Shall we meet at <noon>?", clientMessageId: `m-${now().toString(36).replace(".", "-")}-${call}` });
  }
  return request;
}

function check(endpoint, { answer }) {
  if (answer.statusCode !== (endpoint === "send-message" ? 201 : 200)) throw new Error(`${endpoint}: ${JSON.stringify(answer)}`);
  const body = JSON.parse(answer.body);
  if (endpoint === "send-message" ? !(body.message.seq > 20) : body.threads.length !== 20) throw new Error(`${endpoint}: not the same work: ${answer.body.slice(0, 300)}`);
}

/** One life of a function. */
async function live(variant, { api, token, group }) {
  const { endpoint, snapshot } = variant;
  api.expect();
  const log = `${TARGET}/run/${variant.name.replaceAll(/\W+/g, "-")}.log`;
  const began = now();
  const child = start(variant.process, { api: api.address, core: CORE, log, within: group });
  const gone = () => api.fail(new Error(`${variant.name} ended, see ${log}`));
  child.once("exit", gone);
  if (snapshot) await api.initialised;
  const before = snapshot ? cpuOf(child.pid) : 0;
  const restored = snapshot ? await api.restore() : began;
  const first = await api.invoke(event(endpoint, token, 0));
  const cpu = cpuOf(child.pid) - before;
  check(endpoint, first);
  const warm = [];
  let warmCpu = 0;
  for (let call = 1; call < CALLS; call += 1) {
    if (call === Math.ceil(CALLS * WARMING)) warmCpu = -cpuOf(child.pid);
    const answered = await api.invoke(event(endpoint, token, call));
    if (call >= CALLS * WARMING) warm.push(answered.ms);
  }
  warmCpu = (warmCpu + cpuOf(child.pid)) / warm.length;
  const sample = { variant: variant.name, first: first.at - restored, cpu, warm, warmCpu, ...memory(child) };
  child.off("exit", gone);
  child.kill("SIGKILL");
  await child.ended;
  return sample;
}

/** Writes an AOT cache of what a first call needs: made by the JVM as it ends. */
async function train({ options, endpoint, ...process }, { api, token }) {
  api.expect();
  const child = start(java(endpoint, { ...process, options }), { api: api.address, core: CORE, log: `${TARGET}/run/training.log` });
  for (let call = 0; call < TRAINING; call += 1) check(endpoint, await api.invoke(event(endpoint, token, call)));
  child.kill("SIGTERM");
  await child.ended;
}

/** The statements alone. */
async function query(endpoint, jdk, jdbc) {
  const output = execFileSync("taskset", ["-c", String(CORE), `${jdk}/bin/java`, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", `${TARGET}/query:${JAR}`,
    "Query", jdbc, endpoint, ME, String(CALLS)]).toString().trim().split("\n");
  return { variant: `query ${endpoint}`, warm: output.slice(Math.ceil(CALLS * WARMING), -1).map(Number) };
}

/** A control group that gets a share of a core, as Lambda gives it in proportion to memory. */
function limited() {
  if (!SHARE) return undefined;
  const group = "/sys/fs/cgroup/cpu/cove-bench";
  mkdirSync(group, { recursive: true });
  // Lambda's own period.
  writeFileSync(`${group}/cpu.cfs_period_us`, "20000");
  writeFileSync(`${group}/cpu.cfs_quota_us`, String(Math.round(20_000 * SHARE)));
  process.on("exit", () => {
    try {
      rmdirSync(group);
    } catch {
      console.error(`${group} is left`);
    }
  });
  return `${group}/cgroup.procs`;
}

async function bench() {
  const { jdk } = prepare();
  // Whatever is started from here on inherits it.
  quietly("taskset", ["-acp", "0", String(process.pid)], { stdio: "ignore" });
  setPriority(process.getuid() === 0 ? -15 : 0);
  const ric = `${TARGET}/ric/*`;
  const port = await database();
  const google = await startGoogle(`${TARGET}/run`);
  const moto = wants("secret") ? await secrets(port) : {};
  const api = await RuntimeApi.start();
  const plain = { FIREBASE_PROJECT_ID: PROJECT, DATABASE_URL: `postgresql://postgres@127.0.0.1:${port}/postgres` };
  const secret = { ...plain, DATABASE_URL: `${plain.DATABASE_URL}?sslmode=disable`, RDS_MASTER_SECRET_ARN: moto.arn, AWS_ENDPOINT_URL_SECRETS_MANAGER: moto.url };
  const ours = { jdk, ric, task: `${TARGET}/java`, google };
  const theirs = { ricNode: `${TARGET}/modules/node_modules/aws-lambda-ric`, google };
  const restoring = { AWS_LAMBDA_INITIALIZATION_TYPE: "snap-start" };
  const crac = ["-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac"];
  const extra = (process.env.JVM || "").split(" ").filter(Boolean);
  const cache = `${TARGET}/run/lambda.aot`;
  const onClassPath = { ...ours, ric: `${ric}:${JAR}`, settings: plain };
  const processes = {
    "java-aot": (endpoint) => java(endpoint, { ...onClassPath, options: [`-XX:AOTCache=${cache}`] }),
    java: (endpoint) => java(endpoint, { ...ours, settings: plain, options: extra }),
    node: (endpoint) => node(endpoint, { ...theirs, task: `${TARGET}/node`, settings: plain }),
    "node-bundled": (endpoint) => node(endpoint, { ...theirs, task: `${TARGET}/node-bundled`, settings: plain }),
    "java-restored": (endpoint) => java(endpoint, { ...ours, settings: plain, options: [...crac, ...extra], environment: restoring }),
    "java-secret": (endpoint) => java(endpoint, { ...ours, settings: secret, options: extra }),
    "java-secret-restored": (endpoint) => java(endpoint, { ...ours, settings: secret, options: [...crac, ...extra], environment: restoring }),
    "node-secret": (endpoint) => node(endpoint, { ...theirs, task: `${TARGET}/node`, settings: secret }),
    "node-bundled-secret": (endpoint) => node(endpoint, { ...theirs, task: `${TARGET}/node-bundled`, settings: secret }),
  };
  const variants = WANTED.map((variant) => ({ ...variant, process: processes[variant.kind](variant.endpoint), snapshot: variant.kind.endsWith("restored") }));
  quietly(`${jdk}/bin/javac`, ["-proc:none", "-cp", JAR, "-d", `${TARGET}/query`, `${ROOT}/bench/lambda/Query.java`]);
  const jdbc = `jdbc:postgresql://127.0.0.1:${port}/postgres?user=postgres&prepareThreshold=3&options=-c%20random_page_cost=1.1%20-c%20plan_cache_mode=force_generic_plan%20-c%20enable_seqscan=off%20-c%20jit=off`;
  const token = google.token(ME);
  const group = limited();
  if (wants("java-aot")) {
    await train({ ...onClassPath, endpoint: "send-message", options: [`-XX:AOTCacheOutput=${cache}`] }, { api, token });
  }
  const samples = [];
  const end = Date.now() + SECONDS * 1000;
  for (let round = 0; round < ROUNDS && Date.now() < end; round += 1) {
    for (let i = 0; i < variants.length; i += 1) {
      samples.push({ round, ...(await live(variants[(i + round) % variants.length], { api, token, group })) });
    }
    for (const endpoint of new Set(variants.map((variant) => variant.endpoint))) samples.push({ round, ...(await query(endpoint, jdk, jdbc)) });
    process.stderr.write(`round ${round + 1} of ${ROUNDS}\n`);
  }
  const sizes = Object.fromEntries(["java", ...(wants("node") ? ["node", "node-bundled"] : [])].map((name) => [name, size(`${TARGET}/${name}`)]));
  const { text, table } = report({ samples, sizes, jar: readFileSync(JAR).length, share: SHARE, calls: CALLS });
  writeFileSync(`${TARGET}/table.json`, JSON.stringify(table));
  writeFileSync(`${TARGET}/samples.json`, JSON.stringify(samples));
  writeFileSync(`${RESULTS}/lambda.md`, text);
  console.log(text);
}

await run(bench, WATCHDOG_MS);
