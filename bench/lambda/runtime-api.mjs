/** A server of the Lambda Runtime API, for one function at a time: hands out events, takes answers, and looks at the clock. */
import { createServer } from "node:http";
import { once } from "node:events";
import { randomUUID } from "node:crypto";

const VERSION = "/2018-06-01/runtime";
const now = () => Number(process.hrtime.bigint()) / 1e6;

export class RuntimeApi {
  #waiting;
  #waited;
  #answered;
  #restore;
  #checkpoint;

  static async start() {
    const api = new RuntimeApi();
    api.server = createServer((request, response) => api.#serve(request, response));
    api.server.keepAliveTimeout = 0;
    api.server.listen(0, "127.0.0.1");
    await once(api.server, "listening");
    api.address = `127.0.0.1:${api.server.address().port}`;
    return api;
  }

  /** Forgets the function before; call it ahead of each. */
  expect() {
    this.#waiting = undefined;
    this.#answered = undefined;
    this.ready = new Promise((resolve) => (this.#waited = resolve));
    this.initialised = new Promise((resolve) => (this.#checkpoint = resolve));
  }

  /** Lets a function that waits for its restore go on. Answers when that was. */
  async restore() {
    const response = await this.initialised;
    const at = now();
    response.writeHead(200).end();
    return at;
  }

  /** Has the function handle an event; milliseconds from its being handed out, and the answer. Begins when the function asks for one. */
  async invoke(event, deadlineMs = 30_000) {
    await this.ready;
    this.ready = new Promise((resolve) => (this.#waited = resolve));
    const answered = new Promise((resolve, reject) => (this.#answered = { resolve, reject }));
    const body = JSON.stringify(event);
    const id = randomUUID();
    const start = now();
    this.#waiting.writeHead(200, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      "lambda-runtime-aws-request-id": id,
      "lambda-runtime-deadline-ms": String(Date.now() + deadlineMs),
      "lambda-runtime-invoked-function-arn": "arn:aws:lambda:eu-west-1:123456789012:function:bench:live",
      "lambda-runtime-trace-id": "Root=1-6922d5a2-0123456789abcdef01234567;Parent=53995c3f42cd8ad8;Sampled=0",
    });
    this.#waiting.end(body);
    const { at, answer } = await answered;
    return { ms: at - start, at, answer };
  }

  async #serve(request, response) {
    const { url } = request;
    if (url === `${VERSION}/invocation/next`) {
      this.#waiting = response;
      this.#waited();
      return;
    }
    if (url === `${VERSION}/restore/next`) {
      this.#checkpoint(response);
      return;
    }
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const at = now();
    response.writeHead(202, { "content-type": "application/json" }).end('{"status":"OK"}');
    const text = Buffer.concat(chunks).toString();
    if (url.endsWith("/response")) this.#answered.resolve({ at, answer: JSON.parse(text) });
    else this.fail(new Error(`${url}: ${text}`));
  }

  /** The function will not answer. */
  fail(error) {
    if (this.#answered) this.#answered.reject(error);
    else throw error;
  }
}

export { now };
