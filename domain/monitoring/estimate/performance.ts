/** How well probabilities agree with what came true; 0..1, null where it is not defined, such as precision without a hit told. */
export interface Performance {
  readonly accuracy: number;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  /** Area under the ROC curve. */
  readonly auc: number | null;
  /** Mean squared distance of probability and outcome (Brier 1950): low is good. */
  readonly brier: number;
}

export const metrics = ['accuracy', 'precision', 'recall', 'f1', 'auc', 'brier'] as const;

/** Rows in rising order of what a model said; rows that it said the same of lie in one group. */
export interface Said {
  readonly probabilities: Float64Array;
  /** From this probability on it said yes. */
  readonly threshold: number;
  /** Rows by rising probability. */
  readonly order: Int32Array;
}

export function saidBy(probabilities: Float64Array, threshold: number): Said {
  const order = Int32Array.from(probabilities.keys()).sort((a, b) => probabilities[a]! - probabilities[b]!);
  return { probabilities, threshold, order };
}

/**
 * The performance when row r comes true with chance `truth[r]`, each on its own: of labels, 1 or 0, what it was; of other
 * chances, what the counts of hits and misses are expected to give, as CBPE has it.
 */
export function performanceOf({ probabilities, threshold, order }: Said, truth: Float64Array): Performance {
  let [hits, told, positive, squares, unsure] = [0, 0, 0, 0, 0];
  const n = probabilities.length;
  for (let row = 0; row < n; row++) {
    const [p, q] = [probabilities[row]!, truth[row]!];
    positive += q;
    squares += q * (1 - p) ** 2 + (1 - q) * p ** 2;
    unsure += q * (1 - q);
    if (p < threshold) continue;
    told++;
    hits += q;
  }
  // Pairs of a positive and a negative row in the right order; ties count half, and no row makes a pair with itself.
  let [right, below] = [-unsure / 2, 0];
  for (let from = 0; from < n; ) {
    let [yes, no, to] = [0, 0, from];
    for (; to < n && probabilities[order[to]!] === probabilities[order[from]!]; to++) {
      yes += truth[order[to]!]!;
      no += 1 - truth[order[to]!]!;
    }
    right += yes * (below + no / 2);
    below += no;
    from = to;
  }
  const pairs = positive * (n - positive) - unsure;
  const share = (part: number, whole: number) => (whole > 1e-12 ? part / whole : null);
  return {
    accuracy: (hits + (n - told - (positive - hits))) / n,
    precision: share(hits, told),
    recall: share(hits, positive),
    f1: share(2 * hits, told + positive),
    auc: share(right, pairs),
    brier: squares / n,
  };
}
