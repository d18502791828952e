import type { Command } from 'commander';
import type { AlertDefinition, AlertDefinitionRecord } from '../../../contracts/alerts.ts';
import type { DefinitionChange } from '../../../contracts/definitions.ts';
import { changeText } from '../../../domain/definitions/change-text.ts';
import { definitionText } from '../../alerts.ts';
import { apiAction } from '../../api-action.ts';
import { readDefinitions } from '../../definition-file.ts';
import { table } from '../../terminal.ts';

const root = '/v1/alert-definitions';
const pathOf = (id: string): string => `${root}/${encodeURIComponent(id)}`;

export function alertDefinitionCommands(alerts: Command): void {
  alerts
    .command('definitions')
    .description('when somebody is told')
    .action(
      apiAction(async (api, terminal) => {
        const found = await api.get<{ definitions: AlertDefinitionRecord[] }>(root);
        terminal.result(found, () =>
          table(
            ['definition', 'severity', 'when', 'escalates', 'from', 'state'],
            found.definitions.map(({ id, definition, origin, enabled, note }) => [
              id,
              definition.severity,
              definitionText(definition),
              definition.escalateAfter ? `after ${definition.escalateAfter}` : 'never',
              origin,
              enabled ? 'on' : `off: ${note}`,
            ]),
          ),
        );
      }),
    );

  alerts
    .command('apply')
    .description('make or replace the alert definitions of a YAML or JSON file: one, or a list')
    .argument('<file>', 'see docs/how-to/alerts.md')
    .action(
      apiAction(async (api, terminal, [file = '']) => {
        const applied: (AlertDefinitionRecord & { created: boolean })[] = [];
        const given = readDefinitions<AlertDefinition>(file, 'an alert definition', 'docs/how-to/alerts.md');
        for (const definition of given) applied.push(await api.put(pathOf(definition.id), definition));
        terminal.result({ definitions: applied }, () =>
          applied
            .map((r) => `${r.id}: ${r.created ? 'made' : `version ${r.version}`}: ${definitionText(r.definition)}`)
            .join('\n'),
        );
      }),
    );

  alerts
    .command('rm')
    .description('remove an alert definition; its open alerts are over')
    .argument('<definition>')
    .action(
      apiAction(async (api, terminal, [id = '']) => {
        await api.delete(pathOf(id));
        terminal.result({ id, removed: true }, () => `Alert definition ${id} is removed.`);
      }),
    );

  for (const [name, description] of [
    ['disable', 'let an alert definition look at nothing, also a built-in one'],
    ['enable', 'let an alert definition go on'],
  ] as const) {
    alerts
      .command(name)
      .description(description)
      .argument('<definition>')
      .requiredOption('--note <text>', 'why; shown with it')
      .action(
        apiAction(async (api, terminal, [id = ''], options) => {
          const record = await api.post<AlertDefinitionRecord>(`${pathOf(id)}/${name}`, options);
          terminal.result(record, () => `Alert definition ${id} is ${record.enabled ? 'on' : 'off'}: ${record.note}`);
        }),
      );
  }

  alerts
    .command('diff')
    .description('what applying the alert definitions of the code would change')
    .action(
      apiAction(async (api, terminal) => {
        const found = await api.get<{ changes: DefinitionChange[] }>(`${root}/diff`);
        terminal.result(found, () => found.changes.map(changeText).join('\n') || 'No differences.');
      }),
    );
}
