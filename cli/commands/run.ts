import type { Command } from 'commander';
import { contextOf, parameter } from '../command.ts';
import { exitCodeOfRun } from '../exit-codes.ts';
import { withApi } from '../installation.ts';
import { runText, startRun, waitForRun } from '../runs.ts';

export function runCommand(program: Command): void {
  program
    .command('run')
    .description('start a run of a pipeline')
    .argument('<pipeline>', 'for example offers')
    .option('--param <key=value>', 'a parameter; may be given again', parameter, {})
    .option('--wait', 'follow the run to its end; the exit code tells how it ended')
    .action(async (pipeline: string, options: { param: Record<string, unknown>; wait?: boolean }, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api, { stays }) => {
        const run = await startRun(api, pipeline, options.param);
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
        terminal.result(ended, () => runText(ended));
        process.exitCode = exitCodeOfRun(ended.status);
      });
    });
}
