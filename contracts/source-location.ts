import { PerennialError } from './errors.ts';

export type SourceLocation =
  | { readonly kind: 'file'; readonly path: string }
  /** Everything below `prefix`, or the one object of that name. */
  | { readonly kind: 's3'; readonly bucket: string; readonly prefix: string }
  | { readonly kind: 'postgres'; readonly url: URL }
  | { readonly kind: 'http'; readonly url: URL };

const scheme = /^(?<name>[a-z][a-z0-9+.-]+):\/\//i;
const s3Address = /^s3:\/\/(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(?<prefix>.*))?$/;

/**
 * Forbids secrets in an address that is kept: a password before the host, a signature or token in its query. As a
 * pattern of JSON Schema.
 */
export const addressWithoutSecret =
  '^(?![a-zA-Z][a-zA-Z0-9+.-]*://[^/?#]*:[^/?#]*@)(?![pP][oO][sS][tT][^:]*://.*:.*@)(?![hH][tT][tT][pP][sS]?://[^/?#]*@)(?!.*[?&]([xX]-[a-zA-Z]+-)?([sS]ignature|[sS]ig|[tT]oken|[aA]ccess_token|[kK]ey|[aA]pi_?[kK]ey|[pP]assword|[sS]ecret)=).*$';

/** Reads where data come from: a path, `s3://bucket/prefix`, `postgres://…` or `http(s)://…`. SOURCE_INVALID for anything else. */
export function parseSourceLocation(text: string): SourceLocation {
  const name = scheme.exec(text)?.groups?.['name']?.toLowerCase();
  if (name === undefined) return { kind: 'file', path: text };
  const { bucket, prefix = '' } = s3Address.exec(text)?.groups ?? {};
  if (bucket) return { kind: 's3', bucket, prefix };
  if (URL.canParse(text)) {
    if (name === 'postgres' || name === 'postgresql') return { kind: 'postgres', url: new URL(text) };
    if ((name === 'http' || name === 'https') && new URL(text).hostname) return { kind: 'http', url: new URL(text) };
  }
  throw new PerennialError(
    'SOURCE_INVALID',
    `The source "${shownLocation(text)}" is not an address that can be read.`,
    {
      remedy: 'Give a folder, a file, s3://bucket/prefix, postgres://host/database or an http(s) address.',
    },
  );
}

/** An address as it may be shown: without user, password and query. */
export function shownLocation(text: string): string {
  if (!scheme.test(text)) return text;
  // A password may hold characters that should have been escaped.
  const before = /^postgres/i.test(text) ? /:\/\/.*@/s : /:\/\/[^/?#]*@/;
  return text.replace(before, '://').replace(/[?#].*$/s, (tail) => (tail.startsWith('?') ? '?…' : ''));
}
