import type { StateFigure } from '../../telemetry/metrics/state.ts';
import { deliveryQueues, openQueue } from './delivery-queue.ts';

/** How many jobs stand in the queues. */
export function queueFigures(options: { readonly url: string; readonly prefix?: string }): {
  read(): Promise<StateFigure[]>;
  close(): Promise<void>;
} {
  const queues = deliveryQueues.map((item) => openQueue(item, options));
  return {
    async read() {
      const counts = await Promise.all(queues.map((queue) => queue.getJobCounts('waiting', 'active', 'delayed')));
      return counts.flatMap((found, i) =>
        Object.entries(found).map(([state, value]): StateFigure => {
          return { figure: 'queue_jobs', labels: { queue: queues[i]?.name ?? '', state }, value };
        }),
      );
    },
    close: async () => void (await Promise.all(queues.map((queue) => queue.close()))),
  };
}
