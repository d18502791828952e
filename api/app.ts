import { Registry } from 'prom-client';
import type { App } from './app-type.ts';
import { baseApp } from './base-app.ts';
import type { AppDependencies } from './dependencies.ts';
import { compression } from './plugins/compression.ts';
import { dashboard } from './plugins/dashboard.ts';
import { documentation } from './plugins/documentation.ts';
import { rememberKeys } from './plugins/known-keys.ts';
import { site } from './plugins/site.ts';
import { alertDefinitionRoutes } from './routes/alerts/definitions.ts';
import { alertRoutes } from './routes/alerts/index.ts';
import { silenceRoutes } from './routes/alerts/silences.ts';
import { auditRoutes } from './routes/audit/index.ts';
import { backfillRoutes } from './routes/backfills/index.ts';
import { cacheRoutes } from './routes/cache/index.ts';
import { changeRoutes } from './routes/changes/index.ts';
import { channelRoutes } from './routes/channels/index.ts';
import { deadlineRoutes } from './routes/deadlines/index.ts';
import { decisionRoutes } from './routes/decisions/index.ts';
import { documentRoutes } from './routes/documents/index.ts';
import { eventRoutes } from './routes/events/index.ts';
import { feedbackFileRoutes } from './routes/feedback/file.ts';
import { feedbackRoutes } from './routes/feedback/index.ts';
import { feedbackQualityRoutes } from './routes/feedback/quality.ts';
import { glossaryRoutes } from './routes/glossaries/index.ts';
import { healthRoutes } from './routes/health/index.ts';
import { keyRoutes } from './routes/keys/index.ts';
import { limitRoutes } from './routes/limits/index.ts';
import { memoryRoutes } from './routes/memories/index.ts';
import { metricRoutes } from './routes/metrics/index.ts';
import { modelAliasRoutes } from './routes/models/aliases.ts';
import { modelCardRoutes } from './routes/models/card.ts';
import { modelConfigurationRoutes } from './routes/models/configurations.ts';
import { modelFileRoutes } from './routes/models/files.ts';
import { modelRoutes } from './routes/models/index.ts';
import { modelVersionRoutes } from './routes/models/versions.ts';
import { notificationRoutes } from './routes/notifications/index.ts';
import { chosenOfferRoutes } from './routes/offers/chosen.ts';
import { gapRoutes } from './routes/offers/gaps.ts';
import { offerRoutes } from './routes/offers/index.ts';
import { marketListRoutes } from './routes/offers/list.ts';
import { outcomeRoutes } from './routes/offers/outcomes.ts';
import { purchaseRoutes } from './routes/offers/purchases.ts';
import { overviewRoutes } from './routes/overview/index.ts';
import { pipelineRoutes } from './routes/pipelines/index.ts';
import { policyRoutes } from './routes/policies/index.ts';
import { predictRoutes } from './routes/predict/index.ts';
import { queueRoutes } from './routes/queues/index.ts';
import { rolloutRoutes } from './routes/rollouts/index.ts';
import { ruleHistoryRoutes } from './routes/rules/history.ts';
import { ruleRoutes } from './routes/rules/index.ts';
import { bulkRoutes } from './routes/runs/bulk.ts';
import { runControlRoutes } from './routes/runs/control.ts';
import { runRoutes } from './routes/runs/index.ts';
import { runInsightRoutes } from './routes/runs/insight.ts';
import { runLogRoutes } from './routes/runs/logs.ts';
import { reportRoutes } from './routes/runs/report.ts';
import { scheduleRoutes } from './routes/schedules/index.ts';
import { searchRoutes } from './routes/search/index.ts';
import { servingRoutes } from './routes/serving/index.ts';
import { sessionRoutes } from './routes/session/index.ts';
import { deeplRoutes } from './routes/translate/deepl.ts';
import { deeplDocumentRoutes } from './routes/translate/deepl-documents.ts';
import { deeplGlossaryRoutes } from './routes/translate/deepl-glossaries.ts';
import { translateRoutes } from './routes/translate/index.ts';
import { libreRoutes } from './routes/translate/libre.ts';
import { watchRoutes } from './routes/watches/index.ts';
import { webhookDoor } from './routes/webhooks/receive.ts';
import { webhookSourceRoutes } from './routes/webhooks/sources.ts';
import { workerRoutes } from './routes/workers/index.ts';

/** The API over its dependencies; the caller listens or injects. */
export async function buildApp(given: AppDependencies): Promise<App> {
  const { metrics = new Registry() } = given;
  const deps = { ...given, metrics, keys: rememberKeys(given.keys, given.clock) };
  const app = await baseApp(deps);
  await compression(app);
  await documentation(app);
  await site(app, deps.site);
  for (const routes of [
    healthRoutes,
    overviewRoutes,
    searchRoutes,
    pipelineRoutes,
    runRoutes,
    runLogRoutes,
    runInsightRoutes,
    reportRoutes,
    runControlRoutes,
    bulkRoutes,
    limitRoutes,
    cacheRoutes,
    metricRoutes,
    offerRoutes,
    chosenOfferRoutes,
    marketListRoutes,
    gapRoutes,
    outcomeRoutes,
    purchaseRoutes,
    modelRoutes,
    rolloutRoutes,
    servingRoutes,
    predictRoutes,
    modelAliasRoutes,
    modelConfigurationRoutes,
    modelVersionRoutes,
    modelFileRoutes,
    modelCardRoutes,
    decisionRoutes,
    policyRoutes,
    keyRoutes,
    sessionRoutes,
    auditRoutes,
    scheduleRoutes,
    backfillRoutes,
    eventRoutes,
    watchRoutes,
    deadlineRoutes,
    webhookDoor,
    webhookSourceRoutes,
    ruleRoutes,
    ruleHistoryRoutes,
    alertRoutes,
    alertDefinitionRoutes,
    silenceRoutes,
    channelRoutes,
    notificationRoutes,
    workerRoutes,
    queueRoutes,
    changeRoutes,
    memoryRoutes,
    glossaryRoutes,
    feedbackRoutes,
    feedbackFileRoutes,
    feedbackQualityRoutes,
    translateRoutes,
    documentRoutes,
    deeplRoutes,
    deeplDocumentRoutes,
    deeplGlossaryRoutes,
    libreRoutes,
  ])
    routes(app, deps);
  await dashboard(app, deps.dashboard);
  await app.ready();
  return app;
}
