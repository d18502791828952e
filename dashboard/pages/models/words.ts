import type { MetricMeaning, ModelVersion } from '../../../contracts/models.ts';
import { endedRollouts, type RolloutRecord } from '../../../contracts/rollouts.ts';
import { type TrafficRecord, type TrafficRoute, variantName } from '../../../contracts/traffic.ts';
import { list, percent, plural } from '../../format/number.ts';

/** A metric of a version that is a number, as the code that made it explains it. */
export interface ShownMetric extends MetricMeaning {
  readonly name: string;
  readonly value: number;
}

/** The numbers among the metrics of a version, most important first. */
export function metricsOf({ metrics, facts }: Pick<ModelVersion, 'metrics' | 'facts'>): ShownMetric[] {
  const explained = Object.keys(facts?.metrics ?? {});
  const names = [...explained, ...Object.keys(metrics).filter((name) => !explained.includes(name))];
  return names.flatMap((name) => {
    const value = metrics[name];
    const meaning = facts?.metrics[name] ?? { title: name, better: null };
    return typeof value === 'number' ? [{ ...meaning, name, value }] : [];
  });
}

/** The version that an alias points at; undefined where it points at none of them. */
export const versionWith = (alias: string, versions: readonly ModelVersion[]): ModelVersion | undefined =>
  versions.find(({ aliases }) => aliases.includes(alias));

/** A value of a metric with its decimals. */
export const metricText = (value: number, { digits = 3 }: Pick<MetricMeaning, 'digits'> = {}): string =>
  value.toFixed(digits);

/** A difference of a metric with its sign. */
export const differenceText = (value: number, meaning: Pick<MetricMeaning, 'digits'> = {}): string =>
  `${value < 0 ? '−' : '+'}${metricText(Math.abs(value), meaning)}`;

/** A relative change, as a share, with its sign. */
export const relativeText = (share: number): string =>
  `${share < 0 ? '−' : share > 0 ? '+' : ''}${percent(Math.abs(share))}`;

/** Whether a difference is for the better; null: it is none, or nobody said which way is. */
export const isBetter = (difference: number, better: MetricMeaning['better']): boolean | null =>
  difference === 0 || better === null ? null : difference > 0 === (better === 'higher');

/** What answers, in words: `Version 12 answers everyone; version 13 is in shadow.` */
export function trafficWords(routes: readonly TrafficRoute[], isRollout: boolean, market = ''): string {
  const serving = routes.filter(({ share }) => share > 0);
  const shadow = isRollout ? routes.filter(({ share }) => share === 0) : [];
  if (serving.length === 0) return 'Nothing answers.';
  const shares = serving.map((route) => {
    const whole = market === '' ? 'everyone' : `everyone in ${market}`;
    return `version ${variantName(route)} answers ${route.share === 1 ? whole : percent(route.share)}`;
  });
  const unseen = shadow.map((route) => `version ${variantName(route)} is in shadow`);
  const text = [list(shares), ...unseen].join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** Traffic of a model and of its markets, each in words. */
export function modelTraffic(model: string, traffic: readonly TrafficRecord[]): string[] {
  const own = traffic.filter((record) => record.model === model || record.model.startsWith(`${model}@`));
  return own.map((record) =>
    trafficWords(record.routes, record.rollout !== null, record.model.slice(model.length + 1)),
  );
}

/** Where a rollout that goes on is: `The rollout of version 4 is at step 2 of 4`. */
export function rolloutStepWords({ version, configuration, plan, step, status, market }: RolloutRecord): string {
  const name = `The rollout of version ${variantName({ version, configuration })}${market === '' ? '' : ` in ${market}`}`;
  if (status === 'queued') return `${name} is about to begin`;
  return `${name} is ${status === 'paused' ? 'paused ' : ''}at step ${step + 1} of ${plan.steps.length}`;
}

/** How far a rollout is, in words: `Version 4 is in shadow`, `Version 4 answers 5%`. */
export function rolloutWords({ version, configuration, plan, step, status, market }: RolloutRecord): string {
  const where = market === '' ? '' : ` in ${market}`;
  const name = `Version ${variantName({ version, configuration })}`;
  if (status === 'completed') return `${name} has taken over${where}`;
  if (status === 'rolled-back' || status === 'aborted') return `${name} was taken back${where}`;
  if (status === 'queued') return `${name} is about to begin${where}`;
  const share = plan.steps[step]?.share ?? 0;
  return share === 0
    ? `${name} is in shadow${where}`
    : `${name} answers ${share === 1 ? 'everyone' : percent(share)}${where}`;
}

/** What a step is called: `shadow`, `5%`. */
export const stepName = (share: number): string => (share === 0 ? 'Shadow' : percent(share));

/** The sentence over all models. */
export function modelsAnswer(models: number, open: readonly RolloutRecord[] | undefined): string {
  if (models === 0) return 'No model has been published yet.';
  const serve = `${plural(models, 'model')} ${models === 1 ? 'is' : 'are'} in the registry`;
  if (open === undefined) return `${serve}.`;
  if (open.length === 0) return `${serve}; no rollout is under way.`;
  const waiting = open.filter(({ status }) => status === 'paused').length;
  const under = `${plural(open.length, 'rollout')} ${open.length === 1 ? 'is' : 'are'} under way`;
  const wait =
    waiting === 0
      ? ''
      : open.length === 1
        ? ' and waits for a decision'
        : `, ${waiting} of them ${waiting === 1 ? 'waits' : 'wait'} for a decision`;
  return `${serve}; ${under}${wait}.`;
}

export const isOpen = ({ status }: Pick<RolloutRecord, 'status'>): boolean => !endedRollouts.has(status);
