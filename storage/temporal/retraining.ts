import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { retrainingWatchId, taskQueues, workflowTypes } from '../../contracts/names.ts';
import { type RetrainingWatchInput, watchHour } from '../../contracts/retraining.ts';
import type { RetrainingLauncher } from '../../domain/ports/retraining.ts';
import { guarded } from './errors.ts';
import { startOnce } from './start-once.ts';

/** How late a day that nobody was there for is still decided about. */
const catchUp = '1d';

export function retrainingLauncher(client: Client): RetrainingLauncher {
  return {
    watch: (input, key) =>
      guarded(() =>
        startOnce(client, workflowTypes.retrainingWatch, { workflowId: `${retrainingWatchId}-${key}`, args: [input] }),
      ),
    schedule: () =>
      guarded(async () => {
        const options = {
          spec: { calendars: [{ hour: watchHour, minute: 0 }], timezone: 'UTC' },
          // A training may take longer than a day: the next day is decided about all the same.
          policies: { overlap: ScheduleOverlapPolicy.ALLOW_ALL, catchupWindow: catchUp } as const,
          action: {
            type: 'startWorkflow' as const,
            workflowType: workflowTypes.retrainingWatch,
            workflowId: retrainingWatchId,
            taskQueue: taskQueues.control,
            args: [{ kind: 'daily' } satisfies RetrainingWatchInput],
          },
        };
        try {
          await client.schedule.create({ scheduleId: retrainingWatchId, ...options });
        } catch (error) {
          if (!(error instanceof ScheduleAlreadyRunning)) throw error;
          await client.schedule.getHandle(retrainingWatchId).update(({ state }) => ({ ...options, state }));
        }
      }),
  };
}
