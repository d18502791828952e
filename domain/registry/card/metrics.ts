import type { ModelComparison } from '../../../contracts/model-comparison.ts';
import type { AliasPeriod, ModelVersion } from '../../../contracts/models.ts';
import { type Page, type Plot, type Section, timePlot } from '../../report-page/index.ts';
import { metricOf, metricsOf, type NamedMetric } from '../compare.ts';
import { betterWords, figure, moment, signed } from './words.ts';

/** Metrics shown at the top of the card, and drawn. */
const headlines = 4;

const judging = (metrics: readonly NamedMetric[]): NamedMetric[] =>
  metrics.filter(({ better }) => better !== null).slice(0, headlines);

/** The metrics that judge a version, with what the version it is compared with has. */
export function figuresOf(version: ModelVersion, comparison: ModelComparison | null): Page['figures'] {
  return judging(metricsOf(version)).map(({ name, title, digits, better }) => {
    const found = comparison?.metrics.find((metric) => metric.name === name);
    const note =
      typeof found?.difference === 'number'
        ? `${signed(found.difference, digits)} against version ${comparison?.a}${found.winner ? (found.winner === 'b' ? ', better' : ', worse') : ''}`
        : `${better} is better`;
    return { name: title, value: figure(metricOf(version, name), digits), note };
  });
}

/** How good a version is: its metrics over all versions, and beside those of the version it is compared with. */
export async function metricsSection(
  version: ModelVersion,
  {
    versions,
    periods,
    comparison,
  }: { versions: readonly ModelVersion[]; periods: readonly AliasPeriod[]; comparison: ModelComparison | null },
): Promise<Section> {
  const metrics = metricsOf(version);
  const plots = await Promise.all(judging(metrics).map((metric) => plotOf(metric, version, versions, periods)));
  return {
    title: 'How good it is',
    lead:
      metrics.length === 0
        ? 'It has no figures.'
        : comparison
          ? wonWords(comparison)
          : 'There is no other version to compare it with.',
    plots: plots.flatMap((plot) => plot ?? []),
    ...(metrics.length === 0 ? {} : { table: comparison ? comparisonTable(comparison) : ownTable(version, metrics) }),
  };
}

function wonWords({ a, b, metrics }: ModelComparison): string {
  const judged = metrics.filter(({ better, difference }) => better !== null && difference !== null);
  const won = judged.filter(({ winner }) => winner === 'b').length;
  const lost = judged.filter(({ winner }) => winner === 'a').length;
  if (judged.length === 0) return `Version ${a} and version ${b} have no figures in common that say which is better.`;
  return `Against version ${a} it is better in ${won} of ${judged.length} figures${lost > 0 ? ` and worse in ${lost}` : ''}. Figures of different days or data may differ by that alone.`;
}

function comparisonTable({ a, b, metrics }: ModelComparison): NonNullable<Section['table']> {
  const names = [`version ${b}`, `version ${a}`] as const;
  return {
    head: ['figure', names[0], names[1], 'difference', 'better'],
    text: ['figure', 'better'],
    rows: metrics.map((metric) => [
      metric.title,
      figure(metric.b, metric.digits),
      figure(metric.a, metric.digits),
      metric.difference === null ? '–' : signed(metric.difference, metric.digits),
      betterWords(metric, names[1], names[0]),
    ]),
  };
}

function ownTable(version: ModelVersion, metrics: readonly NamedMetric[]): NonNullable<Section['table']> {
  return {
    head: ['figure', `version ${version.version}`, 'better is'],
    text: ['figure', 'better is'],
    rows: metrics.map(({ name, title, digits, better }) => [
      title,
      figure(metricOf(version, name), digits),
      better ?? '',
    ]),
  };
}

async function plotOf(
  { name, title, digits, better }: NamedMetric,
  version: ModelVersion,
  versions: readonly ModelVersion[],
  periods: readonly AliasPeriod[],
): Promise<Plot | null> {
  const points = versions
    .flatMap((v) => {
      const value = metricOf(v, name);
      const isThis = v.version === version.version;
      return value === null
        ? []
        : [{ at: v.createdAt, value, version: v.version, mark: isThis ? ('filled' as const) : ('hollow' as const) }];
    })
    .toReversed();
  if (points.length < 2) return null;
  const valueIn = (number: number | null) => points.find((point) => point.version === number)?.value ?? null;
  const champions = periods.filter(({ alias }) => alias === 'champion').toReversed();
  const steps = champions.map((period) => ({ at: period.at, value: valueIn(period.version) }));
  const legend: Plot['legend'] = [
    { mark: 'filled', text: 'this version' },
    { mark: 'hollow', text: 'other versions' },
    ...(steps.length > 0 ? [{ mark: 'line' as const, text: 'the champion at the time' }] : []),
  ];
  return {
    title: `${title} (${better} is better)`,
    svg: await timePlot({ points, steps, title, format: digits === 0 ? ',.0f' : `.${digits}f` }),
    legend,
    table: {
      head: ['version', 'made', title],
      text: ['version', 'made'],
      rows: points.map((point) => [String(point.version), moment(point.at), figure(point.value, digits)]),
    },
  };
}
