import { readdirSync, readFileSync, statfsSync } from 'node:fs';

/** What a process and all that it started take at one time. */
export interface Use {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Memory of all processes together, MiB, and of the largest one; what libraries such as DuckDB take is in it. */
  readonly together: number;
  readonly largest: number;
  /** More on the disk than at the beginning, MiB; what others write meanwhile is in it. */
  readonly disk: number;
}

/**
 * Watches how much memory a process and all that it started hold, once a second: resident pages, of those that processes
 * share each one's part (PSS), or all where that may not be read; and how much is used of the disk of a folder.
 *
 * @returns ends the watch, and gives what was seen.
 * @throws where there is no /proc (not on Linux).
 */
export function watchUse(pid: number, folder: string): () => Use[] {
  const seen: Use[] = [];
  const freeAtFirst = freeMiB(folder);
  const look = (): void => {
    const sizes = familyOf(pid).map(residentMiB);
    seen.push({
      at: Date.now(),
      together: Math.round(sizes.reduce((sum, size) => sum + size, 0)),
      largest: Math.round(Math.max(0, ...sizes)),
      disk: Math.round(freeAtFirst - freeMiB(folder)),
    });
  };
  look();
  const timer = setInterval(look, 1000);
  return () => {
    clearInterval(timer);
    return seen;
  };
}

/** The most of a measure, of what was seen from one time to another; 0 when nothing was. */
export function peakOf(
  seen: readonly Use[],
  of: Exclude<keyof Use, 'at'>,
  { from = 0, to = Number.POSITIVE_INFINITY }: { readonly from?: number; readonly to?: number } = {},
): number {
  return seen.reduce((most, use) => (use.at >= from && use.at <= to ? Math.max(most, use[of]) : most), 0);
}

function freeMiB(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return (bavail * bsize) / 1024 ** 2;
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
