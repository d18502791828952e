import { type Command, InvalidArgumentError, Option } from 'commander';
import { PerennialError } from '../../../contracts/errors.ts';
import { runStatuses } from '../../../contracts/runs.ts';
import { contextOf, parameter } from '../../command.ts';
import { exitCodeOfRun } from '../../exit-codes.ts';
import { withApi } from '../../installation.ts';
import { type RunBrief, runText, waitForRun } from '../../runs.ts';

interface Bulk {
  readonly pipeline?: string;
  readonly status?: string;
  readonly from?: string;
  readonly to?: string;
  readonly partition?: string;
  readonly backfill?: string;
  readonly dryRun?: boolean;
}

interface BulkAnswer {
  readonly runs: readonly string[];
  readonly done: number;
  readonly failed: readonly { readonly run: string; readonly error: { readonly message: string } }[];
  readonly more: boolean;
}

/** pause, resume, cancel, skip, retry, rerun. */
export function controlCommands(runs: Command): void {
  runs
    .command('pause')
    .description('start no further step of a run')
    .argument('<run>')
    .requiredOption('--reason <text>')
    .addOption(
      new Option('--mode <mode>', 'running steps finish, or stop and go on from their last checkpoint afterwards')
        .choices(['drain', 'checkpoint'])
        .default('drain'),
    )
    .action((id: string, options: { reason: string; mode: string }, command: Command) =>
      tell(command, id, 'pause', options, 'is being paused'),
    );

  runs
    .command('resume')
    .description('let a paused run go on')
    .argument('<run>')
    .action((id: string, _options: object, command: Command) => tell(command, id, 'resume', undefined, 'goes on'));

  runs
    .command('skip')
    .description('leave out a step; what comes after it runs without its output')
    .argument('<run>')
    .argument('<step>')
    .requiredOption('--reason <text>')
    .action((id: string, step: string, { reason }: { reason: string }, command: Command) =>
      tell(command, id, 'skip', { step, reason }, `leaves out ${step}`),
    );

  bulk(
    runs.command('cancel').description('stop a run, or all that the filter finds; running steps end within seconds'),
  ).action((id: string | undefined, options: Bulk, command: Command) => {
    if (id === undefined) return onAll(command, 'cancel', options);
    refuseOptions(command, filterOptions, 'choose among all runs; leave them out, or the run');
    return tell(command, id, 'cancel', undefined, 'is being cancelled');
  });

  bulk(runs.command('retry').description('let an ended run, or all that the filter finds, go on from what failed'))
    .option('--from-step <step>', 'run this step again too, with all behind it; may be given again', list)
    .option('--skip <step=reason>', 'go on without this step; may be given again', parameter)
    .option('--no-cache', 'compute every step that runs again, also where the step cache has its output')
    .option('--wait', 'follow the run to its end')
    .action(
      (
        id: string | undefined,
        options: Bulk & { fromStep?: string[]; skip?: Record<string, unknown>; cache: boolean; wait?: boolean },
        command: Command,
      ) => {
        if (id === undefined) {
          refuseOptions(command, ['fromStep', 'skip', 'cache', 'wait'], 'are for one run; name it');
          return onAll(command, 'retry', options);
        }
        refuseOptions(command, filterOptions, 'choose among all runs; leave them out, or the run');
        const skip = Object.entries(options.skip ?? {}).map(([step, reason]) => ({ step, reason: String(reason) }));
        return start(
          command,
          id,
          'retry',
          { ...(options.fromStep ? { from: options.fromStep } : {}), skip, ...(options.cache ? {} : { cache: false }) },
          options.wait,
        );
      },
    );

  runs
    .command('rerun')
    .description('start a new run that goes on from an ended one')
    .argument('<run>')
    .option('--from-step <step>', 'keep the outputs before this step; may be given again', list)
    .addOption(
      new Option('--code <which>', 'the plan of the earlier run, or of the present code')
        .choices(['run', 'newest'])
        .default('newest'),
    )
    .option('--param <key=value>', 'a parameter that differs; only without --from-step', parameter)
    .option('--no-cache', 'compute every step that runs, also where the step cache has its output')
    .option('--wait', 'follow the new run to its end')
    .action(
      (
        id: string,
        options: { fromStep?: string[]; code: string; param?: Record<string, unknown>; cache: boolean; wait?: boolean },
        command: Command,
      ) => {
        const { fromStep, code, param, cache, wait } = options;
        const body = {
          code,
          ...(fromStep ? { from: fromStep } : {}),
          ...(param ? { params: param } : {}),
          ...(cache ? {} : { cache }),
        };
        return start(command, id, 'rerun', body, wait);
      },
    );
}

const filterOptions = ['pipeline', 'status', 'from', 'to', 'partition', 'backfill', 'dryRun'];

/** Options that would be ignored: `--dry-run` beside a run, say, would look as if nothing were done. */
function refuseOptions(command: Command, names: readonly string[], why: string): void {
  const given = command.options.filter(
    (option) =>
      names.includes(option.attributeName()) && command.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (given.length === 0) return;
  throw new PerennialError('VALIDATION_FAILED', `${given.map(({ long }) => long).join(', ')} ${why}.`, {
    remedy: `perennial runs ${command.name()} --help shows what goes together.`,
  });
}

function bulk(command: Command): Command {
  return command
    .argument('[run]', 'one run; leave it out to act on all that the filter finds')
    .option('--pipeline <id>')
    .addOption(new Option('--status <status>').choices(runStatuses))
    .option('--from <time>', 'created at or after')
    .option('--to <time>', 'created before')
    .option('--partition <name>', 'for example 2011-10-09/DE')
    .option('--backfill <id>')
    .option('--dry-run', 'only list what it would act on');
}

function list(text: string, before: string[] = []): string[] {
  if (text === '') throw new InvalidArgumentError('It must name a step.');
  return [...before, text];
}

async function tell(command: Command, id: string, action: string, body: unknown, does: string): Promise<void> {
  const { config, terminal } = contextOf(command);
  await withApi(config, terminal, async (api) => {
    const run = await api.post<RunBrief>(`/v1/runs/${encodeURIComponent(id)}/${action}`, body);
    terminal.result(run, () => `Run ${run.id} ${does}.`);
  });
}

async function start(command: Command, id: string, action: string, body: unknown, wait = false): Promise<void> {
  const { config, terminal } = contextOf(command);
  await withApi(config, terminal, async (api, { stays }) => {
    const run = await api.post<RunBrief>(`/v1/runs/${encodeURIComponent(id)}/${action}`, body);
    if (!wait && stays) {
      terminal.result(run, () => `Run ${run.id} goes on. Follow it: perennial runs show ${run.id}`);
      return;
    }
    const ended = await waitForRun(api, run, terminal);
    terminal.result(ended, () => runText(ended));
    process.exitCode = exitCodeOfRun(ended.status);
  });
}

async function onAll(command: Command, action: 'cancel' | 'retry', options: Bulk): Promise<void> {
  const { pipeline, status, from, to, partition, backfill, dryRun = false } = options;
  const filter = Object.fromEntries(
    Object.entries({ pipeline, status, from, to, partition, backfill }).filter(([, value]) => value !== undefined),
  );
  if (Object.keys(filter).length === 0) {
    throw new PerennialError('VALIDATION_FAILED', `Name a run to ${action}, or a filter such as --pipeline.`, {
      remedy: `perennial runs ${action} --help shows the filters.`,
    });
  }
  const { config, terminal } = contextOf(command);
  await withApi(config, terminal, async (api) => {
    const answer = await api.post<BulkAnswer>('/v1/runs/bulk', { action, filter, dryRun });
    terminal.result(answer, () =>
      [
        dryRun
          ? `Would ${action} ${answer.runs.length} runs:`
          : `${answer.done} of ${answer.runs.length} runs: ${action}.`,
        ...(dryRun ? answer.runs.map((run) => `  ${run}`) : []),
        ...answer.failed.map(({ run, error }) => `  ${run}: ${error.message}`),
        ...(answer.more ? ['There are more; do it again for the next.'] : []),
      ].join('\n'),
    );
    if (answer.failed.length > 0) process.exitCode = 1;
  });
}
