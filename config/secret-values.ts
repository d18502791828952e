import { pairs } from './parse.ts';

/** Names of variables whose values are secrets, beside those of settings. */
const secretVariables =
  /^SOURCE_|^AWS_(SECRET_ACCESS_KEY|SESSION_TOKEN)$|PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|CREDENTIAL/i;

/** The values of the environment that no log may hold: keys, passwords, and those within addresses. */
export function secretValues(env: Readonly<Record<string, string | undefined>> = process.env): string[] {
  const found: string[] = [];
  for (const [name, value] of Object.entries(env)) {
    if (!value) continue;
    if (name === 'OTEL_EXPORTER_OTLP_HEADERS') found.push(...Object.values(pairs(value)));
    else if (secretVariables.test(name)) found.push(value);
    else if (/URL|ENDPOINT|ADDRESS/.test(name)) found.push(...passwordOf(value));
  }
  return found;
}

/** The password in an address; not one that is its own user's name, which stands in many lines. */
function passwordOf(address: string): string[] {
  if (!URL.canParse(address)) return [];
  const { username, password } = new URL(address);
  if (password === '' || password === username) return [];
  return [password, ...decoded(password)];
}

/** A text without its percent encoding; nothing when that is not valid. */
function decoded(text: string): string[] {
  try {
    return [decodeURIComponent(text)];
  } catch {
    return [];
  }
}
