import type { Command } from 'commander';
import { contextOf, parameter, wholeNumber } from '../command.ts';
import { exitCodeOfRun } from '../exit-codes.ts';
import { withApi } from '../installation.ts';
import { reportText } from '../reports.ts';
import { runText, startRun, waitForRun } from '../runs.ts';

interface RunOptions {
  readonly param: Record<string, unknown>;
  readonly wait?: boolean;
  readonly priority?: number;
  readonly cache: boolean;
}

export function runCommand(program: Command): void {
  program
    .command('run')
    .description('start a run of a pipeline')
    .argument('<pipeline>', 'for example offers')
    .option('--param <key=value>', 'a parameter; may be given again', parameter, {})
    .option('--priority <n>', '1 goes first, 5 last; default 3', wholeNumber(1, 5))
    .option('--no-cache', 'compute every step, also where the step cache has its output')
    .option('--wait', 'follow the run to its end; the exit code tells how it ended')
    .action(async (pipeline: string, options: RunOptions, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api, { stays }) => {
        const { priority, cache } = options;
        const run = await startRun(api, pipeline, options.param, { priority, cache });
        // Servers of this command alone would stop under the run.
        if (!options.wait && stays) {
          terminal.result(
            run,
            () => `Run ${run.id} of ${run.pipeline} has started. Follow it: perennial runs show ${run.id}`,
          );
          return;
        }
        terminal.note(`Run ${run.id}`);
        const ended = await waitForRun(api, run, terminal);
        const report = await reportText(api, ended, { stays });
        terminal.result(ended, () => [runText(ended), ...(report ? ['', report] : [])].join('\n'));
        process.exitCode = exitCodeOfRun(ended.status);
      });
    });
}
