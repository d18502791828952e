import type { Admission } from '../../domain/ports/admission.ts';
import type { AlertFacts } from '../../domain/ports/alert-facts.ts';
import type { AlertDefinitionRepository, AlertRepository } from '../../domain/ports/alerts.ts';
import type { BackfillRepository } from '../../domain/ports/backfills.ts';
import type { ChangeFeed } from '../../domain/ports/changes.ts';
import type { ChosenOfferRepository } from '../../domain/ports/chosen-offers.ts';
import type { DeadlineRepository } from '../../domain/ports/deadlines.ts';
import type { DigestFacts } from '../../domain/ports/digest-facts.ts';
import type { DocumentRepository } from '../../domain/ports/documents.ts';
import type { EventHistory, EventLedger, EventPublisher } from '../../domain/ports/events.ts';
import type { FeedbackRepository, PredictionLog } from '../../domain/ports/feedback.ts';
import type { GapRepository } from '../../domain/ports/gaps.ts';
import type { AuditLog, KeyRepository, SessionRepository } from '../../domain/ports/keys.ts';
import type { LanguageResourceRepository } from '../../domain/ports/language-resources.ts';
import type { MetricSeriesRepository } from '../../domain/ports/metric-series.ts';
import type { ModelRepository, ModelRetention } from '../../domain/ports/models.ts';
import type { ChannelRepository, NotificationRepository } from '../../domain/ports/notifications.ts';
import type { OutcomeRepository } from '../../domain/ports/outcomes.ts';
import type { OverviewFacts } from '../../domain/ports/overview-facts.ts';
import type { DecisionRepository, KpiRepository, PredictionRepository } from '../../domain/ports/results.ts';
import type { PolicyRepository, TrainingHistory } from '../../domain/ports/retraining.ts';
import type { RolloutRepository } from '../../domain/ports/rollouts.ts';
import type { RuleLedger, RuleRepository } from '../../domain/ports/rules.ts';
import type { RunInsight } from '../../domain/ports/run-insight.ts';
import type { RunRepository } from '../../domain/ports/runs.ts';
import type { Locker, ScheduleHistory } from '../../domain/ports/schedules.ts';
import type { SearchIndex } from '../../domain/ports/search.ts';
import type { ReplicaRegistry } from '../../domain/ports/serving.ts';
import type { ServingConfigurationRepository } from '../../domain/ports/serving-configurations.ts';
import type { StepCache } from '../../domain/ports/step-cache.ts';
import type { TrafficRepository } from '../../domain/ports/traffic.ts';
import type { DatasetWatchRepository, WebhookSourceRepository } from '../../domain/ports/webhooks.ts';
import type { WorkerRegistry } from '../../domain/ports/workers.ts';
import type { StateFigure } from '../../telemetry/metrics/state.ts';
import { admissionRepository } from './admission.ts';
import { alertDefinitionRepository } from './alert-definitions.ts';
import { alertFacts } from './alert-facts.ts';
import { alertRepository } from './alerts.ts';
import { auditLog } from './audit-log.ts';
import { backfillRepository } from './backfills.ts';
import { changeChannel, changeFeed } from './changes.ts';
import { channelRepository } from './channels.ts';
import { chosenOfferRepository } from './chosen-offers.ts';
import { openConnection } from './client.ts';
import { datasetWatchRepository } from './dataset-watches.ts';
import { deadlineRepository } from './deadlines.ts';
import { decisionRepository } from './decisions.ts';
import { digestFacts } from './digest-facts.ts';
import { documentRepository } from './documents.ts';
import { withStorageErrors } from './errors.ts';
import { eventLedger } from './event-ledger.ts';
import { eventPublisher } from './event-publisher.ts';
import { eventChannel } from './event-rows.ts';
import { feedbackRepository } from './feedback.ts';
import { gapRepository } from './gaps.ts';
import { keyRepository, sessionRepository } from './keys.ts';
import { languageResources } from './language-resources.ts';
import { locker } from './locks.ts';
import { metricSeries } from './metric-series.ts';
import { modelRetention } from './model-retention.ts';
import { modelRepository } from './models.ts';
import { notificationChannel, notificationRepository } from './notifications.ts';
import { outcomeRepository } from './outcomes.ts';
import { overviewFacts } from './overview-facts.ts';
import { policyRepository } from './policies.ts';
import { predictionLog } from './prediction-log.ts';
import { kpiRepository, predictionRepository } from './results.ts';
import { rolloutRepository } from './rollouts.ts';
import { ruleLedger } from './rule-ledger.ts';
import { ruleRepository } from './rules.ts';
import { runInsight } from './run-insight.ts';
import { runNotices } from './run-notices.ts';
import { runRepository } from './runs.ts';
import { scheduleHistory } from './schedules.ts';
import { searchIndex } from './search.ts';
import { servingConfigurationRepository } from './serving-configurations.ts';
import { replicaRegistry, servingChannel } from './serving-replicas.ts';
import { stateFigures } from './state-figures.ts';
import { stepCache } from './step-cache.ts';
import { trafficChannel, trafficRepository } from './traffic.ts';
import { trainingHistory } from './trainings.ts';
import { openVault } from './vault.ts';
import { createWatcher } from './watcher.ts';
import { webhookSourceRepository } from './webhook-sources.ts';
import { workerRegistry } from './workers.ts';

export interface Database {
  readonly runs: RunRepository;
  readonly models: ModelRepository;
  readonly modelRetention: ModelRetention;
  readonly predictions: PredictionRepository;
  readonly chosenOffers: ChosenOfferRepository;
  readonly gaps: GapRepository;
  readonly kpis: KpiRepository;
  readonly metricSeries: MetricSeriesRepository;
  readonly predictionLog: PredictionLog;
  readonly feedback: FeedbackRepository;
  readonly outcomes: OutcomeRepository;
  readonly decisions: DecisionRepository;
  readonly policies: PolicyRepository;
  readonly trainings: TrainingHistory;
  readonly keys: KeyRepository;
  readonly sessions: SessionRepository;
  readonly audit: AuditLog;
  readonly admission: Admission;
  readonly cache: StepCache;
  readonly backfills: BackfillRepository;
  readonly scheduleHistory: ScheduleHistory;
  readonly lock: Locker;
  readonly events: EventPublisher & EventHistory & EventLedger;
  readonly webhookSources: WebhookSourceRepository;
  readonly watches: DatasetWatchRepository;
  readonly deadlines: DeadlineRepository;
  readonly rules: RuleRepository & RuleLedger;
  readonly memories: LanguageResourceRepository;
  readonly glossaries: LanguageResourceRepository;
  readonly documents: DocumentRepository;
  readonly configurations: ServingConfigurationRepository;
  readonly traffic: TrafficRepository;
  readonly rollouts: RolloutRepository;
  readonly replicas: ReplicaRegistry;
  readonly workers: WorkerRegistry;
  readonly alertDefinitions: AlertDefinitionRepository;
  readonly alerts: AlertRepository;
  readonly alertFacts: AlertFacts;
  readonly digestFacts: DigestFacts;
  readonly channels: ChannelRepository;
  readonly notifications: NotificationRepository;
  readonly changes: ChangeFeed;
  readonly overviewFacts: OverviewFacts;
  readonly runInsight: RunInsight;
  readonly searchIndex: SearchIndex;
  /** What stands in the database, as figures for operators. */
  readonly state: { read(): Promise<StateFigure[]> };
  /** UNAVAILABLE when PostgreSQL does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The repositories over one pool of connections, opened when first used; it recovers by itself when the server was away.
 * Every method throws UNAVAILABLE while the server does not answer.
 *
 * @param options.secretKey 32 bytes that encrypt the secrets of webhooks and channels; they cannot be used without.
 */
export async function openDatabase({
  url,
  pool,
  secretKey,
}: {
  url: string;
  pool: number;
  secretKey?: Buffer | undefined;
}): Promise<Database> {
  const connection = openConnection(url, pool);
  const db = connection.prisma;
  const watcher = createWatcher(url);
  const notices = runNotices(connection.pool);
  const eventWatcher = createWatcher(url, eventChannel);
  const trafficWatcher = createWatcher(url, trafficChannel);
  const servingWatcher = createWatcher(url, servingChannel);
  const notificationWatcher = createWatcher(url, notificationChannel);
  const changeWatcher = createWatcher(url, changeChannel);
  const vault = openVault(secretKey);
  const checks = withStorageErrors({ ping: async () => void (await db.$queryRaw`select 1`) });
  return {
    runs: withStorageErrors(runRepository(connection, watcher, notices)),
    models: withStorageErrors(modelRepository(db)),
    modelRetention: withStorageErrors(modelRetention(connection)),
    predictions: withStorageErrors(predictionRepository(db)),
    chosenOffers: withStorageErrors(chosenOfferRepository(db)),
    gaps: withStorageErrors(gapRepository(db)),
    kpis: withStorageErrors(kpiRepository(db)),
    metricSeries: withStorageErrors(metricSeries(connection)),
    predictionLog: withStorageErrors(predictionLog(connection)),
    feedback: withStorageErrors(feedbackRepository(connection)),
    outcomes: withStorageErrors(outcomeRepository(connection)),
    decisions: withStorageErrors(decisionRepository(connection)),
    policies: withStorageErrors(policyRepository(connection)),
    trainings: withStorageErrors(trainingHistory(connection)),
    keys: withStorageErrors(keyRepository(connection)),
    sessions: withStorageErrors(sessionRepository(connection)),
    audit: withStorageErrors(auditLog(connection)),
    admission: withStorageErrors(admissionRepository(connection, notices)),
    cache: withStorageErrors(stepCache(connection)),
    backfills: withStorageErrors(backfillRepository(connection)),
    scheduleHistory: withStorageErrors(scheduleHistory(connection)),
    lock: withStorageErrors({ lock: locker(connection) }).lock,
    events: withStorageErrors({ ...eventPublisher(connection), ...eventLedger(connection, eventWatcher) }),
    webhookSources: withStorageErrors(webhookSourceRepository(connection, vault)),
    watches: withStorageErrors(datasetWatchRepository(connection)),
    deadlines: withStorageErrors(deadlineRepository(connection)),
    rules: withStorageErrors({ ...ruleRepository(connection), ...ruleLedger(connection) }),
    memories: withStorageErrors(languageResources(connection, 'memory')),
    glossaries: withStorageErrors(languageResources(connection, 'glossary')),
    documents: withStorageErrors(documentRepository(connection)),
    configurations: withStorageErrors(servingConfigurationRepository(db)),
    traffic: withStorageErrors(trafficRepository(connection, trafficWatcher)),
    rollouts: withStorageErrors(rolloutRepository(connection)),
    replicas: withStorageErrors(replicaRegistry(connection, servingWatcher)),
    workers: withStorageErrors(workerRegistry(connection)),
    alertDefinitions: withStorageErrors(alertDefinitionRepository(connection)),
    alerts: withStorageErrors(alertRepository(connection)),
    alertFacts: withStorageErrors(alertFacts(connection)),
    digestFacts: withStorageErrors(digestFacts(connection)),
    channels: withStorageErrors(channelRepository(connection, vault)),
    notifications: withStorageErrors(notificationRepository(connection, notificationWatcher)),
    changes: withStorageErrors(changeFeed({ runs: watcher, others: changeWatcher })),
    overviewFacts: withStorageErrors(overviewFacts(connection)),
    runInsight: withStorageErrors(runInsight(connection)),
    searchIndex: withStorageErrors(searchIndex(connection)),
    state: withStorageErrors(stateFigures(connection)),
    ping: checks.ping,
    close: async () => {
      const watchers = [watcher, eventWatcher, trafficWatcher, servingWatcher, notificationWatcher, changeWatcher];
      await Promise.all([notices.close(), ...watchers.map((one) => one.close())]);
      await db.$disconnect();
    },
  };
}
