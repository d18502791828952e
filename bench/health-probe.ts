import { parentPort, Worker, workerData } from 'node:worker_threads';
import { httpSender, openLoop, type Timed } from './open-loop.ts';

interface Probe {
  readonly url: string;
  readonly path: string;
  readonly perSecond: number;
  readonly seconds: number;
}

/**
 * Asks for a path so often, each time by a connection of its own, as orchestrators do. In a thread of its own: an event
 * loop that is busy with sending a load would be measured with the service.
 */
export function probe(options: Probe): Promise<Timed[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { probe: options } });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

async function run({ url, path, perSecond, seconds }: Probe): Promise<Timed[]> {
  const sender = httpSender(url, { keepAlive: false });
  const due = Array.from({ length: perSecond * seconds }, (_, i) => (1000 * i) / perSecond);
  return openLoop(due, () => sender.send({ path }));
}

const given = (workerData as { readonly probe?: Probe } | null)?.probe;
if (parentPort && given) parentPort.postMessage(await run(given));
