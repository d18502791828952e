import type { Static } from 'typebox';
import type { EvaluateOutput, PublishOutput } from '../outputs.ts';

/** An amount of money: whole from a hundred on. */
export const amount = (value: number): string => {
  const digits = Math.abs(value) < 100 ? 2 : 0;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
};
export const share = (value: number, digits = 1): string => `${(100 * value).toFixed(digits)} %`.replace('-', '−');
export const figure = (value: number): string => value.toFixed(3);
export const times = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ×`;
export const count = (value: number, one: string, many = `${one}s`): string =>
  `${value.toLocaleString('en')} ${value === 1 ? one : many}`;

type Interval = { readonly mean: number; readonly lower95: number; readonly upper95: number };
export const interval = (found: Interval | null, of: (value: number) => string): string =>
  found ? `${of(found.lower95)} to ${of(found.upper95)}` : 'too few';

/** What became of the model of a run that trained one, and how its lists did, in two sentences. */
export function stateOf(
  { lists: { all }, horizonDays, holdoutFrom }: EvaluateOutput,
  published: Static<typeof PublishOutput> | null,
): string {
  const became = published
    ? `Version ${published.version} ${standing(published)} – ${published.reason}.`
    : 'The model was judged, and not published.';
  const { lift, expected, realised } = all;
  const found = lift.overPopularity
    ? `found ${times(lift.overPopularity.mean).replace(' ×', '')} times as many purchases as the most popular products of each market`
    : `found ${count(lift.hits, 'purchase')}`;
  return `${became} In the ${horizonDays} days from ${holdoutFrom} on, its lists for ${count(lift.customers, 'customer')} ${found}; ${revenueWords(expected, realised)}.`;
}

function standing({ promoted, rollouts = [] }: Static<typeof PublishOutput>): string {
  if (promoted) return 'is the new champion';
  return rollouts.length === 0 ? 'stays a challenger' : `is brought in by ${count(rollouts.length, 'rollout')}`;
}

function revenueWords(expected: number, realised: number): string {
  if (realised <= 0) return 'nothing that was listed was bought';
  const off = expected / realised - 1;
  const near = Math.abs(off) < 0.005;
  return `the revenue expected of them was ${near ? 'what came in' : `${share(Math.abs(off), 0)} ${off > 0 ? 'above' : 'below'} what came in`}`;
}
