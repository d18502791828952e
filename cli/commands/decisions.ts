import { type Command, Option } from 'commander';
import type { RetrainingDecision } from '../../contracts/decisions.ts';
import { contextOf, wholeNumber } from '../command.ts';
import { withApi } from '../installation.ts';
import { table, time } from '../terminal.ts';

export function decisionsCommand(program: Command): void {
  const decisions = program.command('decisions').description('retraining decisions, also those that said no');

  decisions
    .command('ls', { isDefault: true })
    .description('newest first')
    .option('--pipeline <id>')
    .addOption(new Option('--verdict <verdict>').choices(['retrain', 'keep']))
    .option('--limit <n>', '', wholeNumber(1), 20)
    .action(async (options: { pipeline?: string; verdict?: string; limit: number }, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const page = await api.get<{ decisions: RetrainingDecision[] }>('/v1/decisions', options);
        terminal.result(page, () =>
          table(
            ['decision', 'when', 'verdict', 'in a sentence'],
            page.decisions.map((d) => [d.id, time(d.at), d.verdict, d.summary]),
          ),
        );
      });
    });

  decisions
    .command('show')
    .description('a decision with its reasons')
    .argument('<decision>')
    .action(async (id: string, _options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const decision = await api.get<RetrainingDecision>(`/v1/decisions/${encodeURIComponent(id)}`);
        terminal.result(decision, () => decisionText(decision));
      });
    });
}

/** A decision in words: verdict, sentence, and every rule with whether it applies and what it found. */
export function decisionText({ verdict, summary, reasons, policy, at }: RetrainingDecision): string {
  const width = Math.max(0, ...reasons.map((r) => r.rule.length));
  return [
    `Retraining decision: ${verdict === 'retrain' ? 'train again' : 'keep the model'}`,
    `  ${summary}`,
    ...reasons.map((r) => `  ${r.rule.padEnd(width)}  ${r.fired ? 'yes' : 'no '}  ${r.text}`),
    `  by policy ${policy.name}, version ${policy.version}, ${time(at)} UTC`,
  ].join('\n');
}
