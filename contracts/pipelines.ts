import type { JsonObject } from './json.ts';
import type { PlanStep } from './plan.ts';

/** A pipeline as lists give it. */
export interface PipelineBrief {
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

/** A step with its settings, as the plan has them: durations in milliseconds. */
export interface PipelineStep extends PlanStep {
  readonly title: string;
}

/** A pipeline as the code defines it. */
export interface PipelineDetail extends PipelineBrief {
  /** JSON Schema of the parameters: an object. */
  readonly params: JsonObject;
  readonly planHash: string;
  /** The parameters that divide its work by day and key; null: it is not divided. */
  readonly partition: { readonly date: string; readonly key?: string } | null;
  /** Runs that the code lets be active at a time; null: it sets no limit. */
  readonly concurrency: { readonly runs?: number; readonly perKey?: number; readonly key?: string } | null;
  readonly steps: readonly PipelineStep[];
}
