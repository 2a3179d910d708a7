/** What the variables of a run say. */
import { fileURLToPath } from "node:url";
import { KINDS } from "./schedule.mjs";
import { VARIANTS } from "./variants.mjs";

const FOLDER = fileURLToPath(new URL("../../../target/faults", import.meta.url));
/** Of the reconnects: all but those that broke while an offset could not hold what came. */
const USUALLY_RECOVERED = 0.9;
/** A variant is caught within seconds. */
const VARIANT_MINUTES = 0.2;

/**
 * MINUTES of faults, SEED, VARIANT; RECOVERED, the share of reconnects that must be recovered (0 to 1); ONLY, the kinds of faults,
 * separated by commas.
 */
export function settingsOf({ MINUTES, SEED, VARIANT, RECOVERED, ONLY }, anySeed) {
  const variant = VARIANT || undefined;
  if (variant && !VARIANTS[variant]) throw new Error(`VARIANT is one of ${Object.keys(VARIANTS).join(", ")}`);
  const only = ONLY ? ONLY.split(",") : undefined;
  if (only?.some((kind) => !KINDS[kind])) throw new Error(`ONLY has kinds of ${Object.keys(KINDS).join(", ")}`);
  return {
    minutes: number("MINUTES", MINUTES, variant ? VARIANT_MINUTES : 2),
    seed: SEED || String(anySeed()),
    variant,
    only,
    folder: `${FOLDER}${variant ? `-${variant}` : ""}`,
    recoveredShare: number("RECOVERED", RECOVERED, USUALLY_RECOVERED),
  };
}

function number(name, text, usual) {
  const value = text ? Number(text) : usual;
  if (!(value >= 0)) throw new Error(`${name} is a number`);
  return value;
}
