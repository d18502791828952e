import type { DefinitionChange } from '../../contracts/definitions.ts';

/** A change in one line and one more per field, for logs and the terminal. */
export function changeText({ id, kind, fields }: DefinitionChange): string {
  if (kind === 'conflict') return `! ${id}: made by API, so the one in the code is left out; rename or remove one`;
  const sign = { add: '+', change: '~', remove: '-' }[kind];
  const text = (value: unknown): string => (value === null ? 'nothing' : JSON.stringify(value));
  const lines = fields.map(({ field, from, to }) =>
    kind === 'change'
      ? `    ${field}: ${text(from)} → ${text(to)}`
      : `    ${field}: ${text(kind === 'add' ? to : from)}`,
  );
  return [`${sign} ${id}`, ...lines].join('\n');
}
