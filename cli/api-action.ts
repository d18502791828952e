import type { Command } from 'commander';
import type { ApiClient } from './client.ts';
import { contextOf } from './command.ts';
import { withApi } from './installation.ts';
import type { Terminal } from './terminal.ts';

export type CommandOptions = Readonly<Record<string, string | number>>;

/** The action of a command that talks to the API: `work` is given its arguments and its options. */
export function apiAction<Options = CommandOptions>(
  work: (api: ApiClient, terminal: Terminal, given: readonly string[], options: Options) => Promise<void>,
): (...args: unknown[]) => Promise<void> {
  return async (...args) => {
    const command = args.at(-1) as Command;
    const { config, terminal } = contextOf(command);
    await withApi(config, terminal, (api) => work(api, terminal, command.args, args.at(-2) as Options));
  };
}
