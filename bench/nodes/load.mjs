/** Messages to a number of groups: at a fixed rate, or as many as get through. */
const TEXT = "The quick brown fox jumps over the lazy dog, and nobody who reads this is any the wiser for it. ".padEnd(120, ".");
const TICK_MS = 5;

export class Load {
  constructor() {
    this.sent = 0;
    /** Messages that not every member has yet, by the number that they begin with. */
    this.open = new Map();
    this.reset();
  }

  /** Forgets what was measured, not what is under way. */
  reset() {
    Object.assign(this, { messages: 0, deliveries: 0, refused: 0, latencies: [] });
  }

  /** A client got a message. */
  heard(number) {
    const message = this.open.get(number);
    if (!message) return;
    this.deliveries += 1;
    this.latencies.push(performance.now() - message.at);
    message.missing -= 1;
    if (message.missing === 0) this.complete(number, message);
  }

  /** Acknowledged, and here with every member. */
  complete(number, message) {
    if (message.missing > 0 || !message.acknowledged) return;
    this.open.delete(number);
    this.messages += 1;
    message.done();
  }

  /** Sends to the group, from each of its members in turn; ends when everybody has it. */
  message({ threadId, members }) {
    const number = (this.sent += 1);
    return new Promise((done) => {
      const message = { at: performance.now(), missing: members.length, acknowledged: false, done };
      this.open.set(number, message);
      members[number % members.length].send(threadId, `${number} ${TEXT}`).then((ok) => {
        message.acknowledged = ok;
        if (!ok) {
          this.refused += 1;
          this.open.delete(number);
          done();
        } else {
          this.complete(number, message);
        }
      });
    });
  }

  /** @param rate messages a second, evenly, to the groups in turn */
  paced(groups, rate) {
    const began = performance.now();
    let count = 0;
    const timer = setInterval(() => {
      for (const due = ((performance.now() - began) * rate) / 1000; count < due; count += 1) this.message(groups[count % groups.length]);
    }, TICK_MS);
    return { stop: () => clearInterval(timer) };
  }

  /** @param lanes so many messages are under way at a time */
  closed(groups, lanes) {
    let stopped = false;
    const lane = async (first) => {
      for (let i = first; !stopped; i += lanes) await this.message(groups[i % groups.length]);
    };
    for (let i = 0; i < lanes; i += 1) lane(i);
    return { stop: () => (stopped = true) };
  }

  /** True where everybody has everything. */
  get isQuiet() {
    return this.open.size === 0;
  }
}
