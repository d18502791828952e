const units: Readonly<Record<string, string>> = { ms: 'ms', s: 's', m: 'min', h: 'h', d: 'd' };

/** A length of time of a definition as people read it: `30m` is `30 min`. */
export function durationWords(text: string): string {
  const match = /^([\d.]+)(ms|s|m|h|d)$/.exec(text);
  if (!match) return text;
  const [, amount = '', unit = ''] = match;
  return unit === 'd' ? `${amount} ${amount === '1' ? 'day' : 'days'}` : `${amount} ${units[unit]}`;
}
