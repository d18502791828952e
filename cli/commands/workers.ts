import type { Command } from 'commander';
import type { WorkerRecord } from '../../contracts/workers.ts';
import { apiAction } from '../api-action.ts';
import { duration, table, time } from '../terminal.ts';

interface Answer {
  readonly workers: readonly (WorkerRecord & { readonly state: string })[];
  readonly watched: { readonly at: string; readonly by: string; readonly ageMs: number } | null;
}

export function workersCommand(program: Command): void {
  program
    .command('workers')
    .description('processes of the installation, and whether they are alive')
    .action(
      apiAction(async (api, terminal) => {
        const answer = await api.get<Answer>('/v1/workers');
        const { watched } = answer;
        terminal.result(answer, () =>
          [
            table(
              ['worker', 'role', 'state', 'since', 'last sign of life'],
              answer.workers.map(({ id, role, state, startedAt, beatAt, stoppedAt }) => [
                id,
                role,
                state === 'dead' ? 'DEAD' : state,
                time(startedAt),
                time(stoppedAt ?? beatAt),
              ]),
              { empty: 'No process has given a sign of life yet.' },
            ),
            watched
              ? `Alerts were last looked at ${duration(watched.ageMs)} ago by ${watched.by}.`
              : 'Nobody has looked at alerts yet.',
          ].join('\n\n'),
        );
      }),
    );
}
