import type { MarketListKind, MarketSummary } from '../../../contracts/market-lists.ts';
import type { OfferCalibration, ReliabilityBin } from '../../../contracts/outcomes.ts';
import { count, list, number, percent, plural } from '../../format/number.ts';

const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const fullFormat = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});
const moneyFormat = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const wholeFormat = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

/** A day of the lists, YYYY-MM-DD: `25 Nov`. */
export const shortDay = (day: string): string => dayFormat.format(new Date(day));
/** `Wed, 25 Nov 2026`. */
export const fullDay = (day: string): string => fullFormat.format(new Date(day));

/** An amount in the currency of its market, which nobody names. */
export const money = (value: number): string => (Math.abs(value) < 1000 ? moneyFormat : wholeFormat).format(value);
/** A chance, 0 to 1, in whole percent. */
export const chance = (share: number): string => percent(Math.round(share * 100) / 100);
/** `3.2 ×`. */
export const times = (value: number): string => `${number(Math.round(value * 100) / 100)} ×`;

/** What a line of a list is about. */
export const kindWords: Readonly<Record<MarketListKind, string>> = {
  offer: 'Offer',
  new: 'New to it',
  next: 'Buys again',
};

/** The newest day of all markets, YYYY-MM-DD; '' without any. */
export const newestDay = (markets: readonly MarketSummary[]): string =>
  markets
    .map(({ asOf }) => asOf)
    .sort()
    .at(-1) ?? '';

/**
 * Whether lists are of the newest day everywhere, and who waits.
 *
 * @param today YYYY-MM-DD in UTC, as days of lists are.
 * @param isRunning whether lists are being made.
 */
export function answerOf(markets: readonly MarketSummary[], today: string, isRunning: boolean): string {
  if (markets.length === 0) return 'There are no lists yet.';
  const newest = newestDay(markets);
  const behind = markets.filter(({ asOf }) => asOf < newest);
  const when = newest === today ? 'from today' : `of ${shortDay(newest)}`;
  const soon = newest < today && isRunning ? ' Those of today are being made.' : '';
  if (behind.length === 0)
    return `${markets.length === 1 ? `The list of ${markets[0]?.market} is` : `Lists of all ${markets.length} markets are`} ${when}.${soon}`;
  const many = behind.length > 3;
  const waits = many
    ? `${behind.length} markets wait for theirs`
    : `${list(behind.map(({ market }) => market))} ${behind.length === 1 ? 'waits' : 'wait'}: the newest ${behind.length === 1 ? 'is' : 'are'} of ${list([...new Set(behind.map(({ asOf }) => shortDay(asOf)))])}`;
  return `Lists of ${markets.length - behind.length} of ${plural(markets.length, 'market')} are ${when}; ${waits}.${soon}`;
}

/** Beyond chance: whether a group of offers sold less or more often than the 95 % interval of its share allows. */
export function beyondChance({ predicted, interval }: ReliabilityBin): 'too-much' | 'too-little' | null {
  if (predicted > interval.upper95) return 'too-much';
  return predicted < interval.lower95 ? 'too-little' : null;
}

/**
 * What chances of offers were worth: what became of those that were given about the usual chance, how far chances are off, and
 * whether that is more than chance. '' without outcomes.
 */
export function calibrationWords({ bins, predicted, calibrationError }: OfferCalibration): string {
  if (predicted === null || calibrationError === null) return '';
  const usual = bins.reduce((best, bin) =>
    Math.abs(bin.predicted - predicted) < Math.abs(best.predicted - predicted) ? bin : best,
  );
  const much = bins.filter((bin) => beyondChance(bin) === 'too-much').length;
  const little = bins.filter((bin) => beyondChance(bin) === 'too-little').length;
  const [first, ...more] = [
    ...(much > 0 ? [[much, 'too much']] : []),
    ...(little > 0 ? [[little, 'too little']] : []),
  ] as [number, string][];
  const groups = plural(bins.length, 'group');
  const verdict =
    first !== undefined
      ? `${count(first[0])} of ${groups} promised ${first[1]}${more.map(([n, what]) => ` and ${count(n)} ${what}`).join('')}, beyond what chance explains.`
      : bins.length === 1
        ? 'That is within what chance explains.'
        : `All ${groups} are within what chance explains.`;
  const points = number(Math.round(calibrationError * 1000) / 10);
  return `Of offers given ${chance(usual.predicted)}, ${chance(usual.observed)} sold. The calibration error is ${points} percentage ${points === '1' ? 'point' : 'points'}. ${verdict}`;
}
