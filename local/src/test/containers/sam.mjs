/**
 * `make sam-local-test`: every function of template.yaml by `sam local invoke` with its file of test-events/, then the calls of the chat
 * page against `sam local start-api`, each in the container that SAM CLI makes. In production mode: the tokens are signed, and the
 * containers find our key where Google's would be. Exit code 1 where an answer is not as expected. Needs Docker, and port 443.
 */
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { TLSSocket } from "node:tls";
import { promisify } from "node:util";
import { freePorts, killAll, launch, pause, Program } from "../faults/program.mjs";
import { docker } from "./docker.mjs";
import { callEach, event, REPOSITORY, THREAD } from "./events.mjs";
import { Google, HOST } from "./google.mjs";
import { conclude, say } from "./trial.mjs";

const FOLDER = `${REPOSITORY}local/target/sam-local-test`;
const PROJECT = "cove-sam-local";
const PAGE = "http://localhost:3000";
const PATIENCE_MS = 120_000;
/** What SAM CLI takes on this machine's processor. */
const RUNTIME = `public.ecr.aws/lambda/java:25-${process.arch === "x64" ? "x86_64" : "arm64"}`;
const run = promisify(execFile);

/**
 * The database listens on the loopback address only, and without TLS. This passes on what containers ask for, and proves the
 * database's name to them, without which a function talks to no other machine.
 */
async function relay(address, port, target, { key, certificate }) {
  const server = createServer((socket) => {
    // A client asks for TLS with eight bytes, and begins once it is told yes.
    socket.once("data", () => {
      socket.write("S");
      const client = new TLSSocket(socket, { isServer: true, key, cert: certificate });
      const other = connect(target, "localhost");
      client.pipe(other).pipe(client);
      for (const end of [socket, client, other]) end.on("error", () => socket.destroy() && other.destroy());
    });
  });
  server.listen(port, address);
  await once(server, "listening");
}

class Sam {
  constructor(gateway, environment) {
    this.hosts = ["--add-host", `${HOST}:${gateway}`, "--add-host", `database:${gateway}`];
    this.parameters = ["--parameter-overrides", `AllowedOrigins=${PAGE}`];
    this.environment = { ...process.env, ...environment };
  }

  /** The answer of a function to an event, and how long all of it took. */
  async invoke(name, event) {
    const file = `${FOLDER}/${name}.json`;
    writeFileSync(file, JSON.stringify(event));
    const began = Date.now();
    const { stdout, stderr } = await run("bin/sam-local", ["invoke", name, "--event", file, ...this.hosts, ...this.parameters],
      { cwd: REPOSITORY, env: this.environment });
    const answer = stdout.split("\n").findLast((line) => line.startsWith("{"));
    if (!answer) throw new Error(`${name} answered nothing: ${stdout}${stderr}`);
    return { ...JSON.parse(answer), took: Date.now() - began };
  }

  async startApi(port) {
    const api = launch("bin/sam-local", ["start-api", "--port", port, "--warm-containers", "LAZY", ...this.hosts, ...this.parameters],
      { log: `${FOLDER}/start-api.out`, environment: this.environment });
    for (const deadline = Date.now() + PATIENCE_MS; !(await answers(port)); await pause(200)) {
      if (Date.now() > deadline || api.exitCode !== null) throw new Error(`start-api does not start, see ${FOLDER}/start-api.out`);
    }
    return api;
  }
}

const answers = (port) => fetch(`http://127.0.0.1:${port}/`).then(() => true, () => false);

async function invokeAll(sam, google) {
  const hidden = await sam.invoke("UpdatePresenceFunction", event("update-presence", { ID_TOKEN: "not-signed" }));
  assert.equal(hidden.statusCode, 401);
  return callEach(async (name, event, status) => {
    const { statusCode, body, took } = await sam.invoke(name, event);
    assert.equal(statusCode, status, `${name} answered ${statusCode}: ${body}`);
    say(`sam local invoke ${name}`, `${statusCode} in ${(took / 1000).toFixed(1)} s`);
    return { body };
  }, (user) => google.token(user));
}

async function callAll(url, google, known) {
  const ann = google.token("ann");
  const call = async (method, path, body) => {
    const began = Date.now();
    const headers = { authorization: `Bearer ${ann}`, origin: PAGE, ...(body && { "content-type": "application/json" }) };
    const response = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
    const answer = await response.json();
    assert(response.ok, `${method} ${path} answered ${response.status}: ${JSON.stringify(answer)}`);
    say(`sam local start-api, ${method} ${path.split("?")[0]}`, `${response.status} in ${((Date.now() - began) / 1000).toFixed(1)} s`);
    return answer;
  };
  const { threads, cursor } = await call("GET", "/threads?limit=100");
  assert.equal(threads[0].id, known[THREAD]);
  const { thread } = await call("POST", "/create-thread", { participantIds: ["ben"], title: "Lunch" });
  const { message } = await call("POST", "/send-message", { threadId: thread.id, content: "Ünï <b>", clientMessageId: "page-1" });
  const { messages } = await call("GET", `/thread-messages?threadId=${thread.id}&limit=50`);
  assert.deepEqual(messages.map(({ content }) => content), ["Ünï <b>"]);
  await call("POST", "/mark-message-read", { messageId: message.id });
  await call("POST", "/mute-thread", { threadId: thread.id, until: new Date(Date.now() + 3_600_000).toISOString() });
  await call("POST", "/update-fcm-token", { fcmToken: "token-of-a-phone", deviceId: "phone-1" });
  await call("POST", "/update-presence", { visible: true });
  await call("GET", `/sync?cursor=${encodeURIComponent(cursor)}&limit=200`);
}

async function preflight(url) {
  const response = await fetch(`${url}/create-thread`, {
    method: "OPTIONS",
    headers: { origin: PAGE, "access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type" },
  });
  assert.equal(response.headers.get("access-control-allow-origin"), PAGE);
  assert.match(response.headers.get("access-control-allow-headers").toLowerCase(), /authorization.*content-type/);
  say("sam local start-api, OPTIONS /create-thread", `${response.status}, allows ${PAGE}`);
}

/** This machine, as containers see it. Docker does not always say; then it is the first address of the network. */
async function gatewayOfBridge() {
  const [{ Gateway, Subnet }] = JSON.parse(await docker("network", "inspect", "bridge", "--format", "{{json .IPAM.Config}}"));
  return Gateway || Subnet.replace(/\.\d+\/.*/, ".1");
}

async function requireRuntime() {
  const there = await docker("image", "inspect", RUNTIME).catch(() => docker("pull", RUNTIME)).catch(() => "");
  if (!there) throw new Error(`${RUNTIME} cannot be pulled: make it with deploy/lambda-base-image`);
}

/** What SAM CLI mounts as the function's code: the jar's content, and the certificate that stands for Google's and the database's. */
function code(google) {
  const folder = `${FOLDER}/code`;
  mkdirSync(folder);
  const java = execFileSync("bin/mvn25", ["--java-home"], { cwd: REPOSITORY, encoding: "utf8" }).trim();
  execFileSync(`${java}/bin/jar`, ["--extract", "--file", `${REPOSITORY}lambda-api/target/lambda-api.jar`], { cwd: folder });
  cpSync(google.trust, `${folder}/trust.p12`);
  cpSync(google.authority, `${folder}/certificate.pem`);
  return folder;
}

async function migrate(database) {
  const java = execFileSync("bin/mvn25", ["--java-home"], { cwd: REPOSITORY, encoding: "utf8" }).trim();
  await run(`${java}/bin/java`, ["-jar", `${REPOSITORY}socket-server/target/socket-server.jar`, "migrate"],
    { env: { ...process.env, DATABASE_URL: database } });
}

async function main() {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  await requireRuntime();
  const gateway = await gatewayOfBridge();
  const [databasePort, relayPort, apiPort] = await freePorts(3);
  const postgres = new Program("database", "LocalPostgresMain", FOLDER, { LOCAL_DATABASE_PORT: databasePort });
  const google = new Google(FOLDER, PROJECT, ["database"]);
  const sam = new Sam(gateway, {
    DATABASE_URL: `postgresql://postgres@database:${relayPort}/postgres?sslrootcert=/var/task/certificate.pem`,
    FIREBASE_PROJECT_ID: PROJECT,
    JAVA_TOOL_OPTIONS: Google.trusting("/var/task/trust.p12"),
    LAMBDA_CODE: code(google),
  });
  try {
    await Promise.all([postgres.start(), google.listen(gateway), relay(gateway, relayPort, databasePort, google)]);
    await migrate(`postgresql://postgres@localhost:${databasePort}/postgres`);
    const known = await invokeAll(sam, google);
    const api = await sam.startApi(apiPort);
    const url = `http://127.0.0.1:${apiPort}`;
    await preflight(url);
    await callAll(url, google, known);
    api.kill("SIGINT");
    await api.ended;
    assert(google.asked > 0, "nobody asked for Google's keys");
  } finally {
    google.close();
    if (postgres.up) await postgres.end("SIGTERM");
    killAll();
  }
}

conclude(main);
