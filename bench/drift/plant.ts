import type {
  CategoryColumn,
  Column,
  EmbeddingColumn,
  Frame,
  NumericColumn,
} from '../../domain/monitoring/reference/index.ts';
import type { Random } from '../../domain/nlp/random.ts';
import type { World } from './worlds.ts';

export const kinds = ['number', 'category', 'missing', 'embedding', 'prediction'] as const;
export type Kind = (typeof kinds)[number];

/**
 * A window with one shift of medium size, as Cohen 1988 defines it: half a standard deviation in the mean of a number (of its
 * logarithm, where it is skewed), of the log odds of a prediction, and of vectors along a direction drawn by chance; w = 0.3
 * in the shares of categories; h = 0.5 in the share of missing values.
 *
 * @param reference of which deviations and shares are taken.
 */
export function plant(kind: Kind, world: World, reference: Frame, window: Frame, random: Random): Frame {
  const name = world[kind];
  const [before, now] = [reference.columns[name]!, window.columns[name]!];
  return { ...window, columns: { ...window.columns, [name]: shifted(kind, world, before, now, random) } };
}

function shifted(kind: Kind, world: World, before: Column, now: Column, random: Random): Column {
  if (before.type === 'category' && now.type === 'category') return withMoreOfOne(before, now, random);
  if (before.type === 'embedding' && now.type === 'embedding') return moved(before, now, random);
  if (before.type !== 'numeric' || now.type !== 'numeric') throw new TypeError(`${before.type} became ${now.type}`);
  if (kind === 'missing') return withGaps(before, now, random);
  const scale = kind === 'prediction' ? logOdds : world.skewed ? logarithm : linear;
  const step = 0.5 * deviationOf(Array.from(before.values, scale.to));
  return { type: 'numeric', values: Float64Array.from(now.values, (value) => scale.from(scale.to(value) + step)) };
}

function withGaps(before: NumericColumn, now: NumericColumn, random: Random): NumericColumn {
  const share = meanOf(Array.from(before.values, (value) => +Number.isNaN(value)));
  const wanted = Math.sin(Math.asin(Math.sqrt(share)) + 0.25) ** 2;
  const lost = (wanted - share) / (1 - share);
  const values = Float64Array.from(now.values, (value) => (random.next() < lost ? Number.NaN : value));
  return { type: 'numeric', values };
}

/** The most frequent category wins δ of the others: w² = δ² / (p (1 − p)). */
function withMoreOfOne(before: CategoryColumn, now: CategoryColumn, random: Random): CategoryColumn {
  const counts = new Float64Array(before.labels.length);
  for (const code of before.codes) if (code >= 0) counts[code]! += 1 / before.codes.length;
  const share = counts.reduce((a, b) => Math.max(a, b));
  const won = (0.3 * Math.sqrt(share * (1 - share))) / (1 - share);
  const labels = [...new Set([...now.labels, before.labels[counts.indexOf(share)]!])];
  const place = labels.indexOf(before.labels[counts.indexOf(share)]!);
  const codes = now.codes.map((code) => (random.next() < won ? place : code));
  return { type: 'category', labels, codes };
}

function moved(before: EmbeddingColumn, now: EmbeddingColumn, random: Random): EmbeddingColumn {
  const { width } = now;
  const direction = Float64Array.from({ length: width }, () => random.normal());
  const length = Math.hypot(...direction);
  const along = Array.from({ length: before.values.length / width }, (_, row) =>
    direction.reduce((sum, d, i) => sum + (d / length) * before.values[row * width + i]!, 0),
  );
  const step = 0.5 * deviationOf(along);
  const values = now.values.map((value, i) => value + (step * direction[i % width]!) / length);
  return { type: 'embedding', width, values };
}

interface Scale {
  readonly to: (value: number) => number;
  readonly from: (scaled: number) => number;
}
const linear: Scale = { to: (value) => value, from: (value) => value };
const logarithm: Scale = { to: (value) => Math.log1p(Math.max(0, value)), from: Math.expm1 };
const logOdds: Scale = { to: (p) => Math.log(p / (1 - p)), from: (value) => 1 / (1 + Math.exp(-value)) };
const meanOf = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

function deviationOf(values: readonly number[]): number {
  const present = values.filter(Number.isFinite);
  const mean = meanOf(present);
  return Math.sqrt(meanOf(present.map((value) => (value - mean) ** 2)));
}
