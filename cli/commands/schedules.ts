import { type Command, Option } from 'commander';
import type { DefinitionChange } from '../../contracts/definitions.ts';
import { PerennialError } from '../../contracts/errors.ts';
import {
  overlapPolicies,
  type ScheduleDefinition,
  type ScheduleRecord,
  ScheduleSchema,
} from '../../contracts/schedules.ts';
import { changeText } from '../../domain/definitions/change-text.ts';
import { diffDefinitions } from '../../domain/definitions/diff.ts';
import type { ApiClient } from '../client.ts';
import { contextOf } from '../command.ts';
import { readDefinitions } from '../definition-file.ts';
import { withApi } from '../installation.ts';
import { type ScheduleShown, scheduleText, startsText, whenText } from '../schedules.ts';
import { table, time } from '../terminal.ts';

const pathOf = (id: string): string => `/v1/schedules/${encodeURIComponent(id)}`;
const readSchedules = (file: string): ScheduleDefinition[] =>
  readDefinitions(file, 'a schedule', 'docs/how-to/schedules.md');

export function schedulesCommand(program: Command): void {
  const schedules = program.command('schedules').description('when runs start by themselves');

  schedules
    .command('ls', { isDefault: true })
    .description('all schedules with their next start')
    .action(async (_options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const found = await api.get<{ schedules: ScheduleRecord[] }>('/v1/schedules');
        terminal.result(found, () =>
          table(
            ['schedule', 'pipeline', 'when', 'zone', 'next', 'from', 'note'],
            found.schedules.map((s) => [
              s.id,
              s.pipeline,
              whenText(s.definition),
              s.definition.timeZone ?? '',
              s.paused ? 'paused' : time(s.next[0] ?? null),
              s.origin,
              s.note,
            ]),
            { empty: 'No schedules. `perennial schedules apply FILE` makes them; docs/how-to/schedules.md shows how.' },
          ),
        );
      });
    });

  schedules
    .command('show')
    .description('a schedule with its next ten starts, recent runs and faults')
    .argument('<schedule>')
    .action(async (id: string, _options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const schedule = await api.get<ScheduleShown>(pathOf(id));
        terminal.result(schedule, () => scheduleText(schedule));
      });
    });

  schedules
    .command('apply')
    .description('make or replace the schedules of a YAML or JSON file: one, or a list')
    .argument('<file>')
    .option('--dry-run', 'only say what it would change')
    .action(async (file: string, { dryRun }: { dryRun?: boolean }, command: Command) => {
      const { config, terminal } = contextOf(command);
      const definitions = readSchedules(file);
      await withApi(config, terminal, async (api) => {
        // All are looked at before the first is changed.
        const checked: ScheduleDefinition[] = [];
        for (const definition of definitions) {
          const preview = await api.post<{ definition: ScheduleDefinition }>('/v1/schedules/preview', definition);
          checked.push(preview.definition);
        }
        if (dryRun) {
          const changes = await fileChanges(api, checked);
          terminal.result({ changes }, () => changes.map(changeText).join('\n') || 'No differences.');
          return;
        }
        const applied: (ScheduleRecord & { created: boolean })[] = [];
        for (const definition of definitions) applied.push(await api.put(pathOf(definition.id), definition));
        terminal.result({ schedules: applied }, () =>
          applied.map((s) => `${s.id}: ${s.created ? 'made' : 'replaced'}, next ${time(s.next[0] ?? null)}`).join('\n'),
        );
      });
    });

  schedules
    .command('rm')
    .description('remove a schedule; its runs stay and go on')
    .argument('<schedule>')
    .action(async (id: string, _options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        await api.delete(pathOf(id));
        terminal.result({ id, removed: true }, () => `Schedule ${id} is removed.`);
      });
    });

  schedules
    .command('pause')
    .description('stop starting runs until it is resumed')
    .argument('<schedule>')
    .requiredOption('--note <text>', 'why; shown with the schedule')
    .action(async (id: string, options: { note: string }, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const schedule = await api.post<ScheduleRecord>(`${pathOf(id)}/pause`, options);
        terminal.result(schedule, () => `Schedule ${id} is paused: ${schedule.note}`);
      });
    });

  schedules
    .command('resume')
    .description('let a paused schedule go on')
    .argument('<schedule>')
    .option('--note <text>', 'why')
    .action(async (id: string, options: { note?: string }, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const schedule = await api.post<ScheduleRecord>(`${pathOf(id)}/resume`, options);
        terminal.result(schedule, () => `Schedule ${id} goes on, next ${time(schedule.next[0] ?? null)}.`);
      });
    });

  schedules
    .command('trigger')
    .description('start a run now, also when paused')
    .argument('<schedule>')
    .addOption(new Option('--overlap <policy>', 'default: the one of the schedule').choices(overlapPolicies))
    .action(async (id: string, options: { overlap?: string }, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const schedule = await api.post<ScheduleRecord>(`${pathOf(id)}/trigger`, options);
        terminal.result(schedule, () => `Schedule ${id} starts a run. See it: perennial schedules show ${id}`);
      });
    });

  schedules
    .command('next')
    .description('the next ten starts of a schedule, or of the schedules of a file without making them')
    .argument('<schedule or file>', 'an id, or a path that ends in .yaml, .yml or .json')
    .action(async (given: string, _options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      const definitions = /\.(ya?ml|json)$/.test(given) ? readSchedules(given) : null;
      await withApi(config, terminal, async (api) => {
        const found: { id: string; definition: ScheduleDefinition; next: readonly string[] }[] = [];
        if (!definitions) found.push(await api.get<ScheduleRecord>(pathOf(given)));
        for (const definition of definitions ?? []) {
          const { next } = await api.post<{ next: string[] }>('/v1/schedules/preview', definition);
          found.push({ id: definition.id, definition, next });
        }
        const shown = found.map(({ id, next }) => ({ id, next }));
        terminal.result({ schedules: shown }, () =>
          found.map(({ id, definition, next }) => [id, ...startsText(definition, next)].join('\n')).join('\n'),
        );
      });
    });

  schedules
    .command('diff')
    .description('what applying the schedules of the code would change')
    .action(async (_options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const found = await api.get<{ changes: DefinitionChange[] }>('/v1/schedules/diff');
        terminal.result(found, () =>
          found.changes.length === 0 ? 'No differences.' : found.changes.map(changeText).join('\n'),
        );
      });
    });
}

/** What applying the definitions of a file, all defaults filled in, would change. */
async function fileChanges(api: ApiClient, checked: readonly ScheduleDefinition[]): Promise<DefinitionChange[]> {
  const hashed = (definition: ScheduleDefinition) => ({ definition, hash: JSON.stringify(definition) });
  const existing: Parameters<typeof diffDefinitions<ScheduleDefinition>>[1][number][] = [];
  for (const { id } of checked) {
    try {
      const { definition } = await api.get<ScheduleRecord>(pathOf(id));
      existing.push({ id, origin: 'code', ...hashed(definition) });
    } catch (error) {
      if (!(error instanceof PerennialError && error.code === 'NOT_FOUND')) throw error;
    }
  }
  return diffDefinitions(new Map(checked.map((given) => [given.id, hashed(given)])), existing, ScheduleSchema);
}
