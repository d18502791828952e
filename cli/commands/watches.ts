import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { DatasetLook, DatasetWatch } from '../../contracts/webhooks.ts';
import { contextOf, wholeNumber } from '../command.ts';
import { withApi } from '../installation.ts';
import { table, time } from '../terminal.ts';

export function watchesCommand(program: Command): void {
  const watches = program.command('watches').description('places in which data lands');

  watches
    .command('ls', { isDefault: true })
    .description('all watched places')
    .action(async (_options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const found = await api.get<{ watches: (DatasetWatch & DatasetLook)[] }>('/v1/watches');
        terminal.result(found, () =>
          table(
            ['watch', 'location', 'pattern', 'complete when', 'last look'],
            found.watches.map((w) => [w.id, w.location, w.pattern ?? 'every file', completeWhen(w), lookText(w)]),
            { empty: 'Nothing is watched. `perennial watches add WATCH FOLDER` watches a folder.' },
          ),
        );
      });
    });

  watches
    .command('add')
    .description('watch a folder or a prefix of an object store: each complete file becomes a dataset.landed event')
    .argument('<watch>', 'its id')
    .argument('<location>', 'a folder, or s3://bucket/prefix')
    .option('--pattern <pattern>', 'such as {market}/{date}.csv; default: every file')
    .option('--settle <seconds>', 'unchanged for so long counts as complete', wholeNumber(0, 86_400))
    .option('--marker-only', 'complete only with <file>.done beside it or _SUCCESS in its folder')
    .option('--scan <seconds>', 'between two scans when nothing seems to change', wholeNumber(1, 86_400))
    .action(async (id: string, location: string, options: AddOptions, command: Command) => {
      const { config, terminal } = contextOf(command);
      const { pattern, settle: settleSeconds, markerOnly, scan: scanSeconds } = options;
      await withApi(config, terminal, async (api) => {
        const body = {
          id,
          location: location.startsWith('s3://') ? location : resolve(location),
          pattern,
          settleSeconds,
          markerOnly,
          scanSeconds,
        };
        const watch = await api.post<DatasetWatch>('/v1/watches', body);
        terminal.result(watch, () => `${watch.location} is watched: ${watch.pattern ?? 'every file'}.`);
      });
    });

  watches
    .command('rm')
    .description('watch a place no more')
    .argument('<watch>')
    .action(async (id: string, _options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        await api.delete(`/v1/watches/${encodeURIComponent(id)}`);
        terminal.result({ id, removed: true }, () => `${id} is removed.`);
      });
    });
}

function lookText({ lookedAt, error }: DatasetLook): string {
  if (lookedAt === null) return 'not yet';
  return error ? `${time(lookedAt)}: ${error.message} ${error.remedy ?? ''}`.trim() : time(lookedAt);
}

function completeWhen({ location, markerOnly, settleSeconds }: DatasetWatch): string {
  if (markerOnly) return 'marked';
  return location.startsWith('s3://') ? 'listed' : `marked, or unchanged for ${settleSeconds} s`;
}

interface AddOptions {
  readonly pattern?: string;
  readonly settle?: number;
  readonly markerOnly?: boolean;
  readonly scan?: number;
}
