import { type Command, Option } from 'commander';
import { type LogLine, runStatuses } from '../../../contracts/runs.ts';
import { contextOf, wholeNumber } from '../../command.ts';
import { withApi } from '../../installation.ts';
import { outputsOf, type RunBrief, type RunDetail, runText, took } from '../../runs.ts';
import { table, time } from '../../terminal.ts';
import { controlCommands } from './control.ts';
import { reportCommand } from './report.ts';

type RunFilter = {
  readonly pipeline?: string;
  readonly status?: string;
  readonly partition?: string;
  readonly backfill?: string;
  readonly from?: string;
  readonly to?: string;
};

export function runsCommand(program: Command): void {
  const runs = program.command('runs').description('list runs, look at them, hold them, let them go on, do them again');

  runs
    .command('ls', { isDefault: true })
    .description('newest first')
    .option('--pipeline <id>')
    .addOption(new Option('--status <status>').choices(runStatuses))
    .option('--partition <name>', 'for example 2011-10-09/DE')
    .option('--backfill <id>')
    .option('--from <time>', 'created at or after')
    .option('--to <time>', 'created before')
    .option('--limit <n>', 'at most so many', wholeNumber(1), 20)
    .action(async (options: RunFilter & { limit: number }, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const page = await api.get<{ runs: RunBrief[] }>('/v1/runs', options);
        terminal.result(page, () =>
          table(
            ['run', 'pipeline', 'partition', 'status', 'created', 'time'],
            page.runs.map((r) => [r.id, r.pipeline, r.partition ?? '', r.status, time(r.createdAt), took(r)]),
            {
              right: ['time'],
              empty: 'No runs. `perennial pipelines` lists what can run, `perennial run PIPELINE` starts it.',
            },
          ),
        );
      });
    });

  runs
    .command('show')
    .description('a run with its steps, attempts and timings')
    .argument('<run>')
    .option('--output <step>', 'what that step gave instead, as JSON; of one that ran for each item, by their keys')
    .action(async (id: string, { output: step }: { output?: string }, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const run = await api.get<RunDetail>(`/v1/runs/${encodeURIComponent(id)}`);
        if (step === undefined) return terminal.result(run, () => runText(run));
        const output = outputsOf(run, step);
        terminal.result(output, () => JSON.stringify(output, null, 1));
      });
    });

  runs
    .command('logs')
    .description('log lines of a run, oldest first')
    .argument('<run>')
    .option('--step <id>')
    .action(async (id: string, { step }: { step?: string }, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const lines: LogLine[] = [];
        for (let after: number | null | undefined; after !== null; ) {
          const page: { lines: LogLine[]; next: number | null } = await api.get(
            `/v1/runs/${encodeURIComponent(id)}/logs`,
            { step, after, limit: 500 },
          );
          lines.push(...page.lines);
          after = page.next;
        }
        terminal.result({ lines }, () =>
          lines.length === 0
            ? 'No log lines.'
            : lines
                .map(
                  (l) => `${time(l.at)} ${l.level.padEnd(5)} ${l.stepId}${l.mapKey && ` [${l.mapKey}]`}: ${l.message}`,
                )
                .join('\n'),
        );
      });
    });

  reportCommand(runs);
  controlCommands(runs);
}
