import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/reference/scheduler.md', root), 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('| ') && /[●◐○]/.test(line));

it('names for each capability a test that is there', () => {
  const tests = readdirSync(new URL('test', root), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => ({
      name: basename(file, '.test.ts'),
      text: readFileSync(new URL(`test/${file}`, root), 'utf8'),
    }));
  const proofs = rows.map((row) => row.split('|').at(-2)?.trim() ?? '');
  const missing = proofs.filter((proof) => {
    const [, name = '', title = ''] = /^([\w-]+): (.+)$/.exec(proof) ?? [];
    return !tests.some((test) => test.name === name && test.text.includes(title));
  });
  expect(missing).toEqual([]);
  expect(rows.length).toBeGreaterThan(35);
});
