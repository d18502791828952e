/** `1 day`, `3 days`. */
export function count(n: number, unit: string, units = `${unit}s`): string {
  const shown = Number.isInteger(n) ? String(n) : n.toFixed(1);
  return `${shown} ${n === 1 ? unit : units}`;
}

/** A share as percent, one decimal. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** A figure with three digits that say something. */
export function number(value: number): string {
  const size = Math.abs(value);
  return size >= 1000 || size === 0 ? String(Math.round(value)) : value.toFixed(size >= 100 ? 1 : size >= 10 ? 2 : 3);
}

export function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
