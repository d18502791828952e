import type { MetricComparison, ModelComparison } from '../contracts/model-comparison.ts';
import type { AliasPeriod, ModelVersion, ServedLists, ServedVersion } from '../contracts/models.ts';
import { type TrafficRoute, variantName } from '../contracts/traffic.ts';
import { table, time } from './terminal.ts';

export const pathOf = (model: string, ...more: readonly (string | number)[]): string =>
  ['/v1/models', model, ...more].map((part, i) => (i === 0 ? part : encodeURIComponent(part))).join('/');

/** The numbers among the metrics of a version, in a line. */
export function figures({ metrics }: ModelVersion): string {
  return Object.entries(metrics)
    .filter((entry): entry is [string, number] => typeof entry[1] === 'number')
    .map(([name, value]) => `${name} ${number(value, 3)}`)
    .join(', ');
}

const number = (value: number, digits: number): string =>
  Number.isInteger(value) ? String(value) : value.toFixed(digits);

/**
 * A version with where it comes from, and what its aliases pointed at.
 *
 * @param routes what answers the callers of the model now.
 */
export function versionText(
  found: ModelVersion,
  changes: readonly AliasPeriod[],
  routes: readonly TrafficRoute[],
): string {
  const { model, version, aliases, createdAt, files, lineage, description, labels, deleted, facts } = found;
  const said = Object.entries(labels).map(([name, value]) => (value === '' ? name : `${name}=${value}`));
  return [
    `${model} version ${version}${aliases.length > 0 ? `, ${aliases.join(' and ')}` : ''}`,
    ...(deleted ? [`  deleted ${time(deleted.at)} by ${deleted.by}: ${deleted.reason}`] : []),
    ...(facts ? facts.use.map((use) => `  ${use}`) : []),
    ...(description ? [`  ${description}`] : []),
    ...(said.length > 0 ? [`  labels ${said.join(', ')}`] : []),
    `  made ${time(createdAt)} · ${figures(found)}`,
    ...files.map(({ name, bytes, sha256 }) => `  file ${name}: ${(bytes / 1e6).toFixed(1)} MB, ${sha256}`),
    `  lineage ${JSON.stringify(lineage)}`,
    ...(routes.length > 0 ? [`  callers are answered by ${routesText(routes)}`] : []),
    '',
    historyText(changes),
  ].join('\n');
}

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;

const routesText = (routes: readonly TrafficRoute[]): string =>
  routes
    .map((route) => `version ${variantName(route)}: ${route.share === 0 ? 'unseen' : percent(route.share)}`)
    .join(', ');

/** What aliases pointed at, when, by whom and why. */
export function historyText(changes: readonly AliasPeriod[]): string {
  return table(
    ['from', 'until', 'alias', 'version', 'by', 'why'],
    changes.map((c) => [
      time(c.at),
      c.until === null ? 'now' : time(c.until),
      c.alias,
      c.version ?? 'none',
      c.by,
      `${c.kind === 'rollback' ? 'rolled back: ' : ''}${c.reason}`,
    ]),
    { right: ['version'] },
  );
}

export interface Served {
  readonly model: string;
  readonly alias: string;
  readonly at: string;
  readonly served: readonly ServedVersion[];
  readonly lists: ServedLists | null;
}

/** What served at a time, and the lists of a market that were in use. */
export function servedText({ model, alias, at, served, lists }: Served): string {
  return [
    served.length === 0
      ? `No version of ${model} was the ${alias} on ${time(at).trimEnd()}.`
      : table(
          ['from', 'until', 'callers', 'version', 'configuration', 'by', 'why'],
          served.map(({ version, configuration, share, period }) => [
            ...[time(period.at), period.until === null ? 'now' : time(period.until), percent(share)],
            ...[version.version, configuration, period.by],
            `${period.kind === 'rollback' ? 'rolled back: ' : ''}${period.reason}`,
          ]),
          { right: ['callers', 'version', 'configuration'] },
        ),
    ...(lists
      ? [
          `The lists of ${lists.market} were those of ${lists.asOf}: made by version ${lists.version} in run ${lists.runId}, for ${lists.customers} customers.`,
        ]
      : []),
  ].join('\n');
}

/** Two versions side by side. */
export function comparisonText({ model, a, b, metrics, params, data, code, files }: ModelComparison): string {
  const names = [`version ${a}`, `version ${b}`] as const;
  const cell = (value: unknown): string =>
    value === null || value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value);
  const differing = [
    ...data.map(({ name, a: x, b: y }) => {
      const said = (part: typeof x) => part && `${part.rows} rows, ${part.sha256.slice(0, 12)}`;
      return ['data', name, cell(said(x)), cell(said(y))];
    }),
    ...params.map(({ name, a: x, b: y }) => ['parameter', name, cell(x), cell(y)]),
    ...code.map(({ name, a: x, b: y }) => ['code', name, cell(x), cell(y)]),
    ...files.map(({ name, a: x, b: y }) => ['file', name, cell(x && `${x} bytes`), cell(y && `${y} bytes`)]),
  ];
  return [
    `${model}, ${names[0]} and ${names[1]}`,
    '',
    table(
      ['figure', ...names, 'difference', 'better'],
      metrics.map((m) => [m.title, shown(m, m.a), shown(m, m.b), shown(m, m.difference, true), betterOf(m, names)]),
      { right: [...names, 'difference'], empty: 'They have no figures.' },
    ),
    '',
    table(['differs', 'name', ...names], differing, { empty: 'Data, parameters, code and files are the same.' }),
  ].join('\n');
}

function shown({ digits }: MetricComparison, value: number | null, signed = false): string {
  if (value === null) return '–';
  return `${signed && value > 0 ? '+' : ''}${value.toFixed(digits)}`;
}

function betterOf({ winner, better, difference }: MetricComparison, [a, b]: readonly [string, string]): string {
  if (winner) return winner === 'a' ? a : b;
  return difference === null || better === null ? '' : 'equal';
}
