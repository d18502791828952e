import { taskQueues } from '../contracts/names.ts';
import { runWorker } from './worker.ts';

// One training at a time: a second one on the same card would only take its memory.
await runWorker('gpu', () => ({ taskQueue: taskQueues.gpu, maxConcurrentActivityTaskExecutions: 1 }));
