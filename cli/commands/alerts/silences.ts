import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Silence, SilenceMatch } from '../../../contracts/alerts.ts';
import { alertSeverities } from '../../../contracts/rules.ts';
import type { Duration } from '../../../domain/dag/definition.ts';
import { toMs } from '../../../domain/dag/duration.ts';
import { matchText, silencesText } from '../../alerts.ts';
import { apiAction } from '../../api-action.ts';
import { time } from '../../terminal.ts';

type SilenceOptions = SilenceMatch & { readonly for: number; readonly reason: string };

export function silenceCommands(alerts: Command): void {
  alerts
    .command('silence')
    .description('keep alerts from being told for a while; give at least one thing that they match')
    .requiredOption('--for <time>', 'how long, such as 2h or 3d; at most 90d', lengthOf)
    .requiredOption('--reason <text>', 'why')
    .option('--alert <definition>', '`*` stands for any text, here and below')
    .option('--pipeline <id>')
    .option('--market <market>')
    .option('--key <key>', 'key of the alert, such as cpu for dead workers of that role')
    .addOption(new Option('--severity <severity>').choices([...alertSeverities]))
    .action(
      apiAction<SilenceOptions>(async (api, terminal, _given, { for: length, reason, ...match }) => {
        const until = new Date(Date.now() + length).toISOString();
        const silence = await api.post<Silence>('/v1/silences', { match, until, reason });
        terminal.result(silence, () => `Silenced until ${time(silence.until)} UTC: ${matchText(silence.match)}.`);
      }),
    );

  alerts
    .command('silences')
    .description('silences in force')
    .option('--all', 'also those that are over')
    .action(
      apiAction<{ all?: boolean }>(async (api, terminal, _given, { all }) => {
        const found = await api.get<{ silences: Silence[] }>('/v1/silences', all ? { all: 'true' } : {});
        terminal.result(found, () => silencesText(found.silences));
      }),
    );

  alerts
    .command('unsilence')
    .description('end a silence now')
    .argument('<silence>')
    .action(
      apiAction(async (api, terminal, [id = '']) => {
        const silence = await api.delete<Silence>(`/v1/silences/${encodeURIComponent(id)}`);
        terminal.result(silence, () => `No longer silenced: ${matchText(silence.match)}.`);
      }),
    );
}

function lengthOf(text: string): number {
  const ms = toMs(text as Duration);
  if (ms === null) throw new InvalidArgumentError('It must be a time such as 30m, 2h or 3d.');
  return ms;
}
