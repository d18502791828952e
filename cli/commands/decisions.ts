import { type Command, InvalidArgumentError, Option } from 'commander';
import type { BacktestComparison, MarkedDegradation } from '../../contracts/backtests.ts';
import { type DecisionShown, decisionVerdicts } from '../../contracts/decisions.ts';
import { apiAction } from '../api-action.ts';
import { day, wholeNumber } from '../command.ts';
import { backtestText, decisionsText, decisionText } from '../decisions.ts';
import { readPolicies } from '../policies.ts';

const pathOf = (id: string): string => `/v1/decisions/${encodeURIComponent(id)}`;

export function decisionsCommand(program: Command): void {
  const decisions = program.command('decisions').description('retraining decisions, also those that said no');

  decisions
    .command('ls', { isDefault: true })
    .description('newest first')
    .option('--pipeline <id>')
    .option('--model <name>')
    .option('--policy <id>')
    .addOption(new Option('--verdict <verdict>', 'the one that counts').choices(decisionVerdicts))
    .option('--limit <n>', '', wholeNumber(1, 500), 20)
    .action(
      apiAction(async (api, terminal, _, options) => {
        const page = await api.get<{ decisions: DecisionShown[] }>('/v1/decisions', options);
        terminal.result(page, () => decisionsText(page.decisions));
      }),
    );

  decisions
    .command('show')
    .description('a decision with its reasons, its overrides, and its run, version and outcome')
    .argument('<decision>')
    .action(
      apiAction(async (api, terminal, [id = '']) => {
        const decision = await api.get<DecisionShown>(pathOf(id));
        terminal.result(decision, () => decisionText(decision));
      }),
    );

  decisions
    .command('backtest')
    .description('what a policy would have decided on the stored past, beside another one')
    .argument('<policy>', 'its id, or a YAML or JSON file with one')
    .option('--against <policy>', 'another one: id, file, or a version of the same such as v2')
    .option('--model <name>', 'default: the only one of the policy')
    .option('--from <day>', 'default: a year before --to', day)
    .option('--to <day>', 'the day after the last; default: today', day)
    .option('--degradation <from..to>', 'days you know to have been bad; may be given again', degradation)
    .action(
      apiAction(async (api, terminal, [policy = ''], { against, degradation: marked, ...span }: BacktestOptions) => {
        const found = await api.post<BacktestComparison>('/v1/policies/backtest', {
          ...span,
          policy: policyOf(policy),
          ...(against === undefined ? {} : { against: policyOf(against) }),
          ...(marked === undefined ? {} : { degradations: marked }),
        });
        terminal.result(found, () => backtestText(found.report, found.against));
      }),
    );

  decisions
    .command('make')
    .description('let a policy decide now, and carry out what it says')
    .argument('<policy>')
    .option('--model <name>', 'default: all of the policy')
    .action(
      apiAction(async (api, terminal, [policy = ''], { model }: { model?: string }) => {
        const asked = await api.post<{ decisions: string[] }>('/v1/decisions', {
          policy,
          ...(model === undefined ? {} : { model }),
        });
        terminal.result(asked, () =>
          asked.decisions.length === 0
            ? `No model with a champion is one of ${policy}.`
            : `Asked for: perennial decisions show ${asked.decisions.join(', ')}`,
        );
      }),
    );

  decisions
    .command('override')
    .description('ask for another verdict')
    .argument('<decision>')
    .addArgument(decisions.createArgument('<verdict>').choices(['retrain', 'challenger', 'keep']))
    .requiredOption('--reason <text>', 'why; kept with the decision')
    .action(
      apiAction(async (api, terminal, [id = '', verdict = ''], { reason }: { reason: string }) => {
        const decision = await api.post<DecisionShown>(`${pathOf(id)}/overrides`, { verdict, reason });
        terminal.result(decision, () => decisionText(decision));
      }),
    );

  for (const [action, description] of [
    ['approve', 'approve an override that somebody asked for; it is carried out'],
    ['decline', 'decline an override'],
  ] as const)
    decisions
      .command(action)
      .description(description)
      .argument('<decision>')
      .argument('<override>')
      .option('--note <text>', 'what there is to say to it')
      .action(
        apiAction(async (api, terminal, [id = '', override = ''], { note }: { note?: string }) => {
          const path = `${pathOf(id)}/overrides/${encodeURIComponent(override)}/${action}`;
          const decision = await api.post<DecisionShown>(path, note === undefined ? {} : { note });
          terminal.result(decision, () => decisionText(decision));
        }),
      );
}

interface BacktestOptions {
  readonly against?: string;
  readonly model?: string;
  readonly from?: string;
  readonly to?: string;
  readonly degradation?: readonly MarkedDegradation[];
}

/** A file's policy, a version of the policy tested, or an id. */
function policyOf(text: string): unknown {
  const version = /^v(\d+)$/.exec(text)?.[1];
  if (version !== undefined) return { version: Number(version) };
  if (!/\.(ya?ml|json)$/i.test(text)) return text;
  return readPolicies(text)[0];
}

function degradation(text: string, before: readonly MarkedDegradation[] = []): MarkedDegradation[] {
  const [from, to, ...more] = text.split('..');
  if (!from || !to || more.length > 0)
    throw new InvalidArgumentError('It must be two days, such as 2026-03-01..2026-03-20.');
  return [...before, { from: day(from), to: day(to) }];
}
