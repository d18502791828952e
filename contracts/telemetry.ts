/** What a workflow tells the worker it runs in when it ends; the worker makes a span and metrics of it. */
export interface WorkflowEnded {
  /** Where its trace goes on from; absent: nobody traces it. */
  readonly parent?: string;
  /** When this workflow began, milliseconds since 1970. */
  readonly startedAt: number;
  readonly outcome: 'completed' | 'continued' | 'failed' | 'cancelled';
  /** Of a run's workflow. */
  readonly run?: {
    readonly id: string;
    readonly pipeline: string;
    readonly status: string;
    /** When the first workflow of this execution began. */
    readonly startedAt: number;
  };
}

/** Sinks of workflows: calls that leave no trace in the history and are not made again in a replay. */
export type TelemetrySinks = { telemetry: { workflowEnded(ended: WorkflowEnded): void } };
