/** How each function is started, as Lambda starts it: the code in the working directory, the runtime client beside it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, readFileSync, readdirSync, statSync } from "node:fs";

/** Lambda stops at the quick compiler, with SnapStart because template.yaml says so, and collects serially; it takes the heap from the memory that was configured. */
const LAMBDA_JVM = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.net.preferIPv4Stack=true", "-XX:MaxHeapSize=870m"];

const HANDLERS = {
  "send-message": { java: "com.cove.api.message.SendMessageHandler::handleRequest", node: "send-message.handler" },
  "get-threads": { java: "com.cove.api.thread.GetThreadsHandler::handleRequest", node: "get-threads.handler" },
};

/** @param core the one that it runs on; @param within a control group's file that takes its process, or nothing */
export function start({ command, cwd, environment }, { api, core, log, within }) {
  const [program, ...parameters] = ["taskset", "-c", String(core), ...command];
  const parent = within ? ["sh", "-c", `echo $$ > ${within}; exec "$@"`, "sh", program, ...parameters] : [program, ...parameters];
  const child = spawn(parent[0], parent.slice(1), {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TZ: ":UTC", LANG: "en_US.UTF-8", AWS_LAMBDA_RUNTIME_API: api, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const file = createWriteStream(log, { flags: "w" });
  child.stdout.pipe(file, { end: false });
  child.stderr.pipe(file, { end: false });
  child.ended = once(child, "exit").then(() => file.end());
  return child;
}

/** Milliseconds of CPU that it took so far, in steps of ten. */
export function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

/** Memory of it that is in use, and at most was, in MB. */
export function memory({ pid }) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const of = (name) => Number(status.match(new RegExp(`${name}:\\s+(\\d+)`))[1]) / 1024;
  return { rss: of("VmRSS"), peak: of("VmHWM") };
}

const LAMBDA = {
  AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "bench", AWS_SECRET_ACCESS_KEY: "bench", AWS_SESSION_TOKEN: "bench",
  AWS_LAMBDA_FUNCTION_NAME: "bench", AWS_LAMBDA_FUNCTION_VERSION: "1", AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "1024",
  AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/bench", AWS_LAMBDA_LOG_STREAM_NAME: "bench",
};

/** Our handler. @param task what sam build makes: the jar in lib, from where the runtime client loads it */
export const java = (endpoint, { jdk, ric, task, google, settings, options = [], environment = {} }) => ({
  command: [`${jdk}/bin/java`, ...LAMBDA_JVM, ...google.jvm, ...options, "-cp", ric,
    "com.amazonaws.services.lambda.runtime.api.client.AWSLambda", HANDLERS[endpoint].java],
  cwd: task,
  environment: { ...LAMBDA, _HANDLER: HANDLERS[endpoint].java, LAMBDA_TASK_ROOT: task, AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand", ...settings, ...environment },
});

/** The peer's. @param task where its code is, with or without node_modules */
export const node = (endpoint, { ricNode, task, google, settings }) => ({
  command: [process.execPath, `${ricNode}/bin/index.mjs`, HANDLERS[endpoint].node],
  cwd: task,
  environment: { ...LAMBDA, _HANDLER: HANDLERS[endpoint].node, LAMBDA_TASK_ROOT: task, ...google.node, ...settings },
});

/** Bytes of all files of a folder, and how many they are. */
export function size(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce(([bytes, files], entry) => [bytes + statSync(`${entry.parentPath ?? entry.path}/${entry.name}`).size, files + 1], [0, 0]);
}
