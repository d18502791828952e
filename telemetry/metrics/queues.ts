import type { DeliveryState, TaskQueueState } from '../../contracts/queues.ts';
import type { StateFigure } from './state.ts';

/** How many jobs stand in the queues of BullMQ. */
export function deliveryFigures(states: readonly DeliveryState[]): StateFigure[] {
  return states.flatMap(({ name: queue, waiting, active, delayed }) =>
    Object.entries({ waiting, active, delayed }).map(
      ([state, value]): StateFigure => ({ figure: 'queue_jobs', labels: { queue, state }, value }),
    ),
  );
}

/** What waits in the task queues of Temporal for workers, and how many ask for it. */
export function taskQueueFigures(states: readonly TaskQueueState[]): StateFigure[] {
  return states.flatMap(({ name: queue, kind, backlog, oldestSeconds, pollers }): StateFigure[] => {
    const labels = { queue, kind };
    return [
      { figure: 'task_queue_backlog_tasks', labels, value: backlog ?? 0 },
      { figure: 'task_queue_backlog_age_seconds', labels, value: oldestSeconds ?? 0 },
      { figure: 'task_queue_pollers', labels, value: pollers.length },
    ];
  });
}
