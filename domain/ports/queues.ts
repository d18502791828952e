import type { DeliveryState, TaskQueueState } from '../../contracts/queues.ts';

/** What waits in the queues that carry stored items. UNAVAILABLE when their server does not answer. */
export interface DeliveryStates {
  states(): Promise<DeliveryState[]>;
}

/** What waits for workers, and who asks for it. UNAVAILABLE when the workflow server does not answer. */
export interface TaskQueueStates {
  states(): Promise<TaskQueueState[]>;
}
