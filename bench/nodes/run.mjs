/** Runs a benchmark: bounded in time, and nothing that it started outlives it. */
import { killAll } from "../../local/src/test/faults/program.mjs";

function failed(failure) {
  console.error(failure);
  killAll();
  process.exit(1);
}

export async function run(benchmark, watchdogMs) {
  process.on("SIGINT", () => process.exit(130)).on("SIGTERM", () => process.exit(143)).on("unhandledRejection", failed);
  setTimeout(() => failed(new Error("The run does not end.")), watchdogMs).unref();
  try {
    await benchmark();
    process.exit(0);
  } catch (failure) {
    failed(failure);
  }
}
