import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { metricsShown, processMetrics, seriesIn, seriesOf } from '../support/metric-names.ts';

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly datasource: { readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig: { readonly defaults: { readonly unit: string } };
  readonly targets: readonly { readonly expr: string }[];
}

interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: unknown }[] };
}

const root = new URL('../../deploy/', import.meta.url);
const files = readdirSync(new URL('grafana/dashboards/', root));
const dashboards = files.map((file) => {
  const text = readFileSync(new URL(`grafana/dashboards/${file}`, root), 'utf8');
  return [file, JSON.parse(text) as Dashboard] as const;
});
const { groups } = parse(readFileSync(new URL('prometheus/rules/perennial.rules.yml', root), 'utf8')) as {
  groups: { rules: { record?: string }[] }[];
};
/** Shown by Temporal's SDK; test/e2e/telemetry.test.ts finds them at workers. */
const temporal = /^temporal_/;
const known = new Set([
  'up',
  ...metricsShown().flatMap(seriesOf),
  ...processMetrics(),
  ...groups.flatMap(({ rules }) => rules.flatMap(({ record }) => record ?? [])),
]);

describe('the dashboards of Grafana', () => {
  it('are those for operators, each with a name of its own', () => {
    expect(files.sort()).toEqual(['events.json', 'infrastructure.json', 'overview.json', 'runs.json', 'serving.json']);
    expect(new Set(dashboards.map(([, { uid }]) => uid)).size).toBe(files.length);
  });

  it.each(dashboards)('%s asks only for series that are there', (_file, { panels, templating }) => {
    for (const { title, targets } of panels)
      for (const { expr } of targets)
        expect(
          seriesIn(expr).filter((name) => !known.has(name) && !temporal.test(name)),
          `${title}: ${expr}`,
        ).toEqual([]);
    // Variables that panels use are there, and are made of metrics that are.
    const names = templating.list.map(({ name }) => name);
    for (const [, name = ''] of JSON.stringify(panels).matchAll(/\$\{?(\w+)/g)) expect(names).toContain(name);
    for (const [, metric = ''] of JSON.stringify(templating).matchAll(/label_values\((\w+)/g))
      expect(known).toContain(metric);
  });

  it.each(dashboards)('%s has panels with titles and units that do not lie over each other', (_file, { panels }) => {
    const taken = new Set<string>();
    for (const { title, gridPos, fieldConfig, datasource } of panels) {
      expect(title).toMatch(/./);
      expect(fieldConfig.defaults.unit, title).toMatch(/./);
      expect(datasource.uid).toBe('${datasource}');
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x},${y}`), `${title} at ${x},${y}`).toBe(false);
          taken.add(`${x},${y}`);
        }
      }
    }
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });

  it('show every metric of ours on one of them, or it is in a rule', () => {
    const rules = readFileSync(new URL('prometheus/rules/perennial.rules.yml', root), 'utf8');
    const used = rules + dashboards.map(([, dashboard]) => JSON.stringify(dashboard)).join('');
    const unused = metricsShown().filter((metric) => !seriesOf(metric).some((name) => used.includes(name)));
    expect(unused.map(({ name }) => name)).toEqual([]);
  });
});

describe('provisioning', () => {
  it('finds the dashboards where compose mounts them, and Prometheus and Tempo by their services', () => {
    const compose = parse(readFileSync(new URL('../docker-compose.yml', root), 'utf8'), { merge: true }) as {
      services: Record<string, { volumes?: string[] }>;
    };
    const { providers } = parse(
      readFileSync(new URL('grafana/provisioning/dashboards/perennial.yml', root), 'utf8'),
    ) as { providers: { options: { path: string } }[] };
    expect(compose.services['grafana']?.volumes?.some((one) => one.includes(`:${providers[0]?.options.path}:`))).toBe(
      true,
    );
    const { datasources } = parse(
      readFileSync(new URL('grafana/provisioning/datasources/perennial.yml', root), 'utf8'),
    ) as { datasources: { url: string }[] };
    for (const { url } of datasources) expect(Object.keys(compose.services)).toContain(new URL(url).hostname);
  });
});
