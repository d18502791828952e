import pg from 'pg';
import type { MetricPoint } from '../../contracts/metrics.ts';
import { compilePlan } from '../../domain/dag/index.ts';
import { offers } from '../../pipelines/offers/index.ts';
import { translateDocument } from '../../pipelines/translate-document/index.ts';
import { translation } from '../../pipelines/translation/index.ts';
import { openConnection } from '../../storage/postgres/client.ts';
import { metricSeries } from '../../storage/postgres/metric-series.ts';

const dayMs = 86_400_000;
const englishName = new Intl.DisplayNames('en', { type: 'region' });
const countries = [
  ...[
    'GB',
    'DE',
    'FR',
    'IE',
    'ES',
    'BE',
    'CH',
    'PT',
    'AU',
    'NO',
    'IT',
    'FI',
    'CY',
    'SE',
    'AT',
    'DK',
    'JP',
    'PL',
    'IL',
    'US',
  ],
  ...[
    'NL',
    'HK',
    'SG',
    'IS',
    'CA',
    'GR',
    'MT',
    'AE',
    'LB',
    'LT',
    'CZ',
    'BH',
    'BR',
    'SA',
    'ZA',
    'KR',
    'TW',
    'TH',
    'MX',
    'AR',
  ],
  ...['CL', 'TR', 'RO', 'HU', 'SK', 'SI', 'HR', 'BG', 'EE', 'LV'],
].map((code) => englishName.of(code) ?? code);
export const yearDays = 365;
export const yearMarkets = countries.length;
export const yearRuns = 10_000;

/** What was seeded. */
export interface SeededYear {
  readonly from: string;
  readonly to: string;
  readonly markets: readonly string[];
}

/**
 * Writes the runs, figures and lists of a year: 10,000 runs, of which one a day does 50 markets, with the items of their mapped
 * steps; key figures, drift and lists of each market and day. Written by the database itself, for speed.
 *
 * @param url of an empty database.
 */
export async function seedYear({ url, now }: { readonly url: string; readonly now: Date }): Promise<SeededYear> {
  const to = new Date(now.getTime() - dayMs).toISOString().slice(0, 10);
  const from = new Date(Date.parse(to) - (yearDays - 1) * dayMs).toISOString().slice(0, 10);
  const markets = countries;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('set synchronous_commit = off');
    await runs(client, now, markets);
    await figures({ client, url }, from, markets);
    await lists(client, from, markets);
    await client.query('analyze');
    return { from, to, markets };
  } finally {
    await client.end();
  }
}

async function runs(client: pg.Client, now: Date, markets: readonly string[]): Promise<void> {
  const plans = [offers, translation, translateDocument].map((pipeline) => compilePlan(pipeline));
  // One run in 27 or so does a whole day; the others are of a market, of a pair, or of a document.
  await client.query(
    `insert into runs (id, pipeline, status, params, plan, trigger, created_at, started_at, finished_at, error, admitted_at, launched_at, partition, priority)
     select md5('year' || n)::uuid::text, pipeline, status, params, plan, trigger, at, at + wait, at + wait + took,
       case when status = 'failed' then '{"code":"STEP_FAILED","message":"The source did not answer within 30 s."}'::jsonb end,
       at + wait, at, partition, 3
     from (
       select n, at, case when n % 27 = 0 then 'offers' when n % 27 < 20 then 'offers' when n % 27 < 22 then 'translation' else 'translate-document' end as pipeline,
         case when n % 27 = 0 then $3::jsonb when n % 27 < 20 then $3::jsonb when n % 27 < 22 then $4::jsonb else $5::jsonb end as plan,
         case when n % 83 = 7 then 'failed' when n % 301 = 11 then 'cancelled' else 'succeeded' end as status,
         case when n % 27 = 0 then jsonb_build_object('asOf', date, 'market', '') when n % 27 < 20 then jsonb_build_object('asOf', date, 'market', market)
           when n % 27 < 22 then '{"pair":"en-de","hours":2}'::jsonb else jsonb_build_object('document', md5('document' || n)::uuid::text) end as params,
         case when n % 27 = 0 then '{"kind":"schedule","by":"offers-daily"}'::jsonb else '{"kind":"api","by":"ada"}'::jsonb end as trigger,
         case when n % 27 = 0 then date when n % 27 < 20 then date || '/' || market end as partition,
         (n * 7919 % 50) * interval '1 second' as wait, (300 + n * 7919 % 2400) * interval '1 second' as took
       from (
         select n, $1::timestamptz - (${yearRuns} - n) * interval '52 minutes' as at,
           to_char($1::timestamptz - (${yearRuns} - n) * interval '52 minutes' - interval '1 day', 'YYYY-MM-DD') as date,
           ($2::text[])[1 + n * 31 % ${yearMarkets}] as market
         from generate_series(1, ${yearRuns}) n) numbered) made`,
    [now, markets, ...plans.map((plan) => JSON.stringify(plan))],
  );
  await client.query(
    `insert into step_runs (run_id, step_id, map_key, position, status, started_at, finished_at, progress, metrics, output)
     select r.id, step->>'id', '', place - 1, case when r.status = 'failed' and place = 5 then 'failed' else 'succeeded' end,
       r.started_at + (place - 1) * (r.finished_at - r.started_at) / jsonb_array_length(r.plan->'steps'),
       r.started_at + place * (r.finished_at - r.started_at) / jsonb_array_length(r.plan->'steps'),
       '{"done":1000,"total":1000,"unit":"rows"}', '{}', '{"rows":1000}'
     from runs r, jsonb_array_elements(r.plan->'steps') with ordinality as steps(step, place)`,
  );
  await client.query(
    `insert into step_runs (run_id, step_id, map_key, position, status, started_at, finished_at, metrics, output)
     select r.id, step->>'id', market, place - 1, 'succeeded', r.started_at, r.finished_at, '{}', '{"customers":100,"modelVersion":5}'
     from runs r, jsonb_array_elements(r.plan->'steps') with ordinality as steps(step, place), unnest($1::text[]) market
     where r.partition is not null and r.partition not like '%/%' and step ? 'map'`,
    [markets],
  );
  await client.query(
    `insert into events (source, id, type, subject, time, datacontenttype, data, received_at, processed_at, attempts)
     select '/pipelines/' || pipeline, id || '/1', 'run.' || status, id, finished_at, 'application/json',
       jsonb_build_object('runId', id, 'pipeline', pipeline, 'partition', partition, 'status', status), finished_at, finished_at, 1
     from runs`,
  );
}

async function figures(
  { client, url }: { readonly client: pg.Client; readonly url: string },
  from: string,
  markets: readonly string[],
): Promise<void> {
  // Makes the partitions of its months.
  const connection = openConnection(url, 1);
  await metricSeries(connection).save(
    Array.from({ length: yearDays }, (_, n): MetricPoint => {
      const at = new Date(Date.parse(from) + n * dayMs).toISOString();
      const none = { threshold: null, alarm: null, text: null, model: null, modelVersion: null, runId: null };
      return { pipeline: 'offers', market: '', name: 'kpi.customers', subject: '', at, value: 5_000 + n, ...none };
    }),
  );
  await connection.prisma.$disconnect();
  const names = [
    'customers',
    'expected_revenue',
    'offers',
    'offers_margin',
    'realised_hit',
    'realised_revenue_share',
    'share_new',
    'coverage',
  ];
  await client.query(
    `insert into kpis (pipeline, market, date, name, value, run_id)
     select 'offers', market, $1::date + day, name, 100 + 20 * sin(day / 7.0 * 6.28) + length(market), 'year'
     from unnest($2::text[] || '{""}'::text[]) market, unnest($3::text[]) name, generate_series(0, ${yearDays - 1}) day`,
    [from, markets, names],
  );
  await client.query(
    `insert into metric_points (pipeline, name, subject, market, at, value, threshold, alarm, severity, text)
     select 'offers', name, '', market, ($1::date + day)::timestamptz, 0.05, 0.2, day % 41 = 3, case when day % 41 = 3 then 'warning' end, null
     from unnest($2::text[]) market, unnest('{kpi.customers,kpi.expected_revenue,drift.ks,quality.findings}'::text[]) name, generate_series(0, ${yearDays - 1}) day
     on conflict do nothing`,
    [from, markets],
  );
}

/** Customers of each market: enough for a list to be more than a row. */
const customers = 5;

async function lists(client: pg.Client, from: string, markets: readonly string[]): Promise<void> {
  await client.query(
    `insert into offer_predictions (market, customer_id, as_of, run_id, model_version, products)
     select market, (12000 + place * 100 + customer)::text, $1::date + day, 'year', 1 + day / 30, '{"horizonDays":28,"products":[],"newProducts":[]}'
     from unnest($2::text[]) with ordinality as markets(market, place), generate_series(1, ${customers}) customer, generate_series(0, ${yearDays - 1}) day`,
    [from, markets],
  );
  await client.query(
    `insert into chosen_offers (market, as_of, rank, customer_id, product_id, description, discount, holdout, probability,
       probability_without, price, expected_revenue, incremental_margin, spend, reason, run_id, model_version)
     select market, $1::date + day, customer, (12000 + place * 100 + customer)::text, 'P' || customer, 'LUNCH BAG ' || customer, 10, false,
       0.3, 0.2, 5, 12 + customer, 2, 1, 'bought before', 'year', 1 + day / 60
     from unnest($2::text[]) with ordinality as markets(market, place), generate_series(1, ${customers}) customer, generate_series(0, ${yearDays - 1}) day`,
    [from, markets],
  );
}
