import type { Json } from '../../../contracts/json.ts';
import type { MetricComparison } from '../../../contracts/model-comparison.ts';

/** `2026-03-03, 06:10 UTC`. */
export const moment = (iso: string): string => `${iso.slice(0, 10)}, ${iso.slice(11, 16)} UTC`;

/** A number with so many decimals; `–` where there is none. */
export function figure(value: number | null, digits: number): string {
  if (value === null) return '–';
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return value.toLocaleString('en', options).replace('-', '−');
}

/** `+0.012`; `±0` where nothing differs. */
export function signed(value: number, digits: number): string {
  const shown = figure(Math.abs(value), digits);
  return Number(shown.replaceAll(',', '')) === 0 ? '±0' : `${value < 0 ? '−' : '+'}${shown}`;
}

/** Which of two versions a metric speaks for, in a word. */
export function betterWords({ winner, better, difference }: MetricComparison, a: string, b: string): string {
  if (winner) return winner === 'a' ? a : b;
  if (difference === null) return 'not comparable';
  return better === null ? 'only describes' : 'equal';
}

/** A value of parameters or facts as a line. */
export function valueText(value: Json | undefined): string {
  if (value === undefined || value === null) return '–';
  return typeof value === 'string' ? value || '(empty)' : JSON.stringify(value);
}

export const shortHash = (hash: string): string => hash.slice(0, 12);

/** `3.4 MB`, decimal. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
