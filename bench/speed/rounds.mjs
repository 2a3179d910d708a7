/** What measurements of several rounds say: medians, and how far they lie apart. Ratios are of one round, so that a busy minute meets both. */

export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @returns {median, min, max, disturbed}; null of nothing. Disturbed is what was so in most rounds. */
function figureOf(values, samples) {
  const numbers = values.filter(Number.isFinite);
  if (numbers.length === 0) return null;
  return {
    median: median(numbers),
    min: Math.min(...numbers),
    max: Math.max(...numbers),
    disturbed: 2 * samples.filter(({ disturbed }) => disturbed).length > samples.length,
  };
}

export class Rounds {
  constructor(samples) {
    this.samples = samples;
  }

  /** Measurements with these properties. */
  of(properties) {
    return this.samples.filter((sample) => Object.entries(properties).every(([name, value]) => sample[name] === value));
  }

  /** All different values of a property, in order. */
  each(name, properties) {
    return [...new Set(this.of(properties).map((sample) => sample[name]))].filter((value) => value !== undefined).sort((a, b) => a - b);
  }

  /** @param value of one measurement */
  figure(properties, value) {
    const samples = this.of(properties);
    return figureOf(samples.map(value), samples);
  }

  /** @param value of one measurement; that of the first divided by that of the second, in each round that has both */
  ratio(properties, others, value) {
    const pairs = this.of(properties).map((sample) => [sample, this.of(others).find(({ round }) => round === sample.round)]).filter(([, other]) => other);
    return figureOf(pairs.map(([sample, other]) => value(sample) / value(other)), pairs.flat());
  }
}

/** How a cost grows: 0 not at all, 1 in proportion. Least squares of the logarithms. @param points [size, cost] */
export function slopeOf(points) {
  const logs = points.filter((point) => point.every((value) => value > 0)).map((point) => point.map(Math.log));
  const mean = (index) => logs.reduce((sum, log) => sum + log[index], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const spread = logs.reduce((sum, log) => sum + (log[0] - x) ** 2, 0);
  return spread === 0 ? 0 : logs.reduce((sum, log) => sum + (log[0] - x) * (log[1] - y), 0) / spread;
}
