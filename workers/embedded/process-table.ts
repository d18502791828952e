import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A process we started: its id alone would be mistaken once the system gives the id to another one. */
export interface ProcessRecord {
  readonly name: string;
  readonly pid: number;
  /** When it started, in the system's own terms. */
  readonly started: string;
}

/** When a living process started, or null. */
export function startOf(pid: number): string | null {
  try {
    if (existsSync('/proc/self/stat')) {
      // Field 22 counted after the command, which stands in brackets and may hold anything.
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? null : (fields[19] ?? null);
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}

export function isAlive(record: ProcessRecord): boolean {
  return startOf(record.pid) === record.started;
}

/** The processes of an installation, kept in a file so that the next start can end what a crash left running. */
export class ProcessTable {
  readonly #file: string;
  #records: ProcessRecord[];

  constructor(file: string) {
    this.#file = file;
    this.#records = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ProcessRecord[]) : [];
  }

  add(name: string, pid: number): void {
    const started = startOf(pid);
    if (started === null) return;
    this.#records = [...this.#records.filter((r) => r.name !== name), { name, pid, started }];
    this.#save();
  }

  remove(name: string): void {
    this.#records = this.#records.filter((r) => r.name !== name);
    this.#save();
  }

  get(name: string): ProcessRecord | undefined {
    return this.#records.find((r) => r.name === name && isAlive(r));
  }

  /** Ends, last started first, every recorded process that is still the one recorded; returns their names. */
  async endAll(except: string): Promise<string[]> {
    const left = this.#records.filter((r) => r.name !== except && isAlive(r)).reverse();
    for (const record of left) await endProcess(record);
    this.#records = this.#records.filter((r) => r.name === except);
    this.#save();
    return left.map((r) => r.name);
  }

  #save(): void {
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(`${this.#file}.part`, JSON.stringify(this.#records, null, 1));
    renameSync(`${this.#file}.part`, this.#file);
  }
}

/** SIGINT (PostgreSQL's fast shutdown; the others take it as SIGTERM), and SIGKILL after 10 s. */
export async function endProcess(record: ProcessRecord): Promise<void> {
  const send = (signal: NodeJS.Signals): void => {
    try {
      process.kill(record.pid, signal);
    } catch {
      // Gone meanwhile.
    }
  };
  send('SIGINT');
  for (const from = Date.now(); isAlive(record); ) {
    if (Date.now() - from > 10_000) send('SIGKILL');
    await delay(50);
  }
}
