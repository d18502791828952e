import type { Command } from 'commander';
import type { DefinitionChange } from '../../contracts/definitions.ts';
import type { PolicyRecord, PolicyVersion } from '../../contracts/policies.ts';
import { changeText } from '../../domain/definitions/change-text.ts';
import { apiAction } from '../api-action.ts';
import { policyText, readPolicies } from '../policies.ts';
import { table, time } from '../terminal.ts';

const pathOf = (id: string): string => `/v1/policies/${encodeURIComponent(id)}`;

export function policiesCommand(program: Command): void {
  const policies = program.command('policies').description('when models are trained again');

  policies
    .command('ls', { isDefault: true })
    .description('all policies')
    .action(
      apiAction(async (api, terminal) => {
        const found = await api.get<{ policies: PolicyRecord[] }>('/v1/policies');
        terminal.result(found, () =>
          table(
            ['policy', 'model', 'version', 'from', 'since'],
            found.policies.map((p) => [p.id, p.definition.model, p.version, p.origin, time(p.at)]),
            { empty: 'No policies. `perennial policies apply FILE` makes them.' },
          ),
        );
      }),
    );

  policies
    .command('show')
    .description('a policy, and the models it decides about')
    .argument('<policy>')
    .action(
      apiAction(async (api, terminal, [id = '']) => {
        const policy = await api.get<PolicyRecord & { models: string[] }>(pathOf(id));
        terminal.result(policy, () =>
          [
            `Policy ${id}, version ${policy.version} (${policy.origin === 'code' ? 'in the code' : `by ${policy.by}`}, ${time(policy.at)} UTC)`,
            policyText(policy.definition),
            `  models      ${policy.models.join(', ') || 'none with a champion yet'}`,
          ].join('\n'),
        );
      }),
    );

  policies
    .command('versions')
    .description('every version of a policy, newest first')
    .argument('<policy>')
    .action(
      apiAction(async (api, terminal, [id = '']) => {
        const found = await api.get<{ versions: PolicyVersion[] }>(`${pathOf(id)}/versions`);
        terminal.result(found, () =>
          table(
            ['version', 'since', 'by', 'hash'],
            found.versions.map((v) => [v.version, time(v.at), v.by, v.hash.slice(0, 12)]),
          ),
        );
      }),
    );

  policies
    .command('apply')
    .description('make the policies of a YAML or JSON file, or add versions: one, or a list')
    .argument('<file>', 'see docs/how-to/retraining-policies.md')
    .action(
      apiAction(async (api, terminal, [file = '']) => {
        const applied: (PolicyRecord & { created: boolean })[] = [];
        for (const policy of readPolicies(file)) applied.push(await api.put(pathOf(policy.id), policy));
        terminal.result({ policies: applied }, () =>
          applied
            .map((p) => `${p.id}: ${p.created ? 'made' : `version ${p.version}`}\n${policyText(p.definition)}`)
            .join('\n'),
        );
      }),
    );

  policies
    .command('rm')
    .description('remove a policy; its versions and decisions stay')
    .argument('<policy>')
    .action(
      apiAction(async (api, terminal, [id = '']) => {
        await api.delete(pathOf(id));
        terminal.result({ id, removed: true }, () => `Policy ${id} is removed.`);
      }),
    );

  policies
    .command('diff')
    .description('what applying the policies of the code would change')
    .action(
      apiAction(async (api, terminal) => {
        const found = await api.get<{ changes: DefinitionChange[] }>('/v1/policies/diff');
        terminal.result(found, () => found.changes.map(changeText).join('\n') || 'No differences.');
      }),
    );
}
