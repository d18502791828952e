import { alertQueues } from '../../contracts/alerts.ts';
import { PerennialError } from '../../contracts/errors.ts';
import type { QueueStates, StoredQueueState } from '../../contracts/queues.ts';
import type { AlertFacts } from '../ports/alert-facts.ts';
import type { DeliveryStates, TaskQueueStates } from '../ports/queues.ts';

export interface QueueDeps {
  readonly alertFacts: Pick<AlertFacts, 'queue'>;
  readonly deliveryStates: DeliveryStates;
  readonly taskQueueStates: TaskQueueStates;
}

/** What waits where. A server that does not answer is named, and the others are told all the same. */
export async function queueStates(
  { alertFacts, deliveryStates, taskQueueStates }: QueueDeps,
  now: Date,
): Promise<QueueStates> {
  const unavailable: string[] = [];
  const ask = async <T>(server: string, states: () => Promise<T[]>): Promise<T[]> => {
    try {
      return await states();
    } catch (error) {
      if (!(error instanceof PerennialError) || error.code !== 'UNAVAILABLE') throw error;
      unavailable.push(server);
      return [];
    }
  };
  const [stored, deliveries, tasks] = await Promise.all([
    Promise.all(
      alertQueues.map(async (name): Promise<StoredQueueState> => {
        const { count, oldestAt, oldestMs, error } = await alertFacts.queue(name);
        return { name, count, oldestAt, oldestSeconds: oldestAt === null ? null : oldestMs / 1_000, error };
      }),
    ),
    ask('redis', () => deliveryStates.states()),
    ask('temporal', () => taskQueueStates.states()),
  ]);
  return { at: now.toISOString(), stored, deliveries, tasks, unavailable: unavailable.sort() };
}
