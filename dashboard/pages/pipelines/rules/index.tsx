import { useParams } from '@tanstack/react-router';
import { Pause, Play } from 'lucide-react';
import type { ReactElement } from 'react';
import type { RuleGroup, RuleRecord } from '../../../../contracts/rules.ts';
import { useAddress, useSetAddress } from '../../../app/address.ts';
import { useMay } from '../../../app/session.ts';
import { list, plural } from '../../../format/number.ts';
import { relative, useNow } from '../../../format/time.ts';
import { post } from '../../../http/client.ts';
import { Button } from '../../../ui/button.tsx';
import { Confirm } from '../../../ui/dialog.tsx';
import { Page } from '../../../ui/page.tsx';
import { Tabs } from '../../../ui/tabs.tsx';
import { useAction } from '../../../ui/use-action.ts';
import { ChangeAndRemove } from '../parts/change-and-remove.tsx';
import { CodeChanges } from '../parts/code-changes.tsx';
import { DefinitionPage } from '../parts/definition-page.tsx';
import { EventDrawer } from '../parts/event-link.tsx';
import { pathOf } from '../parts/kinds.ts';
import { useRule, useRuleGroups } from '../queries.ts';
import { isWaiting, missingOf } from '../words/rules.ts';
import { Evaluations } from './evaluations.tsx';
import { RuleForm } from './form.tsx';
import { Groups } from './groups.tsx';
import { InWords } from './in-words.tsx';
import { Trial } from './trial.tsx';

/** A rule: what it waits for, what it has, and why it did or did not fire. */
export default function Rule(): ReactElement {
  const { id = '' } = useParams({ strict: false });
  const { tab = 'evaluations' } = useAddress();
  const setAddress = useSetAddress();
  const now = useNow();
  const query = useRule(id);
  const groups = useRuleGroups(id).data?.pages.flatMap((page) => page.groups) ?? [];
  return (
    <DefinitionPage
      kind="rules"
      id={id}
      query={query}
      changing="A rule that changes begins with nothing gathered."
      form={({ definition }) => <RuleForm initial={definition} id={id} />}
    >
      {(rule, crumbs) => (
        <Page
          title={rule.definition.title ?? id}
          crumbs={crumbs}
          answer={answerOf(rule, groups, now)}
          actions={<Actions rule={rule} />}
        >
          <InWords definition={rule.definition} />
          <CodeChanges kind="rules" id={id} />
          <Tabs
            label="About the rule"
            value={tab}
            onChange={(next) => setAddress({ tab: next, outcome: null, key: null })}
            tabs={[
              { id: 'evaluations', title: 'Why it did or did not fire', content: () => <Evaluations id={id} /> },
              {
                id: 'groups',
                title: 'What it has and waits for',
                count: groups.filter(isWaiting).length,
                content: () => <Groups id={id} definition={rule.definition} />,
              },
              { id: 'try', title: 'Try it', content: () => <Trial rule={id} /> },
              {
                id: 'definition',
                title: 'Definition',
                content: () => (
                  <pre className="mono" style={{ margin: 0, overflowX: 'auto' }}>
                    {JSON.stringify(rule.definition, null, 2)}
                  </pre>
                ),
              },
            ]}
          />
          <EventDrawer />
        </Page>
      )}
    </DefinitionPage>
  );
}

function answerOf({ enabled, note }: RuleRecord, groups: readonly RuleGroup[], now: number): string {
  if (!enabled) return `Disabled: ${note === '' ? 'nobody said why' : note.replace(/\.$/, '')}. It looks at nothing.`;
  const [first, ...others] = groups.filter(isWaiting).sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));
  if (first) {
    const has = Object.entries(first.events).flatMap(([name, event]) => (event ? [name] : []));
    const until = first.deadlineAt ? `, until ${relative(first.deadlineAt, now)}` : '';
    const more =
      others.length > 0
        ? ` ${plural(others.length, 'other group')} ${others.length === 1 ? 'waits' : 'wait'} too.`
        : '';
    const group = first.key === '' ? 'yet' : `for ${first.key}`;
    return `Has not fired ${group}: it has ${list(has)} and waits for ${list(missingOf(first))}${until}.${more}`;
  }
  const fired = groups
    .filter(({ lastFiredAt }) => lastFiredAt !== null)
    .sort((a, b) => ((a.lastFiredAt ?? '') < (b.lastFiredAt ?? '') ? 1 : -1))[0];
  if (!fired?.lastFiredAt) return 'Has not fired yet, and has nothing that it waits to complete.';
  return `Last fired ${relative(fired.lastFiredAt, now)}${fired.key === '' ? '' : ` for ${fired.key}`}; nothing waits.`;
}

function Actions({ rule }: { readonly rule: RuleRecord }): ReactElement | null {
  const may = useMay('operator');
  const { id, enabled, origin } = rule;
  const path = pathOf('rules', id);
  const topics = ['rules'];
  const disable = useAction((note: string) => post(`${path}/disable`, { note }), {
    ...{ topics, done: `${id} is disabled.` },
  });
  const enable = useAction((note: string) => post(`${path}/enable`, note === '' ? {} : { note }), {
    ...{ topics, done: `${id} is enabled.` },
  });
  if (!may) return null;
  return (
    <>
      {enabled ? (
        <Confirm
          title={`Disable ${id}?`}
          consequence="It looks at no event until somebody enables it, and what its groups have gathered is forgotten."
          action="Disable"
          reason="needed"
          onConfirm={(note) => disable.mutateAsync(note)}
        >
          <Button icon={Pause}>Disable</Button>
        </Confirm>
      ) : (
        <Confirm
          title={`Enable ${id}?`}
          consequence="It looks at events from now on, and begins with nothing gathered."
          action="Enable"
          reason="wanted"
          onConfirm={(note) => enable.mutateAsync(note)}
        >
          <Button icon={Play} kind="primary">
            Enable
          </Button>
        </Confirm>
      )}
      {origin === 'api' ? (
        <ChangeAndRemove
          kind="rules"
          id={id}
          consequence="It goes with all its evaluations: nobody can see any more why it did or did not fire. Runs that it started stay."
        />
      ) : null}
    </>
  );
}
