import { readdirSync, readFileSync } from 'node:fs';

export interface MemoryPeak {
  /** Of all processes together at one time, MiB. */
  readonly together: number;
  /** Of the largest one, MiB. */
  readonly largest: number;
}

/**
 * Watches how much memory a process and all that it started hold, once a second: resident pages, of those that processes
 * share each one's part (PSS), or all where that may not be read.
 *
 * @returns ends the watch.
 * @throws where there is no /proc (not on Linux).
 */
export function watchMemory(pid: number): () => MemoryPeak {
  let [together, largest] = [0, 0];
  const look = (): void => {
    const sizes = familyOf(pid).map(residentMiB);
    together = Math.max(
      together,
      sizes.reduce((sum, size) => sum + size, 0),
    );
    largest = Math.max(largest, ...sizes);
  };
  look();
  const timer = setInterval(look, 1000);
  return () => {
    clearInterval(timer);
    return { together: Math.round(together), largest: Math.round(largest) };
  };
}

function familyOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = Number(/\) \S (\d+)/.exec(read(`/proc/${name}/stat`))?.[1] ?? -1);
    const known = children.get(parent);
    if (known) known.push(Number(name));
    else children.set(parent, [Number(name)]);
  }
  const family = [pid];
  for (let i = 0; i < family.length; i++) family.push(...(children.get(family[i] as number) ?? []));
  return family;
}

function residentMiB(pid: number): number {
  const proportional = /^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`));
  const resident = proportional ?? /VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`));
  return Number(resident?.[1] ?? 0) / 1024;
}

/** Empty when the process has ended meanwhile, or is somebody else's. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
}
