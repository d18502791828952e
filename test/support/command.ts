import type { AddressInfo } from 'node:net';
import { CommanderError } from 'commander';
import { vi } from 'vitest';
import { buildProgram } from '../../cli/program.ts';
import { PerennialError } from '../../contracts/errors.ts';
import type { OpenApi } from '../api/support.ts';

export interface Answered {
  /** What the command printed as its result. */
  readonly out: string;
  /** What was wrong; empty when it went well. */
  readonly error: string;
}

/** The command in this process against an API, as whoever has the key; one at a time. */
export async function commandOn(api: OpenApi, key = api.keys.admin): Promise<(...args: string[]) => Promise<Answered>> {
  if (!api.app.server.listening) await api.app.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}`;
  return async (...args) => {
    vi.stubEnv('PERENNIAL_URL', url);
    vi.stubEnv('PERENNIAL_API_KEY', key);
    let [out, told] = ['', ''];
    const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      out += String(text);
      return true;
    });
    const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      told += String(text);
      return true;
    });
    try {
      await buildProgram().parseAsync(args, { from: 'user' });
      return { out, error: '' };
    } catch (error) {
      if (error instanceof CommanderError) return { out, error: told };
      if (error instanceof PerennialError)
        return { out, error: `${error.code}: ${error.message} ${error.remedy ?? ''}` };
      throw error;
    } finally {
      stdout.mockRestore();
      stderr.mockRestore();
      vi.unstubAllEnvs();
    }
  };
}
