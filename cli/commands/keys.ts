import { type Command, Option } from 'commander';
import { type ApiKey, roles } from '../../contracts/keys.ts';
import { contextOf, wholeNumber } from '../command.ts';
import { withApi } from '../installation.ts';
import { table, time } from '../terminal.ts';

export function keysCommand(program: Command): void {
  const keys = program.command('keys').description('API keys');

  keys
    .command('ls', { isDefault: true })
    .description('all keys; the secrets themselves are not kept')
    .action(async (_options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const found = await api.get<{ keys: ApiKey[] }>('/v1/keys');
        terminal.result(found, () =>
          table(
            ['key', 'name', 'role', 'created', 'expires', 'revoked', 'last used'],
            found.keys.map((k) => [
              k.id,
              k.name,
              k.role,
              time(k.createdAt),
              time(k.expiresAt) || 'never',
              time(k.revokedAt),
              time(k.lastUsedAt),
            ]),
          ),
        );
      });
    });

  keys
    .command('create')
    .description('make a key; it is shown once')
    .requiredOption('--name <name>')
    .addOption(new Option('--role <role>').choices(roles).default('viewer'))
    .option('--days <n>', 'days until it expires; default: never', wholeNumber(1))
    .action(async (options: { name: string; role: string; days?: number }, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const made = await api.post<ApiKey & { key: string }>('/v1/keys', options);
        terminal.result(
          made,
          () => `${made.key}\nThis is the only time it is shown (role ${made.role}, id ${made.id}).`,
        );
      });
    });

  keys
    .command('revoke')
    .description('a key stops working at once')
    .argument('<key>', 'its id')
    .action(async (id: string, _options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        await api.delete(`/v1/keys/${encodeURIComponent(id)}`);
        terminal.result({ id, revoked: true }, () => `Key ${id} is revoked.`);
      });
    });
}
