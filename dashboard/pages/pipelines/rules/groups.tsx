import type { ReactElement } from 'react';
import type { RuleDefinition, RuleGroup } from '../../../../contracts/rules.ts';
import { useSetAddress } from '../../../app/address.ts';
import { type Column, DataTable } from '../../../ui/data-table.tsx';
import { Here } from '../../../ui/here.tsx';
import { Paged } from '../../../ui/paged.tsx';
import { Empty } from '../../../ui/states.tsx';
import { Mark } from '../../../ui/status.tsx';
import { Time } from '../../../ui/time.tsx';
import { EventLink } from '../parts/event-link.tsx';
import { useRuleGroups } from '../queries.ts';
import { isWaiting } from '../words/rules.ts';

/** What each group of a rule has, waits for, and until when; those that wait come first. */
export function Groups({ id, definition }: { readonly id: string; readonly definition: RuleDefinition }): ReactElement {
  const setAddress = useSetAddress();
  const query = useRuleGroups(id);
  const columns: readonly Column<RuleGroup>[] = [
    {
      id: 'key',
      header: definition.by ?? 'Group',
      cell: ({ key }) => <Here change={{ tab: 'evaluations', key }}>{key || 'all events'}</Here>,
      sort: ({ key }) => key,
    },
    ...definition.patterns.map(
      ({ name }): Column<RuleGroup> => ({
        id: `pattern ${name}`,
        header: name,
        cell: (group) => {
          const event = group.events[name];
          if (event) return <EventLink event={event} label={event.subject ?? event.type} />;
          return isWaiting(group) ? <Mark tone="waiting" word="waits for it" /> : <span className="muted">–</span>;
        },
      }),
    ),
    {
      id: 'until',
      header: 'Until',
      cell: ({ deadlineAt }) => <Time at={deadlineAt} />,
      sort: ({ deadlineAt }) => deadlineAt,
    },
    {
      id: 'fired',
      header: 'Last fired',
      cell: ({ lastFiredAt }) => <Time at={lastFiredAt} />,
      sort: ({ lastFiredAt }) => lastFiredAt,
    },
  ];
  return (
    <Paged query={query} more="Show more groups">
      {(pages) => (
        <DataTable
          label="Groups"
          columns={columns}
          rows={inOrder(pages.flatMap(({ groups }) => groups))}
          rowId={({ key }) => key}
          onOpen={({ key }) => setAddress({ tab: 'evaluations', key })}
          empty={
            <Empty title="Nothing is gathered yet">
              {definition.by
                ? `The rule keeps events apart by ${definition.by}: each value has a line here from its first event on.`
                : 'What the rule has of its events, and what it waits for, stands here from the first event on.'}
            </Empty>
          }
        />
      )}
    </Paged>
  );
}

/** Groups that wait first, then the newest by name. */
const inOrder = (groups: readonly RuleGroup[]): readonly RuleGroup[] =>
  [...groups].sort((a, b) => Number(isWaiting(b)) - Number(isWaiting(a)) || (a.key < b.key ? 1 : -1));
