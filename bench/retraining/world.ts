import { dateOf, dayNumber, weekdayOf } from '../../domain/monitoring/days.ts';
import { Random } from '../../domain/nlp/random.ts';

/** A stretch of days of a generated year, both included. */
export interface Stretch {
  readonly kind: 'sudden' | 'gradual' | 'outage';
  readonly from: string;
  readonly to: string;
}

/** What the trained model of a generated year knows: nothing of days from its data's end on. */
export interface WorldModel {
  readonly dataEnd: string;
}

export interface WorldOptions {
  readonly seed: number;
  /** First day that is decided about. */
  readonly start: string;
  /** Days that are decided about. */
  readonly days: number;
  /** Days before them that have been measured; default 70. */
  readonly before?: number;
}

const hit = { level: 0.35, year: 0.03, sigma: 0.012, echo: 0.3 } as const;
/** Monday first. */
const weekdayHit = [0.012, 0.004, 0, -0.004, -0.01, -0.016, 0.008] as const;
const weekdayRows = [1.15, 1.1, 1.05, 1.05, 1, 0.35, 0] as const;
const rows = { level: 4000, year: 0.25, sigma: 0.08, yearsBefore: 2 } as const;
const sudden = { loss: 0.075 } as const;
const gradual = { loss: 0.09, days: 28 } as const;
const outage = { volume: 0.04, loss: 0.12 } as const;
/** Share of what a model lost that one trained since has back. */
const recovered = 0.97;
/** Standard error of a challenger's difference to the champion, and what it must be above: 95 % of it. */
const judged = { error: 0.004, z: 1.96 } as const;

/**
 * A year of a B2B seller's days, generated: a hit rate with weekdays, a yearly season, noise that echoes and a model that
 * loses what it has not learned; a sudden and a gradual change of what customers buy, and an outage of a few days in which
 * nearly no sales come in and the lists made of them miss. The same seed is the same year.
 */
export class RetrainingWorld {
  readonly start: number;
  readonly end: number;
  readonly first: number;
  readonly stretches: readonly Stretch[];
  readonly #hits = new Map<number, number>();
  readonly #rows = new Map<number, number>();
  readonly #judged: Random;
  readonly #suddenAt: number;
  readonly #gradualAt: number;
  readonly #outage: readonly [number, number];

  constructor({ seed, start, days, before = 70 }: WorldOptions) {
    this.start = dayNumber(start);
    this.end = this.start + days;
    this.first = this.start - before;
    const random = new Random(seed * 7919 + 13);
    this.#judged = new Random(seed * 104_729 + 7);
    // One in each third, in any order, away from the edges.
    const order = [0, 1, 2].sort(() => random.next() - 0.5);
    const third = Math.floor(days / 3);
    const place = (n: number): number =>
      this.start + (order[n] as number) * third + 25 + random.below(Math.max(1, third - 75));
    this.#suddenAt = place(0);
    this.#gradualAt = place(1);
    const down = place(2);
    this.#outage = [down, down + 2 + random.below(4)];
    const stretch = (kind: Stretch['kind'], from: number, to: number): Stretch => ({
      kind,
      from: dateOf(from),
      to: dateOf(to),
    });
    this.stretches = [
      stretch('sudden', this.#suddenAt, this.end),
      stretch('gradual', this.#gradualAt, this.end),
      stretch('outage', ...this.#outage),
    ];
    const phase = random.next() * 2 * Math.PI;
    let noise = 0;
    for (let day = this.first; day <= this.end; day++) {
      const season = Math.sin((2 * Math.PI * (day - this.start)) / 365.25 + phase);
      noise = hit.echo * noise + Math.sqrt(1 - hit.echo ** 2) * hit.sigma * random.normal();
      this.#hits.set(day, hit.level + (weekdayHit[weekdayOf(day)] as number) + hit.year * season + noise);
      const usual = rows.level * (weekdayRows[weekdayOf(day)] as number) * (1 + rows.year * season);
      const came = usual * Math.exp(rows.sigma * random.normal());
      this.#rows.set(day, Math.round(came * (this.#isOut(day) ? outage.volume : 1)));
    }
  }

  /** Rows of sales of a day. */
  rowsOf(day: number): number {
    return this.#rows.get(day) ?? 0;
  }

  /** Labelled rows there are before a day. */
  labelledBefore(day: number): number {
    let sum = rows.level * 5.7 * 52 * rows.yearsBefore;
    for (let at = this.first; at < day; at++) sum += this.rowsOf(at);
    return Math.round(sum);
  }

  /** The hit rate of a day, which judges the day before; null where there was nothing to judge it by. */
  hitOf(day: number, model: WorldModel): number | null {
    if (this.rowsOf(day - 1) === 0) return null;
    const broken = this.#isOut(day - 1) ? outage.loss : 0;
    return Math.max(0, (this.#hits.get(day) ?? hit.level) - this.lossOf(day, model) - broken);
  }

  /** What a model has lost on the day before a day. */
  lossOf(day: number, { dataEnd }: WorldModel): number {
    const now = this.#changed(day - 1);
    const known = this.#changed(Math.min(dayNumber(dataEnd), day) - 1);
    return now - known * recovered;
  }

  /** Whether a challenger is better than the champion beyond chance, as its evaluation on the newest days finds. */
  isBetter(day: number, challenger: WorldModel, champion: WorldModel): boolean {
    const gain = this.lossOf(day, champion) - this.lossOf(day, challenger);
    return gain + judged.error * this.#judged.normal() > judged.z * judged.error;
  }

  #isOut(day: number): boolean {
    return day >= this.#outage[0] && day <= this.#outage[1];
  }

  /** How far what customers do has changed since the beginning. */
  #changed(day: number): number {
    const fallen = day >= this.#suddenAt ? sudden.loss : 0;
    const slid = gradual.loss * Math.min(1, Math.max(0, (day - this.#gradualAt) / gradual.days));
    return fallen + slid;
  }
}
