import { Plus, Trash2 } from 'lucide-react';
import type { ReactElement } from 'react';
import type { RuleDeadline, RuleDefinition, RulePattern } from '../../../../contracts/rules.ts';
import { Button } from '../../../ui/button.tsx';
import { Field, Select } from '../../../ui/field.tsx';
import type { Change } from '../parts/change.ts';
import type { Faults } from '../parts/faults.ts';
import styles from '../parts/form.module.css';
import { ZoneField } from '../parts/zone-field.tsx';
import { ActionFields } from './action-fields.tsx';
import { freeName } from './draft.ts';

const modes = [
  { value: 'any', label: 'at every event that matches' },
  { value: 'all', label: 'when an event of each pattern has come' },
  { value: 'absence', label: 'when an event does not come' },
];
const eventTypes = [
  ...['run.succeeded', 'run.failed', 'run.cancelled', 'dataset.landed', 'model.promoted', 'drift.detected'],
  ...['retraining.decided', 'deadline.missed', 'deadline.expected-late', 'deadline.met', 'schedule.failed'],
  ...['rule.fired', 'alert.raised', 'rollout.completed', 'rollout.rolled-back', 'feedback.received'],
];

export interface RuleFieldsProps {
  readonly draft: RuleDefinition;
  readonly onChange: (draft: RuleDefinition) => void;
  readonly faults: Faults;
}

/** A rule by fields: when it acts, for which events, and what it does. */
export function RuleFields({ draft, onChange, faults }: RuleFieldsProps): ReactElement {
  const { mode, patterns = [], by = '', within = '', cooldown = '', actions = {} } = draft;
  const change = (part: Change<RuleDefinition>): void => onChange({ ...draft, ...part } as RuleDefinition);
  const setPattern = (at: number, part: Partial<RulePattern>): void =>
    change({ patterns: patterns.map((pattern, n) => (n === at ? { ...pattern, ...part } : pattern)) });
  return (
    <>
      <Select
        label="It acts"
        value={mode}
        choices={modes}
        onChange={(next) => change(ofMode(draft, next as RuleDefinition['mode']))}
      />
      {patterns.map((pattern, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a pattern's name is typed here
        <fieldset key={n} className={styles.group}>
          <legend>Event {n + 1}</legend>
          <div className={styles.line}>
            <Field label="Called" hint="a word for it" fault={faults.of(`patterns.${n}.name`)}>
              <input value={pattern.name} onChange={({ target }) => setPattern(n, { name: target.value })} />
            </Field>
            <Field label="Type" hint="* stands for any text" fault={faults.of(`patterns.${n}.type`)}>
              <input
                list="event-types"
                value={pattern.type}
                onChange={({ target }) => setPattern(n, { type: target.value })}
              />
            </Field>
            <Field label="Source" hint="such as /pipelines/offers" fault={faults.of(`patterns.${n}.source`)}>
              <input value={pattern.source ?? ''} onChange={({ target }) => setPattern(n, { source: target.value })} />
            </Field>
          </div>
          <Field
            label="Where"
            hint="CEL over event, such as event.data.size > 1000; empty: always"
            fault={faults.of(`patterns.${n}.where`)}
          >
            <input
              className="mono"
              value={pattern.where ?? ''}
              spellCheck={false}
              onChange={({ target }) => setPattern(n, { where: target.value })}
            />
          </Field>
          {patterns.length > 1 ? (
            <div>
              <Button small icon={Trash2} onClick={() => change({ patterns: patterns.filter((_, at) => at !== n) })}>
                Remove event {n + 1}
              </Button>
            </div>
          ) : null}
        </fieldset>
      ))}
      <datalist id="event-types">
        {eventTypes.map((type) => (
          <option key={type} value={type} />
        ))}
      </datalist>
      <div>
        <Button
          small
          icon={Plus}
          onClick={() =>
            change({
              patterns: [...patterns, { name: freeName(patterns.map(({ name }) => name)), type: 'run.succeeded' }],
            })
          }
        >
          Another event
        </Button>
      </div>
      <div className={styles.line}>
        <Field
          label="Apart by"
          hint="CEL; a group for each value, such as event.data.captured.market"
          fault={faults.of('by')}
        >
          <input
            className="mono"
            value={by}
            spellCheck={false}
            onChange={({ target }) => change({ by: target.value })}
          />
        </Field>
        {mode === 'any' ? null : (
          <Field
            label={mode === 'all' ? 'At most apart' : 'Counts if it came in the last'}
            hint="such as 24h"
            fault={faults.of('within')}
          >
            <input value={within} onChange={({ target }) => change({ within: target.value })} />
          </Field>
        )}
        <Field label="Rests after firing" hint="such as 24h; empty: not at all" fault={faults.of('cooldown')}>
          <input value={cooldown} onChange={({ target }) => change({ cooldown: target.value })} />
        </Field>
      </div>
      {mode === 'any' ? null : (
        <DeadlineFields deadline={draft.deadline} onChange={(deadline) => change({ deadline })} faults={faults} />
      )}
      <ActionFields
        title={mode === 'absence' ? 'When all is there' : 'Then it'}
        path="actions.onMatch"
        actions={actions.onMatch ?? []}
        onChange={(onMatch) => change({ actions: { ...actions, onMatch } })}
        faults={faults}
      />
      {mode === 'any' ? null : (
        <ActionFields
          title="When the deadline passes it"
          path="actions.onDeadline"
          actions={actions.onDeadline ?? []}
          onChange={(onDeadline) => change({ actions: { ...actions, onDeadline } })}
          faults={faults}
        />
      )}
    </>
  );
}

/** What goes with another mode: `any` waits for nothing, `absence` needs a time to wait until. */
function ofMode({ actions = {}, deadline }: RuleDefinition, mode: RuleDefinition['mode']): Change<RuleDefinition> {
  if (mode === 'any')
    return {
      mode,
      deadline: undefined,
      within: undefined,
      actions: { onMatch: actions.onMatch ?? [] },
    };
  if (mode === 'all' || deadline) return { mode };
  return {
    mode,
    deadline: { at: '06:00', zone: 'UTC' },
    actions: { onDeadline: actions.onDeadline ?? actions.onMatch ?? [] },
  };
}

interface DeadlineFieldsProps {
  readonly deadline: RuleDeadline | undefined;
  readonly onChange: (deadline: RuleDeadline | undefined) => void;
  readonly faults: Faults;
}

function DeadlineFields({ deadline, onChange, faults }: DeadlineFieldsProps): ReactElement {
  const kind = !deadline ? 'none' : 'at' in deadline ? 'at' : 'after';
  const start: Readonly<Record<string, RuleDeadline | undefined>> = {
    none: undefined,
    after: { after: '24h' },
    at: { at: '06:00', zone: 'UTC' },
  };
  return (
    <div className={styles.line}>
      <Select
        label="Deadline"
        value={kind}
        choices={[
          { value: 'none', label: 'none' },
          { value: 'after', label: 'so long after the first event' },
          { value: 'at', label: 'at a time of day' },
        ]}
        onChange={(next) => onChange(start[next])}
      />
      {deadline && 'after' in deadline ? (
        <Field label="After" hint="such as 30m or 24h" fault={faults.of('deadline', true)}>
          <input value={deadline.after} onChange={({ target }) => onChange({ after: target.value })} />
        </Field>
      ) : null}
      {deadline && 'at' in deadline ? (
        <>
          <Field label="At" fault={faults.of('deadline', true)}>
            <input
              type="time"
              value={deadline.at}
              onChange={({ target }) => onChange({ ...deadline, at: target.value })}
            />
          </Field>
          <ZoneField value={deadline.zone ?? 'UTC'} onChange={(zone) => onChange({ ...deadline, zone })} />
          <Field label="Expected groups" hint="with commas; empty: those it has seen">
            <input
              defaultValue={(deadline.keys ?? []).join(', ')}
              onChange={({ target }) => {
                const keys = target.value
                  .split(',')
                  .map((key) => key.trim())
                  .filter(Boolean);
                const { keys: _, ...rest } = deadline;
                onChange(keys.length > 0 ? { ...rest, keys } : rest);
              }}
            />
          </Field>
        </>
      ) : null}
    </div>
  );
}
