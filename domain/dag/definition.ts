import type { Static, TObject, TSchema } from 'typebox';
import type { Json } from '../../contracts/json.ts';
import type { ResourceClass } from '../../contracts/plan.ts';
import type { StepContext } from '../ports/step-context.ts';

/** `'500ms'`, `'30s'`, `'10m'`, `'2h'`, `'1d'`, or a number of milliseconds. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

export interface StepDefinition<Params = never> {
  /** One line for people; default: the id. */
  readonly title?: string;
  /** Bump it when the same inputs would give another output; part of lineage and of the cache key. Default `'1'`. */
  readonly version?: string;
  /** Ids of the steps whose outputs this one reads. */
  readonly needs?: readonly string[];
  readonly resources?: {
    /** Default `cpu`. */
    readonly class?: ResourceClass;
    readonly memoryMiB?: number;
  };
  readonly retry?: {
    /** Attempts in all; default 3. */
    readonly attempts?: number;
    /** Wait before the second attempt; default 1 s. */
    readonly initial?: Duration;
    /** Factor from one wait to the next; default 2. */
    readonly factor?: number;
    /** Longest wait; default 1 min. */
    readonly maximum?: Duration;
  };
  /** Longest time of one attempt; default 1 h. */
  readonly timeout?: Duration;
  /** An attempt silent for longer counts as dead; default 30 s. The worker beats for the step. */
  readonly heartbeat?: Duration;
  /** CEL over `params` and `steps.<id>.{status,output}`; false skips the step. */
  readonly when?: string;
  /** Runs the step once per item of a list known only at run time; the output is `{ [key]: output }`. */
  readonly map?: {
    /** CEL that yields the list, e.g. `steps.preprocess.output.markets`. */
    readonly over: string;
    /** CEL over `item` that names an item; default: the item when it is a string, else its index. */
    readonly key?: string;
    /** Items at a time; default 4. */
    readonly concurrency?: number;
    /** Share of items (0..1) that may fail; default 0. */
    readonly toleratedFailures?: number;
  };
  /** `continue` lets the run go on and succeed without this step; default `fail`. */
  readonly onFailure?: 'fail' | 'continue';
  /** `process` runs the step in a child process: for work that blocks the event loop or may crash. Default `worker`. */
  readonly isolation?: 'worker' | 'process';
  /** Schema of the output; checked after the step. */
  readonly output?: TSchema;
  // A method, so that a step of a pipeline with more params still fits one that reads fewer.
  run(context: StepContext<Params>): Promise<Json | undefined> | Json | undefined;
}

export interface PipelineDefinition<Params extends TObject = TObject> {
  /** Lower-case words joined by dashes; stable. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Schema of the parameters; give every optional one a default. */
  readonly params: Params;
  readonly steps: Readonly<Record<string, StepDefinition<Static<Params>>>>;
}

/** A definition with its parameter type forgotten, as registries hold it. */
export interface AnyPipeline {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly params: TObject;
  // biome-ignore lint/suspicious/noExplicitAny: params differ per pipeline and are checked against `params` at run time
  readonly steps: Readonly<Record<string, StepDefinition<any>>>;
}
