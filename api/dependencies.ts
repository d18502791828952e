import type { Redis } from 'ioredis';
import type { Registry } from 'prom-client';
import type { CodeVersion } from '../contracts/models.ts';
import type { AnyPipeline } from '../domain/dag/index.ts';
import type { ServedTranslation } from '../domain/nlp/translator/index.ts';
import type { Admission } from '../domain/ports/admission.ts';
import type { AlertFacts } from '../domain/ports/alert-facts.ts';
import type { AlertDefinitionRepository, AlertRepository } from '../domain/ports/alerts.ts';
import type { ArtifactStore } from '../domain/ports/artifacts.ts';
import type { BackfillLauncher, BackfillRepository } from '../domain/ports/backfills.ts';
import type { ChangeFeed } from '../domain/ports/changes.ts';
import type { ChosenOfferRepository } from '../domain/ports/chosen-offers.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { DeadlineRepository } from '../domain/ports/deadlines.ts';
import type { DocumentFiles, DocumentRepository } from '../domain/ports/documents.ts';
import type { EventHistory, EventLedger, EventPublisher } from '../domain/ports/events.ts';
import type { FeedbackRepository } from '../domain/ports/feedback.ts';
import type { GapRepository } from '../domain/ports/gaps.ts';
import type { AuditLog, KeyRepository, SessionRepository } from '../domain/ports/keys.ts';
import type { LanguageResourceRepository } from '../domain/ports/language-resources.ts';
import type { MarketLists } from '../domain/ports/market-lists.ts';
import type { MetricSeriesRepository } from '../domain/ports/metric-series.ts';
import type { ModelRepository, ModelRetention } from '../domain/ports/models.ts';
import type { ChannelRepository, NotificationRepository } from '../domain/ports/notifications.ts';
import type { OutcomeRepository } from '../domain/ports/outcomes.ts';
import type { OverviewFacts } from '../domain/ports/overview-facts.ts';
import type { Purchases } from '../domain/ports/purchases.ts';
import type { DeliveryStates, TaskQueueStates } from '../domain/ports/queues.ts';
import type { DecisionRepository, KpiRepository, PredictionRepository } from '../domain/ports/results.ts';
import type {
  DataFindings,
  DriftHistory,
  PolicyRepository,
  RetrainingLauncher,
  TrainingHistory,
} from '../domain/ports/retraining.ts';
import type { RolloutLauncher, RolloutRepository } from '../domain/ports/rollouts.ts';
import type { RuleRepository } from '../domain/ports/rules.ts';
import type { RunInsight } from '../domain/ports/run-insight.ts';
import type { RunLauncher, RunRepository } from '../domain/ports/runs.ts';
import type { ScheduleHistory, ScheduleRepository } from '../domain/ports/schedules.ts';
import type { SearchIndex } from '../domain/ports/search.ts';
import type { ReplicaRegistry } from '../domain/ports/serving.ts';
import type { ServingConfigurationRepository } from '../domain/ports/serving-configurations.ts';
import type { StepCache } from '../domain/ports/step-cache.ts';
import type { TrafficRepository } from '../domain/ports/traffic.ts';
import type { DatasetWatchRepository, WebhookSourceRepository } from '../domain/ports/webhooks.ts';
import type { WorkerRegistry } from '../domain/ports/workers.ts';
import type { AliasPolicy } from '../domain/registry/policy.ts';
import type { AnyServedGraph } from '../domain/serving/graph/index.ts';
import type { PredictionService } from '../domain/serving/index.ts';

/** What the API needs; `server.ts` wires the real ones. */
export interface AppDependencies {
  readonly pipelines: ReadonlyMap<string, AnyPipeline>;
  readonly runs: RunRepository;
  readonly runInsight: RunInsight;
  readonly launcher: RunLauncher;
  readonly admission: Admission;
  readonly cache: StepCache;
  readonly models: ModelRepository;
  readonly modelRetention: ModelRetention;
  /** Aliases that not everybody may move by hand. */
  readonly aliasPolicy: AliasPolicy;
  /** Days for which versions that served, or that runs used, are kept. */
  readonly modelHistoryDays: number;
  /** The code that runs. */
  readonly code: CodeVersion;
  readonly predictions: PredictionRepository;
  readonly chosenOffers: ChosenOfferRepository;
  readonly marketLists: MarketLists;
  readonly purchases: Purchases;
  readonly artifacts: ArtifactStore;
  readonly gaps: GapRepository;
  readonly kpis: KpiRepository;
  readonly metricSeries: Pick<MetricSeriesRepository, 'list'>;
  readonly feedback: FeedbackRepository;
  readonly outcomes: OutcomeRepository;
  readonly decisions: DecisionRepository;
  readonly policies: PolicyRepository;
  readonly trainings: TrainingHistory;
  readonly drift: DriftHistory;
  readonly findings: DataFindings;
  readonly retrainingLauncher: RetrainingLauncher;
  readonly keys: KeyRepository;
  readonly sessions: SessionRepository;
  /** dev, qa or prod, as the dashboard shows it. */
  readonly environment: string;
  /** Folder of the built dashboard. Absent: none is served. */
  readonly dashboard?: string | undefined;
  readonly audit: AuditLog;
  readonly schedules: ScheduleRepository;
  readonly scheduleHistory: ScheduleHistory;
  readonly backfills: BackfillRepository;
  readonly backfillLauncher: BackfillLauncher;
  readonly rollouts: RolloutRepository;
  readonly rolloutLauncher: RolloutLauncher;
  readonly traffic: TrafficRepository;
  readonly configurations: ServingConfigurationRepository;
  readonly events: EventPublisher & EventHistory & EventLedger;
  readonly webhookSources: WebhookSourceRepository;
  readonly watches: DatasetWatchRepository;
  readonly deadlines: DeadlineRepository;
  readonly rules: RuleRepository;
  readonly memories: LanguageResourceRepository;
  readonly glossaries: LanguageResourceRepository;
  readonly documents: DocumentRepository;
  readonly documentFiles: DocumentFiles;
  readonly replicas: Pick<ReplicaRegistry, 'list'>;
  readonly translation: ServedTranslation;
  /** Inference graphs that are served, by their ids. */
  readonly graphs: ReadonlyMap<string, AnyServedGraph>;
  readonly inference: PredictionService;
  readonly workers: WorkerRegistry;
  readonly alertDefinitions: AlertDefinitionRepository;
  readonly alerts: AlertRepository;
  readonly channels: ChannelRepository;
  readonly notifications: NotificationRepository;
  readonly changes: ChangeFeed;
  readonly deliveryStates: DeliveryStates;
  readonly taskQueueStates: TaskQueueStates;
  readonly searchIndex: SearchIndex;
  readonly overviewFacts: OverviewFacts;
  readonly alertFacts: Pick<AlertFacts, 'failedRuns' | 'queue'>;
  readonly clock: Clock;
  /** Whether a mail server is set; default: no. */
  readonly hasMailer?: boolean;
  /** Signs links for browsers. Absent: none are given. */
  readonly linkSecret?: Uint8Array | undefined;
  /** Folder of the documentation as a site. Absent or not built: it is not served. */
  readonly site?: string | undefined;
  /** Holds the rate limits, shared by all replicas. Absent: each replica counts for itself. */
  readonly redis?: Redis;
  /** Metrics of the process; default: a registry of its own. */
  readonly metrics?: Registry;
  /** Servers that must answer for the API to be ready, by name. */
  readonly checks: Readonly<Record<string, () => Promise<void>>>;
  /** Largest body in bytes. */
  readonly bodyLimit: number;
  /** Requests a minute per key, or per address without one. */
  readonly rateLimit: number;
  /** Webhooks a minute per address. */
  readonly webhookRateLimit: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}
