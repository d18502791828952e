import { SingleBar } from 'cli-progress';
import type { Terminal } from './terminal.ts';

/** One bar for work in this process; silent where nobody watches. */
export function progressBar(
  terminal: Terminal,
  title: string,
): { update(done: number, total: number, unit: string): void; stop(): void } {
  if (!terminal.interactive) return { update: () => {}, stop: () => {} };
  const bar = new SingleBar({
    format: `  ${title} {bar} {percentage}% · {value}/{total} {unit} · {eta_formatted} left`,
    hideCursor: true,
    clearOnComplete: true,
    barsize: 24,
    barCompleteChar: '━',
    barIncompleteChar: ' ',
  });
  let started = false;
  return {
    update(done, total, unit) {
      if (started) bar.update(done, { unit });
      else bar.start(total, done, { unit });
      started = true;
    },
    stop: () => bar.stop(),
  };
}
