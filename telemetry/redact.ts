import type { ErrorInfo, FieldFault } from '../contracts/errors.ts';

/** What stands where a secret was. */
const mark = '[redacted]';

/** Shorter values would be found in words. */
const leastKnown = 6;

/** Names of fields whose values are secrets. */
const secretName =
  '[\\w.-]*(?:authorization|api[-_]?key|passwor[dt]|passwd|secret|token|cookie|credential|private[-_]?key)[\\w.-]*';

/** Each with what is left of it. */
const patterns: readonly (readonly [RegExp, string])[] = [
  // "password":"…", and the same in JSON that is a text of JSON.
  [new RegExp(`("${secretName}"\\s*:\\s*)"(?:\\\\.|[^"\\\\])*"`, 'gi'), `$1"${mark}"`],
  [new RegExp(`((?<!\\\\)\\\\"${secretName}\\\\"\\s*:\\s*\\\\")[\\s\\S]*?((?<!\\\\)\\\\")`, 'gi'), `$1${mark}$2`],
  // password=…, ?api_key=…
  [new RegExp(`\\b(${secretName})=(?!\\[redacted)[^\\s&;,"'\\\\]+`, 'gi'), `$1=${mark}`],
  // authorization: Bearer …, cookie: …
  [/\b((?:proxy-)?authorization|x-api-key|(?:set-)?cookie)\s*:\s*(?!\[redacted)[^\r\n"\\]+/gi, `$1: ${mark}`],
  [/\b(bearer|basic|deepl-auth-key)\s+[\w.~+/=-]{8,}/gi, `$1 ${mark}`],
  // postgresql://user:password@host
  [/\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@"'\\]*):[^\s/"'\\]+@/gi, `$1:${mark}@`],
  // Keys of ours, secrets of webhooks, addresses that are secrets, and keys that others give out.
  [/\bprn_[\w-]{8,}/g, mark],
  [/\bwhsec_[\w+/=-]{8,}/g, mark],
  [/(https:\/\/hooks\.slack\.com\/\w+)\/[\w/-]+/g, `$1/${mark}`],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, mark],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, mark],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, mark],
  // Session cookies, however they are named.
  [/\b([\w-]*sess(?:ion)?[\w-]*)=[^\s;,"'\\]{8,}/gi, `$1=${mark}`],
];

/** A text that may hold a secret at all: most lines do not, and are spared the patterns. */
const suspicious =
  /auth|api[-_]?key|passw|secret|token|cookie|credential|private[-_ ]?key|bearer|basic|:\/\/|prn_|whsec_|AKIA|ASIA|eyJ|sess/i;

let known: RegExp | undefined;
const values = new Set<string>();

/** Values that are secrets here, as the configuration has them; added to those of before. Short ones are left out. */
export function protect(secrets: readonly string[]): void {
  for (const secret of secrets) {
    if (secret.length < leastKnown) continue;
    values.add(secret);
    values.add(JSON.stringify(secret).slice(1, -1));
    values.add(encodeURIComponent(secret));
  }
  // The longest first: one may hold another.
  const escaped = [...values]
    .sort((a, b) => b.length - a.length)
    .map((value) => value.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&'));
  known = escaped.length > 0 ? new RegExp(escaped.join('|'), 'g') : undefined;
}

/** A text without secrets: values that are known, and what looks like one. JSON stays JSON. */
export function redact(text: string): string {
  let clean = known ? text.replace(known, mark) : text;
  if (!suspicious.test(clean)) return clean;
  for (const [pattern, left] of patterns) clean = clean.replace(pattern, left);
  return clean;
}

const secretField = new RegExp(secretName, 'i');

/** An error without secrets, as it is stored and shown. */
export function redactError(error: ErrorInfo): ErrorInfo {
  const { message, remedy, fields } = error;
  return {
    ...error,
    message: redact(message),
    ...(remedy === undefined ? {} : { remedy: redact(remedy) }),
    ...(fields === undefined ? {} : { fields: fields.map(redactField) }),
  };
}

function redactField(fault: FieldFault): FieldFault {
  const { field, value, message } = fault;
  const shown = typeof value === 'string' ? { value: secretField.test(field) ? mark : redact(value) } : {};
  return { ...fault, ...shown, message: redact(message) };
}
