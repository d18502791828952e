import type { Json } from './json.ts';
import type { NodeTiming } from './serving.ts';

/** What an inference graph answers. */
export interface PredictionAnswer {
  readonly output: Json;
  /** Versions of the registry that computed it. */
  readonly models: readonly { readonly name: string; readonly version: number }[];
  readonly milliseconds: number;
  /** Where the request asks for them. */
  readonly timings?: readonly NodeTiming[];
}

/** How a prediction is wanted. */
export interface PredictionOptions {
  /** Version or alias of each model; default: champion. */
  readonly model?: string;
  /** Whether the answer tells how long each node took; default false. */
  readonly timings?: boolean;
}
