import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { LogLine } from '../../contracts/runs.ts';
import { definePipeline } from '../../domain/dag/index.ts';
import { fileArtifactStore } from '../../storage/artifacts/file.ts';
import { type RunWorker, runWorker } from '../support/run-worker.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../support/fixtures/${name}`, import.meta.url));
const rows = Array.from({ length: 40 }, (_, i) => [i / 4, i < 20 ? 1 : 5 + (i % 3)] as const);

const boosted = definePipeline({
  id: 'boosted',
  title: 'Boosted',
  description: 'A model that is made in Python.',
  params: Type.Object({
    rounds: Type.Integer({ default: 10 }),
    crashAt: Type.Integer({ default: -1 }),
  }),
  steps: {
    table: {
      async run({ services }) {
        const csv = ['x,y', ...rows.map((row) => row.join(','))].join('\n');
        return (await services.artifacts.putBytes(Buffer.from(csv))) as never;
      },
    },
    train: { needs: ['table'], command: { argv: ['python3', fixture('boosting.py')] }, retry: { initial: '10ms' } },
    report: {
      needs: ['train'],
      when: 'steps.train.output.value.mse < 1.0',
      run: ({ inputs }) => inputs['train'] ?? null,
    },
  },
});

/** A shell script as a step; `script` is a parameter so that each test brings its own. */
const shell = definePipeline({
  id: 'shell',
  title: 'Shell',
  description: 'A step in any program.',
  params: Type.Object({ script: Type.String() }),
  steps: {
    only: {
      command: {
        argv: [fixture('run-script.sh')],
        env: { GREETING: 'hello', STARTED: '{"type":"progress","done":1}' },
      },
      retry: { attempts: 2, initial: '10ms' },
    },
  },
});
const markets = definePipeline({
  id: 'markets',
  title: 'Markets',
  description: 'A program for each market, kept by the step cache.',
  params: Type.Object({ script: Type.String(), markets: Type.Array(Type.String()) }),
  steps: {
    each: {
      map: { over: 'params.markets', concurrency: 2 },
      cache: { params: ['script'] },
      command: { argv: [fixture('run-script.sh')] },
    },
  },
});
const absent = definePipeline({
  id: 'absent',
  title: 'Absent',
  description: 'A step whose program is not installed.',
  params: Type.Object({}),
  steps: { only: { command: { argv: ['no-such-program-anywhere'] } } },
});

let worker: RunWorker;
beforeAll(async () => {
  worker = await runWorker([boosted, shell, markets, absent]);
});
afterAll(() => worker.close());

const start = async (pipeline: string, params: object = {}) =>
  (await worker.starter.start({ pipeline, params: params as never, trigger: { kind: 'api', by: 'test' } })).run;
const ran = async (pipeline: string, params: object = {}) => {
  const run = await start(pipeline, params);
  const ended = await worker.ended(run.id);
  const step = await worker.stepOf(run.id, pipeline === 'boosted' ? 'train' : 'only');
  return { ended, step, output: step?.output as unknown as { value: unknown; files: Record<string, ArtifactRef> } };
};
const script = (text: string) => ran('shell', { script: text });
const logOf = async (runId: string, stepId: string): Promise<LogLine[]> =>
  worker.database.runs.logs(runId, { stepId, limit: 20_000 });
const alive = (pattern: string): boolean =>
  execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' })
    .split('\n')
    .some((line) => line.includes(pattern));

describe('a step in Python', () => {
  it('takes parameters and files, shows progress and metrics, and leaves its model as an artifact', async () => {
    const { ended, step, output } = await ran('boosted');
    expect(ended.status).toBe('succeeded');
    expect(step?.progress).toEqual({ done: 10, total: 10, unit: 'rounds' });
    expect(step?.metrics['mse']).toBeLessThan(0.8);
    expect(output.value).toEqual({ rounds: 10, mse: step?.metrics['mse'] });
    const model = await fileArtifactStore(worker.artifacts).getBytes(output.files['model.json'] as ArtifactRef);
    expect(JSON.parse(Buffer.from(model).toString()).trees).toHaveLength(10);
  });

  it('that asks to be tried again goes on from its checkpoint, to the same model', async () => {
    const [whole, again] = [await ran('boosted'), await ran('boosted', { crashAt: 6 })];
    expect(again.step?.attempts.map((a) => a.status)).toEqual(['failed', 'succeeded']);
    expect(again.step?.attempts[0]?.error?.message).toContain('exit code 75: the licence server is busy');
    expect(again.output.files).toEqual(whole.output.files);
  });
});

describe('a program', () => {
  it('runs for each item of a mapped step, and is not run again where the step cache has its output', async () => {
    const script = `python3 -c 'import json, os; print(json.dumps({"type": "output", "value": json.load(open(os.environ["PERENNIAL_REQUEST"]))["item"]["key"]}))'`;
    const output = async (run: { id: string }, key: string) => {
      const step = await worker.stepOf(run.id, 'each', key);
      return { value: (step?.output as { value?: unknown } | undefined)?.value, from: step?.cachedFrom?.runId };
    };
    const first = await start('markets', { script, markets: ['DE', 'FR'] });
    expect((await worker.ended(first.id)).status).toBe('succeeded');
    expect([await output(first, 'DE'), await output(first, 'FR')]).toEqual([{ value: 'DE' }, { value: 'FR' }]);
    const second = await start('markets', { script, markets: ['FR', 'NL'] });
    expect((await worker.ended(second.id)).status).toBe('succeeded');
    expect(await output(second, 'FR')).toEqual({ value: 'FR', from: first.id });
    expect(await output(second, 'NL')).toEqual({ value: 'NL' });
  }, 30_000);

  it('stops at its checkpoint when its run is paused so, and goes on from there', async () => {
    const program = `import json, os, time
request = json.load(open(os.environ["PERENNIAL_REQUEST"]))
if os.path.exists(request["checkpoint"]):
    print(json.dumps({"type": "output", "value": open(request["checkpoint"]).read()}))
else:
    open(request["checkpoint"], "w").write("epoch 7")
    print(json.dumps({"type": "checkpoint"}), flush=True)
    print(json.dumps({"type": "progress", "done": 7}), flush=True)
    time.sleep(60)`;
    const run = await start('shell', { script: `exec python3 -c '${program}'` });
    await worker.until(run.id, (_run, steps) => steps.some((s) => s.progress !== null));
    await worker.launcher.pause(run, { mode: 'checkpoint', by: 'ann', reason: 'gpu', at: new Date().toISOString() });
    await worker.until(run.id, ({ status }, steps) => status === 'paused' && steps[0]?.status === 'pending');
    await worker.launcher.resume(run);
    expect((await worker.ended(run.id)).status).toBe('succeeded');
    const step = await worker.stepOf(run.id, 'only');
    expect(step?.output).toMatchObject({ value: 'epoch 7' });
    expect(step?.attempts.map((a) => a.status)).toEqual(['cancelled', 'succeeded']);
  }, 30_000);

  it('that ends with another exit code fails for good, with its last words', async () => {
    const { ended, step } = await script('echo working; echo "no column price" >&2; exit 3');
    expect(step?.attempts).toHaveLength(1);
    expect(ended.error?.message).toContain('exit code 3: no column price');
  });

  it('that a signal ends is tried again', async () => {
    const { step } = await script('kill -SEGV $$');
    expect(step?.attempts.map((a) => a.error?.code)).toEqual(['STEP_CRASHED', 'STEP_CRASHED']);
    expect(step?.error?.message).toContain('SIGSEGV');
  });

  it('sees what it is handed, and none of the service’s settings', async () => {
    process.env['PERENNIAL_SECRET_KEY_OF_TEST'] = 'secret';
    const { output } = await script(
      'env | cut -d= -f1 | sort | tr "\\n" " " > "$OUT/names"; echo $GREETING > "$OUT/greeting"',
    );
    delete process.env['PERENNIAL_SECRET_KEY_OF_TEST'];
    const read = async (name: string) =>
      Buffer.from(await fileArtifactStore(worker.artifacts).getBytes(output.files[name] as ArtifactRef)).toString();
    const names = (await read('names')).split(' ');
    expect(names).toEqual(expect.arrayContaining(['GREETING', 'PATH', 'PERENNIAL_REQUEST', 'TMPDIR']));
    expect(names.filter((name) => /SECRET|DATABASE|TEMPORAL|REDIS/.test(name))).toEqual([]);
    expect(await read('greeting')).toBe('hello\n');
  });

  it('that is not there is said at once, with what to do', async () => {
    const { ended, step } = await ran('absent');
    expect(step?.attempts).toHaveLength(1);
    expect(ended.error).toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'The program "no-such-program-anywhere" is not there, or may not be run.',
    });
  });

  it('that writes a faulty metric fails, with the line', async () => {
    const { step } = await script(`echo '{"type":"metric","name":"loss","value":"low"}'; sleep 60`);
    expect(step?.error?.message).toContain('"value":"low"');
    expect(step?.attempts).toHaveLength(1);
  });

  it('that writes a metric JSON does not have, or an output that is too large, fails', async () => {
    const notANumber = await script(`echo '{"type": "metric", "name": "loss", "value": NaN}'`);
    expect(notANumber.step?.error?.message).toContain('which is no JSON');
    const endless = await script(`echo '{"type":"metric","name":"loss","value":1e999}'`);
    expect(endless.step?.error?.message).toContain('a finite number');
    const large = `python3 -c 'import json; print(json.dumps({"type": "output", "value": "x" * SIZE}))'`;
    const kept = await script(large.replace('SIZE', '200_000'));
    expect(kept.output.value).toHaveLength(200_000);
    const tooLarge = await script(large.replace('SIZE', '300_000'));
    expect(tooLarge.step?.error?.message).toContain('larger than 262144 bytes');
    const cut = await script(large.replace('SIZE', '900_000'));
    expect(cut.step?.error?.code).toBe('PROGRAM_FAILED');
  }, 30_000);

  it('that writes much before it fails is quoted in short', async () => {
    const { step } = await script(`python3 -c 'import sys; print("x" * 60_000, file=sys.stderr); sys.exit(3)'`);
    expect(step?.error?.message.length).toBeLessThan(1_000);
  });

  it('has its time to save what it has when it is stopped, also behind a shell', async () => {
    const save = `import os, signal, sys, time
def stop(*_):
    time.sleep(0.5)
    open("SAVED", "w").write("saved")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
print(os.environ["STARTED"], flush=True)
time.sleep(60)`;
    const saved = join(worker.artifacts, '..', 'saved');
    const run = await start('shell', { script: `python3 -c '${save.replace('SAVED', saved)}'; true` });
    await worker.until(run.id, (_run, steps) => steps.some((s) => s.progress !== null));
    await worker.launcher.cancel(run);
    expect((await worker.ended(run.id)).status).toBe('cancelled');
    expect(readFileSync(saved, 'utf8')).toBe('saved');
  }, 30_000);

  it('is not waited for when what it let go holds its output open', async () => {
    const from = performance.now();
    const { ended } = await script(
      `python3 -c 'import os, time; os.fork() or (os.setsid(), time.sleep(6))' & sleep 0.3; exit 0`,
    );
    expect(ended.status).toBe('succeeded');
    expect(performance.now() - from).toBeLessThan(5_500);
  });

  it('that puts a link in place of its folder fails', async () => {
    const { step } = await script('rmdir "$OUT"; ln -s /etc "$OUT"');
    expect(step?.error?.message).toContain('in place of its outputs folder');
  });

  it('that leaves a link out of its folder fails', async () => {
    const { step } = await script('ln -s /etc/passwd "$OUT/model"');
    expect(step?.error?.message).toContain('"model", which is no regular file');
  });

  it('that floods its log does no harm, and what is left out is counted', async () => {
    const { ended } = await script(`seq 1 30000; echo '{"type":"output","value":7}'`);
    expect(ended.status).toBe('succeeded');
    expect((await logOf(ended.id, 'only')).map((line) => line.message)).toContain(
      '20000 more lines of log are left out',
    );
  });

  it('is ended with all it started when its run is cancelled, and after it ended by itself', async () => {
    const run = await start('shell', { script: 'sleep 98761 & (trap "" TERM; sleep 98762) & echo "$STARTED"; wait' });
    await worker.until(run.id, (_run, steps) => steps.some((s) => s.progress !== null));
    expect([alive('sleep 98761'), alive('sleep 98762')]).toEqual([true, true]);
    await worker.launcher.cancel(run);
    expect((await worker.ended(run.id)).status).toBe('cancelled');
    expect([alive('sleep 98761'), alive('sleep 98762')]).toEqual([false, false]);
    await script('sleep 98763 & exit 0');
    expect(alive('sleep 98763')).toBe(false);
  }, 30_000);

  it('does not outlive a worker that is killed', async () => {
    const child = fork(fixture('program-host.mjs'), [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    await once(child, 'message');
    expect(alive('sleep 98764')).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    for (const from = Date.now(); alive('sleep 98764') && Date.now() - from < 5_000; ) await new Promise(setImmediate);
    expect(alive('sleep 98764')).toBe(false);
  });
});
