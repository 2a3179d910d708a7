/** What jdk.net.hosts.file is to the JVM, and more: TLS to one name goes to an address and a port of ours. */
const tls = require("node:tls");
const connect = tls.connect;
const { BENCH_HOST, BENCH_ADDRESS, BENCH_PORT } = process.env;
tls.connect = (options, ...others) => connect(
  options?.host === BENCH_HOST ? { ...options, servername: BENCH_HOST, host: BENCH_ADDRESS, port: Number(BENCH_PORT) } : options, ...others);
