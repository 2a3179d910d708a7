/** What the variables of a run say. */
import { fileURLToPath } from "node:url";
import { KINDS } from "./schedule.mjs";
import { SOUND, VARIANTS } from "./variants.mjs";

const FOLDER = fileURLToPath(new URL("../../../target/faults", import.meta.url));
const PARTITIONS = fileURLToPath(new URL("../../../target/partitions", import.meta.url));
/** Of the reconnects: all but those that broke while an offset could not hold what came. */
const USUALLY_RECOVERED = 0.9;
/** A variant is caught within seconds. */
const VARIANT_MINUTES = 0.2;

const MOST_NODES = 8;
/** The servers of docs/haproxy.cfg, and those that have a namespace. */
const FEW_NODES = 3;
/** Between two faults, on average; partitions must last until everybody has noticed. */
const SPACING_MS = 2_500;
const PARTITIONS_MS = 12_000;

/**
 * MINUTES of faults, SEED, VARIANT; NODES, how many socket servers; REDIS, 0 for none; BALANCER, 1 for HAProxy before them; RECOVERED, the share of reconnects that
 * must be recovered (0 to 1); ONLY, the kinds of faults, separated by commas. NAMESPACES is set by partitions.mjs.
 */
export function settingsOf({ MINUTES, SEED, VARIANT, NODES, REDIS, RECOVERED, ONLY, BALANCER, NAMESPACES }, anySeed) {
  const variant = VARIANT || undefined;
  if (variant && !VARIANTS[variant]) throw new Error(`VARIANT is one of ${Object.keys(VARIANTS).join(", ")}`);
  const kind = variant ? VARIANTS[variant] : SOUND;
  const nodes = number("NODES", NODES, 2);
  if (!(Number.isInteger(nodes) && nodes >= 1 && nodes <= MOST_NODES)) throw new Error(`NODES is 1 to ${MOST_NODES}`);
  const balancer = BALANCER === "1";
  if ((balancer || NAMESPACES) && nodes > FEW_NODES) throw new Error(`NODES is ${FEW_NODES} at most behind HAProxy and in namespaces`);
  const redis = kind.redis && REDIS !== "0";
  const namespaces = NAMESPACES || undefined;
  const all = Object.keys(KINDS)
    .filter((name) => name.startsWith("net-") === Boolean(namespaces))
    .filter((name) => redis || !/^redis-|^net-(redis|alone)$/.test(name));
  const only = ONLY ? ONLY.split(",") : all;
  if (only.some((name) => !all.includes(name))) throw new Error(`ONLY has kinds of ${all.join(", ")}`);
  return {
    namespaces,
    spacing: namespaces ? PARTITIONS_MS : SPACING_MS,
    nodes,
    redis,
    balancer,
    kind,
    kinds: kind.kinds ?? only,
    minutes: number("MINUTES", MINUTES, variant ? VARIANT_MINUTES : 2),
    seed: SEED || String(anySeed()),
    variant,
    folder: `${namespaces ? PARTITIONS : FOLDER}${variant ? `-${variant}` : ""}`,
    recoveredShare: number("RECOVERED", RECOVERED, USUALLY_RECOVERED),
  };
}

function number(name, text, usual) {
  const value = text ? Number(text) : usual;
  if (!(value >= 0)) throw new Error(`${name} is a number`);
  return value;
}
