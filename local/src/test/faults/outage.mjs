/** What a node says while it has no database, and what becomes of its clients. */
import { pause } from "./program.mjs";

const OFTEN_MS = 200;
const PATIENCE_MS = 20_000;

export class Outage {
  constructor(node, { apps }) {
    this.node = node;
    this.began = Date.now();
    this.apps = apps.filter(({ socket, network }) => socket.connected && network.server.node === node);
    this.losses = this.lossesOf();
  }

  lossesOf() {
    return this.apps.reduce((sum, { losses = 0 }) => sum + losses, 0);
  }

  /** Asks for its health until it is well again after `healed`. */
  async watch() {
    const { name: node } = this.node;
    const answer = { node, at: this.began, clients: this.apps.length };
    for (;;) {
      const well = await this.isWell();
      const now = Date.now();
      if (!well) answer.downAfterMs ??= now - this.began;
      const { healed } = this;
      if (healed && answer.until === undefined) Object.assign(answer, { until: healed, lost: this.lossesOf() - this.losses });
      if (healed && well) return { ...answer, upAfterMs: now - healed };
      if (healed && now > healed + PATIENCE_MS) return answer;
      await pause(OFTEN_MS);
    }
  }

  async isWell() {
    try {
      return (await fetch(`${this.node.url}/health`, { signal: AbortSignal.timeout(3_000) })).status === 200;
    } catch {
      return false;
    }
  }
}
