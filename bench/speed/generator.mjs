/** Runs the load generator (bench/generator), hears where it has come to, and tells it to go on. */
import { launch } from "../../local/src/test/faults/program.mjs";

/** The server was asked for more than it can do: an answer, not a mistake. */
export class TooMuch extends Error {}

/** How many connect at a time where that is not what is measured. */
const TOGETHER = 10;

export class Generator {
  /** @param command up to the scenario; @param tokens settings that say how they are signed */
  constructor(command, log, tokens) {
    Object.assign(this, { command, log });
    this.common = (scenario) => ({ echo: {}, reads: tokens })[scenario] ?? { ...tokens, together: TOGETHER };
  }

  /**
   * @param at what is done when it says that it has come there: {connected, measuring, …}; told the pid. "go" is said where that answers true.
   * @returns its result
   */
  async run(scenario, settings, at = {}) {
    const [command, ...parameters] = [...this.command, scenario, ...Object.entries({ ...this.common(scenario), ...settings }).map(([name, value]) => `${name}=${value}`)];
    const said = [];
    const doing = [];
    let rest = "";
    const child = launch(command, parameters, {
      log: this.log,
      input: "pipe",
      heard: (text) => {
        const lines = (rest + text).split("\n");
        rest = lines.pop();
        for (const line of lines) {
          said.push(line);
          const [, place] = /^\{"at":"(.*)"\}$/.exec(line) ?? [];
          if (place && at[place]) doing.push(this.act(at[place], child));
        }
      },
    });
    const code = await child.ended;
    await Promise.all(doing);
    const result = said.find((line) => line.startsWith('{"result"'));
    if (code === 0 && result) return JSON.parse(result).result;
    const reason = said.concat(rest).filter((line) => line && !line.startsWith("{")).join(" ");
    throw new (/does not keep up/.test(reason) ? TooMuch : Error)(`The generator's ${scenario} ended with ${code}: ${reason}`);
  }

  async act(what, child) {
    if (await what(child.pid)) child.stdin.write("go\n");
  }
}
