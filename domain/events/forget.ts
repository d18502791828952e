import type { RuleDefinition } from '../../contracts/rules.ts';
import type { EventLedger } from '../ports/events.ts';
import type { RuleLedger, RuleRepository } from '../ports/rules.ts';
import { ms } from './rules/state.ts';

const batch = 1_000;

/**
 * Removes what is older than `keepMs`: events that were delivered, dead letters, evaluations, and groups of rules that
 * nothing has happened to for so long. Any number of processes may do this at any time.
 */
export async function forgetOldEvents(
  deps: {
    readonly events: Pick<EventLedger, 'forget'>;
    readonly rules: Pick<RuleLedger, 'forget' | 'forgetGroups'> & Pick<RuleRepository, 'list'>;
  },
  now: Date,
  keepMs: number,
): Promise<void> {
  const { events, rules } = deps;
  const before = new Date(now.getTime() - keepMs);
  while ((await events.forget(before, batch)) === batch);
  while ((await rules.forget(before, batch)) === batch);
  for (const { id, definition } of await rules.list()) {
    const idleSince = new Date(now.getTime() - Math.max(keepMs, ...lengthsOf(definition)));
    await rules.forgetGroups(id, idleSince, definition.within !== undefined || definition.mode === 'absence');
  }
}

/** How long ago an event, or that the rule fired, may still matter; milliseconds. */
function lengthsOf({ within, cooldown }: RuleDefinition): number[] {
  return [within, cooldown].flatMap((length) => (length === undefined ? [] : [ms(length)]));
}
