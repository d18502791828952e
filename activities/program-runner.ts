import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { PerennialError } from '../contracts/errors.ts';
import type { ProgramRunner } from '../domain/ports/programs.ts';

/** Of our environment, what a program needs to run; nothing else, since settings hold secrets. */
const handedOver = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ'];
const maxLine = 65_536;

/**
 * A process group cannot outlive us: beside the program runs a shell that reads from a pipe which only we hold open. It
 * reads nothing until we die, however we do, and then kills its group. `trap` keeps it there while the group is asked to
 * end; the program itself does not get the pipe.
 */
const guard = '(trap "" TERM INT HUP; read -r _ <&3; kill -KILL 0) >/dev/null 2>&1 & exec "$@" 3<&-';

/** @param env of the worker. */
export function createProgramRunner(env: NodeJS.ProcessEnv): ProgramRunner {
  return {
    run({ argv, env: more, cwd, signal, graceMs, onLine }) {
      signal.throwIfAborted();
      const [name = '', ...args] = argv;
      const file = locate(name, cwd ?? '.', env['PATH'] ?? '');
      const own = Object.fromEntries(handedOver.flatMap((key) => (env[key] ? [[key, env[key]]] : [])));
      const child = spawn('/bin/sh', ['-c', guard, 'sh', file, ...args], {
        cwd,
        env: { ...own, ...more },
        stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
        detached: true,
      });
      const kill = (how: NodeJS.Signals): void => {
        try {
          if (child.pid) process.kill(-child.pid, how);
        } catch (error) {
          // The group is gone already.
          if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
        }
      };
      readLines(child.stdout, (line) => onLine('stdout', line));
      readLines(child.stderr, (line) => onLine('stderr', line));
      // A pipe to a guard that was killed with its group.
      child.stdio[3]?.on('error', () => {});

      return new Promise((settle, reject) => {
        let killer: NodeJS.Timeout | undefined;
        const cancel = (): void => {
          kill('SIGTERM');
          killer = setTimeout(() => kill('SIGKILL'), graceMs);
        };
        signal.addEventListener('abort', cancel, { once: true });
        const done = (): void => {
          clearTimeout(killer);
          signal.removeEventListener('abort', cancel);
        };
        child.once('error', (error) => {
          done();
          reject(error);
        });
        child.once('exit', () => kill('SIGKILL'));
        child.once('close', (code, by) => {
          done();
          settle({ code, signal: by });
        });
      });
    },
  };
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

function readLines(stream: Readable | null, onLine: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream?.on('data', (data: Buffer) => {
    const parts = (rest + decoder.write(data)).split(/\r?\n/);
    rest = parts.pop() ?? '';
    for (const part of parts) onLine(part);
    for (; rest.length >= maxLine; rest = rest.slice(maxLine)) onLine(rest.slice(0, maxLine));
  });
  stream?.once('end', () => {
    rest += decoder.end();
    if (rest) onLine(rest);
  });
}
