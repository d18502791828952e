import { availableParallelism, homedir } from 'node:os';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig, settingHelp } from '../../config/index.ts';
import { secretValues } from '../../config/secret-values.ts';
import { tracingSettings } from '../../config/tracing.ts';
import { PerennialError } from '../../contracts/errors.ts';

type Env = Readonly<Record<string, string>>;

function faultOf(env: Env): PerennialError {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof PerennialError) return error;
  }
  throw new Error('loadConfig accepted it');
}

describe('loadConfig', () => {
  it('has a default for everything', () =>
    expect(loadConfig({})).toEqual({
      environment: 'dev',
      home: resolve('.perennial'),
      databaseUrl: undefined,
      redisUrl: undefined,
      temporalAddress: undefined,
      temporalNamespace: 'default',
      lake: resolve('.perennial/lake'),
      artifacts: resolve('.perennial/artifacts'),
      host: '127.0.0.1',
      port: 8080,
      logLevel: 'info',
      bodyLimit: 1_048_576,
      rateLimit: 600,
      predictMiB: 256,
      servingPort: 0,
      servingAddress: undefined,
      servingReplicas: 1,
      modelDays: 0,
      modelHistoryDays: 90,
      predictionDays: 90,
      predictionPercent: 100,
      protectedAliases: { champion: 'admin' },
      servingMiB: 1024,
      servingThreads: availableParallelism(),
      translateMaxWaitMs: 2000,
      webhookRateLimit: 60_000,
      secretKey: undefined,
      smtpUrl: undefined,
      mailFrom: undefined,
      cpuConcurrency: 4,
      workerMemoryMiB: 0,
      cacheDays: 30,
      eventDays: 90,
      metricDays: 400,
      documentDays: 30,
      cacheMiB: 10_240,
      databasePool: 10,
      temporalCli: 'temporal',
      redisServer: 'redis-server',
      metricsPort: 0,
      otlpEndpoint: undefined,
      otlpTracesEndpoint: undefined,
      otlpHeaders: {},
      tracesSampler: 'parentbased_always_on',
      tracesSamplerArg: 1,
      serviceName: undefined,
      resourceAttributes: {},
      telemetryDisabled: false,
      url: undefined,
      apiKey: undefined,
    }));

  it('takes an empty value for one that is not set', () =>
    expect(loadConfig(Object.fromEntries(settingHelp.map(({ env }) => [env, ''])))).toEqual(loadConfig({})));

  it('reads what is set and leaves other names alone', () => {
    const env = { PERENNIAL_ENV: 'prod', PERENNIAL_PORT: '0', TEMPORAL_ADDRESS: 'temporal:7233', PATH: '/bin' };
    expect(loadConfig(env)).toMatchObject({ environment: 'prod', port: 0, temporalAddress: 'temporal:7233' });
  });

  it('puts lake and artifacts under the home unless they are set', () => {
    expect(loadConfig({ PERENNIAL_HOME: '/srv/p', PERENNIAL_LAKE: '~/lake' })).toMatchObject({
      home: '/srv/p',
      lake: `${homedir()}/lake`,
      artifacts: '/srv/p/artifacts',
    });
  });
});

describe('protected aliases', () => {
  it('are the champion, or those that are named with the role that may move them', () => {
    expect(loadConfig({}).protectedAliases).toEqual({ champion: 'admin' });
    const given = { PERENNIAL_PROTECTED_ALIASES: 'champion=admin, shadow=operator' };
    expect(loadConfig(given).protectedAliases).toEqual({ champion: 'admin', shadow: 'operator' });
  });
});

describe('faults', () => {
  it('are reported all at once, with value and remedy', () => {
    const error = faultOf({ PERENNIAL_ENV: 'test', PERENNIAL_PORT: '65536', PERENNIAL_RATE_LIMIT: '0' });
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.message.split('\n')).toEqual([
      'The environment has 3 fault(s):',
      '  PERENNIAL_ENV=test: must be one of dev, qa, prod',
      '  PERENNIAL_PORT=65536: must be a whole number from 0 to 65535',
      '  PERENNIAL_RATE_LIMIT=0: must be a whole number from 1 to 1000000',
    ]);
    expect(error.fields?.map((f) => f.field)).toEqual(['PERENNIAL_ENV', 'PERENNIAL_PORT', 'PERENNIAL_RATE_LIMIT']);
    expect(error.remedy).toContain('perennial doctor');
  });

  it.each([
    ['PERENNIAL_PORT', '80.5', /whole number/],
    ['PERENNIAL_PORT', 'http', /whole number/],
    ['PERENNIAL_PORT', '-1', /whole number/],
    ['PERENNIAL_LOG_LEVEL', 'INFO', /one of debug, info, warn, error/],
    ['DATABASE_URL', 'mysql://db/x', /postgres:\/\/ or postgresql:\/\//],
    ['REDIS_URL', 'localhost:6379', /redis:\/\//],
    ['PERENNIAL_URL', 'localhost', /http:\/\/ or https:\/\//],
    ['PERENNIAL_PROTECTED_ALIASES', 'champion', /alias=role.*viewer, operator, admin/],
    ['PERENNIAL_PROTECTED_ALIASES', 'champion=root', /alias=role/],
    ['TEMPORAL_ADDRESS', 'temporal', /host:port/],
    ['PERENNIAL_METRICS_PORT', '99999', /whole number/],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', /http:\/\/ or https:\/\//],
    ['OTEL_TRACES_SAMPLER', 'some', /one of always_on/],
    ['OTEL_TRACES_SAMPLER_ARG', '2', /from 0 to 1/],
    ['OTEL_RESOURCE_ATTRIBUTES', 'a', /name=value/],
    ['OTEL_SDK_DISABLED', '1', /true or false/],
    ['TEMPORAL_ADDRESS', 'http://temporal:7233', /host:port/],
    ['TEMPORAL_ADDRESS', 'temporal:99999', /host:port/],
  ])('%s=%s', (name, value, message) => expect(faultOf({ [name]: value }).message).toMatch(message));

  it('refuse names of ours that are not known', () => {
    const error = faultOf({ PERENNIAL_PROT: '8080', PERENNIAL_PORT: 'x' });
    expect(error.fields).toHaveLength(2);
    expect(error.message).toContain('  PERENNIAL_PROT: is not a setting of Perennial');
  });

  it('do not show secrets', () => {
    const error = faultOf({
      DATABASE_URL: 'mysql://perennial:hunter2@db/x',
      REDIS_URL: 'hunter2',
      PERENNIAL_URL: 'ftp://hunter2@api',
      // Misspelt, so that its value may be a secret too.
      PERENNIAL_APIKEY: 'hunter2',
    });
    expect(error.fields).toHaveLength(4);
    expect(`${error.stack} ${JSON.stringify(error.toInfo())}`).not.toContain('hunter2');
    expect(error.message).toContain('DATABASE_URL=(hidden)');
  });
});

describe('tracingSettings', () => {
  it('sends traces below the common endpoint, or to their own, or nowhere', () => {
    const endpointOf = (env: Record<string, string>) => tracingSettings(loadConfig(env)).endpoint;
    const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://collector:4318/base/';
    const OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = 'https://traces/in';
    expect(endpointOf({})).toBeUndefined();
    expect(endpointOf({ OTEL_EXPORTER_OTLP_ENDPOINT })).toBe('http://collector:4318/base/v1/traces');
    expect(endpointOf({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT })).toBe('https://traces/in');
    expect(endpointOf({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SDK_DISABLED: 'true' })).toBeUndefined();
  });
});

describe('secretValues', () => {
  it('finds passwords in addresses, keys, and headers of a collector', () =>
    expect(
      secretValues({
        DATABASE_URL: 'postgresql://perennial:p%40ss-1@db/x',
        REDIS_URL: 'redis://redis:redis@r:6379',
        PERENNIAL_SECRET_KEY: 'key-of-32-bytes',
        SOURCE_SHOP: 'of-the-shop',
        OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc',
        PATH: '/usr/bin',
      }).sort(),
    ).toEqual(['Bearer abc', 'key-of-32-bytes', 'of-the-shop', 'p%40ss-1', 'p@ss-1']));
  it('takes a password as it stands whose percent encoding is not valid, of whatever program it is', () =>
    expect(secretValues({ SHOP_URL: 'https://shop:10%off@shop' })).toEqual(['10%off']));
});

describe('settingHelp', () => {
  it('lists every setting once, with a word on it', () => {
    expect(settingHelp).toHaveLength(Object.keys(loadConfig({})).length);
    expect(new Set(settingHelp.map((s) => s.env)).size).toBe(settingHelp.length);
    expect(settingHelp.filter((s) => s.help === '')).toEqual([]);
  });
});
