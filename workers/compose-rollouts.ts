import type { Config } from '../config/index.ts';
import { PerennialError } from '../contracts/errors.ts';
import type { RolloutStarter } from '../domain/ports/rollouts.ts';
import { kindsOf } from '../domain/registry/kinds.ts';
import { createRolloutStarter, type StartDeps } from '../domain/rollout/index.ts';
import type { Temporal } from '../storage/temporal/launcher.ts';

/**
 * What steps start rollouts by. Pipelines are loaded, and Temporal is connected to, with the first rollout: few processes start any. Without
 * an address rollouts wait for the sweep to hand them over.
 */
export function composeRolloutStarter(
  { temporalAddress: address, temporalNamespace: namespace }: Pick<Config, 'temporalAddress' | 'temporalNamespace'>,
  stores: Omit<StartDeps, 'kinds' | 'rolloutLauncher'>,
): { readonly starter: RolloutStarter; close(): Promise<void> } {
  let temporal: Promise<Temporal> | undefined;
  const connected = async (): Promise<Temporal> => {
    if (!address)
      throw new PerennialError('UNAVAILABLE', 'TEMPORAL_ADDRESS is not set.', { remedy: 'Set it to host:port.' });
    const { openTemporal } = await import('../storage/temporal/launcher.ts');
    temporal ??= openTemporal({ address, namespace });
    return temporal;
  };
  return {
    starter: {
      async start(request, by) {
        const { pipelines } = await import('../pipelines/index.ts');
        const rolloutLauncher = {
          start: async (rollout: { readonly id: string }) => (await connected()).rolloutLauncher.start(rollout),
        };
        const deps = { ...stores, rolloutLauncher, kinds: kindsOf(pipelines.values()) };
        return createRolloutStarter(deps).start(request, by);
      },
    },
    close: async () => void (await (await temporal)?.close()),
  };
}
