import { Type } from 'typebox';
import { type AnyPipeline, definePipeline } from '../domain/dag/index.ts';
import { stepClock } from './trigger.ts';

export const chainLength = 40;
export const fanoutItems = Array.from({ length: 500 }, (_, i) => `item-${i}`);

const light = { resources: { class: 'light' as const }, run: () => null };

/** Forty empty steps, each needing the one before. */
export const benchChain = definePipeline({
  id: 'bench-chain',
  title: 'Chain of empty steps',
  description: 'Measures what a step costs.',
  params: Type.Object({}),
  steps: Object.fromEntries(
    Array.from({ length: chainLength }, (_, i) => [`s${i}`, { ...light, needs: i === 0 ? [] : [`s${i - 1}`] }]),
  ),
});

/** A list of 500 and a step mapped over it, all at once. */
export const benchFanout = definePipeline({
  id: 'bench-fanout',
  title: 'Fan-out of empty steps',
  description: 'Measures what an item of a mapped step costs.',
  params: Type.Object({}),
  steps: {
    list: { ...light, run: () => fanoutItems },
    each: { ...light, needs: ['list'], map: { over: 'steps.list.output', concurrency: fanoutItems.length } },
  },
});

/** Says when the step of {@link benchTrigger} began, by the run's `tag`. */
export const triggered = stepClock();

/** One step on a cpu worker. */
export const benchTrigger = definePipeline({
  id: 'bench-trigger',
  title: 'One empty step',
  description: 'Measures the time from a request to the first step.',
  params: Type.Object({ tag: Type.String() }),
  steps: {
    only: {
      run: ({ params }) => {
        triggered.began(params.tag);
        return null;
      },
    },
  },
});

/** What a webhook starts. */
export const benchHook = definePipeline({
  id: 'bench-hook',
  title: 'Empty pipeline of a webhook',
  description: 'Counts what webhooks started.',
  params: Type.Object({ tag: Type.String() }),
  steps: { only: light },
});

export const benchPipelines: ReadonlyMap<string, AnyPipeline> = new Map<string, AnyPipeline>([
  [benchChain.id, benchChain],
  [benchFanout.id, benchFanout],
  [benchTrigger.id, benchTrigger],
  [benchHook.id, benchHook],
]);
