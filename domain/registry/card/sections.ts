import type { Json } from '../../../contracts/json.ts';
import type { ModelComparison } from '../../../contracts/model-comparison.ts';
import type { AliasPeriod, ModelVersion, TrainedOn } from '../../../contracts/models.ts';
import type { Section } from '../../report-page/index.ts';
import { factsOf, readLineage } from '../lineage.ts';
import { moment, shortHash, sizeText, valueText } from './words.ts';

const plain = { lead: '', plots: [] } as const;

/** What people and the code say of a version. */
export function wordSections({ description, labels, facts }: ModelVersion): Section[] {
  const tags = Object.entries(labels).map(([name, value]) => (value === '' ? name : `${name}: ${value}`));
  return [
    ...(facts || description || tags.length > 0
      ? [
          {
            ...plain,
            title: 'What it is for',
            lead: description,
            points: [...(facts?.use ?? []), ...(tags.length > 0 ? [`Labels: ${tags.join(', ')}.`] : [])],
          },
        ]
      : []),
    ...(facts && facts.limits.length > 0 ? [{ ...plain, title: 'Limits', points: facts.limits }] : []),
  ];
}

/** What it has learned from. */
export function dataSection({ lineage }: ModelVersion): Section[] {
  const { data = [] } = readLineage(lineage);
  if (data.length === 0) return [];
  return [
    {
      ...plain,
      title: 'What it has learned from',
      lead: 'A hash changes exactly when the data does.',
      table: {
        head: ['dataset', 'days', 'rows', 'partitions', 'hash'],
        text: ['dataset', 'days', 'hash'],
        rows: data.map((part) => [
          part.dataset,
          daysOf(part),
          part.rows,
          part.partitions ?? '–',
          shortHash(part.sha256),
        ]),
      },
    },
  ];
}

const daysOf = ({ from, to, asOf }: TrainedOn): string =>
  from && to ? `${from} to ${to}` : asOf ? `before ${asOf}` : '–';

/** What is not the same in the version it is compared with. */
export function differenceSection(comparison: ModelComparison | null): Section[] {
  if (!comparison) return [];
  const { a, b, params, data, code, files, sameSignature } = comparison;
  const rows = [
    ...data.map(({ name, a: x, b: y }) => ['data', name, dataText(y), dataText(x)]),
    ...params.map(({ name, a: x, b: y }) => ['parameter', name, valueText(y), valueText(x)]),
    ...code.map(({ name, a: x, b: y }) => ['code', name, y ?? '–', x ?? '–']),
    ...files.map(({ name, a: x, b: y }) => [
      'file',
      name,
      y === null ? '–' : sizeText(y),
      x === null ? '–' : sizeText(x),
    ]),
    ...(sameSignature ? [] : [['signature', 'inputs and outputs', 'see below', 'other']]),
  ];
  return [
    {
      ...plain,
      title: `What differs from version ${a}`,
      lead: rows.length === 0 ? 'Data, parameters, code and files are the same.' : '',
      ...(rows.length === 0
        ? {}
        : {
            table: {
              head: ['kind', 'name', `version ${b}`, `version ${a}`],
              text: ['kind', 'name', `version ${b}`, `version ${a}`],
              rows,
              wraps: true,
            },
          }),
    },
  ];
}

const dataText = (part: TrainedOn | null): string =>
  part ? `${part.rows.toLocaleString('en')} rows, ${daysOf(part)}, ${shortHash(part.sha256)}` : '–';

/** Run, code and parameters. */
export function originSection(version: ModelVersion): Section {
  const { pipeline, run, step, code, params = {}, imported } = readLineage(version.lineage);
  const rows = [
    ['made', moment(version.createdAt)],
    ...(pipeline ? [['pipeline', pipeline]] : []),
    ['run', run ?? version.runId],
    ...(step ? [['step', step]] : []),
    ...(code ? [['code', `Perennial ${code.version}${code.commit ? `, commit ${code.commit}` : ''}`]] : []),
    ...(imported
      ? [['imported', `was version ${imported.version} of ${imported.model}, exported ${moment(imported.exportedAt)}`]]
      : []),
    ['format', `version ${version.formatVersion}`],
    ...factsOf(version.lineage).map(([name, value]) => [name, valueText(value)]),
  ];
  const parameters = Object.entries(params).map(([name, value]) => [name, valueText(value as Json)]);
  const steps = Object.entries(code?.steps ?? {});
  const folded = (title: string, head: readonly string[], of: readonly (readonly string[])[]) =>
    of.length === 0 ? [] : [{ title: `${title} (${of.length})`, table: { head, text: head, rows: of, wraps: true } }];
  return {
    ...plain,
    title: 'Where it comes from',
    table: { head: ['what', 'value'], text: ['what', 'value'], rows, wraps: true },
    folded: [
      ...folded('Parameters', ['parameter', 'value'], parameters),
      ...folded('Code of the steps', ['step', 'version'], steps),
    ],
  };
}

/** Inputs and outputs, and the files. */
export function formSections({ signature, files }: ModelVersion): Section[] {
  const fields = (kind: string, of: NonNullable<typeof signature>['inputs']) =>
    of.map(({ name, type, shape, means }) => [kind, name, type, shape, means]);
  return [
    ...(signature
      ? [
          {
            ...plain,
            title: 'What goes in and comes out',
            table: {
              head: ['', 'name', 'type', 'shape', 'meaning'],
              text: ['', 'name', 'type', 'shape', 'meaning'],
              rows: [...fields('in', signature.inputs), ...fields('out', signature.outputs)],
              wraps: true,
            },
          },
        ]
      : []),
    {
      ...plain,
      title: 'Files',
      table: {
        head: ['file', 'size', 'sha256'],
        text: ['file', 'sha256'],
        rows: files.map(({ name, bytes, sha256 }) => [name, sizeText(bytes), sha256]),
      },
    },
  ];
}

/** What it served, when, by whom and why. */
export function servedSection({ version }: ModelVersion, periods: readonly AliasPeriod[]): Section {
  const own = periods.filter((period) => period.version === version);
  return {
    ...plain,
    title: 'What it served',
    lead: own.length === 0 ? 'No alias has pointed at it.' : '',
    ...(own.length === 0
      ? {}
      : {
          table: {
            head: ['as', 'from', 'until', 'by', 'why'],
            text: ['as', 'from', 'until', 'by', 'why'],
            rows: own.map(({ alias, at, until, by, reason }) => [
              alias,
              moment(at),
              until ? moment(until) : 'now',
              by,
              reason,
            ]),
            wraps: true,
          },
        }),
  };
}
