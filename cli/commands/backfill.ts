import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  type BackfillForecast,
  type BackfillRecord,
  backfillModes,
  backfillOrders,
  backfillStatuses,
  partitionStatuses,
} from '../../contracts/backfills.ts';
import { backfillText, forecastText, showBackfill, waitForBackfill } from '../backfills.ts';
import { contextOf, day, parameter, wholeNumber } from '../command.ts';
import { exitCodeOfRun } from '../exit-codes.ts';
import { withApi } from '../installation.ts';
import { table, time } from '../terminal.ts';

interface Options {
  readonly from: string;
  readonly to: string;
  readonly keys?: readonly string[];
  readonly mode: string;
  readonly order: string;
  readonly concurrency: number;
  readonly param: Record<string, unknown>;
  readonly dryRun?: boolean;
  readonly wait?: boolean;
}

function names(text: string): string[] {
  const list = text.split(',').map((name) => name.trim());
  if (list.some((name) => name === '')) throw new InvalidArgumentError('It must be names with commas between.');
  return list;
}

export function backfillCommand(program: Command): void {
  program
    .command('backfill')
    .description('fill a range of days, and keys, with runs; each partition is done once')
    .argument('<pipeline>', 'for example offers')
    .requiredOption('--from <day>', 'first day', day)
    .requiredOption('--to <day>', 'last day, included', day)
    .option('--keys <names>', 'for example DE,FR; default: one run a day for all', names)
    .addOption(new Option('--mode <mode>', 'which partitions').choices(backfillModes).default('missing'))
    .addOption(new Option('--order <order>', 'which first').choices(backfillOrders).default('newest'))
    .option('--concurrency <n>', 'runs at a time', wholeNumber(1, 100), 2)
    .option('--param <key=value>', 'a parameter of every run; may be given again', parameter, {})
    .option('--dry-run', 'only say what it would do, and how long it may take')
    .option('--wait', 'follow it to its end; the exit code tells how it ended')
    .action(async (pipeline: string, options: Options, command: Command) => {
      const { config, terminal } = contextOf(command);
      const { param: params, dryRun, wait, ...rest } = options;
      await withApi(config, terminal, async (api, { stays }) => {
        if (dryRun) {
          const forecast = await api.post<BackfillForecast>('/v1/backfills', { pipeline, ...rest, params, dryRun });
          terminal.result(forecast, () => forecastText(forecast));
          return;
        }
        const asked = await api.post<BackfillRecord & { created: boolean }>('/v1/backfills', {
          pipeline,
          ...rest,
          params,
        });
        const what = `Backfill ${asked.id} of ${asked.total} partitions ${asked.created ? 'has started' : 'is active already'}.`;
        // Servers of this command alone would stop under it.
        if (!wait && stays) {
          terminal.result(asked, () => `${what} Follow it: perennial backfills show ${asked.id}`);
          return;
        }
        terminal.note(what);
        const ended = await waitForBackfill(api, asked.id, terminal);
        terminal.result(ended, () => backfillText(ended));
        process.exitCode = exitCodeOfRun(ended.status);
      });
    });
}

export function backfillsCommand(program: Command): void {
  const backfills = program.command('backfills').description('list backfills, look at them, cancel them');

  backfills
    .command('ls', { isDefault: true })
    .description('newest first')
    .option('--pipeline <id>')
    .addOption(new Option('--status <status>').choices(backfillStatuses))
    .option('--limit <n>', 'at most so many', wholeNumber(1), 20)
    .action(async (options: { pipeline?: string; status?: string; limit: number }, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const page = await api.get<{ backfills: BackfillRecord[] }>('/v1/backfills', options);
        terminal.result(page, () =>
          table(
            ['backfill', 'pipeline', 'from', 'to', 'keys', 'partitions', 'status', 'asked'],
            page.backfills.map((b) => [
              b.id,
              b.pipeline,
              b.from,
              b.to,
              b.keys.join(','),
              b.total,
              b.status,
              time(b.createdAt),
            ]),
            {
              right: ['partitions'],
              empty: 'No backfills. `perennial backfill PIPELINE --from DAY --to DAY` starts one.',
            },
          ),
        );
      });
    });

  backfills
    .command('show')
    .description('a backfill with its progress and its partitions')
    .argument('<backfill>')
    .addOption(new Option('--status <status>', 'only partitions of this status').choices(partitionStatuses))
    .option('--limit <n>', 'at most so many partitions', wholeNumber(1), 50)
    .action(async (id: string, options: { status?: string; limit: number }, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const shown = await showBackfill(api, id, options);
        terminal.result(shown, () =>
          [
            backfillText(shown),
            '',
            table(
              ['partition', 'status', 'run', ''],
              shown.partitions.map((p) => [p.partition, p.status, p.runId ?? '', p.reason ?? '']),
            ),
            ...(shown.next === null ? [] : ['', `${shown.partitions.length} shown; more with --limit, or --status.`]),
          ].join('\n'),
        );
      });
    });

  backfills
    .command('cancel')
    .description('stop a backfill and its runs')
    .argument('<backfill>')
    .action(async (id: string, _options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const backfill = await api.post<BackfillRecord>(`/v1/backfills/${encodeURIComponent(id)}/cancel`);
        terminal.result(backfill, () => `Backfill ${id} is being cancelled.`);
      });
    });
}
