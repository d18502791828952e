import { type Static, Type } from 'typebox';

/** The parameter `promote` of pipelines that publish a model: how a version that a run has made may take over. */
export const PromoteParam = Type.Union([Type.Literal('auto'), Type.Literal('never'), Type.Literal('rollout')], {
  default: 'auto',
  description:
    'auto: a model that is better beyond chance becomes champion at once. rollout: such a model is brought in by a rollout; without a champion it becomes champion. never: it stays a challenger.',
});
export type PromotionMode = Static<typeof PromoteParam>;
