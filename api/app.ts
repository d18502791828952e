import { randomUUID } from 'node:crypto';
import rateLimit from '@fastify/rate-limit';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyRequest } from 'fastify';
import type { App } from './app-type.ts';
import type { AppDependencies } from './dependencies.ts';
import { auth } from './plugins/auth.ts';
import { documentation } from './plugins/documentation.ts';
import { rememberKeys } from './plugins/known-keys.ts';
import { logStream } from './plugins/log-stream.ts';
import { addressProblem, problems } from './plugins/problems.ts';
import { admitTranslations } from './plugins/translation-call.ts';
import { validation } from './plugins/validation.ts';
import { backfillRoutes } from './routes/backfills/index.ts';
import { cacheRoutes } from './routes/cache/index.ts';
import { deadlineRoutes } from './routes/deadlines/index.ts';
import { decisionRoutes } from './routes/decisions/index.ts';
import { documentRoutes } from './routes/documents/index.ts';
import { eventRoutes } from './routes/events/index.ts';
import { feedbackRoutes } from './routes/feedback/index.ts';
import { glossaryRoutes } from './routes/glossaries/index.ts';
import { healthRoutes } from './routes/health/index.ts';
import { keyRoutes } from './routes/keys/index.ts';
import { limitRoutes } from './routes/limits/index.ts';
import { memoryRoutes } from './routes/memories/index.ts';
import { modelRoutes } from './routes/models/index.ts';
import { chosenOfferRoutes } from './routes/offers/chosen.ts';
import { gapRoutes } from './routes/offers/gaps.ts';
import { offerRoutes } from './routes/offers/index.ts';
import { marketListRoutes } from './routes/offers/list.ts';
import { pipelineRoutes } from './routes/pipelines/index.ts';
import { policyRoutes } from './routes/policies/index.ts';
import { ruleHistoryRoutes } from './routes/rules/history.ts';
import { ruleRoutes } from './routes/rules/index.ts';
import { bulkRoutes } from './routes/runs/bulk.ts';
import { runControlRoutes } from './routes/runs/control.ts';
import { runRoutes } from './routes/runs/index.ts';
import { reportRoutes } from './routes/runs/report.ts';
import { scheduleRoutes } from './routes/schedules/index.ts';
import { deeplRoutes } from './routes/translate/deepl.ts';
import { deeplDocumentRoutes } from './routes/translate/deepl-documents.ts';
import { deeplGlossaryRoutes } from './routes/translate/deepl-glossaries.ts';
import { translateRoutes } from './routes/translate/index.ts';
import { libreRoutes } from './routes/translate/libre.ts';
import { watchRoutes } from './routes/watches/index.ts';
import { webhookDoor } from './routes/webhooks/receive.ts';
import { webhookSourceRoutes } from './routes/webhooks/sources.ts';

/** The API over its dependencies; the caller listens or injects. */
export async function buildApp(given: AppDependencies): Promise<App> {
  const deps = { ...given, keys: rememberKeys(given.keys, given.clock) };
  const app = Fastify({
    bodyLimit: deps.bodyLimit,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 1000 },
    frameworkErrors: addressProblem,
    logger:
      deps.logLevel === 'silent'
        ? false
        : {
            level: deps.logLevel,
            stream: logStream((lines) => process.stdout.write(lines)),
            redact: ['req.headers.authorization', 'req.headers["x-api-key"]'],
            // LibreTranslate's clients may send the key in the address.
            serializers: {
              req: ({ method, url, host, ip }: FastifyRequest) => ({
                method,
                url: url.replace(/([?&]api_key=)[^&]*/g, '$1…'),
                host,
                remoteAddress: ip,
              }),
            },
          },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(validation);
  problems(app);
  admitTranslations(app, deps);
  auth(app, deps);
  await app.register(rateLimit, {
    max: deps.rateLimit,
    timeWindow: '1 minute',
    ...(deps.redis ? { redis: deps.redis, skipOnError: true, nameSpace: 'perennial:rate:' } : {}),
    // auth() has run before: by the key's id, since names in Redis are readable and a key has two headers.
    keyGenerator: (request) => request.apiKey?.id ?? request.ip,
    allowList: (request) => request.url.startsWith('/health/') || request.url === '/metrics',
  });
  await documentation(app);
  for (const routes of [
    healthRoutes,
    pipelineRoutes,
    runRoutes,
    reportRoutes,
    runControlRoutes,
    bulkRoutes,
    limitRoutes,
    cacheRoutes,
    offerRoutes,
    chosenOfferRoutes,
    marketListRoutes,
    gapRoutes,
    modelRoutes,
    decisionRoutes,
    policyRoutes,
    keyRoutes,
    scheduleRoutes,
    backfillRoutes,
    eventRoutes,
    watchRoutes,
    deadlineRoutes,
    webhookDoor,
    webhookSourceRoutes,
    ruleRoutes,
    ruleHistoryRoutes,
    memoryRoutes,
    glossaryRoutes,
    feedbackRoutes,
    translateRoutes,
    documentRoutes,
    deeplRoutes,
    deeplDocumentRoutes,
    deeplGlossaryRoutes,
    libreRoutes,
  ])
    routes(app, deps);
  await app.ready();
  return app;
}
