import { expect, it } from 'vitest';
import { metricsShown, processMetrics } from '../support/metric-names.ts';

// What the registries of the roles hold. After a change: npm test -- test/docs -u
it('describes every metric', async () => {
  const metrics = metricsShown();
  const rows = metrics.map(
    ({ name, type, labels, by, help }) =>
      `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${by} | ${help} |`,
  );
  const text = [
    '# Metrics',
    'For Prometheus, at `/metrics`: of the API on `PERENNIAL_PORT`, of a serving process on `PERENNIAL_SERVING_PORT`, of other roles on `PERENNIAL_METRICS_PORT`. Names follow [its conventions](https://prometheus.io/docs/practices/naming/): base units, `_total` for what only grows. [How to use them](../how-to/observability.md).',
    'Labels are bounded: routes by their template, steps without the keys of their items, markets and datasets up to 500. What the API tells of stores, each API tells the same: take the maximum, not the sum.',
    `| name | type | labels | role | what it is |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}`,
    '## Of every process',
    `Those of Node.js by [prom-client](https://github.com/siimon/prom-client): ${processMetrics()
      .map((name) => `\`${name}\``)
      .join(', ')}.`,
    '## Of Temporal’s SDK',
    'Workers also show what [Temporal’s SDK](https://docs.temporal.io/references/sdk-metrics) measures of itself, with the prefix `temporal_`, times in seconds and `_total` at counters: requests to the server, waits and times of tasks, slots and pollers.',
  ].join('\n\n');
  await expect(`${text}\n`).toMatchFileSnapshot('../../docs/reference/metrics.md');
  expect(new Set(metrics.map(({ name }) => name)).size).toBe(metrics.length);
  for (const { name, type } of metrics) {
    expect(name).toMatch(/^perennial_[a-z]+(?:_[a-z]+)*$/);
    expect(name.endsWith('_total'), name).toBe(type === 'counter');
    if (type === 'histogram') expect(name, name).toMatch(/_(seconds|items|bytes)$/);
  }
});
