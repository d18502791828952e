import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunDetail } from '../../cli/runs.ts';
import { smallDemo } from '../support/demo.ts';
import { type Installation, startInstallation } from '../support/installation.ts';
import { type Ended, perennial } from '../support/perennial.ts';

let there: Installation;
let env: Record<string, string>;
let source: string;

/** The command against the installation of this file. */
const run = (...args: string[]): Promise<Ended> => perennial(args, env);

beforeAll(async () => {
  there = await startInstallation({ roles: ['api', 'control', 'cpu', 'serving'] });
  const { DATABASE_URL = '', REDIS_URL = '', TEMPORAL_ADDRESS = '', TEMPORAL_NAMESPACE = '' } = there.env;
  const connected = { DATABASE_URL, REDIS_URL, TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, PERENNIAL_HOME: there.home };
  env = { ...connected, PERENNIAL_URL: there.api.url, PERENNIAL_API_KEY: there.key };
  source = await smallDemo(there.home);
});
afterAll(() => there.close());

describe('perennial', () => {
  it('takes a day from files to predictions', async () => {
    const ingested = await run('ingest', 'offers', '--source', source, '--json');
    expect(ingested.code).toBe(0);
    expect(JSON.parse(ingested.stdout)).toMatchObject({ quarantined: 0, files: 150 });

    const ran = await run('run', 'offers', '--param', 'asOf=2026-06-15', '--param', 'topK=5', '--wait', '--json');
    expect(ran.stderr).toContain('Run ');
    expect(ran.code).toBe(0);
    const detail = JSON.parse(ran.stdout) as RunDetail;
    expect(detail).toMatchObject({ status: 'succeeded', params: { asOf: '2026-06-15', topK: 5 } });

    const shown = await run('runs', 'show', detail.id);
    expect(shown.stdout).toMatch(/predict\s+succeeded/);
    const listed = await run('runs', '--json');
    expect((JSON.parse(listed.stdout) as { runs: unknown[] }).runs).toHaveLength(1);
    expect((await run('runs', 'logs', detail.id, '--step', 'publish')).stdout).toContain('is the champion');
    expect((await run('models')).stdout).toMatch(/offers-next-products\s+1\s+champion/);
    expect((await run('decisions', '--json')).stdout).toContain('"verdict":"keep"');
    const page = join(there.home, 'new', 'report.html');
    expect((await run('runs', 'report', detail.id, '--out', page)).code).toBe(0);
    expect(readFileSync(page, 'utf8')).toContain('Version 1 is the new champion');
    // No secret is set here to sign links with.
    const link = await run('runs', 'report', detail.id);
    expect(link).toMatchObject({ code: 2, stderr: expect.stringContaining('PERENNIAL_SECRET_KEY') });

    const out = join(there.home, 'new', 'p.parquet');
    const predicted = await run('predict', 'offers', '--as-of', '2026-06-15', '--top', '7', '--new-only', '--out', out);
    expect(predicted.stderr).toBe('');
    expect(predicted.code).toBe(0);
    expect(existsSync(out)).toBe(true);
  }, 180_000);

  it('makes keys that work until they are revoked', async () => {
    const made = JSON.parse((await run('keys', 'create', '--name', 'sales', '--role', 'viewer', '--json')).stdout);
    const asSales = { ...env, PERENNIAL_API_KEY: made.key as string };
    expect((await perennial(['runs'], asSales)).code).toBe(0);
    const forbidden = await perennial(['keys'], asSales);
    expect(forbidden).toMatchObject({ code: 2, stderr: expect.stringContaining('needs admin') });
    expect((await run('keys', 'revoke', made.id)).code).toBe(0);
    expect((await perennial(['runs'], asSales)).stderr).toContain('was revoked');
  });

  it.each([
    ['an unknown command', ['fly'], 2, "unknown command 'fly'"],
    ['an unknown option', ['runs', 'ls', '--colour'], 2, "unknown option '--colour'"],
    ['a missing option', ['ingest', 'offers'], 2, '--source'],
    ['a parameter without a value', ['run', 'offers', '--param', 'asOf'], 2, 'key=value'],
    ['an unknown pipeline', ['run', 'offer'], 2, 'There is no pipeline "offer"; there are offers'],
    ['an unknown parameter', ['run', 'offers', '--param', 'asof=2026-01-01'], 2, 'asof'],
    ['a parameter out of range', ['run', 'offers', '--param', 'topK=0'], 2, 'topK = 0'],
    ['a day that is none', ['predict', 'offers', '--as-of', '2026-02-30', '--out', 'x'], 2, 'a day such as'],
    [
      'a day before all models',
      ['predict', 'offers', '--as-of', '2001-01-01', '--out', '/tmp/x.parquet'],
      2,
      'no model',
    ],
    ['a number that is none', ['demo', '--days', 'ten', '--out', '/tmp/x'], 2, 'whole number'],
    ['a filter beside a run', ['runs', 'cancel', 'r', '--dry-run'], 2, '--dry-run choose among all runs'],
    ['a step of all runs', ['runs', 'retry', '--pipeline', 'p', '--no-cache'], 2, '--no-cache are for one run'],
    ['a run that is not there', ['runs', 'show', 'nope'], 2, 'There is no run "nope"'],
    ['a status that is none', ['runs', '--status', 'done'], 2, 'Allowed choices'],
    ['a folder that is not there', ['ingest', 'offers', '--source', '/nowhere'], 2, '/nowhere'],
    [
      'a version that is not there',
      ['models', 'promote', 'offers-next-products', '--version', '99', '--reason', 'why not'],
      2,
      '99',
    ],
  ])('says what is wrong with %s', async (_what, args, code, text) => {
    const ended = await run(...args);
    expect(ended.stderr).toContain(text);
    expect(ended.code).toBe(code);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
  });

  it('says what is wrong with the files, which and where', async () => {
    const folder = join(there.home, 'bad');
    mkdirSync(folder);
    writeFileSync(join(folder, '2026-01-01.csv'), '536365,85123A,MUG,6,2026-01-01 08:26:00,2.55,17850,France\n');
    const ended = await run('ingest', 'offers', '--source', folder, '--json');
    expect(ended.code).toBe(2);
    const { error } = JSON.parse(ended.stdout) as { error: { message: string; remedy: string } };
    expect(error.message).toContain('2026-01-01.csv');
    expect(error.remedy).toContain('InvoiceNo');
  });

  it('tells a server that is away from a wrong use', async () => {
    const away = await perennial(['runs'], { ...env, PERENNIAL_URL: 'http://127.0.0.1:9' });
    expect(away).toMatchObject({ code: 4, stderr: expect.stringContaining('does not answer') });
    const misspelt = await perennial(['runs'], { ...env, PERENNIAL_PORTS: '1', PERENNIAL_LOG_LEVEL: 'loud' });
    expect(misspelt.code).toBe(2);
    expect(misspelt.stderr).toContain('PERENNIAL_PORTS');
    expect(misspelt.stderr).toContain('PERENNIAL_LOG_LEVEL=loud');
  });

  it('knows what is installed', async () => {
    const ended = await run('doctor', '--json');
    expect(ended.code).toBe(0);
    const { findings } = JSON.parse(ended.stdout) as { findings: { what: string; ok: boolean }[] };
    expect(findings.map((f) => f.what)).toEqual(
      expect.arrayContaining(['Node', 'TensorFlow.js, native', 'PostgreSQL']),
    );
  });
});
