import { type Command, InvalidArgumentError } from 'commander';
import type { DeadlineDay, DeadlineDefinition, DeadlineRecord, DeadlineShown } from '../../contracts/deadlines.ts';
import type { DefinitionChange } from '../../contracts/definitions.ts';
import { changeText } from '../../domain/definitions/change-text.ts';
import { contextOf, wholeNumber } from '../command.ts';
import { byText, daysText, deadlinesText } from '../deadlines.ts';
import { withApi } from '../installation.ts';

const pathOf = (id: string): string => `/v1/deadlines/${encodeURIComponent(id)}`;

export function deadlinesCommand(program: Command): void {
  const deadlines = program
    .command('deadlines')
    .description("by when a day's work is to be done, and whether it will be");

  deadlines
    .command('ls', { isDefault: true })
    .description('all deadlines and how today stands, worst first')
    .action(async (_options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const found = await api.get<{ deadlines: DeadlineShown[] }>('/v1/deadlines');
        terminal.result(found, () => deadlinesText(found.deadlines));
      });
    });

  deadlines
    .command('add')
    .description('make a deadline; it counts from now on')
    .argument('<deadline>', 'its id')
    .argument('<pipeline>')
    .requiredOption('--by <HH:MM>', 'local time')
    .requiredOption('--zone <zone>', 'IANA time zone, such as Europe/Berlin')
    .option('--key <key>', 'partition key, such as a market; default: any run of the day counts')
    .option('--days <days>', 'weekdays, such as MON-FRI or SAT,SUN; default: all', weekdaysOf)
    .option('--day-offset <days>', "which partition is due: 0 the day's own, -1 the day before", wholeNumber(-31, 31))
    .option('--warn-ahead <time>', 'how long before the time it is watched, such as 2h; default 1d')
    .action(async (id: string, pipeline: string, options: AddOptions, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const deadline = await api.post<DeadlineShown>('/v1/deadlines', { id, pipeline, ...options });
        terminal.result(deadline, () => `Deadline ${id}: ${pipeline} by ${byText(deadline.definition)}.`);
      });
    });

  deadlines
    .command('rm')
    .description('remove a deadline with its days')
    .argument('<deadline>')
    .action(async (id: string, _options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        await api.delete(pathOf(id));
        terminal.result({ id, removed: true }, () => `Deadline ${id} is removed.`);
      });
    });

  deadlines
    .command('diff')
    .description('what applying the deadlines of the code would change')
    .action(async (_options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const found = await api.get<{ changes: DefinitionChange[] }>('/v1/deadlines/diff');
        terminal.result(found, () => found.changes.map(changeText).join('\n') || 'No differences.');
      });
    });

  deadlines
    .command('history')
    .description('how the days of a deadline went, newest first')
    .argument('<deadline>')
    .option('--limit <n>', 'days at most', wholeNumber(1, 500), 30)
    .action(async (id: string, { limit }: { limit: number }, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const deadline = await api.get<DeadlineRecord>(pathOf(id));
        const { days } = await api.get<{ days: DeadlineDay[] }>(`${pathOf(id)}/days?limit=${limit}`);
        terminal.result({ days }, () => daysText(deadline, days));
      });
    });
}

type AddOptions = Pick<DeadlineDefinition, 'by' | 'zone' | 'key' | 'days' | 'dayOffset' | 'warnAhead'>;

const week = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'];

/** `MON-FRI`, `SAT,SUN` or both kinds together. */
function weekdaysOf(text: string): string[] {
  return text
    .toUpperCase()
    .split(',')
    .flatMap((part) => {
      const [from = '', to = from] = part.trim().split('-');
      const [first, last] = [week.indexOf(from), week.indexOf(to)];
      if (first < 0 || last < first) throw new InvalidArgumentError('It must be weekdays such as MON-FRI or SAT,SUN.');
      return week.slice(first, last + 1);
    });
}
