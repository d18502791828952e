import type { JsonObject } from '../../contracts/json.ts';
import type { SalesFormat } from '../../contracts/sales-format.ts';
import { onlineRetailMapping } from '../../contracts/sales-mapping.ts';
import { type ColumnNames, columnNames, normalName } from './column-names.ts';
import { guessDates, guessDecimal, isNumber } from './guess-formats.ts';

/** The head of a table: names of the columns, and rows as text, null for nothing. */
export interface TableSample {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** Columns that hold numbers, not text. */
  readonly numbers?: readonly string[];
  /** Columns that hold dates or times, not text. */
  readonly times?: readonly string[];
  /** How the text is written. */
  readonly format?: SalesFormat;
}

/**
 * Proposes a mapping by the names of columns in common use (English, German, French) and by what their first rows hold. What it
 * could not find is not there, and said in `notes`: a person completes it.
 */
export function suggestMapping(sample: TableSample): JsonObject {
  const exact = Object.values(onlineRetailMapping.columns).every((field) => {
    const column = typeof field === 'object' ? field.column : field;
    return column !== undefined && sample.columns.includes(column);
  });
  if (exact) {
    const notes = ['The columns are those of UCI Online Retail: no mapping is needed.'];
    return { notes, ...formatPart(sample.format ?? {}), ...(onlineRetailMapping as unknown as JsonObject) };
  }
  const notes: string[] = [];
  const taken = new Set<string>();
  const values = (column: string): string[] => {
    const at = sample.columns.indexOf(column);
    return sample.rows.flatMap((row) => (row[at]?.trim() ? [row[at].trim()] : []));
  };
  const decimal = sample.numbers ? {} : guessDecimal(sample.columns.map(values));
  const numeric = (column: string): boolean =>
    sample.numbers?.includes(column) === true || share(values(column), (text) => isNumber(text, decimal)) > 0.9;
  const times = (column: string): boolean =>
    sample.times?.includes(column) === true || guessDates(values(column)).formats !== undefined;

  const find = (what: keyof ColumnNames, fits: (column: string) => boolean = () => true): string | undefined => {
    const free = sample.columns.filter((column) => !taken.has(column));
    const named = columnNames[what].flatMap((name) => free.filter((column) => normalName(column) === name));
    const found = named.find(fits);
    const misfit = named.find((column) => !fits(column));
    if (found === undefined && misfit !== undefined)
      notes.push(`${misfit} is called like the ${what}, but its values are not of that kind.`);
    const parts = columnNames[what].filter((name) => name.length >= 5);
    const alike =
      found ?? parts.flatMap((name) => free.filter((column) => normalName(column).includes(name))).find(fits);
    if (alike === undefined) return undefined;
    if (found === undefined) notes.push(`${alike} is taken for the ${what} by a part of its name: check it.`);
    taken.add(alike);
    return alike;
  };

  const columns: JsonObject = {};
  const missing = (field: string, hint: string): void => {
    notes.push(`columns.${field} is missing: no column looks like it. ${hint}`);
  };
  // Those first whose values tell more than their names.
  const soldAt = find('soldAt', times);
  const quantity = find('quantity', numeric);
  const unit = find('unitPrice', numeric);
  const line = unit === undefined ? find('lineAmount', numeric) : undefined;
  const invoice = find('invoice');
  const product = find('product');
  const description = find('description', (column) => !numeric(column));
  const customer = find('customer');
  const market = find('market');

  const wanted = 'Name it, or make it by a constant or an expression.';
  if (invoice === undefined)
    missing('invoice', 'Without order numbers put customer and day together: {"columns": […]}.');
  else columns['invoice'] = invoice;
  if (product === undefined) missing('product', wanted);
  else columns['product'] = product;
  if (description === undefined)
    notes.push('There is no column of product texts: lists will show codes. Join a table of products that has them.');
  else columns['description'] = description;
  if (quantity === undefined) missing('quantity', 'If each row is one piece, write {"constant": 1}.');
  else {
    const isFractional = values(quantity).some((text) => /^-?\d+[.,]0*[1-9]\d*$/.test(text));
    if (isFractional) notes.push(`${quantity} has parts of pieces: they are let in ("fractional").`);
    columns['quantity'] = isFractional ? { column: quantity, fractional: true } : quantity;
  }
  let dates: readonly string[] | undefined;
  if (soldAt === undefined) missing('sold_at', wanted);
  else {
    const time = sample.times?.includes(soldAt) ? undefined : timeColumn(soldAt);
    columns['sold_at'] = time === undefined ? soldAt : { columns: [soldAt, time] };
    if (!sample.times?.includes(soldAt)) {
      const texts = time === undefined ? values(soldAt) : paired(soldAt, time);
      const guess = guessDates(texts);
      dates = guess.formats;
      if (guess.isAmbiguous)
        notes.push(`Days and months of ${soldAt} could be the other way round: check format.dateFormats.`);
    }
  }
  if (unit !== undefined) columns['price'] = unit;
  else if (line !== undefined) {
    columns['price'] = { column: line, per: 'line' };
    notes.push(`${line} is taken for the amount of the whole line ("per": "line"), and divided by the quantity.`);
  } else missing('price', wanted);
  if (customer === undefined) missing('customer', wanted);
  else columns['customer'] = customer;
  const branch =
    market === undefined ? sample.columns.find((name) => columnNames.branch.includes(normalName(name))) : undefined;
  const orBranch = branch === undefined ? '' : ` ${branch} would make a market of each branch.`;
  if (market === undefined) missing('market', `If all sales are of one, write {"constant": "Germany"}.${orBranch}`);
  else columns['market'] = market;
  const cancelled = cancellation();
  if (cancelled) columns['cancelled'] = cancelled;
  const unused = sample.columns.filter((column) => !taken.has(column));
  if (unused.length > 0) notes.push(`Not used: ${unused.slice(0, 50).join(', ')}.`);

  const format: SalesFormat = {
    ...sample.format,
    ...decimal,
    ...(dates && dates.length > 0 ? { dateFormats: [...dates] } : {}),
  };
  return { notes, ...formatPart(format), columns };

  function timeColumn(date: string): string | undefined {
    if (values(date).some((text) => text.includes(':'))) return undefined;
    const isTime = (column: string): boolean =>
      share(values(column), (text) => /^\d{1,2}:\d{2}(:\d{2})?$/.test(text)) > 0.9;
    const found = find('timeOfDay', isTime);
    return found !== undefined && guessDates(paired(date, found)).formats ? found : undefined;
  }

  function paired(first: string, second: string): string[] {
    const [a, b] = [sample.columns.indexOf(first), sample.columns.indexOf(second)];
    return sample.rows.flatMap((row) => (row[a] && row[b] ? [`${row[a].trim()} ${row[b].trim()}`] : []));
  }

  function cancellation(): JsonObject | undefined {
    const column = find('cancelled');
    if (column !== undefined) {
      const seen = [...new Set(values(column).map((text) => text.toLowerCase()))];
      const marks = seen.filter((text) =>
        /^(1|x|y|yes|j|ja|o|oui|true|t|storno|cancelled|canceled|annule|return|retour)$/.test(text),
      );
      notes.push(
        marks.length > 0
          ? `${column} marks cancellations by ${marks.join(', ')}: check the values.`
          : `${column} seems to mark cancellations, but the first rows show none: check columns.cancelled.values.`,
      );
      return { column, values: marks.length > 0 ? marks : ['1', 'true', 'x', 'yes'] };
    }
    if (quantity !== undefined && values(quantity).some((text) => /^-|-$/.test(text))) {
      notes.push(`Rows with a ${quantity} below 0 are taken for cancellations.`);
      return { negativeQuantity: true };
    }
    notes.push('Nothing seems to mark cancellations: all rows count as sales. See columns.cancelled.');
    return undefined;
  }
}

function formatPart(format: SalesFormat): JsonObject {
  return Object.keys(format).length > 0 ? { format: format as JsonObject } : {};
}

function share<T>(values: readonly T[], holds: (value: T) => boolean): number {
  return values.length === 0 ? 0 : values.filter(holds).length / values.length;
}
