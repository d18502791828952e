import { sweepRules } from '../domain/events/index.ts';

/** Between two looks at deadlines and at actions left undone. */
const sweepMs = 1_000;

/** Looks at the deadlines of rules again and again; several processes may do so side by side. */
export function startRuleSweep(
  deps: Parameters<typeof sweepRules>[0] & { readonly report: (message: string, error: unknown) => void },
): { stop(): Promise<void> } {
  let sweeping: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    sweeping ??= sweepRules(deps)
      .catch((error: unknown) => deps.report('the deadlines of rules could not be looked at; trying again', error))
      .finally(() => {
        sweeping = undefined;
      });
  }, sweepMs);
  return {
    async stop() {
      clearInterval(timer);
      await sweeping;
    },
  };
}
