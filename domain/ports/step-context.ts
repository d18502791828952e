import type { Json, JsonObject } from '../../contracts/json.ts';
import type { CodeVersion } from '../../contracts/models.ts';
import type { ArtifactStore, CheckpointStore } from './artifacts.ts';
import type { ChosenOfferRepository } from './chosen-offers.ts';
import type { Clock } from './clock.ts';
import type { DocumentFiles, DocumentRepository } from './documents.ts';
import type { GapRepository } from './gaps.ts';
import type { Lake } from './lake.ts';
import type { LanguageResourceRepository } from './language-resources.ts';
import type { MetricSeriesRepository } from './metric-series.ts';
import type { ModelRepository } from './models.ts';
import type { OutcomeRepository } from './outcomes.ts';
import type { ProgramRunner } from './programs.ts';
import type { DecisionRepository, KpiRepository, PredictionRepository } from './results.ts';
import type { DataFindings, DriftHistory, PolicyRepository, TrainingHistory } from './retraining.ts';
import type { RolloutRepository, RolloutStarter } from './rollouts.ts';
import type { ServingConfigurationRepository } from './serving-configurations.ts';
import type { SourceReader } from './sources.ts';
import type { SqlEngineFactory } from './sql-engine.ts';
import type { ThreadPools } from './thread-pools.ts';
import type { TrafficRepository } from './traffic.ts';

/** What every step may use from outside; a step in its own process gets its own connections. */
export interface StepServices {
  readonly clock: Clock;
  /** The code that runs. */
  readonly code: CodeVersion;
  readonly artifacts: ArtifactStore;
  readonly checkpoints: CheckpointStore;
  readonly lake: Lake;
  readonly sql: SqlEngineFactory;
  readonly threads: ThreadPools;
  /** Brings data from outside the lake. */
  readonly sources: SourceReader;
  readonly programs: ProgramRunner;
  readonly models: ModelRepository;
  readonly configurations: Pick<ServingConfigurationRepository, 'get' | 'inForce'>;
  readonly rollouts: RolloutRepository;
  readonly traffic: TrafficRepository;
  /** Starts rollouts of versions that runs publish. */
  readonly rolloutStarter: RolloutStarter;
  readonly memories: LanguageResourceRepository;
  readonly glossaries: LanguageResourceRepository;
  readonly documents: DocumentRepository;
  readonly documentFiles: DocumentFiles;
  readonly kpis: KpiRepository;
  readonly decisions: DecisionRepository;
  readonly policies: PolicyRepository;
  readonly trainings: TrainingHistory;
  readonly drift: DriftHistory;
  readonly findings: DataFindings;
  readonly metricSeries: Pick<MetricSeriesRepository, 'save' | 'list'>;
  readonly predictions: PredictionRepository;
  readonly chosenOffers: ChosenOfferRepository;
  readonly outcomes: OutcomeRepository;
  readonly gaps: GapRepository;
}

/** Handed to a step's `run`. */
export interface StepContext<Params = JsonObject> {
  readonly runId: string;
  readonly stepId: string;
  readonly pipeline: string;
  /** Code versions of all steps of the pipeline, by their ids. */
  readonly stepVersions: Readonly<Record<string, string>>;
  /** 1 for the first attempt. */
  readonly attempt: number;
  readonly params: Params;
  /** Outputs of the needed steps by step id; of a mapped step `{ [key]: output }`. */
  readonly inputs: Readonly<Record<string, Json>>;
  readonly item: { readonly key: string; readonly value: Json } | undefined;
  /** Aborted when the run is cancelled or the attempt timed out. */
  readonly signal: AbortSignal;
  readonly services: StepServices;
  /** Shown while the step runs; call as often as you like, it is throttled. `total` 0 = not known. */
  progress(done: number, total: number, unit: string): void;
  metric(name: string, value: number): void;
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string): void;
  /** Local scratch folder, removed after the attempt. */
  readonly scratch: string;
}
