import type { Command } from 'commander';
import type { MetricPoint } from '../../contracts/metrics.ts';
import { apiAction } from '../api-action.ts';
import { day, wholeNumber } from '../command.ts';
import { seriesText } from '../metrics.ts';

interface MetricsOptions {
  readonly name?: string;
  readonly subject?: string;
  readonly market?: string;
  readonly alarms?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
}

export function metricsCommand(program: Command): void {
  program
    .command('metrics')
    .description('figures of a pipeline over time: drift, data quality, performance, key figures, durations')
    .argument('<pipeline>')
    .option('--name <name>', 'such as drift.ks; * stands for any text: "kpi.*"')
    .option('--subject <subject>', 'what it is of, such as a column')
    .option('--market <market>', 'default: all of them, also all together')
    .option('--alarms', 'only those with an alarm')
    .option('--from <day>', '', day)
    .option('--to <day>', 'the day after the last', day)
    .option('--limit <n>', 'points, at most', wholeNumber(1, 10_000), 5000)
    .action(
      apiAction(async (api, terminal, [pipeline = ''], { alarms, ...filter }: MetricsOptions) => {
        const found = await api.get<{ points: MetricPoint[] }>('/v1/metrics', {
          pipeline,
          ...filter,
          ...(alarms ? { alarm: 'any' } : {}),
        });
        terminal.result(found, () => seriesText(found.points));
      }),
    );
}
