/** What jdk.net.hosts.file is to the JVM: one name resolves to an address of ours. */
const dns = require("node:dns");
const lookup = dns.lookup;
dns.lookup = (name, options, callback) => {
  if (name !== process.env.BENCH_HOST) return lookup(name, options, callback);
  const [answer, all] = typeof options === "function" ? [options, false] : [callback, options?.all];
  process.nextTick(() => (all ? answer(null, [{ address: process.env.BENCH_ADDRESS, family: 4 }]) : answer(null, process.env.BENCH_ADDRESS, 4)));
};
