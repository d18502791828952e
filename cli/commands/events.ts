import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { PerennialError } from '../../contracts/errors.ts';
import type { EventRecord } from '../../contracts/events.ts';
import type { ApiClient } from '../client.ts';
import { contextOf, wholeNumber } from '../command.ts';
import { withApi } from '../installation.ts';
import { table, time } from '../terminal.ts';

interface Page {
  readonly events: readonly EventRecord[];
  readonly next: number | null;
}

export function eventsCommand(program: Command): void {
  const events = program.command('events').description('what happened, and what became of it');

  events
    .command('ls', { isDefault: true })
    .description('events, newest first')
    .option('--type <types>', 'one, or several with commas between')
    .option('--source <source>', 'where it happened')
    .option('--subject <subject>', 'what it is about')
    .option('--from <time>', 'first time, ISO 8601')
    .option('--to <time>', 'up to this time')
    .option('--before <number>', 'only those before this one in the list', wholeNumber(1))
    .option('--limit <n>', 'how many', wholeNumber(1, 500), 50)
    .action(async (options: Readonly<Record<string, string | number>>, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const page = await api.get<Page>('/v1/events', options);
        terminal.result(page, () => eventTable(page));
      });
    });

  events
    .command('show')
    .description('an event, whole')
    .argument('<number>', 'its number in the list', wholeNumber(1))
    .action(async (sequence: number, _options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const event = await api.get<EventRecord>(`/v1/events/${sequence}`);
        terminal.result(event, () => JSON.stringify(event, null, 2));
      });
    });

  events
    .command('send')
    .description('publish a CloudEvent, or a list of them, from a JSON file')
    .argument('<file>', '- for standard input')
    .action(async (file: string, _options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      const content = readJson(file);
      const type = Array.isArray(content) ? 'cloudevents-batch+json' : 'cloudevents+json';
      await withApi(config, terminal, async (api) => {
        const headers = { 'content-type': `application/${type}` };
        const sent = await api.post<{ stored: number; known: number }>('/v1/events', content, headers);
        terminal.result(sent, () => `${sent.stored} stored${sent.known > 0 ? `, ${sent.known} known already` : ''}.`);
      });
    });

  events
    .command('dead')
    .description('events that were given up, with the reason')
    .option('--before <number>', 'only those before this one in the list', wholeNumber(1))
    .option('--limit <n>', 'how many', wholeNumber(1, 500), 50)
    .action(async (options: Readonly<Record<string, number>>, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const page = await api.get<Page>('/v1/dead-letters', options);
        terminal.result(page, () => eventTable(page));
      });
    });

  events
    .command('replay')
    .description('work on dead letters again')
    .argument('[number...]', 'their numbers in the list')
    .option('--all', 'all there are now')
    .action(async (numbers: string[], { all = false }: { all?: boolean }, command: Command) => {
      const { config, terminal } = contextOf(command);
      if (all === numbers.length > 0) command.error('error: give the numbers of dead letters, or --all');
      const given = numbers.map(wholeNumber(1));
      await withApi(config, terminal, async (api) => {
        const sequences = all ? await deadLetters(api) : given;
        for (const sequence of sequences) await api.post(`/v1/dead-letters/${sequence}/replay`, {});
        terminal.result({ replayed: sequences }, () =>
          sequences.length > 0 ? `Worked on again: ${sequences.join(', ')}.` : 'No dead letters.',
        );
      });
    });

  events
    .command('drop')
    .description('take a dead letter off the list; its event stays')
    .argument('<number>', 'its number in the list', wholeNumber(1))
    .action(async (sequence: number, _options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        await api.delete(`/v1/dead-letters/${sequence}`);
        terminal.result({ dropped: sequence }, () => `${sequence} is off the list.`);
      });
    });
}

/** The numbers of all dead letters, oldest first. */
async function deadLetters(api: ApiClient): Promise<number[]> {
  const found: number[] = [];
  for (let before: number | null | undefined; before !== null; ) {
    const page: Page = await api.get<Page>('/v1/dead-letters', { limit: 500, before });
    found.push(...page.events.map(({ sequence }) => sequence));
    before = page.next;
  }
  return found.reverse();
}

function eventTable({ events }: Page): string {
  return table(
    ['number', 'time', 'type', 'source', 'subject', 'state'],
    events.map((e) => [e.sequence, time(e.time), e.type, e.source, e.subject ?? '', stateOf(e)]),
    { right: ['number'], empty: 'No events.' },
  );
}

function stateOf({ processedAt, failedAt, error, attempts }: EventRecord): string {
  if (processedAt && !failedAt) return 'done';
  if (processedAt) return `dropped: ${error?.message ?? ''}`;
  if (failedAt) return `given up: ${error?.message ?? ''}`;
  return error ? `attempt ${attempts} failed: ${error.message}` : 'waits';
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch (error) {
    throw new PerennialError('SOURCE_INVALID', `${file} cannot be read: ${(error as Error).message}.`, {
      remedy: 'Give a JSON file with a CloudEvent, or a list of them.',
      cause: error,
    });
  }
}
