import type { Client } from '@temporalio/client';
import { rolloutWorkflowId, workflowTypes } from '../../contracts/names.ts';
import type { RolloutInput } from '../../contracts/rollouts.ts';
import type { RolloutLauncher } from '../../domain/ports/rollouts.ts';
import { guarded } from './errors.ts';
import { startOnce } from './start-once.ts';

export function rolloutLauncher(client: Client): RolloutLauncher {
  return {
    start: ({ id }) => {
      const input: RolloutInput = { rolloutId: id };
      return guarded(() =>
        startOnce(client, workflowTypes.rollout, { workflowId: rolloutWorkflowId(id), args: [input] }),
      );
    },
  };
}
