import type { ReactElement } from 'react';
import type { RuleRecord } from '../../../../contracts/rules.ts';
import { links } from '../../../app/links.ts';
import { plural } from '../../../format/number.ts';
import type { Column } from '../../../ui/data-table.tsx';
import { Go } from '../../../ui/go.tsx';
import { Loaded } from '../../../ui/page.tsx';
import { Mark } from '../../../ui/status.tsx';
import { CodeChanges } from '../parts/code-changes.tsx';
import { MadeList } from '../parts/made-list.tsx';
import { useRules } from '../queries.ts';
import { actionWords, ruleWords } from '../words/rules.ts';
import { concerns } from './of-pipeline.ts';

const columns: readonly Column<RuleRecord>[] = [
  {
    id: 'state',
    header: 'State',
    card: 'mark',
    cell: ({ enabled }) => <Mark tone={enabled ? 'ok' : 'paused'} word={enabled ? 'Enabled' : 'Disabled'} />,
    sort: ({ enabled }) => String(enabled),
  },
  { id: 'id', header: 'Rule', cell: ({ id }) => <Go href={links.rule(id)}>{id}</Go>, sort: ({ id }) => id },
  {
    id: 'when',
    header: 'When',
    grow: true,
    cell: ({ definition }) => <span title={ruleWords(definition)}>{definition.title ?? ruleWords(definition)}</span>,
  },
  {
    id: 'does',
    header: 'What it does',
    wide: true,
    cell: ({ definition: { actions } }) => {
      const [first, ...rest] = [...(actions.onMatch ?? []), ...(actions.onDeadline ?? [])];
      if (!first) return '';
      const words = 'start' in first ? actionWords(first) : `raises an alert (${first.alert.severity})`;
      return `${words}${rest.length > 0 ? ` and ${plural(rest.length, 'more action')}` : ''}`;
    },
  },
  { id: 'origin', header: 'Stands in', wide: true, cell: ({ pipeline }) => (pipeline ? `code of ${pipeline}` : 'API') },
  { id: 'note', header: 'Note', wide: true, cell: ({ note }) => note || <span className="muted">–</span> },
];

/** Rules, of all pipelines or those that have to do with one. */
export function RuleList({ pipeline }: { readonly pipeline?: string }): ReactElement {
  const query = useRules();
  return (
    <Loaded query={query}>
      {(all) => {
        const rows = all.filter((rule) => pipeline === undefined || concerns(rule, pipeline));
        const disabled = rows.filter(({ enabled }) => !enabled).length;
        return (
          <>
            <MadeList
              label="Rules"
              word="rule"
              rows={rows}
              columns={columns}
              link={links.rule}
              newLink={links.newRule(pipeline)}
              sentence={`${plural(rows.length - disabled, 'rule')} ${rows.length - disabled === 1 ? 'looks' : 'look'} at events${disabled > 0 ? `; ${disabled} disabled` : ''}. Open one to see why it did or did not fire.`}
              empty={{
                title: pipeline === undefined ? 'No rule yet' : 'No rule has to do with this pipeline yet',
                command: 'perennial rules apply rules.yaml',
                text: 'A rule waits for events, such as files that land or runs that end, and then starts runs or raises alerts. It can also act on what does not come by its time.',
              }}
            />
            <CodeChanges kind="rules" />
          </>
        );
      }}
    </Loaded>
  );
}
