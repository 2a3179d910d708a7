/** Chance that a seed repeats. Each purpose has a stream of its own: how often one is asked changes nothing for the others. */

/** A seed for a run that was given none. */
export const anySeed = () => Math.floor(Math.random() * 2 ** 32);

export class Random {
  /**
   * @param seed a number, or any text
   * @param purpose what the stream is for
   */
  constructor(seed, purpose = "") {
    this.seed = seed;
    this.purpose = purpose;
    this.state = hash(`${seed}/${purpose}`);
  }

  /** Another stream of the same seed. */
  fork(purpose) {
    return new Random(this.seed, `${this.purpose}/${purpose}`);
  }

  /** From 0 up to, not including, 1. (The generator is "mulberry32".) */
  next() {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, both ends included. */
  int(from, to) {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  chance(probability) {
    return this.next() < probability;
  }

  pick(list) {
    return list[Math.floor(this.next() * list.length)];
  }

  /** The list in another order. */
  shuffled(list) {
    const keyed = list.map((item) => ({ item, key: this.next() }));
    return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
  }
}

/** FNV-1a. */
function hash(text) {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193);
  return value | 0;
}
