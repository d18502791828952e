import { familyOf, type MetricPoint } from '../../../contracts/metrics.ts';
import { type Found, figure, utc } from '../found.ts';
import type { Looks } from './look.ts';

/** What there is to do by family of series; else what fits any figure. */
const firstSteps: Readonly<Record<string, string>> = {
  drift:
    'Look at what changed: a new source, another mapping, a price list? If the world did, a retrained model learns it.',
  quality:
    'Look at the newest files of the source, and ask whoever delivers them. Nothing is trained on data at fault.',
  kpi: 'Compare the newest run with those before: its data, its model version, its parameters.',
};

/** Figures over time that are beyond bounds of their own: drift, data quality, key figures. */
export const lookAtSeries: Pick<Looks, 'series'> = {
  async series({ metric }, { facts }) {
    // Several statistics of a column tell the same thing: one is told.
    const found = new Map<string, MetricPoint>();
    for (const point of await facts.seriesAlarms(metric)) {
      const { pipeline, market, name, subject } = point;
      const about = subject === '' ? name : subject;
      const key = JSON.stringify([pipeline, market, familyOf(name), about]);
      if (!found.has(key) || (point.alarm === 'error' && found.get(key)?.alarm !== 'error')) found.set(key, point);
    }
    return [...found.values()].map((point): Found => {
      const { pipeline, market, name, subject, at, value, threshold, text, alarm } = point;
      const family = familyOf(name);
      const of = `${pipeline}${market ? ` for ${market}` : ''}`;
      const bound = threshold === null ? '' : `, beyond ${figure(threshold)}`;
      return {
        subject: subject === '' ? name : `${family} ${subject}`,
        pipeline,
        market,
        since: at,
        ...(alarm === 'error' ? { severity: 'critical' as const } : {}),
        what: `${text ?? `${name}${subject ? ` of ${subject}` : ''} is ${figure(value)}${bound}.`} (${of}, up to ${utc(at)})`,
        one: titles[family]?.one ?? `${name} is beyond its bound`,
        many: titles[family]?.many ?? `{n} figures are beyond their bounds`,
        firstStep: firstSteps[family] ?? 'Look at the figure over the last weeks, and at what changed when it did.',
        command: `perennial metrics ${pipeline} --name "${family}.*" --alarms`,
      };
    });
  },
};

const titles: Readonly<Record<string, { readonly one: string; readonly many: string }>> = {
  drift: {
    one: 'data have drifted from what the model was trained on',
    many: '{n} columns have drifted from what the model was trained on',
  },
  quality: { one: 'the data are not as they should be', many: '{n} things are not as they should be in the data' },
  kpi: { one: 'a key figure is unusual', many: '{n} key figures are unusual' },
};
