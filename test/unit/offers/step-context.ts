import { join } from 'node:path';
import type { Json } from '../../../contracts/json.ts';
import type { StepContext, StepServices } from '../../../domain/ports/step-context.ts';
import type { OffersParams } from '../../../pipelines/offers/params.ts';

/** What a step of the offers pipeline is given in a run; what it logs goes to `log`. */
export function stepContext(given: {
  readonly params: OffersParams;
  readonly inputs: Record<string, unknown>;
  readonly item?: string | undefined;
  readonly runId?: string | undefined;
  readonly services: StepServices;
  /** Folder whose subfolder `scratch` is there. */
  readonly base: string;
  readonly log: (message: string) => void;
}): StepContext<OffersParams> {
  const { item, runId = 'run', base, log } = given;
  return {
    runId,
    stepId: 'step',
    pipeline: 'offers',
    stepVersions: { step: '1' },
    attempt: 1,
    params: given.params,
    inputs: given.inputs as Record<string, Json>,
    item: item === undefined ? undefined : { key: item, value: item },
    signal: new AbortController().signal,
    services: given.services,
    scratch: join(base, 'scratch'),
    progress() {},
    metric() {},
    log: (_, message) => log(message),
  };
}
