import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { PerennialError } from '../contracts/errors.ts';
import type { ProgramEnd, ProgramRunner } from '../domain/ports/programs.ts';

/** Of our environment, what a program needs to run; nothing else, since settings hold secrets. */
const handedOver = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ'];
/** More than any line that means something; longer ones come in parts. */
const maxLine = 524_288;
/** How long what it wrote may take to arrive once it has ended; somebody it let go may hold its output open forever. */
const drainMs = 1_000;
/** Between two looks whether a group that was asked to end has ended. */
const lookMs = 50;

/** @param env of the worker. */
export function createProgramRunner(env: NodeJS.ProcessEnv): ProgramRunner {
  return {
    run({ argv, env: more, cwd, signal, graceMs, onLine }) {
      signal.throwIfAborted();
      const [name = '', ...args] = argv;
      const file = locate(name, cwd ?? '.', env['PATH'] ?? '');
      const own = Object.fromEntries(handedOver.flatMap((key) => (env[key] ? [[key, env[key]]] : [])));
      const child = spawn(file, args, {
        cwd,
        env: { ...own, ...more },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      });
      const guard = child.pid === undefined ? undefined : startGuard(child.pid);
      readLines(child.stdout, (line) => onLine('stdout', line));
      readLines(child.stderr, (line) => onLine('stderr', line));

      return new Promise((settle, reject) => {
        let end: ProgramEnd | undefined;
        let closed = false;
        const timers: NodeJS.Timeout[] = [];
        const cancel = (): void => {
          killGroup(child.pid, 'SIGTERM');
          timers.push(setTimeout(() => killGroup(child.pid, 'SIGKILL'), graceMs));
        };
        const done = (): void => {
          for (const timer of timers) clearTimeout(timer);
          signal.removeEventListener('abort', cancel);
          guard?.kill('SIGKILL');
        };
        let endedAt = 0;
        /** Whether the group is empty. One whose dead nobody buries is taken for it in the end. */
        const isGone = (): boolean => !killGroup(child.pid, 0) || performance.now() > endedAt + graceMs + drainMs;
        /** What it left running is ended at once; when it was asked to end, it has its time to do so. */
        const clearGroup = (): void => {
          if (!signal.aborted) killGroup(child.pid, 'SIGKILL');
          if (!isGone()) timers.push(setTimeout(clearGroup, lookMs));
          else if (closed) finish();
          else timers.push(setTimeout(close, drainMs));
        };
        const close = (): void => {
          child.stdout.destroy();
          child.stderr.destroy();
        };
        const finish = (): void => {
          done();
          settle(end ?? { code: null, signal: null });
        };
        signal.addEventListener('abort', cancel, { once: true });
        child.once('error', (error) => {
          done();
          reject(error);
        });
        child.once('exit', (code, by) => {
          end = { code, signal: by };
          endedAt = performance.now();
          clearGroup();
        });
        child.once('close', () => {
          closed = true;
          if (isGone()) finish();
        });
      });
    },
  };
}

/**
 * A process group cannot outlive us: a shell beside it reads from a pipe that only we hold open. It reads nothing until
 * we die, however we do, and then kills the group.
 */
function startGuard(group: number): ChildProcess {
  const guard = spawn('/bin/sh', ['-c', 'read -r _; kill -KILL -"$1"', 'sh', String(group)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.on('error', () => {});
  guard.stdin.on('error', () => {});
  return guard;
}

/** Signals a group (0: only looks); false when nobody is left in it. macOS says EPERM of a group of the dead. */
function killGroup(group: number | undefined, signal: NodeJS.Signals | 0): boolean {
  if (group === undefined) return false;
  try {
    return process.kill(-group, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH' || code === 'EPERM') return false;
    throw error;
  }
}

/** The path of a program: as given, or found on the PATH. */
function locate(name: string, cwd: string, path: string): string {
  const folder = resolve(cwd);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new PerennialError('CONFIG_INVALID', `The folder ${folder} of the command is not there.`, {
      remedy: 'Correct command.cwd, or make the folder on every worker.',
    });
  }
  const places = name.includes('/') ? [resolve(folder, name)] : path.split(delimiter).map((part) => join(part, name));
  const found = places.find(isProgram);
  if (found) return found;
  throw new PerennialError('CONFIG_INVALID', `The program "${name}" is not there, or may not be run.`, {
    remedy: name.includes('/')
      ? 'Correct command.argv; a relative path starts at command.cwd. The file must be executable.'
      : 'Install it on every worker, or give its path; the PATH of the worker counts.',
  });
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream.on('data', (data: Buffer) => {
    const parts = (rest + decoder.write(data)).split(/\r?\n/);
    rest = parts.pop() ?? '';
    for (const part of parts) onLine(part);
    for (; rest.length >= maxLine; rest = rest.slice(maxLine)) onLine(rest.slice(0, maxLine));
  });
  stream.once('end', () => {
    rest += decoder.end();
    if (rest) onLine(rest);
  });
}
