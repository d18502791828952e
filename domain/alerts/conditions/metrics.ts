import { type Found, figure } from '../found.ts';
import type { Looks } from './look.ts';

export const lookAtMetrics: Pick<Looks, 'metric'> = {
  async metric({ metric, of = 'kpi', above, below, windows = 1 }, { facts }) {
    const series = of === 'run' ? await facts.runMetrics(metric, windows) : await facts.kpis(metric, windows);
    const isBeyond = (value: number): boolean =>
      (above !== undefined && value > above) || (below !== undefined && value < below);
    const limit = [below === undefined ? '' : `below ${below}`, above === undefined ? '' : `above ${above}`]
      .filter(Boolean)
      .join(' or ');
    const unit = of === 'run' ? 'runs' : 'days';
    return series.flatMap(({ pipeline, market, values }): Found[] => {
      const [newest] = values;
      const first = values.at(-1);
      // Fewer values than windows say nothing yet.
      if (!newest || !first || values.length < windows || !values.every(({ value }) => isBeyond(value))) return [];
      const told = values.map(({ at, value }) => `${figure(value)} (${at.slice(0, 10)})`).join(', ');
      return [
        {
          subject: metric,
          pipeline,
          market,
          since: first.at.length === 10 ? `${first.at}T00:00:00.000Z` : first.at,
          what: `${metric} of ${pipeline}${market ? ` for ${market}` : ''} is ${limit}${windows > 1 ? ` ${windows} ${unit} in a row` : ''}: ${told}.`,
          one: `${metric} is ${limit}`,
          many: `${metric} is ${limit}`,
          firstStep: 'Look at what the newest run was given and what it made; compare it with the one before.',
          command: `perennial runs show ${newest.runId}`,
        },
      ];
    });
  },
};
