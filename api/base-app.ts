import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyBaseLogger, type FastifyRequest } from 'fastify';
import { log } from '../telemetry/log.ts';
import type { App } from './app-type.ts';
import type { AppDependencies } from './dependencies.ts';
import { auth } from './plugins/auth.ts';
import { type OwnCalls, ownCalls } from './plugins/own-calls.ts';
import { addressProblem, problems } from './plugins/problems.ts';
import { requestIds, traceRequests } from './plugins/tracing.ts';
import { admitTranslations } from './plugins/translation-call.ts';
import { validation } from './plugins/validation.ts';

export type BaseDependencies = Pick<
  AppDependencies,
  'keys' | 'clock' | 'redis' | 'translation' | 'bodyLimit' | 'rateLimit' | 'logLevel'
> &
  /** Absent: this process knows keys only. */
  Partial<Pick<AppDependencies, 'sessions'>>;

/**
 * What the apps of all roles that answer by HTTP have in common: logs, errors, validation, keys, rate limits.
 *
 * @param own by which calls of our own processes are known; absent: there are none.
 */
export async function baseApp(deps: BaseDependencies, own?: OwnCalls): Promise<App> {
  const app = Fastify({
    bodyLimit: deps.bodyLimit,
    ...requestIds,
    routerOptions: { maxParamLength: 1000 },
    frameworkErrors: addressProblem,
    ...(deps.logLevel === 'silent' ? { logger: false } : { loggerInstance: requestLog(deps.logLevel) }),
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(validation);
  problems(app);
  traceRequests(app);
  admitTranslations(app, deps);
  ownCalls(app, own);
  if (deps.sessions) await app.register(cookie);
  auth(app, deps);
  await app.register(rateLimit, {
    max: deps.rateLimit,
    timeWindow: '1 minute',
    ...(deps.redis ? { redis: deps.redis, skipOnError: true, nameSpace: 'perennial:rate:' } : {}),
    // auth() has run before: by the key's id, since names in Redis are readable and a key has two headers.
    keyGenerator: (request) => request.apiKey?.id ?? request.ip,
    // Whom we call for was counted where it asked.
    allowList: (request) =>
      request.ownCallFor !== null || request.url.startsWith('/health/') || request.url === '/metrics',
  });
  return app;
}

/** The log of the process, with what a line tells of a request: no headers, and no keys in its address. */
function requestLog(level: string): FastifyBaseLogger {
  return log().child(
    {},
    {
      level,
      serializers: {
        req: ({ method, url, host, ip }: FastifyRequest) => ({
          method,
          // LibreTranslate's clients may send the key in the address.
          url: url.replace(/([?&]api_key=)[^&]*/g, '$1…'),
          host,
          remoteAddress: ip,
        }),
      },
    },
  );
}
