import { taskQueues } from '../contracts/names.ts';
import { runMain } from './run-main.ts';
import { runWorker } from './worker.ts';

// One training at a time: a second one on the same card would only take its memory.
await runMain(() => runWorker('gpu', () => ({ taskQueue: taskQueues.gpu, maxConcurrentActivityTaskExecutions: 1 })));
