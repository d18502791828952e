import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../contracts/json.ts';
import type { Differing, MetricComparison, ModelComparison } from '../../contracts/model-comparison.ts';
import type { MetricMeaning, ModelFile, ModelVersion, TrainedOn } from '../../contracts/models.ts';
import { readLineage } from './lineage.ts';

/** A metric whose number is known. */
export interface NamedMetric extends MetricMeaning {
  readonly name: string;
  readonly digits: number;
}

/**
 * The metrics of versions that are numbers: those that their facts explain in that order (the later version's word counts),
 * then others by their names.
 */
export function metricsOf(...versions: readonly Pick<ModelVersion, 'facts' | 'metrics'>[]): NamedMetric[] {
  const explained = Object.assign({}, ...versions.map(({ facts }) => facts?.metrics ?? {})) as Record<
    string,
    MetricMeaning
  >;
  const found = new Set(
    versions.flatMap(({ metrics }) => Object.keys(metrics).filter((name) => typeof metrics[name] === 'number')),
  );
  const order = Object.keys(versions.at(-1)?.facts?.metrics ?? explained);
  const names = [
    ...order.filter((name) => found.has(name)),
    ...[...found].filter((name) => !order.includes(name)).sort(),
  ];
  return names.map((name) => {
    const { title = name, better = null, digits = 3 } = Object.hasOwn(explained, name) ? (explained[name] ?? {}) : {};
    return { name, title, better, digits };
  });
}

/** The number of a metric; null where the version has none. */
export function metricOf({ metrics }: Pick<ModelVersion, 'metrics'>, name: string): number | null {
  const value = metrics[name];
  return typeof value === 'number' ? value : null;
}

/** Two versions side by side. */
export function compareVersions(a: ModelVersion, b: ModelVersion): ModelComparison {
  const [from, to] = [readLineage(a.lineage), readLineage(b.lineage)];
  const byDataset = (of: typeof from) => Object.fromEntries((of.data ?? []).map((part) => [part.dataset, part]));
  const files = (of: ModelVersion) => Object.fromEntries(of.files.map((file) => [file.name, file]));
  return {
    model: b.model,
    a: a.version,
    b: b.version,
    metrics: metricsOf(a, b).map((metric) => compareMetric(metric, metricOf(a, metric.name), metricOf(b, metric.name))),
    params: differing<Json>(from.params ?? {}, to.params ?? {}),
    data: differing<TrainedOn>(byDataset(from), byDataset(to)),
    code: differing<string>(codeOf(from.code), codeOf(to.code)),
    files: differing<ModelFile>(files(a), files(b), (x, y) => x.sha256 === y.sha256).map(({ name, a: x, b: y }) => ({
      name,
      a: x?.bytes ?? null,
      b: y?.bytes ?? null,
    })),
    sameSignature: isDeepStrictEqual(a.signature, b.signature),
  };
}

function compareMetric(
  { name, title, better, digits }: NamedMetric,
  a: number | null,
  b: number | null,
): MetricComparison {
  const difference = a === null || b === null ? null : b - a;
  const isHigher = difference !== null && difference > 0;
  return {
    name,
    title,
    a,
    b,
    difference,
    relative: difference === null || a === null || a === 0 ? null : difference / Math.abs(a),
    better,
    winner: !difference || better === null ? null : isHigher === (better === 'higher') ? 'b' : 'a',
    digits,
  };
}

function differing<Value>(
  a: object,
  b: object,
  isSame: (x: Value, y: Value) => boolean = isDeepStrictEqual,
): Differing<Value>[] {
  const left = new Map<string, Value>(Object.entries(a));
  const right = new Map<string, Value>(Object.entries(b));
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((name) => {
    const [x, y] = [left.get(name), right.get(name)];
    if (x !== undefined && y !== undefined && isSame(x, y)) return [];
    return [{ name, a: x ?? null, b: y ?? null }];
  });
}

function codeOf(code: ReturnType<typeof readLineage>['code']): Record<string, string> {
  if (!code) return {};
  const steps = Object.entries(code.steps).map(([id, version]) => [`step ${id}`, version]);
  return {
    version: code.version,
    ...(code.commit === null ? {} : { commit: code.commit }),
    ...Object.fromEntries(steps),
  };
}
