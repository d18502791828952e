import type { TrainHooks } from '../../../domain/nlp/hooks.ts';
import { Random } from '../../../domain/nlp/random.ts';

/** Uniform features in [0, 1), row-major. */
export function uniform(rows: number, width: number, seed: number): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length: rows * width }, () => random.next());
}

/** Labels drawn with the probability of each row. */
export function drawLabels(probabilities: readonly number[], seed: number): Uint8Array {
  const random = new Random(seed);
  return Uint8Array.from(probabilities, (p) => (random.next() < p ? 1 : 0));
}

/**
 * Lists of 40 rows of 5 features in which the rows of highest `f0 + 2 f1` are relevant: the best 2 of grade 2, the next 3
 * of grade 1.
 */
export function plantedLists(lists: number, seed: number) {
  const length = 40;
  const width = 5;
  const features = uniform(lists * length, width, seed);
  const label = new Uint8Array(lists * length);
  const worth = (row: number) => features[row * width]! + 2 * features[row * width + 1]!;
  for (let l = 0; l < lists; l++) {
    const rows = Array.from({ length }, (_, i) => l * length + i).sort((a, b) => worth(b) - worth(a));
    rows.slice(0, 5).forEach((row, i) => {
      label[row] = i < 2 ? 2 : 1;
    });
  }
  const start = Int32Array.from({ length: lists + 1 }, (_, l) => l * length);
  return { features, width, start, label };
}

/** Hooks with a checkpoint in memory that fail after `saves` checkpoints, as a process that dies. */
export function dyingHooks(saves: number): { hooks: TrainHooks; saved: () => Uint8Array | null } {
  let bytes: Uint8Array | null = null;
  let left = saves;
  const hooks: TrainHooks = {
    signal: new AbortController().signal,
    progress() {},
    metric() {},
    checkpoint: {
      load: async () => bytes,
      async save(next) {
        bytes = next;
        if (--left === 0) throw new Error('the process died');
      },
    },
  };
  return { hooks, saved: () => bytes };
}
