import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { PerennialError } from '../contracts/errors.ts';

export interface Peer {
  /** A Python that has what the script imports. */
  readonly python: string;
  /** The script that times the peer; its last line is one JSON object. */
  readonly peer: string;
}

/** @throws DATA_MISSING without the script or one of its modules, with the command that installs them. */
export async function checkPeer({ python, peer }: Peer, modules: readonly string[]): Promise<void> {
  if (!existsSync(peer)) {
    throw new PerennialError('DATA_MISSING', `There is no script that times the peer at ${peer}`, {
      remedy: 'Name it with --peer.',
    });
  }
  try {
    await promisify(execFile)(python, ['-c', `import ${modules.join(', ')}`]);
  } catch (cause) {
    const [last, ...others] = modules.toReversed();
    throw new PerennialError('DATA_MISSING', `${python} cannot import ${others.reverse().join(', ')} and ${last}`, {
      remedy: `Run \`${python} -m pip install ${modules.join(' ')}\`, or name another Python with --python.`,
      cause,
    });
  }
}

/** What the peer's script printed last. */
export async function runPeer<Figures>({ python, peer }: Peer, args: readonly string[]): Promise<Figures> {
  const { stdout } = await promisify(execFile)(python, [peer, ...args]);
  return JSON.parse(stdout.trim().split('\n').at(-1) as string) as Figures;
}
