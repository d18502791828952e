import { type Command, InvalidArgumentError, Option } from 'commander';
import type { JsonObject } from '../../contracts/json.ts';
import {
  baseOf,
  candidateOf,
  type RolloutRecord,
  type RolloutStep,
  rolloutStatuses,
} from '../../contracts/rollouts.ts';
import { variantName } from '../../contracts/traffic.ts';
import { contextOf, parameter, wholeNumber } from '../command.ts';
import { configurationWith } from '../configurations.ts';
import { exitCodes } from '../exit-codes.ts';
import { withApi } from '../installation.ts';
import { type RolloutShown, rolloutText, stageOf, waitForRollout } from '../rollouts.ts';
import { table, time } from '../terminal.ts';
import { setHelp } from './configurations.ts';

interface DeployOptions {
  readonly version?: number;
  readonly configuration?: number;
  readonly set?: JsonObject;
  readonly canary: readonly number[];
  readonly shadow: boolean;
  readonly bake: number;
  readonly limit: number;
  readonly reason: string;
  readonly wait?: boolean;
}

/** Shares in percent, ascending, such as `5,25`. */
function percents(text: string): number[] {
  const shares = text.split(',').map(Number);
  if (shares.some((share, i) => !(share > (shares[i - 1] ?? 0) && share < 100)))
    throw new InvalidArgumentError('It must be percents above 0 and below 100, each larger than the one before.');
  return shares;
}

export function deployCommand(program: Command): void {
  program
    .command('deploy')
    .description(
      'bring a version of a model, a configuration of it, or both in, step by step; gates take it back when it is worse',
    )
    .argument('<model>')
    .option(
      '--version <n>',
      'default: what the alias challenger points at; with a configuration the champion stays',
      wholeNumber(1),
    )
    .option(
      '--configuration <n>',
      'by which it is served; 0: the built-in defaults. Default: the one in force',
      wholeNumber(0),
    )
    .addOption(new Option('--set <name=value>', setHelp).argParser(parameter).conflicts('configuration'))
    .option('--canary <percents>', 'callers it answers before it answers all', percents, [5, 25])
    .option('--no-shadow', 'serve at once, without comparing unseen answers before')
    .option('--bake <seconds>', 'least time of a step', wholeNumber(0), 300)
    .option('--limit <seconds>', 'most time of a step; then it is paused', wholeNumber(1), 14_400)
    .option('--reason <text>', 'kept with the rollout', 'deployed by command')
    .option('--wait', 'follow it to its end; the exit code tells how it ended')
    .action(async (model: string, options: DeployOptions, command: Command) => {
      const { config, terminal } = contextOf(command);
      const { set, canary, shadow, bake, limit, reason, wait } = options;
      const shares = [...(shadow ? [0] : []), ...canary.map((percent) => percent / 100), 1];
      const steps = shares.map(
        (share): RolloutStep => ({ share, minSeconds: bake, maxSeconds: Math.max(bake, limit) }),
      );
      await withApi(config, terminal, async (api, { stays }) => {
        const configuration = set ? await configurationWith(api, model, set, reason) : options.configuration;
        const version = options.version ?? (configuration === undefined ? 'challenger' : undefined);
        const wanted = { model, version, configuration, plan: { steps }, reason };
        const rollout = await api.post<RolloutRecord>('/v1/rollouts', wanted);
        const what = `Rollout ${rollout.id} brings version ${variantName(candidateOf(rollout))} of ${model} in, in place of version ${variantName(baseOf(rollout))}.`;
        // Servers of this command alone would stop under it.
        if (!wait && stays) {
          terminal.result(rollout, () => `${what} Follow it: perennial rollouts show ${rollout.id}`);
          return;
        }
        terminal.note(what);
        const ended = await waitForRollout(api, rollout.id, terminal);
        terminal.result(ended, () => rolloutText(ended));
        process.exitCode = ended.status === 'completed' ? exitCodes.ok : exitCodes.failed;
      });
    });
}

export function rolloutsCommand(program: Command): void {
  const rollouts = program.command('rollouts').description('list rollouts of models, look at them, decide about them');

  rollouts
    .command('ls', { isDefault: true })
    .description('newest first')
    .option('--model <name>')
    .addOption(new Option('--status <status>').choices(rolloutStatuses))
    .option('--limit <n>', 'at most so many', wholeNumber(1, 500), 20)
    .action(async (options: { model?: string; status?: string; limit: number }, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const page = await api.get<{ rollouts: RolloutRecord[] }>('/v1/rollouts', options);
        terminal.result(page, () =>
          table(
            ['rollout', 'model', 'version', 'before', 'stands', 'began', 'by'],
            page.rollouts.map((r) => [
              ...[r.id, r.model, variantName(candidateOf(r)), variantName(baseOf(r))],
              ...[stageOf(r), time(r.createdAt), r.by],
            ]),
            { empty: 'No rollouts. `perennial deploy MODEL` starts one.' },
          ),
        );
      });
    });

  rollouts
    .command('show')
    .description('a rollout with its gates and what happened')
    .argument('<rollout>')
    .action(async (id: string, _options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const rollout = await api.get<RolloutShown>(`/v1/rollouts/${encodeURIComponent(id)}`);
        terminal.result(rollout, () => rolloutText(rollout));
      });
    });

  for (const [name, description] of [
    ['pause', 'stay in its step; gates go on watching'],
    ['resume', 'go on after a pause'],
    ['skip', 'end its step whatever the gates say'],
    ['abort', 'give all callers back to the version before, at once'],
  ] as const) {
    rollouts
      .command(name)
      .description(description)
      .argument('<rollout>')
      .requiredOption('--reason <text>', 'kept with the rollout and in the audit log')
      .action(async (id: string, { reason }: { reason: string }, command: Command) => {
        const { config, terminal } = contextOf(command);
        await withApi(config, terminal, async (api) => {
          const rollout = await api.post<RolloutRecord>(`/v1/rollouts/${encodeURIComponent(id)}/${name}`, { reason });
          terminal.result(
            rollout,
            () =>
              `${rollout.model} version ${variantName(candidateOf(rollout))}: ${stageOf(rollout)}. ${rollout.reason}`,
          );
        });
      });
  }
}
