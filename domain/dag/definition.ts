import type { Static, TObject, TSchema } from 'typebox';
import type { AlertDefinition } from '../../contracts/alerts.ts';
import type { DeadlineDefinition } from '../../contracts/deadlines.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import type { ModelVersion } from '../../contracts/models.ts';
import type { ResourceClass } from '../../contracts/plan.ts';
import type { PolicyDefinition } from '../../contracts/policies.ts';
import type { RuleDefinition } from '../../contracts/rules.ts';
import type { ScheduleDefinition } from '../../contracts/schedules.ts';
import type { StepContext, StepServices } from '../ports/step-context.ts';
import type { ModelKind } from '../registry/kinds.ts';

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
    /**
     * Memory it needs, MiB. A worker with `PERENNIAL_WORKER_MEMORY_MIB` runs at a time only what fits there together; the time an
     * attempt waits for that is part of its `timeout`. It is not a limit: a step that takes more is not stopped. Default 0: unknown,
     * it waits for nothing.
     */
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
  /**
   * Takes the output of an earlier run when version, inputs and parameters are the same; for steps without side effects.
   * Default: off.
   */
  readonly cache?: {
    /** Parameters that count; default: all of the run's. */
    readonly params?: readonly string[];
    /** Older outputs are not taken; default: as long as they are kept. */
    readonly maxAge?: Duration;
  };
  /** A named pool whose slots are shared by all runs, such as `gpu` or `warehouse`; the step waits for one. */
  readonly pool?: {
    readonly name: string;
    /** Slots of the pool; a capacity set at run time wins. */
    readonly capacity: number;
  };
  /** `continue` lets the run go on and succeed without this step; default `fail`. */
  readonly onFailure?: 'fail' | 'continue';
  /** `process` runs the step in a child process: for work that blocks the event loop or may crash. Default `worker`. */
  readonly isolation?: 'worker' | 'process';
  /** Schema of the output; checked after the step. */
  readonly output?: TSchema;
  /** What the step does; either this or `command`. Returns small JSON, at most 512 KiB: references to artifacts, not data. */
  // A method, so that a step of a pipeline with more params still fits one that reads fewer.
  run?(context: StepContext<Params>): Promise<Json | undefined> | Json | undefined;
  /** A program in any language that does it; see docs/reference/external-steps.md. The output is `{ value, files }`. */
  readonly command?: CommandDefinition;
}

export interface CommandDefinition {
  /** The program and its arguments, run without a shell. A program without `/` is looked for on the worker's PATH. */
  readonly argv: readonly string[];
  /** Environment beside PATH, HOME, LANG and TMPDIR; the service's own settings are not handed over. */
  readonly env?: Readonly<Record<string, string>>;
  /** Folder it runs in; default: the worker's. */
  readonly cwd?: string;
  /** Exit codes after which the step is tried again; default 75 (EX_TEMPFAIL of sysexits.h). */
  readonly retryExitCodes?: readonly number[];
}

export interface PipelineDefinition<Params extends TObject = TObject> {
  /** Lower-case words joined by dashes; stable. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Schema of the parameters; give every optional one a default. */
  readonly params: Params;
  readonly steps: Readonly<Record<string, StepDefinition<Static<Params>>>>;
  readonly partition?: PartitionDefinition;
  readonly concurrency?: ConcurrencyDefinition;
  /** When runs start by themselves; applied when a control worker starts. Ids are unique over all pipelines. */
  readonly schedules?: readonly PipelineSchedule[];
  /** By when the work of a day is to be done; applied as schedules are. Ids are unique over all pipelines too. */
  readonly deadlines?: readonly PipelineDeadline[];
  /** What events lead to; applied as schedules are. A `start` without a pipeline starts this one. Ids are unique too. */
  readonly rules?: readonly RuleDefinition[];
  /** When somebody is to be told. They look at this pipeline unless they say otherwise; ids are unique, those of built-ins replace them. */
  readonly alerts?: readonly AlertDefinition[];
  /** Key figures that business users are told, the most telling first; default: all, under their names. */
  readonly figures?: readonly FigureDefinition[];
  /** Models it publishes: so an installation knows which it can read. */
  readonly models?: readonly ModelKind[];
  /** When its models are trained again; applied as schedules are. Ids are unique too. */
  readonly policies?: readonly PipelinePolicy[];
  /** Reads, before a decision, what policies look at and no run stores. */
  readonly observe?: Observe;
}

/** A key figure (a name that steps save KPIs under) as people read it. */
export interface FigureDefinition {
  readonly name: string;
  /** For people: `Expected revenue`. */
  readonly label: string;
  /** How it is written: a share (0..1) as percent, an amount, a count, or a plain number. */
  readonly unit: 'percent' | 'amount' | 'count' | 'number';
}

/** A schedule of the pipeline it stands in. */
export type PipelineSchedule = Omit<ScheduleDefinition, 'pipeline'>;

/** A deadline of the pipeline it stands in. */
export type PipelineDeadline = Omit<DeadlineDefinition, 'pipeline'>;

/** A retraining policy of the pipeline it stands in. */
export type PipelinePolicy = Omit<PolicyDefinition, 'pipeline'>;

/** Key figures of a day that are read before a decision about a model; they are stored as its pipeline's. */
export type Observe = (context: {
  readonly model: string;
  readonly champion: ModelVersion;
  /** YYYY-MM-DD. */
  readonly day: string;
  readonly services: Pick<StepServices, 'memories'>;
}) => Promise<{
  /** Market they belong to. */
  readonly market: string;
  /** Labelled rows there are. */
  readonly labelled: number;
  readonly kpis: Readonly<Record<string, number>>;
  /** Parameters that a training needs beside those of the champion. */
  readonly params?: JsonObject;
}>;

/** How runs divide a pipeline's work: one per day, or per day and key. Backfills, deadlines and limits count by it. */
export interface PartitionDefinition {
  /** The parameter that holds the day, YYYY-MM-DD. */
  readonly date: string;
  /** The parameter that holds the key, such as a market; an empty value means all keys. */
  readonly key?: string;
}

export interface ConcurrencyDefinition {
  /** Runs of the pipeline that may be active at a time; default: no limit. */
  readonly runs?: number;
  /** Runs of one key that may be active at a time; default: no limit. */
  readonly perKey?: number;
  /** The parameter whose values are the keys; default: that of the partition. */
  readonly key?: string;
}

/** A definition with its parameter type forgotten, as registries hold it. */
export interface AnyPipeline {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly params: TObject;
  // biome-ignore lint/suspicious/noExplicitAny: params differ per pipeline and are checked against `params` at run time
  readonly steps: Readonly<Record<string, StepDefinition<any>>>;
  readonly partition?: PartitionDefinition;
  readonly concurrency?: ConcurrencyDefinition;
  /** When runs start by themselves; applied when a control worker starts. Ids are unique over all pipelines. */
  readonly schedules?: readonly PipelineSchedule[];
  /** By when the work of a day is to be done; applied as schedules are. Ids are unique over all pipelines too. */
  readonly deadlines?: readonly PipelineDeadline[];
  /** What events lead to; applied as schedules are. A `start` without a pipeline starts this one. Ids are unique too. */
  readonly rules?: readonly RuleDefinition[];
  /** When somebody is to be told. They look at this pipeline unless they say otherwise; ids are unique, those of built-ins replace them. */
  readonly alerts?: readonly AlertDefinition[];
  /** Key figures that business users are told, the most telling first; default: all, under their names. */
  readonly figures?: readonly FigureDefinition[];
  /** Models it publishes: so an installation knows which it can read. */
  readonly models?: readonly ModelKind[];
  /** When its models are trained again; applied as schedules are. Ids are unique too. */
  readonly policies?: readonly PipelinePolicy[];
  /** Reads, before a decision, what policies look at and no run stores. */
  readonly observe?: Observe;
}
