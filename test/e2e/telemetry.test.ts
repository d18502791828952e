import { createHmac, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunDetail } from '../../cli/runs.ts';
import { freePort } from '../../workers/embedded/free-port.ts';
import { type CollectedSpan, type Collector, openCollector } from '../support/collector.ts';
import { smallDemo } from '../support/demo.ts';
import { type Installation, type RoleName, startInstallation } from '../support/installation.ts';

const traceId = randomBytes(16).toString('hex');
const roles = ['api', 'control', 'cpu', 'events'] as const;
const ports = new Map<RoleName, number>();
/** Each where secrets come in: none may come out. */
const planted = {
  source: 'planted-source-4711',
  mail: 'planted-mail-4711',
  collector: 'planted-collector-4711',
  session: 'planted-session-4711',
  address: 'planted-address-4711',
  parameter: 'planted-parameter-4711',
  key: `prn_${'planted'.repeat(4)}`,
  secretKey: randomBytes(32).toString('base64'),
};
const secrets: string[] = Object.values(planted);
/** Requests whose lines are among those that are looked through. */
const calls = 5_200;
const metrics = new Map<RoleName, string>();
let broken: RunDetail;
/** Lines of the runs' own logs. */
let stored: object[];
let collector: Collector;
let perennial: Installation;
let run: RunDetail & { readonly traceparent?: string };

/** Sends a webhook as its source would, as part of a trace of its own. */
async function webhook(source: string, secret: string, event: object): Promise<Response> {
  const body = JSON.stringify(event);
  const at = Math.floor(Date.now() / 1000);
  const v1 = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
  return fetch(`${perennial.api.url}/v1/webhooks/${source}`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'perennial-timestamp': `${at}`,
      'perennial-signature': `v1=${v1}`,
      traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
    },
  });
}

/** Asks with secrets in headers and addresses, wrong ones and right ones. */
async function hostileCalls(): Promise<void> {
  const headers = [
    { 'x-api-key': planted.key, cookie: `perennial_session=${planted.session}` },
    { authorization: `Bearer ${perennial.key}`, cookie: `perennial_session=${planted.session}` },
  ];
  const call = async (i: number): Promise<void> => {
    const path = `/v1/runs/none?api_key=${planted.address}&token=${planted.address}`;
    await (await fetch(perennial.api.url + path, { headers: headers[i % 2] ?? {} })).arrayBuffer();
  };
  for (let i = 0; i < calls; i += 50) await Promise.all(Array.from({ length: 50 }, (_, n) => call(n)));
}

async function scrape(role: RoleName): Promise<string> {
  const url = role === 'api' ? perennial.api.url : `http://127.0.0.1:${ports.get(role)}`;
  return (await fetch(`${url}/metrics`)).text();
}

const linesOf = (role: RoleName): string[] =>
  readFileSync(join(perennial.home, `${role}.log`), 'utf8')
    .trim()
    .split('\n');

beforeAll(async () => {
  collector = await openCollector();
  for (const role of roles) ports.set(role, await freePort());
  perennial = await startInstallation({
    roles,
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${planted.collector}`,
      PERENNIAL_LOG_LEVEL: 'debug',
      PERENNIAL_SECRET_KEY: planted.secretKey,
      PERENNIAL_SMTP_URL: `smtp://mailer:${planted.mail}@127.0.0.1:9`,
      PERENNIAL_MAIL_FROM: 'perennial@example.com',
      SOURCE_SHOP_PASSWORD: planted.source,
    },
    envOf: (role) => ({ PERENNIAL_METRICS_PORT: String(ports.get(role)) }),
  });
  const source = await smallDemo(perennial.home);
  const { secret } = await perennial.api.post<{ secret: string }>('/v1/webhook-sources', {
    id: 'shop',
    scheme: 'perennial',
  });
  await perennial.api.post('/v1/rules', {
    id: 'offers-after-sales',
    mode: 'any',
    patterns: [{ name: 'sales', type: 'shop.landed' }],
    actions: {
      onMatch: [
        {
          start: {
            pipeline: 'offers',
            params: { source: 'event.data.folder', train: "'always'", ranker: "'closed-form'", market: "'Germany'" },
          },
        },
      ],
    },
  });
  secrets.push(secret, perennial.key, new URL(perennial.databaseUrl).password);
  // Fails with what stands in its parameters.
  const folder = `/nowhere/password=${planted.parameter}/${planted.source}`;
  broken = await perennial.run('offers', { source: folder });
  const answer = await webhook('shop', secret, { id: 'sales-1', type: 'landed', folder: source });
  expect(answer.status, await answer.text()).toBe(202);
  expect(answer.headers.get('traceparent')).toContain(`00-${traceId}-`);
  const { attributes } = await collector.next((span) => span.traceId === traceId && span.name === 'RunWorkflow:dagRun');
  run = await perennial.api.get(`/v1/runs/${String(attributes['perennial.run.id'])}`);
  await hostileCalls();
  for (const role of roles) metrics.set(role, await scrape(role));
  stored = await Promise.all([run, broken].map(({ id }) => perennial.api.get<object>(`/v1/runs/${id}/logs`)));
  // Spans of a process are sent every 2 s, and when it ends.
  await Promise.all(roles.map((role) => perennial.kill(role, 'SIGTERM')));
}, 180_000);
afterAll(async () => {
  await perennial.close();
  await collector.close();
});

describe('one trace', () => {
  let spans: ReadonlyMap<string, CollectedSpan>;
  beforeAll(() => {
    spans = new Map(collector.spans().flatMap((span) => (span.traceId === traceId ? [[span.spanId, span]] : [])));
  });
  const ofTrace = (): CollectedSpan[] => [...spans.values()];
  /** The names of the spans from one up to the first of the trace. */
  const lineOf = (span: CollectedSpan): string[] => {
    const parent = spans.get(span.parentSpanId);
    return [span.name, ...(parent ? lineOf(parent) : [])];
  };
  const above = ['RunWorkflow:dagRun', 'evaluate rule', 'process perennial-events', 'POST /v1/webhooks/:id'];
  const stepsOf = (step: string) => ofTrace().filter(({ name }) => name === `step ${step}`);

  it('leads from the webhook by the rule to the workflow, its activities and their SQL', () => {
    expect(run.status, JSON.stringify(run.error)).toBe('succeeded');
    const [http] = ofTrace().filter(({ name }) => name === 'POST /v1/webhooks/:id');
    expect(http?.parentSpanId).toBe('00f067aa0ba902b7');
    expect(http?.attributes).toMatchObject({ 'http.route': '/v1/webhooks/:id', 'http.response.status_code': 202 });
    const sql = ofTrace().filter(
      ({ attributes }) => attributes['db.system.name'] === 'postgresql' || 'db.system' in attributes,
    );
    const lines = sql.map(lineOf);
    expect(lines).toContainEqual([expect.any(String), 'RunActivity:runStep', ...above]);
    expect(lines).toContainEqual([expect.any(String), 'RunActivity:recordChanges', ...above]);
    expect(lines).toContainEqual([expect.any(String), 'evaluate rule', ...above.slice(2)]);
    expect(run.traceparent).toContain(traceId);
  });

  it('holds training in a process of its own, and the statements of DuckDB', () => {
    const [training] = stepsOf('train');
    expect(training && lineOf(training)).toEqual(['step train', 'RunActivity:runStep', ...above]);
    expect(training?.service).toBe('perennial-step');
    expect(training?.attributes).toMatchObject({
      'perennial.run.id': run.id,
      'perennial.pipeline': 'offers',
      'perennial.step': 'train',
    });
    const duckdb = ofTrace().filter(({ attributes }) => attributes['db.system.name'] === 'duckdb');
    expect(duckdb.map(lineOf)).toContainEqual(['duckdb.query', 'step preprocess', 'RunActivity:runStep', ...above]);
    // Texts of statements hold no values.
    expect(duckdb.filter(({ attributes }) => String(attributes['db.query.text']).includes("'"))).toEqual([]);
  });

  it('is of every step that ran, once an attempt', () => {
    const ran = run.steps.filter(({ attempts, mapKey }) => attempts.length > 0 && mapKey === '').map((s) => s.stepId);
    for (const step of ran) expect(stepsOf(step).length, step).toBeGreaterThan(0);
  });
});

describe('a line of a log', () => {
  it('has the ids of trace, run and step', () => {
    const lines = linesOf('cpu').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.find((line) => line['step'] === 'train')).toMatchObject({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      level: 'debug',
      role: 'cpu',
      run_id: run.id,
      pipeline: 'offers',
      attempt: 1,
      trace_id: traceId,
      span_id: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
  });
});

describe('no secret', () => {
  const holding = (texts: readonly string[]): string[] =>
    texts.filter((text) => secrets.some((secret) => text.includes(secret))).slice(0, 5);

  it('is in the lines of the logs of all processes, nor in those of runs', () => {
    const lines = roles.flatMap(linesOf);
    expect(lines.length).toBeGreaterThan(10_000);
    expect(holding(lines)).toEqual([]);
    expect(stored.length).toBe(2);
    expect(holding(stored.map((page) => JSON.stringify(page)))).toEqual([]);
  });

  it('is in the errors that runs keep, and they still say what is wrong', () => {
    expect(broken.status).toBe('failed');
    expect(broken.error?.message).toContain('/nowhere/password=[redacted]');
    expect(holding([JSON.stringify(broken.error), JSON.stringify(broken.steps)])).toEqual([]);
  });

  it('is in what the collector was sent', () => {
    expect(holding(collector.requests.map(({ body }) => body))).toEqual([]);
  });
});

describe('metrics', () => {
  it.each([
    ['api', 'perennial_http_requests_total{method="POST",route="/v1/webhooks/:id",status="202"} 1'],
    ['api', 'perennial_webhooks_total{source="shop",outcome="stored"} 1'],
    ['api', 'perennial_workers_alive{role="cpu"} 1'],
    ['api', 'perennial_task_queue_pollers{queue="perennial-cpu",kind="activity"} '],
    ['api', 'perennial_queue_jobs{queue="events",state="waiting"} 0'],
    ['api', 'perennial_events_pending 0'],
    ['api', 'perennial_model_alias_version{alias="champion",model="offers-next-products"} 1'],
    ['events', 'perennial_rule_evaluations_total{rule="offers-after-sales",outcome="fired"} 1'],
    ['events', 'perennial_event_deliveries_total{outcome="processed"} '],
    ['control', 'perennial_runs_finished_total{pipeline="offers",status="succeeded"} 1'],
    ['control', 'temporal_workflow_completed_total{'],
    ['cpu', 'perennial_step_attempts_total{pipeline="offers",step="train",outcome="succeeded"} 1'],
    ['cpu', 'perennial_step_failures_total{pipeline="offers",step="ingest",code='],
    ['cpu', 'perennial_step_duration_seconds_count{pipeline="offers",step="train"} 1'],
    ['cpu', 'temporal_activity_schedule_to_start_latency_seconds_bucket{'],
  ] as const)('of %s hold %s', (role, line) => {
    const found = metrics
      .get(role)
      ?.split('\n')
      .filter((one) => one.startsWith(line.slice(0, line.indexOf('{') + 1 || 30)));
    expect(
      found?.some((one) => one.startsWith(line)),
      found?.join('\n'),
    ).toBe(true);
  });

  it('of Temporal’s SDK are those that dashboards ask for', () => {
    const folder = new URL('../../deploy/grafana/dashboards/', import.meta.url);
    const text = readdirSync(folder)
      .map((file) => readFileSync(new URL(file, folder), 'utf8'))
      .join('');
    const asked = new Set([...text.matchAll(/\btemporal_\w+/g)].map(([name]) => name));
    expect(asked.size).toBeGreaterThan(0);
    const shown = [...metrics.values()].join('\n');
    for (const name of asked) expect(shown.includes(`\n${name}{`), name).toBe(true);
  });
});
