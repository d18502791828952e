import { availableParallelism } from 'node:os';
import { type FieldFault, PerennialError } from '../contracts/errors.ts';
import type { Role } from '../contracts/keys.ts';
import { sourceSecretPattern } from '../contracts/source-access.ts';
import { traceSamplers } from '../contracts/tracing.ts';
import {
  address,
  Fault,
  flag,
  integer,
  mailAddress,
  number,
  oneOf,
  pairs,
  path,
  protection,
  secretKey,
  text,
  url,
} from './parse.ts';

/** Everything that differs between environments. Built once per process by {@link loadConfig}. */
export interface Config {
  readonly environment: 'dev' | 'qa' | 'prod';
  /** Folder of the embedded servers' data, tools, logs and default stores. */
  readonly home: string;
  /** Unset: embedded mode brings its own. */
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  readonly temporalAddress: string | undefined;
  readonly temporalNamespace: string;
  /** Folder of the lake. */
  readonly lake: string;
  /** Folder of the artifact store. */
  readonly artifacts: string;
  readonly host: string;
  readonly port: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** Largest request body, bytes. */
  readonly bodyLimit: number;
  /** Requests a minute per key (per address without one). */
  readonly rateLimit: number;
  /** MiB that translation models and memories may take in a process that serves them. */
  readonly servingMiB: number;
  /** MiB that models of other inference graphs may take in a process that serves them. */
  readonly predictMiB: number;
  /** Threads that compute translations. */
  readonly servingThreads: number;
  /** Port of a serving process; 0: any that is free. */
  readonly servingPort: number;
  /** Where other processes reach a serving process; default: its host and port. */
  readonly servingAddress: string | undefined;
  /** Serving processes of embedded mode. */
  readonly servingReplicas: number;
  /** Longest that a request for a translation may be expected to wait before it is computed, milliseconds. */
  readonly translateMaxWaitMs: number;
  /** Steps a cpu worker runs at a time. */
  readonly cpuConcurrency: number;
  /** Memory that the steps of a worker may state together, MiB; 0: nobody looks. */
  readonly workerMemoryMiB: number;
  /** Days a cached step output is kept without being used. */
  readonly cacheDays: number;
  readonly eventDays: number;
  /** Days for which figures over time are kept, by whole months. */
  readonly metricDays: number;
  /** Days for which what translation answers is logged, in full; 0: nothing is logged. */
  readonly predictionDays: number;
  /** Percent of the requests for translations whose answers are logged. */
  readonly predictionPercent: number;
  /** Days that files of documents are kept after the translation; 0: until they are deleted. */
  readonly documentDays: number;
  /** Days after which versions of models that nothing refers to are removed; 0: they are kept. */
  readonly modelDays: number;
  /** Days for which versions that served, or that runs used, are kept in any case. */
  readonly modelHistoryDays: number;
  /** Aliases of models that not everybody may move by hand, and the least role that may. */
  readonly protectedAliases: Readonly<Record<string, Role>>;
  /** MiB that cached outputs and their artifacts may take. */
  readonly cacheMiB: number;
  /** Webhooks a minute per address. */
  readonly webhookRateLimit: number;
  /** Encrypts the secrets of webhooks and channels in the database; 32 bytes. Embedded mode makes one. */
  readonly secretKey: Buffer | undefined;
  /** Mail server that alerts and digests go through. Unset: no mail is sent. */
  readonly smtpUrl: string | undefined;
  /** Sender of mail. */
  readonly mailFrom: string | undefined;
  /** S3-compatible store other than Amazon's. Credentials are those of the AWS environment. */
  readonly s3Endpoint: string | undefined;
  readonly s3Region: string | undefined;
  /** Connections of one process to PostgreSQL. */
  readonly databasePool: number;
  /** Programs that embedded mode runs; looked up on the PATH when they have no folder. */
  readonly temporalCli: string;
  readonly redisServer: string;
  /** Port of the metrics of a process that is no API and serves nothing; 0: none. */
  readonly metricsPort: number;
  /** Where spans go: of all signals, or of traces alone, which wins. Unset: none are made. */
  readonly otlpEndpoint: string | undefined;
  readonly otlpTracesEndpoint: string | undefined;
  readonly otlpHeaders: Readonly<Record<string, string>>;
  readonly tracesSampler: (typeof traceSamplers)[number];
  readonly tracesSamplerArg: number;
  readonly serviceName: string | undefined;
  readonly resourceAttributes: Readonly<Record<string, string>>;
  readonly telemetryDisabled: boolean;
  /** For the command: where the API is and the key to use. */
  readonly url: string | undefined;
  readonly apiKey: string | undefined;
}

interface Setting<T> {
  readonly env: string;
  readonly help: string;
  readonly parse: (text: string | undefined) => T;
}

function settings(home: string) {
  return {
    environment: { env: 'PERENNIAL_ENV', help: 'dev, qa or prod', parse: oneOf(['dev', 'qa', 'prod'], 'dev') },
    home: { env: 'PERENNIAL_HOME', help: 'folder of embedded data, tools and logs', parse: path('.perennial') },
    databaseUrl: { env: 'DATABASE_URL', help: 'PostgreSQL', parse: url(['postgres:', 'postgresql:']) },
    redisUrl: { env: 'REDIS_URL', help: 'Redis', parse: url(['redis:', 'rediss:']) },
    temporalAddress: { env: 'TEMPORAL_ADDRESS', help: 'Temporal frontend, host:port', parse: address },
    temporalNamespace: { env: 'TEMPORAL_NAMESPACE', help: 'Temporal namespace', parse: (v) => v || 'default' },
    lake: { env: 'PERENNIAL_LAKE', help: 'folder of the lake', parse: path(`${home}/lake`) },
    artifacts: { env: 'PERENNIAL_ARTIFACTS', help: 'folder of the artifacts', parse: path(`${home}/artifacts`) },
    host: {
      env: 'PERENNIAL_HOST',
      help: 'address the API and serving processes listen on',
      parse: (v) => v || '127.0.0.1',
    },
    port: { env: 'PERENNIAL_PORT', help: 'port the API listens on', parse: integer(8080, 0, 65535) },
    logLevel: {
      env: 'PERENNIAL_LOG_LEVEL',
      help: 'debug, info, warn or error',
      parse: oneOf(['debug', 'info', 'warn', 'error'], 'info'),
    },
    bodyLimit: { env: 'PERENNIAL_BODY_LIMIT', help: 'bytes', parse: integer(1_048_576, 1024, 1_073_741_824) },
    rateLimit: { env: 'PERENNIAL_RATE_LIMIT', help: 'requests a minute', parse: integer(600, 1, 1_000_000) },
    webhookRateLimit: {
      env: 'PERENNIAL_WEBHOOK_RATE_LIMIT',
      help: 'webhooks a minute from one address',
      parse: integer(60_000, 1, 100_000_000),
    },
    secretKey: {
      env: 'PERENNIAL_SECRET_KEY',
      help: 'encrypts the secrets of webhooks and channels, signs links: 32 bytes as base64 or hexadecimal; embedded mode makes one',
      parse: secretKey,
    },
    smtpUrl: {
      env: 'PERENNIAL_SMTP_URL',
      help: 'mail server of alerts and digests: smtp://user:password@host:587, or smtps://…:465; unset: no mail',
      parse: url(['smtp:', 'smtps:']),
    },
    mailFrom: {
      env: 'PERENNIAL_MAIL_FROM',
      help: 'sender of mail, such as Perennial <perennial@example.com>; needed with PERENNIAL_SMTP_URL',
      parse: mailAddress,
    },
    servingMiB: {
      env: 'PERENNIAL_SERVING_MIB',
      help: 'MiB of translation models and memories held for serving (1024)',
      parse: integer(1024, 16, 1_048_576),
    },
    predictMiB: {
      env: 'PERENNIAL_PREDICT_MIB',
      help: 'MiB of models of other inference graphs held for serving (256)',
      parse: integer(256, 1, 1_048_576),
    },
    servingThreads: {
      env: 'PERENNIAL_SERVING_THREADS',
      help: 'threads that compute translations; default as many as processors',
      parse: integer(availableParallelism(), 1, 256),
    },
    servingPort: {
      env: 'PERENNIAL_SERVING_PORT',
      help: 'port a serving process listens on (0: any that is free)',
      parse: integer(0, 0, 65535),
    },
    servingAddress: {
      env: 'PERENNIAL_SERVING_ADDRESS',
      help: 'URL by which the API reaches a serving process, where its own host and port are not it',
      parse: url(['http:', 'https:']),
    },
    servingReplicas: {
      env: 'PERENNIAL_SERVING_REPLICAS',
      help: 'serving processes that embedded mode starts (1); they share the threads',
      parse: integer(1, 0, 64),
    },
    translateMaxWaitMs: {
      env: 'PERENNIAL_TRANSLATE_MAX_WAIT_MS',
      help: 'milliseconds that a translation may be expected to wait before it is computed; beyond, 429 (2000)',
      parse: integer(2000, 1, 600_000),
    },
    cpuConcurrency: { env: 'PERENNIAL_CPU_CONCURRENCY', help: 'steps at a time', parse: integer(4, 1, 256) },
    workerMemoryMiB: {
      env: 'PERENNIAL_WORKER_MEMORY_MIB',
      help: 'memory (MiB) that the steps a worker runs at a time may need together, by their `memoryMiB`; what does not fit waits (0: nobody looks)',
      parse: integer(0, 0, 16_777_216),
    },
    cacheDays: { env: 'PERENNIAL_CACHE_DAYS', help: 'days', parse: integer(30, 0, 3650) },
    eventDays: {
      env: 'PERENNIAL_EVENT_DAYS',
      help: 'days for which events, dead letters, evaluations of rules, alerts that are over and messages are kept',
      parse: integer(90, 1, 3650),
    },
    metricDays: {
      env: 'PERENNIAL_METRIC_DAYS',
      help: 'days for which figures over time (drift, quality, estimates) are kept, by whole months (400): a year ago can still be seen',
      parse: integer(400, 31, 36_500),
    },
    predictionDays: {
      env: 'PERENNIAL_PREDICTION_DAYS',
      help: 'days for which translated texts and their answers are logged, so that corrections find what they correct (90); 0: nothing is logged',
      parse: integer(90, 0, 3650),
    },
    predictionPercent: {
      env: 'PERENNIAL_PREDICTION_PERCENT',
      help: 'percent of the requests for translations that are logged (100)',
      parse: integer(100, 0, 100),
    },
    documentDays: {
      env: 'PERENNIAL_DOCUMENT_DAYS',
      help: 'days for which documents and their translations are kept after they were translated (30); 0: until they are deleted',
      parse: integer(30, 0, 3650),
    },
    modelDays: {
      env: 'PERENNIAL_MODEL_DAYS',
      help: 'days after which versions of models that nothing refers to are removed; 0 (default): never',
      parse: integer(0, 0, 36_500),
    },
    modelHistoryDays: {
      env: 'PERENNIAL_MODEL_HISTORY_DAYS',
      help: 'days for which versions that served under a protected alias, or that runs used, are kept in any case (90)',
      parse: integer(90, 0, 36_500),
    },
    protectedAliases: {
      env: 'PERENNIAL_PROTECTED_ALIASES',
      help: 'aliases of models and the least role that moves them by hand (champion=admin)',
      parse: protection({ champion: 'admin' }),
    },
    cacheMiB: { env: 'PERENNIAL_CACHE_MIB', help: 'MiB of the step cache', parse: integer(10_240, 0, 1_073_741_824) },
    s3Endpoint: {
      env: 'AWS_ENDPOINT_URL_S3',
      help: 'S3-compatible store other than Amazon’s; credentials are those of the AWS environment',
      parse: url(['http:', 'https:']),
    },
    s3Region: { env: 'AWS_REGION', help: 'region of the object store', parse: text() },
    databasePool: { env: 'PERENNIAL_DATABASE_POOL', help: 'connections', parse: integer(10, 2, 200) },
    temporalCli: { env: 'TEMPORAL_CLI', help: 'Temporal CLI of embedded mode', parse: (v) => v || 'temporal' },
    redisServer: { env: 'REDIS_SERVER', help: 'Redis server of embedded mode', parse: (v) => v || 'redis-server' },
    metricsPort: {
      env: 'PERENNIAL_METRICS_PORT',
      help: 'port of /metrics of control, cpu, gpu and events workers; the API and serving processes have it on their own (0: none)',
      parse: integer(0, 0, 65535),
    },
    otlpEndpoint: {
      env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
      help: 'collector that takes OTLP over HTTP, such as http://collector:4318; unset: no traces are made',
      parse: url(['http:', 'https:']),
    },
    otlpTracesEndpoint: {
      env: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
      help: 'the same for traces alone, with its path',
      parse: url(['http:', 'https:']),
    },
    otlpHeaders: {
      env: 'OTEL_EXPORTER_OTLP_HEADERS',
      help: 'headers for the collector: name=value, joined by commas',
      parse: pairs,
    },
    tracesSampler: {
      env: 'OTEL_TRACES_SAMPLER',
      help: `which traces are kept: ${traceSamplers.join(', ')} (parentbased_always_on)`,
      parse: oneOf(traceSamplers, 'parentbased_always_on'),
    },
    tracesSamplerArg: {
      env: 'OTEL_TRACES_SAMPLER_ARG',
      help: 'share of the traces that traceidratio keeps, 0 to 1 (1)',
      parse: number(1, 0, 1),
    },
    serviceName: {
      env: 'OTEL_SERVICE_NAME',
      help: 'name of the service in traces; default perennial- and the role',
      parse: text(),
    },
    resourceAttributes: {
      env: 'OTEL_RESOURCE_ATTRIBUTES',
      help: 'more attributes of the service in traces: name=value, joined by commas',
      parse: pairs,
    },
    telemetryDisabled: { env: 'OTEL_SDK_DISABLED', help: 'true: no traces, whatever else is set', parse: flag },
    url: { env: 'PERENNIAL_URL', help: 'where the API is', parse: url(['http:', 'https:']) },
    apiKey: { env: 'PERENNIAL_API_KEY', help: 'key the command uses', parse: text() },
  } satisfies { readonly [K in keyof Config]: Setting<Config[K]> };
}

/** The environment names Perennial reads, with a word on each; `PERENNIAL_*` names outside this list are refused. */
export const settingHelp: readonly { env: string; help: string }[] = Object.values(settings('.perennial')).map(
  ({ env, help }) => ({ env, help }),
);

/**
 * Reads the configuration. Throws CONFIG_INVALID with every fault in `fields`; unknown `PERENNIAL_*` names are faults,
 * since a misspelt name would otherwise be ignored in silence.
 *
 * @param env default: the process's environment.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const home = path('.perennial')(env['PERENNIAL_HOME']);
  const faults: FieldFault[] = [];
  const values: Record<string, unknown> = {};
  const known = settings(home);
  for (const [key, setting] of Object.entries(known)) {
    const value = env[setting.env];
    try {
      values[key] = setting.parse(value);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const shown = /URL|KEY|HEADERS/.test(setting.env) ? '(hidden)' : value;
      faults.push({ field: setting.env, value: shown, message: error.message });
    }
  }
  const names = new Set(Object.values(known).map((s) => s.env));
  for (const name of Object.keys(env)) {
    if (name.startsWith('PERENNIAL_') && !names.has(name)) {
      faults.push({ field: name, message: 'is not a setting of Perennial' });
    }
  }
  if (faults.length > 0) {
    const list = faults.map((f) => `  ${f.field}${f.value === undefined ? '' : `=${String(f.value)}`}: ${f.message}`);
    throw new PerennialError('CONFIG_INVALID', `The environment has ${faults.length} fault(s):\n${list.join('\n')}`, {
      fields: faults,
      remedy: 'Correct or unset these variables; `perennial doctor` lists all settings.',
    });
  }
  return values as unknown as Config;
}

/** The environment for a process of ours: this one's, with `settings` on top. */
export function environmentWith(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...settings };
}

/** The value of a variable that a mapping of sales names; any other than `SOURCE_…` is as if it were not set. */
export function sourceSecret(name: string): string | undefined {
  return new RegExp(sourceSecretPattern).test(name) ? process.env[name] : undefined;
}
