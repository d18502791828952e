import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { environmentWith } from '../../config/index.ts';
import { type Fence, fencesOf } from '../support/markdown.ts';

// The tutorial as a newcomer follows it: each block is run, written or compared as it stands on the page.
const root = fileURLToPath(new URL('../../', import.meta.url));
const blocks = fencesOf(readFileSync(join(root, 'docs/tutorial/own-pipeline.md'), 'utf8'));
/** Sets up a fresh clone and runs the offers demo: a job of its own in .github/workflows/ci.yml. */
const setUp = 'npm start -- --once\n';
/** Blocks that only look may be run until they show what is to be seen. */
const looks = /^(?:perennial (?:schedules show|alerts|runs (?:ls|show))\b.*\n)+$/;
const patience = 45_000;

let clone: string;
let server: ChildProcess | undefined;

beforeAll(() => {
  const base = join(root, '.perennial', 'test');
  mkdirSync(base, { recursive: true });
  clone = mkdtempSync(join(base, 'tutorial-'));
  // PostgreSQL runs as another user when this one is root.
  chmodSync(clone, 0o755);
  for (const name of readdirSync(root))
    if (!['.git', '.perennial', 'node_modules', 'test'].includes(name))
      cpSync(join(root, name), join(clone, name), { recursive: true });
  // Links to the same content: the compiler would see other files behind a link to the folder.
  execFileSync('cp', ['-al', join(root, 'node_modules'), clone]);
  mkdirSync(join(clone, '.perennial'));
  symlinkSync(join(root, '.perennial', 'tools'), join(clone, '.perennial', 'tools'));
}, 60_000);

afterAll(async () => {
  if (server && server.exitCode === null) {
    const exited = once(server, 'exit');
    server.kill('SIGTERM');
    await exited;
  }
  execFileSync('rm', ['-rf', clone]);
}, 60_000);

it('runs as written, and shows what it says', async () => {
  let [alias, run, alert, told] = ['', '', '', ''];
  const shell = async (text: string): Promise<string> => {
    const child = spawn('bash', ['-O', 'expand_aliases', '-euc', `${alias}${text}`], {
      cwd: clone,
      env: environmentWith({}),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (out += data));
    await once(child, 'close');
    return out;
  };
  for (const [n, block] of blocks.entries()) {
    const { language, file, text, line } = block;
    if (language === 'ts') write(file, text);
    else if (language === 'diff') write(file, patched(readFileSync(join(clone, file), 'utf8'), block));
    else if (text === setUp)
      expect(readFileSync(join(root, '.github/workflows/ci.yml'), 'utf8')).toContain(setUp.trim());
    else if (text.startsWith('perennial up'))
      await serve(text.replace(/^perennial/, `exec ${/=(.*)/.exec(alias)?.[1]}`));
    else if (language === 'sh') {
      const wanted = blocks[n + 1]?.language === '' ? blocks[n + 1] : undefined;
      const command = text.replace('RUN', run).replace('ALERT', alert);
      const until = Date.now() + (looks.test(text) ? patience : 0);
      do told = await shell(command);
      while (missing(wanted, told).length > 0 && Date.now() < until);
      expect(missing(wanted, told), `block in line ${line} printed:\n${told}`).toEqual([]);
      alias = /^alias .*\n/.exec(text)?.[0] ?? alias;
      run = /^Run (\S+) of/m.exec(told)?.[1] ?? run;
      alert = /^([\da-f-]{36}) .*Cafe/m.exec(told)?.[1] ?? alert;
    }
  }
  expect(await shell(`perennial runs show ${run} --output nothing || echo code $?`)).toMatch(
    /has no step "nothing"[\s\S]*days, train, publish, forecast[\s\S]*code 2/,
  );
}, 180_000);

it('has a pipeline of at most 60 lines', () => {
  const code = blocks.find(({ file }) => file === 'pipelines/cafe/index.ts')?.text ?? '';
  expect(code.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(60);
});

function write(file: string, text: string): void {
  mkdirSync(dirname(join(clone, file)), { recursive: true });
  writeFileSync(join(clone, file), text);
}

/** A file with the lines of a diff taken out and put in. */
function patched(before: string, { text }: Fence): string {
  const lines = text.split('\n').slice(0, -1);
  const side = (left: string) =>
    lines
      .filter((line) => !line.startsWith(left))
      .map((line) => `${line.slice(1)}\n`)
      .join('');
  expect(before).toContain(side('+'));
  return before.replace(side('+'), side('-'));
}

/** Starts what stays; resolves when it says where to look. */
async function serve(command: string): Promise<void> {
  const child = spawn('bash', ['-euc', command], {
    cwd: clone,
    env: environmentWith({ PERENNIAL_PORT: '0' }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  server = child;
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const hear = (data: Buffer): void => {
      said += data;
      if (said.includes('perennial --help')) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', () => reject(new Error(`perennial up ended: ${said}`)));
  });
}

/** Lines of a block of output that are not there, in this order; … stands for anything. */
function missing(wanted: Fence | undefined, told: string): string[] {
  const lines = told.split('\n');
  return (wanted?.text.split('\n') ?? []).filter((line) => {
    if (line.trim() === '') return false;
    const parts = line
      .trim()
      .split('…')
      .map((part) => part.trim().split(/\s+/).map(escaped).join('\\s+'));
    const at = lines.findIndex((one) => new RegExp(parts.join('.*')).test(one));
    if (at >= 0) lines.splice(0, at + 1);
    return at < 0;
  });
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
