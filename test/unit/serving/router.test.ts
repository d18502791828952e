import { beforeEach, expect, it, vi } from 'vitest';
import { PerennialError } from '../../../contracts/errors.ts';
import { ReplicaLostError, type ReplicaState } from '../../../contracts/serving.ts';
import type { KnownReplica, ReplicaAnswer, ReplicaTransport } from '../../../domain/ports/serving.ts';
import { checkCall, ReplicaRouter } from '../../../domain/serving/replicas/index.ts';

const key = new Uint8Array(32).fill(7);
let now: number;
/** What the registry holds, and what it does when it is read. */
let records: KnownReplica[];
let isAway: boolean;
let wake: () => void;
let reads: number;
/** What each address does with a call; default: it answers with its name. */
let answers: Map<string, () => Promise<Partial<ReplicaAnswer>>>;
let asked: string[];
let forgotten: string[];

function record(name: string, more: Partial<KnownReplica> = {}): KnownReplica {
  const state: ReplicaState = 'ready';
  const times = { startedAt: '2026-11-26T12:00:00Z', lastSeenAt: '2026-11-26T12:00:00Z', seenAgoMs: 500 };
  return { id: name, address: `http://${name}`, state, graphs: ['words'], key, ...times, ...more };
}

const transport: ReplicaTransport = {
  async send(address, { headers, method, path }) {
    const name = address.slice('http://'.length);
    asked.push(name);
    // As a replica does.
    checkCall(key, { method, path }, headers['perennial-call'] as string, new Date(now));
    const given = (await answers.get(name)?.()) ?? {};
    return { status: 200, headers: {}, text: async () => name, async *lines() {}, ...given };
  },
  forget: (address) => void forgotten.push(address),
  close: async () => {},
};

async function open(): Promise<ReplicaRouter> {
  const router = new ReplicaRouter({
    registry: {
      async list() {
        reads++;
        if (isAway) throw new PerennialError('UNAVAILABLE', 'PostgreSQL does not answer.');
        return records;
      },
      async watch(woken) {
        wake = woken;
        return async () => {};
      },
    },
    transport,
    clock: { now: () => new Date(now) },
    everyMs: 1e9,
  });
  await router.open();
  return router;
}

/** Lets the router read the registry once more. */
async function changed(): Promise<void> {
  const before = reads;
  wake();
  await vi.waitFor(() => expect(reads).toBeGreaterThan(before), { timeout: 20_000, interval: 1 });
  await new Promise((resolve) => setImmediate(resolve));
}

const call = (router: ReplicaRouter) =>
  router.call('words', { method: 'GET', path: '/words' }, (answer) => answer.text());
const lost = (name: string) => async (): Promise<never> => {
  throw new ReplicaLostError(`http://${name}`, 'connection refused');
};

beforeEach(() => {
  now = Date.parse('2026-11-26T12:00:00Z');
  [records, isAway, reads, asked, forgotten, answers] = [[], false, 0, [], [], new Map()];
});

it('asks those that are ready for the graph, and are seen', async () => {
  records = [
    record('starting', { state: 'starting' }),
    record('other', { graphs: ['numbers'] }),
    record('draining', { state: 'draining' }),
    record('dead', { seenAgoMs: 10_001 }),
    record('alive'),
  ];
  expect(await call(await open())).toBe('alive');
  expect(asked).toEqual(['alive']);
});

it('asks another one when a replica is lost, and that one last for three seconds', async () => {
  records = [record('a'), record('b')];
  answers.set('a', lost('a'));
  const router = await open();
  expect(await call(router)).toBe('b');
  expect(asked).toEqual(['a', 'b']);
  answers.delete('a');
  expect([await call(router), await call(router)]).toEqual(['b', 'b']);
  now += 3_001;
  expect(await call(router)).toBe('a');
});

it('asks the only one again, whose idle connection was closed, and gives up after that', async () => {
  records = [record('a')];
  let times = 0;
  answers.set('a', async () => {
    if (times++ === 0) return lost('a')();
    return {};
  });
  const router = await open();
  expect(await call(router)).toBe('a');
  answers.set('a', lost('a'));
  asked = [];
  await expect(call(router)).rejects.toThrow('The serving replica at http://a was lost: connection refused');
  expect(asked).toEqual(['a', 'a']);
});

it.each([
  ['is about to end', { status: 503, headers: { connection: 'close' } }],
  ['has another key, as it is another process', { status: 401 }],
])('asks another one when a replica %s', async (_what, answer) => {
  records = [record('a'), record('b')];
  answers.set('a', async () => answer);
  expect(await call(await open())).toBe('b');
});

it('takes a refusal for an answer', async () => {
  records = [record('a'), record('b')];
  answers.set('a', async () => ({ status: 503, headers: {} }));
  expect(await call(await open())).toBe('a');
  expect(asked).toEqual(['a']);
});

it('hears of changes at once, and cuts the connections to those that are gone', async () => {
  records = [record('a')];
  const router = await open();
  records = [record('b')];
  await changed();
  expect(await call(router)).toBe('b');
  expect(forgotten).toEqual(['http://a']);
});

it('goes on with those it knows while the registry is away, and takes none for dead just after', async () => {
  records = [record('a')];
  const router = await open();
  isAway = true;
  await changed();
  expect(await call(router)).toBe('a');
  // Nobody could say that it lives meanwhile.
  isAway = false;
  records = [record('a', { seenAgoMs: 60_000 })];
  await changed();
  expect(await call(router)).toBe('a');
  now += 10_001;
  await changed();
  await expect(call(router)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining('"words"'),
  });
});
