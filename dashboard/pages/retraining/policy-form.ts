import type { FieldFault } from '../../../contracts/errors.ts';
import type { FilledPolicy, PolicyDefinition } from '../../../contracts/policies.ts';

/** How a field is typed: a number, one of two words, yes or no, text, or JSON. */
type Kind = 'number' | 'text' | 'choice' | 'flag' | 'json';

export interface PolicyField {
  /** In the definition, such as `newData.share`. */
  readonly path: string;
  readonly label: string;
  readonly kind: Kind;
  readonly choices?: readonly string[];
  /** Left empty it stands for this; absent: it must be given. */
  readonly empty?: null | undefined;
}

export interface PolicyGroup {
  readonly title: string;
  readonly fields: readonly PolicyField[];
}

/** Fields of a policy as its form has them, but for key figures, which are rows. */
export const policyGroups: readonly PolicyGroup[] = [
  {
    title: 'What it decides about',
    fields: [
      { path: 'title', label: 'Title', kind: 'text' },
      { path: 'pipeline', label: 'Pipeline', kind: 'text' },
      { path: 'model', label: 'Model', kind: 'text' },
      { path: 'mode', label: 'Mode', kind: 'choice', choices: ['act', 'observe'] },
      { path: 'fourEyes', label: 'Four eyes', kind: 'flag' },
    ],
  },
  {
    title: 'New data and age',
    fields: [
      { path: 'newData.share', label: 'Share of new labelled rows', kind: 'number' },
      { path: 'newData.minAgeDays', label: 'Days between trainings, at least', kind: 'number' },
      { path: 'maxAgeDays', label: 'Days after which it is trained anyway', kind: 'number', empty: null },
    ],
  },
  {
    title: 'Drift',
    fields: [
      { path: 'drift.share', label: 'Share of the columns that drifted', kind: 'number', empty: null },
      { path: 'drift.windows', label: 'Windows in a row', kind: 'number', empty: null },
    ],
  },
  {
    title: 'Faults of the data',
    fields: [
      { path: 'data.minVolumeShare', label: 'Least share of the usual rows', kind: 'number' },
      { path: 'data.staleDays', label: 'Days without data', kind: 'number' },
      { path: 'data.lagDays', label: 'Days that a fault touches after', kind: 'number' },
    ],
  },
  {
    title: 'Limits',
    fields: [
      { path: 'coolDownHours', label: 'Cool-down, hours', kind: 'number' },
      { path: 'budgetHoursPerMonth', label: 'Budget, hours a month', kind: 'number', empty: null },
      { path: 'escalation.afterRejected', label: 'Challengers rejected in a row', kind: 'number' },
      { path: 'escalation.withinDays', label: 'Within how many days', kind: 'number' },
    ],
  },
  {
    title: 'Training',
    fields: [
      { path: 'training.params', label: 'Parameters', kind: 'json' },
      { path: 'training.challenger', label: 'More for a challenger', kind: 'json' },
      { path: 'training.priority', label: 'Priority', kind: 'number' },
    ],
  },
];

export const kpiFields: readonly PolicyField[] = [
  { path: 'name', label: 'Key figure', kind: 'text' },
  { path: 'market', label: 'Market', kind: 'text' },
  { path: 'bad', label: 'Bad side', kind: 'choice', choices: ['low', 'high'] },
  { path: 'sigmas', label: 'Standard deviations', kind: 'number' },
  { path: 'limit', label: 'Limit', kind: 'number' },
  { path: 'windows', label: 'Windows in a row', kind: 'number' },
  { path: 'minHistory', label: 'Windows of history, at least', kind: 'number' },
];

/** Values as they are typed, by their paths; those of key figures in rows. */
export interface PolicyValues {
  readonly id: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly kpis: readonly Readonly<Record<string, string>>[];
}

const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((part, name) => (part as Record<string, unknown> | null | undefined)?.[name], value);

const typed = (value: unknown, kind: Kind): string =>
  value === undefined || value === null ? '' : kind === 'json' ? JSON.stringify(value) : String(value);

const allFields = policyGroups.flatMap(({ fields }) => fields);

/** A policy as its form shows it. */
export const valuesOf = (policy: FilledPolicy): PolicyValues => ({
  id: policy.id,
  fields: Object.fromEntries(allFields.map(({ path, kind }) => [path, typed(at(policy, path), kind)])),
  kpis: policy.kpis.map((kpi) =>
    Object.fromEntries(kpiFields.map(({ path, kind }) => [path, typed(at(kpi, path), kind)])),
  ),
});

/** What was typed as a value; text that is none is left as it is, for the API to refuse with the field's name. */
function parsed(text: string, { kind, empty }: PolicyField): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return kind === 'json' ? {} : empty;
  if (kind === 'number') return Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed;
  if (kind === 'flag') return trimmed === 'true';
  if (kind !== 'json') return trimmed;
  try {
    return JSON.parse(trimmed) as unknown;
  } catch {
    return trimmed;
  }
}

/** The definition of a form. An empty field has its default; empty fields of drift mean that it is not looked at. */
export function definitionOf({ id, fields, kpis }: PolicyValues): PolicyDefinition {
  const definition: Record<string, unknown> = { id };
  for (const field of allFields) {
    const value = parsed(fields[field.path] ?? '', field);
    const [group, name] = field.path.split('.') as [string, string?];
    if (name === undefined) {
      if (value !== undefined) definition[group] = value;
      continue;
    }
    const part = (definition[group] ?? {}) as Record<string, unknown>;
    if (value !== undefined && value !== null) part[name] = value;
    definition[group] = part;
  }
  if (Object.keys(definition['drift'] as object).length === 0) definition['drift'] = null;
  definition['kpis'] = kpis.map((kpi) =>
    Object.fromEntries(
      kpiFields
        .map((field) => [field.path, parsed(kpi[field.path] ?? '', field)] as const)
        .filter(([, value]) => value !== undefined),
    ),
  );
  return definition as unknown as PolicyDefinition;
}

/** What is wrong with a field, by the faults of the API, which name it `body.newData.share` or `newData.share`. */
export function faultOf(faults: readonly FieldFault[], path: string): string | undefined {
  const bare = (field: string): string => field.replace(/^body\.(?:policy\.)?/, '').replace(/\[(\d+)\]/g, '.$1');
  return faults.find(({ field }) => bare(field) === path || bare(field).startsWith(`${path}.`))?.message;
}

export interface PolicyDifference {
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

/** What two policies do not have in common, field by field. */
export function differencesOf(from: FilledPolicy, to: FilledPolicy): PolicyDifference[] {
  const [before, after] = [valuesOf(from), valuesOf(to)];
  const plain = allFields
    .map(({ path }) => ({ path, from: before.fields[path] ?? '', to: after.fields[path] ?? '' }))
    .filter((one) => one.from !== one.to);
  const keyOf = (kpi: Readonly<Record<string, string>>): string =>
    `kpis ${kpi['name']}${kpi['market'] ? ` of ${kpi['market']}` : ''}`;
  const words = (kpi: Readonly<Record<string, string>>): string =>
    kpiFields
      .slice(2)
      .filter(({ path }) => kpi[path] !== '')
      .map(({ path, label }) => `${label.toLowerCase()} ${kpi[path]}`)
      .join(', ');
  const rows = (values: PolicyValues): Map<string, string> =>
    new Map(values.kpis.map((kpi) => [keyOf(kpi), words(kpi)]));
  const [left, right] = [rows(before), rows(after)];
  const kpis = [...new Set([...left.keys(), ...right.keys()])]
    .map((path) => ({ path, from: left.get(path) ?? 'not watched', to: right.get(path) ?? 'not watched' }))
    .filter((one) => one.from !== one.to);
  return [...plain, ...kpis];
}
