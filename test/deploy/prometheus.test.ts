import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { metricsShown, processMetrics, seriesIn, seriesOf } from '../support/metric-names.ts';

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: { readonly severity?: string };
  readonly annotations?: Readonly<Record<string, string>>;
}

const root = new URL('../../', import.meta.url);
const folder = fileURLToPath(new URL('deploy/prometheus/', root));
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const { groups } = parse(read('rules/perennial.rules.yml')) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const alerts = rules.filter((rule) => rule.alert !== undefined);

/** Found by set-up, or null: then the checks are skipped. */
const promtool =
  [
    process.env['PROMTOOL'] ?? '',
    fileURLToPath(new URL('.perennial/tools/bin/promtool', root)),
    ...(process.env['PATH'] ?? '').split(delimiter).map((path) => join(path, 'promtool')),
  ].find((path) => path !== '' && existsSync(path)) ?? null;
const check = (...args: string[]): string =>
  execFileSync(promtool ?? 'promtool', args, { cwd: folder, encoding: 'utf8' });

describe.skipIf(promtool === null)('promtool', () => {
  it('takes the configuration and the rules', () => {
    expect(check('check', 'config', 'prometheus.yml')).toContain('is valid prometheus config file');
    expect(check('check', 'rules', 'rules/perennial.rules.yml')).toContain(`${rules.length} rules found`);
  });

  it('finds that the rules do what their tests say', () => {
    expect(check('test', 'rules', 'rules/perennial.test.yml')).toContain('SUCCESS');
  }, 30_000);
});

describe('the rules of Prometheus', () => {
  it('ask only for series that are there', () => {
    const known = new Set([
      'up',
      ...metricsShown().flatMap(seriesOf),
      ...processMetrics(),
      ...rules.flatMap(({ record }) => record ?? []),
    ]);
    for (const { expr, alert, record } of rules)
      expect(
        seriesIn(expr).filter((name) => !known.has(name)),
        alert ?? record,
      ).toEqual([]);
    expect(seriesIn('histogram_quantile(0.9, sum by (le) (rate(a_b{c=~"d_e"}[5m]))) > f:g')).toEqual(['a_b', 'f:g']);
  });

  it('say of each alert how bad it is, what to do and where to read on', () => {
    expect(alerts.length).toBeGreaterThan(10);
    for (const { alert, labels, annotations } of alerts) {
      expect(labels?.severity, alert).toMatch(/^(warning|critical)$/);
      expect(annotations?.['summary'], alert).toMatch(/./);
      expect(annotations?.['description'], alert).toMatch(/./);
      const [page = '', part] = (annotations?.['runbook_url'] ?? '').split('#');
      expect(page, alert).toMatch(/^docs\/how-to\/.+\.md$/);
      const text = readFileSync(new URL(page, root), 'utf8');
      const parts = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
        title.toLowerCase().replaceAll(/[^\w]+/g, '-'),
      );
      if (part !== undefined) expect(parts, alert).toContain(part);
    }
  });

  it('have jobs for all roles, by the names that the rules use', () => {
    const { scrape_configs } = parse(read('prometheus.yml')) as { scrape_configs: { job_name: string }[] };
    expect(scrape_configs.map(({ job_name }) => job_name)).toEqual([
      ...['api', 'serving', 'control', 'cpu', 'gpu', 'events'].map((role) => `perennial-${role}`),
      'prometheus',
    ]);
  });
});
