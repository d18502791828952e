import type { SalesFormat } from '../../contracts/sales-format.ts';

type NumberFormat = Pick<SalesFormat, 'decimal' | 'thousands'>;

/** Whether numbers are written with a decimal comma; none where points are, or nothing tells. */
export function guessDecimal(columns: readonly (readonly string[])[]): NumberFormat {
  let [commas, points, groups] = [0, 0, 0];
  for (const text of columns.flat()) {
    if (/^-?\d{1,3}(\.\d{3})+,\d+-?$/.test(text)) groups++;
    if (/^-?[\d.]*\d,\d{1,2}-?$/.test(text)) commas++;
    else if (/^-?\d+\.\d{1,2}$/.test(text)) points++;
  }
  if (commas <= points) return {};
  return groups > 0 ? { decimal: ',', thousands: '.' } : { decimal: ',' };
}

export function isNumber(text: string, { decimal = '.', thousands }: NumberFormat): boolean {
  const digits = thousands === undefined ? text : text.replaceAll(thousands, '');
  const plain = decimal === ',' ? (digits.includes('.') ? 'x' : digits.replace(',', '.')) : digits;
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?-?$/i.test(plain);
}

const parts = {
  d: { strptime: '%d', pattern: '(?<day>0?[1-9]|[12]\\d|3[01])' },
  m: { strptime: '%m', pattern: '(?<month>0?[1-9]|1[0-2])' },
  Y: { strptime: '%Y', pattern: '(?:19|20)\\d{2}' },
  y: { strptime: '%y', pattern: '\\d{2}' },
} as const;

const orders = ['Y-m-d', 'd.m.Y', 'd.m.y', 'd/m/Y', 'm/d/Y', 'd/m/y', 'm/d/y', 'd-m-Y', 'm-d-Y', 'Y/m/d', 'Y.m.d'];
const times = [
  { strptime: '', pattern: '' },
  { strptime: ' %H:%M', pattern: ' \\d{1,2}:\\d{2}' },
  { strptime: ' %H:%M:%S', pattern: ' \\d{1,2}:\\d{2}:\\d{2}' },
  { strptime: ' %I:%M %p', pattern: ' \\d{1,2}:\\d{2} [AaPp][Mm]' },
  { strptime: ' %I:%M:%S %p', pattern: ' \\d{1,2}:\\d{2}:\\d{2} [AaPp][Mm]' },
];
const iso = /^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)?)?$/;

const candidates = [
  ...orders.flatMap((order) =>
    times.map((time) => ({
      format:
        [...order].map((c) => (c in parts ? parts[c as keyof typeof parts].strptime : c)).join('') + time.strptime,
      regexp: new RegExp(
        `^${[...order].map((c) => (c in parts ? parts[c as keyof typeof parts].pattern : `\\${c}`)).join('')}${time.pattern}$`,
      ),
      order,
    })),
  ),
  { format: '%Y%m%d', regexp: /^(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/, order: 'Ymd' },
];

/**
 * The formats in which nearly all texts are dates: empty for ISO 8601, undefined for none. `isAmbiguous`: the same texts
 * could be read with day and month the other way round.
 */
export function guessDates(texts: readonly string[]): { formats: readonly string[] | undefined; isAmbiguous: boolean } {
  const enough = (regexp: RegExp): boolean =>
    texts.length > 0 && texts.filter((text) => regexp.test(text)).length >= 0.9 * texts.length;
  if (enough(iso)) return { formats: [], isAmbiguous: false };
  const fitting = candidates.filter(({ regexp }) => enough(regexp));
  const [first] = fitting;
  if (!first) return { formats: undefined, isAmbiguous: false };
  const [a, b] = [first.order[0], first.order[2]];
  const swapped = a === 'd' || a === 'm' ? `${b}${first.order[1]}${a}${first.order.slice(3)}` : undefined;
  return { formats: [first.format], isAmbiguous: fitting.some(({ order }) => order === swapped) };
}
