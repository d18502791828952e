import { type Command, Option } from 'commander';
import type { DefinitionChange } from '../../contracts/definitions.ts';
import {
  type RuleDefinition,
  type RuleEvaluation,
  type RuleGroup,
  type RuleRecord,
  type RuleTest,
  ruleOutcomes,
} from '../../contracts/rules.ts';
import { changeText } from '../../domain/definitions/change-text.ts';
import { apiAction } from '../api-action.ts';
import { wholeNumber } from '../command.ts';
import { readDefinitions } from '../definition-file.ts';
import { evaluationText, groupsText, whenText } from '../rules.ts';
import { table } from '../terminal.ts';

const pathOf = (id: string): string => `/v1/rules/${encodeURIComponent(id)}`;
const readRules = (file: string): RuleDefinition[] => readDefinitions(file, 'a rule', 'docs/how-to/rules.md');

export function rulesCommand(program: Command): void {
  const rules = program.command('rules').description('what events lead to');

  rules
    .command('ls', { isDefault: true })
    .description('all rules')
    .action(
      apiAction(async (api, terminal) => {
        const found = await api.get<{ rules: RuleRecord[] }>('/v1/rules');
        terminal.result(found, () =>
          table(
            ['rule', 'when', 'from', 'state', 'note'],
            found.rules.map((r) => [
              r.id,
              whenText(r.definition),
              r.pipeline ?? 'api',
              r.enabled ? 'on' : 'off',
              r.note,
            ]),
            { empty: 'No rules. `perennial rules apply FILE` makes them; docs/how-to/rules.md shows how.' },
          ),
        );
      }),
    );

  rules
    .command('show')
    .description('a rule, what its groups wait for, and what it did last')
    .argument('<rule>')
    .action(
      apiAction(async (api, terminal, [id = '']) => {
        const rule = await api.get<RuleRecord>(pathOf(id));
        const { groups } = await api.get<{ groups: RuleGroup[] }>(`${pathOf(id)}/groups`, { limit: 20 });
        const { evaluations } = await api.get<{ evaluations: RuleEvaluation[] }>(`${pathOf(id)}/evaluations`, {
          limit: 10,
        });
        terminal.result({ ...rule, groups, evaluations }, () =>
          [
            `Rule ${id} (${rule.pipeline ? `in the code of ${rule.pipeline}` : 'made by API'}, version ${rule.version})${rule.enabled ? '' : `: disabled: ${rule.note}`}`,
            `  ${whenText(rule.definition)}`,
            groups.length > 0 ? groupsText(groups) : 'Nothing is gathered.',
            ...evaluations.map(evaluationText),
          ].join('\n'),
        );
      }),
    );

  rules
    .command('apply')
    .description('make or replace the rules of a YAML or JSON file: one, or a list')
    .argument('<file>', 'see docs/how-to/rules.md')
    .action(
      apiAction(async (api, terminal, [file = '']) => {
        const applied: (RuleRecord & { created: boolean })[] = [];
        for (const rule of readRules(file)) applied.push(await api.put(pathOf(rule.id), rule));
        terminal.result({ rules: applied }, () =>
          applied
            .map((r) => `${r.id}: ${r.created ? 'made' : `version ${r.version}`}: ${whenText(r.definition)}`)
            .join('\n'),
        );
      }),
    );

  rules
    .command('rm')
    .description('remove a rule with its evaluations')
    .argument('<rule>')
    .action(
      apiAction(async (api, terminal, [id = '']) => {
        await api.delete(pathOf(id));
        terminal.result({ id, removed: true }, () => `Rule ${id} is removed.`);
      }),
    );

  rules
    .command('disable')
    .description('let a rule look at nothing until it is enabled')
    .argument('<rule>')
    .requiredOption('--note <text>', 'why; shown with the rule')
    .action(
      apiAction(async (api, terminal, [id = ''], options) => {
        const rule = await api.post<RuleRecord>(`${pathOf(id)}/disable`, options);
        terminal.result(rule, () => `Rule ${id} is disabled: ${rule.note}`);
      }),
    );

  rules
    .command('enable')
    .description('let a rule go on; it begins with nothing gathered')
    .argument('<rule>')
    .option('--note <text>', 'why; shown with the rule')
    .action(
      apiAction(async (api, terminal, [id = ''], options) => {
        const rule = await api.post<RuleRecord>(`${pathOf(id)}/enable`, options);
        terminal.result(rule, () => `Rule ${id} is enabled.`);
      }),
    );

  rules
    .command('evaluations')
    .description('why a rule did or did not fire, newest first')
    .argument('<rule>')
    .addOption(new Option('--outcome <outcome>', 'only these').choices(ruleOutcomes))
    .option('--key <key>', 'only of this group')
    .option('--limit <n>', 'how many', wholeNumber(1, 500), 50)
    .action(
      apiAction(async (api, terminal, [id = ''], options) => {
        const page = await api.get<{ evaluations: RuleEvaluation[] }>(`${pathOf(id)}/evaluations`, options);
        terminal.result(page, () => page.evaluations.map(evaluationText).join('\n') || 'It has looked at nothing yet.');
      }),
    );

  rules
    .command('groups')
    .description('what each group has and waits for')
    .argument('<rule>')
    .option('--key <key>', 'only this group')
    .option('--limit <n>', 'how many', wholeNumber(1, 500), 50)
    .action(
      apiAction(async (api, terminal, [id = ''], options) => {
        const page = await api.get<{ groups: RuleGroup[] }>(`${pathOf(id)}/groups`, options);
        terminal.result(page, () => (page.groups.length > 0 ? groupsText(page.groups) : 'Nothing is gathered.'));
      }),
    );

  rules
    .command('test')
    .description('what a rule would have done with stored events; does nothing')
    .argument('<rule or file>', 'an id, or a path that ends in .yaml, .yml or .json')
    .requiredOption('--from <time>', 'first time, ISO 8601')
    .option('--to <time>', 'up to this time; default: now')
    .action(
      apiAction(async (api, terminal, [given = ''], options) => {
        const subjects = /\.(ya?ml|json)$/.test(given) ? readRules(given).map((rule) => ({ rule })) : [{ id: given }];
        const tests: RuleTest[] = [];
        for (const subject of subjects) tests.push(await api.post('/v1/rules/test', { ...subject, ...options }));
        terminal.result({ tests }, () => tests.map(testText).join('\n'));
      }),
    );

  rules
    .command('diff')
    .description('what applying the rules of the code would change')
    .action(
      apiAction(async (api, terminal) => {
        const found = await api.get<{ changes: DefinitionChange[] }>('/v1/rules/diff');
        terminal.result(found, () =>
          found.changes.length === 0 ? 'No differences.' : found.changes.map(changeText).join('\n'),
        );
      }),
    );
}

function testText({ definition, to, events, truncated, counts, evaluations }: RuleTest): string {
  const found = Object.entries(counts).map(([outcome, count]) => `${count} ${outcome}`);
  const sum = `${definition.id}: ${found.join(', ') || 'nothing'} over ${events} events${truncated ? `, up to ${to}: there are more, so give a shorter time` : ''}; nothing was done`;
  return [...evaluations.map(evaluationText), sum].join('\n');
}
