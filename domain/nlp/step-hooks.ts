import type { StepContext } from '../ports/step-context.ts';
import type { TrainHooks } from './hooks.ts';

/** Hooks that tell a run what training does; its checkpoint lies under `slot`. */
export function stepHooks(
  context: Pick<StepContext, 'services' | 'signal' | 'progress' | 'metric' | 'log'>,
  slot: string,
): TrainHooks {
  const { checkpoints } = context.services;
  return {
    signal: context.signal,
    progress: (done, total, unit) => context.progress(done, total, unit),
    metric: (name, value) => context.metric(name, value),
    checkpoint: {
      async load() {
        const found = await checkpoints.load(slot);
        if (found) context.log('info', 'going on from the checkpoint of an earlier attempt');
        return found;
      },
      save: (bytes) => checkpoints.save(slot, bytes),
    },
  };
}
