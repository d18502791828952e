import { expect, it } from 'vitest';
import { plant } from '../../../bench/drift/plant.ts';
import { generatedWorld } from '../../../bench/drift/worlds.ts';
import type { CategoryColumn, EmbeddingColumn, NumericColumn } from '../../../domain/monitoring/reference/index.ts';
import { Random } from '../../../domain/nlp/random.ts';

const rows = 10_000;
const world = generatedWorld(rows, 1);
const planted = (kind: Parameters<typeof plant>[0]) => {
  const name = world[kind];
  const { columns } = plant(kind, world, world.frame, world.frame, new Random(2));
  return [world.frame.columns[name], columns[name]];
};
const moments = (values: readonly number[]) => {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return { mean, deviation: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length) };
};

// The figures of the benchmark mean something only if the shifts have the size they are said to have.
it('plants shifts of medium size, as Cohen has it', () => {
  const logit = (p: number) => Math.log(p / (1 - p));
  for (const [kind, to] of [
    ['number', Number],
    ['prediction', logit],
  ] as const) {
    const [before, now] = planted(kind).map((column) => moments(Array.from((column as NumericColumn).values, to)));
    expect((now!.mean - before!.mean) / before!.deviation).toBeCloseTo(0.5, 3);
  }
  const shares = planted('category').map((column) => {
    const { codes, labels } = column as CategoryColumn;
    return labels.map((_, place) => codes.filter((code) => code === place).length / rows);
  });
  const w = Math.sqrt(shares[0]!.reduce((sum, p, i) => sum + (shares[1]![i]! - p) ** 2 / p, 0));
  expect(w).toBeCloseTo(0.3, 1);
  const [p, q] = planted('missing').map(
    (column) => (column as NumericColumn).values.filter(Number.isNaN).length / rows,
  );
  expect(2 * Math.asin(Math.sqrt(q!)) - 2 * Math.asin(Math.sqrt(p!))).toBeCloseTo(0.5, 1);
  const [before, now] = planted('embedding').map((column) => (column as EmbeddingColumn).values);
  const direction = now!.slice(0, 16).map((value, d) => value - before![d]!);
  const along = Array.from({ length: rows }, (_, row) =>
    direction.reduce((sum, step, d) => sum + (step / Math.hypot(...direction)) * before![row * 16 + d]!, 0),
  );
  expect(Math.hypot(...direction) / moments(along).deviation).toBeCloseTo(0.5, 3);
});
