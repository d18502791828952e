import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Column, Frame } from '../../domain/monitoring/reference/index.ts';
import { type Peer, runPeer } from '../peer.ts';
import type { Kind } from './plant.ts';

type Group = Kind | 'unchanged';

/** By group of windows, how many columns of each have drifted. */
export interface PeerVerdicts {
  readonly name: string;
  /** Columns the peer sees: each number of a vector is one. */
  readonly columns: number;
  readonly whole: Readonly<Record<Group, readonly number[]>>;
  /** With the first rows of the reference alone. */
  readonly small: Readonly<Record<Group, readonly number[]>>;
  /** A window. */
  readonly seconds: number;
}

interface PeerFigures {
  readonly peer: string;
  readonly columns: number;
  readonly whole: readonly number[];
  readonly small: readonly number[];
  readonly s_per_window: number;
}

/** The peer's verdicts on groups of windows, through CSV files in a folder. */
export async function judgeByPeer(
  peer: Peer,
  reference: Frame,
  groups: Readonly<Record<Group, readonly Frame[]>>,
  folder: string,
): Promise<PeerVerdicts> {
  await mkdir(folder);
  const names = Object.keys(reference.columns);
  const categories = names.filter((name) => reference.columns[name]!.type === 'category');
  const referenceFile = join(folder, 'reference.csv');
  await writeFile(referenceFile, csv([reference], names, false));
  const windowsFile = join(folder, 'windows.csv');
  const all = Object.entries(groups) as [Group, readonly Frame[]][];
  await writeFile(
    windowsFile,
    csv(
      all.flatMap(([, windows]) => windows),
      names,
      true,
    ),
  );
  const args = [referenceFile, windowsFile, '--categories', categories.join(','), '--check'];
  const { peer: name, columns, whole, small, s_per_window: seconds } = await runPeer<PeerFigures>(peer, args);
  const by = (counts: readonly number[]): PeerVerdicts['whole'] => {
    let from = 0;
    return Object.fromEntries(
      all.map(([group, windows]) => {
        from += windows.length;
        return [group, counts.slice(from - windows.length, from)];
      }),
    ) as Record<Group, number[]>;
  };
  return { name, columns, whole: by(whole), small: by(small), seconds };
}

function* csv(frames: readonly Frame[], names: readonly string[], numbered: boolean): Generator<string> {
  const head = names.flatMap((name) => heads(name, frames[0]!.columns[name]!));
  yield `${[...(numbered ? ['window'] : []), ...head].join(',')}\n`;
  for (const [place, frame] of frames.entries())
    for (let row = 0; row < frame.rows; row++) {
      const line = names.flatMap((name) => cells(frame.columns[name]!, row));
      yield `${[...(numbered ? [String(place)] : []), ...line].join(',')}\n`;
    }
}

function heads(name: string, column: Column): string[] {
  return column.type === 'embedding' ? Array.from({ length: column.width }, (_, d) => `${name}_${d}`) : [name];
}

function cells(column: Column, row: number): string[] {
  if (column.type === 'category') {
    const code = column.codes[row]!;
    return [code < 0 ? '' : `"${column.labels[code]!.replaceAll('"', '""')}"`];
  }
  const width = column.type === 'embedding' ? column.width : 1;
  return Array.from(column.values.subarray(row * width, (row + 1) * width), (value) =>
    Number.isFinite(value) ? String(Number(value.toPrecision(7))) : '',
  );
}
