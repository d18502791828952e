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
import { kindOf, kindsOf } from '../../domain/registry/kinds.ts';
import { planOf } from '../../domain/rollout/index.ts';
import { contextOf, parameter, wholeNumber } from '../command.ts';
import { configurationWith } from '../configurations.ts';
import { exitCodes } from '../exit-codes.ts';
import { withApi } from '../installation.ts';
import { type RolloutShown, rolloutText, stageOf, startedText, subjectOf, waitForRollout } from '../rollouts.ts';
import { table, time } from '../terminal.ts';
import { setHelp } from './configurations.ts';

interface DeployOptions {
  readonly version?: number;
  readonly configuration?: number;
  readonly set?: JsonObject;
  readonly market?: string;
  readonly canary?: readonly number[];
  readonly shadow: boolean;
  readonly bake?: number;
  readonly limit?: number;
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

/** The steps that the options ask for, which change those of the model's own plan; undefined: nothing is changed. */
async function stepsOf(
  model: string,
  { canary, shadow, bake, limit }: DeployOptions,
): Promise<RolloutStep[] | undefined> {
  if (canary === undefined && shadow && bake === undefined && limit === undefined) return undefined;
  const { pipelines } = await import('../../pipelines/index.ts');
  const own = planOf(kindOf(kindsOf(pipelines.values()), model), {}).steps;
  const all = canary === undefined ? own.map(({ share }) => share) : [0, ...canary.map((percent) => percent / 100), 1];
  const shares = shadow ? all : all.filter((share) => share > 0);
  return (shares.length === 0 ? [1] : shares).map((share) => {
    const { minSeconds, maxSeconds } = own.find((step) => step.share === share) ?? (own.at(-1) as RolloutStep);
    const least = bake ?? Math.min(minSeconds, limit ?? minSeconds);
    return { share, minSeconds: least, maxSeconds: Math.max(least, limit ?? maxSeconds) };
  });
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
    .option('--market <name>', 'of a model that makes lists: one market; default: each, by a rollout of its own')
    .option('--canary <percents>', 'callers it answers before it answers all (default: 5,25)', percents)
    .option('--no-shadow', 'serve at once, without comparing unseen answers before')
    .option('--bake <seconds>', 'least time of a step (default: that of the model’s plan)', wholeNumber(0))
    .option('--limit <seconds>', 'most time of a step; then it is paused (default: that of the plan)', wholeNumber(1))
    .option('--reason <text>', 'kept with the rollout', 'deployed by command')
    .option('--wait', 'follow it to its end; the exit code tells how it ended')
    .action(async (model: string, options: DeployOptions, command: Command) => {
      const { config, terminal } = contextOf(command);
      const { set, market, reason, wait } = options;
      const steps = await stepsOf(model, options);
      await withApi(config, terminal, async (api, { stays }) => {
        const configuration = set ? await configurationWith(api, model, set, reason) : options.configuration;
        const version = options.version ?? (configuration === undefined ? 'challenger' : undefined);
        const body = {
          model,
          version,
          configuration,
          reason,
          ...(market && { market }),
          ...(steps && { plan: { steps } }),
        };
        const answer = await api.post<RolloutRecord | { rollouts: RolloutRecord[] }>('/v1/rollouts', body);
        const rollouts = 'rollouts' in answer ? answer.rollouts : [answer];
        const started = rollouts.map(startedText);
        // Servers of this command alone would stop under it.
        if (!wait && stays) {
          const show = rollouts.length === 1 ? `show ${rollouts[0]?.id}` : `ls --model ${model}`;
          terminal.result(answer, () => [...started, `Follow it: perennial rollouts ${show}`].join('\n'));
          return;
        }
        for (const line of started) terminal.note(line);
        const ended = await Promise.all(rollouts.map(({ id }) => waitForRollout(api, id, terminal)));
        terminal.result('rollouts' in answer ? { rollouts: ended } : ended[0], () =>
          ended.map(rolloutText).join('\n\n'),
        );
        const isDone = ended.every(({ status }) => status === 'completed');
        process.exitCode = isDone ? exitCodes.ok : exitCodes.failed;
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
            ['rollout', 'model', 'market', 'version', 'before', 'stands', 'began', 'by'],
            page.rollouts.map((r) => [
              ...[r.id, r.model, r.market, variantName(candidateOf(r)), variantName(baseOf(r))],
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
              `${subjectOf(rollout)} version ${variantName(candidateOf(rollout))}: ${stageOf(rollout)}. ${rollout.reason}`,
          );
        });
      });
  }
}
