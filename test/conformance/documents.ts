import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { DocumentEvidence } from '../../contracts/documents.ts';
import type { DocumentFiles, DocumentRepository, NewDocument } from '../../domain/ports/documents.ts';
import type { RunRepository } from '../../domain/ports/runs.ts';
import { planOf } from '../support/plans.ts';

const evidence: DocumentEvidence = {
  segments: { total: 3, exact: 1, fuzzy: 0, model: 2, mixed: 0, copied: 0 },
  kept: 0,
  terms: { applied: 1, missed: 0, enforced: 0 },
  warnings: { 'term-missed': 1 },
  model: { name: 'translation-en-de', version: 2 },
  detected: 0.9,
};

export function documentConformance(repository: () => DocumentRepository, runs: () => RunRepository): void {
  const add = async (more: Partial<NewDocument> = {}): Promise<NewDocument> => {
    const { run } = await runs().create({
      id: randomUUID(),
      pipeline: 'translate-document',
      params: {},
      plan: planOf({ translate: {} }),
      trigger: { kind: 'api', by: 'ada' },
      idempotencyKey: null,
    });
    const document: NewDocument = {
      id: randomUUID(),
      owner: 'key-1',
      by: 'ada',
      name: 'a.docx',
      format: 'docx',
      source: null,
      target: 'de',
      options: {
        glossaries: ['g'],
        memory: true,
        memories: null,
        threshold: 0.7,
        model: 'champion',
        existing: 'keep',
        encoding: null,
      },
      input: { uri: 'artifact:sha256:x', sha256: 'x', bytes: 12 },
      run: run.id,
      ...more,
    };
    await repository().add(document);
    return document;
  };

  it('keeps a document as it was given, and the id once', async () => {
    const given = await add();
    const { owner: _owner, ...rest } = given;
    expect(await repository().get(given.id)).toMatchObject({
      ...rest,
      bytes: 12,
      status: 'queued',
      progress: null,
      characters: null,
      evidence: null,
      result: null,
      error: null,
      startedAt: null,
    });
    await expect(repository().add(given)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await repository().get(randomUUID())).toBeNull();
  });

  it('has the status, the progress and the error of its run', async () => {
    const { id, run } = await add();
    const step = { runId: run, stepId: 'translate', mapKey: '' };
    const look = () => repository().get(id);
    await runs().apply(run, [{ kind: 'run', status: 'running' }]);
    await runs().attemptStarted(step, 1, 'w');
    await runs().progress(step, { done: 2, total: 5, unit: 'segments' });
    expect(await look()).toMatchObject({ status: 'running', progress: { done: 2, total: 5 }, error: null });
    const error = { code: 'SOURCE_INVALID', message: 'Line 3 is no PO.', remedy: 'Correct it.' } as const;
    await runs().attemptFinished(step, 1, { status: 'failed', error, final: true });
    await runs().apply(run, [
      { kind: 'step', stepId: 'translate', mapKey: '', status: 'failed', error },
      { kind: 'run', status: 'failed', error: { code: 'STEP_FAILED', message: 'Step "translate" failed.' } },
    ]);
    expect(await look()).toMatchObject({ status: 'failed', error, finishedAt: expect.any(String) });
  });

  it('keeps a result, the last one, and none of a document that is gone', async () => {
    const { id } = await add();
    const result = { uri: 'artifact:sha256:y', sha256: 'y', bytes: 9 };
    const end = { result, source: 'en', characters: 120, evidence };
    expect(await repository().finish(id, { ...end, characters: 1 })).toBe(true);
    expect(await repository().finish(id, end)).toBe(true);
    expect(await repository().get(id)).toMatchObject(end);
    expect(await repository().remove(id)).toBe(true);
    expect(await repository().remove(id)).toBe(false);
    expect(await repository().finish(id, end)).toBe(false);
    expect(await repository().get(id)).toBeNull();
  });

  describe('that are old', () => {
    const inDays = (days: number): Date => new Date(Date.now() + days * 86_400_000);
    /** Ids whose files are to be removed at a time. */
    const unkept = async (now: Date, removed = true): Promise<string[]> => {
      const ids: string[] = [];
      const remove = async (id: string) => ids.push(id) > 0 && removed;
      for (let after: string | null = ''; after !== null; )
        after = await repository().clearOut({ now, after, limit: 2 }, remove);
      return ids;
    };

    it('expire when their runs have ended long ago, each once, and not before', async () => {
      const [open, young, old] = [await add(), await add(), await add()];
      for (const { run } of [young, old]) await runs().apply(run, [{ kind: 'run', status: 'succeeded' }]);
      const status = async ({ id }: NewDocument) => (await repository().get(id))?.status;
      await repository().expire(inDays(-1), inDays(0), 10);
      expect([await status(young), await status(old)]).toEqual(['succeeded', 'succeeded']);
      const now = inDays(1);
      while ((await repository().expire(now, now, 1)) === 1);
      expect([await status(open), await status(old)]).toEqual(['queued', 'expired']);
      expect(await repository().get(old.id)).toMatchObject({ expiredAt: now.toISOString(), bytes: 12 });
      expect(await repository().expire(now, now, 10)).toBe(0);
      const end = {
        result: { uri: 'artifact:sha256:y', sha256: 'y', bytes: 9 },
        source: 'en',
        characters: 1,
        evidence,
      };
      expect(await repository().finish(old.id, end)).toBe(false);
      const listed = await repository().list({ status: 'expired' }, { limit: 100 });
      expect(listed.documents.map(({ id }) => id)).toContain(old.id);
      const succeeded = await repository().list({ status: 'succeeded' }, { limit: 100 });
      expect(succeeded.documents.map(({ id }) => id)).not.toContain(old.id);
    });

    it('do not expire while somebody has their runs go on', async () => {
      const { id, run } = await add();
      const error = { code: 'STEP_FAILED', message: 'x' } as const;
      await runs().apply(run, [{ kind: 'run', status: 'failed', error }]);
      await runs().restart(run, { execution: 1, reset: [], skip: [], by: 'ada' });
      await repository().expire(inDays(1), inDays(1), 100);
      expect((await repository().get(id))?.status).toBe('queued');
    });

    it('have their files removed until that was done; those of others are left', async () => {
      await unkept(inDays(1000));
      const [kept, expired, removed] = [await add(), await add(), await add()];
      const [upload, twice] = [randomUUID(), kept.id];
      for (const id of [upload, twice, expired.id]) await repository().reserve(id);
      await runs().apply(expired.run, [{ kind: 'run', status: 'cancelled' }]);
      await repository().expire(inDays(0.01), inDays(0.01), 100);
      await repository().remove(removed.id);
      expect(await unkept(inDays(0.5))).toEqual([expired.id]);
      expect((await unkept(inDays(2), false)).sort()).toEqual([upload, removed.id].sort());
      expect((await unkept(inDays(2))).sort()).toEqual([upload, removed.id].sort());
      expect(await unkept(inDays(1000))).toEqual([]);
    });

    it('are quoted by no log any more when they have expired or are removed', async () => {
      const [kept, expired, removed] = [await add(), await add(), await add()];
      for (const { run } of [kept, expired, removed]) {
        const step = { runId: run, stepId: 'translate', mapKey: '' };
        await runs().attemptStarted(step, 1, 'w');
        await runs().log(step, 1, [
          { at: new Date().toISOString(), level: 'warn', message: 'term-missed: "our secret"' },
        ]);
      }
      await runs().apply(expired.run, [{ kind: 'run', status: 'succeeded' }]);
      while ((await repository().expire(inDays(1), inDays(1), 100)) === 100);
      await repository().remove(removed.id);
      for (const [{ run }, lines] of [[kept, 1] as const, [expired, 0] as const, [removed, 0] as const]) {
        expect(await runs().logs(run, { limit: 10 })).toHaveLength(lines);
        const told = JSON.stringify(await runs().events(run, 0, 100));
        expect(told.includes('our secret')).toBe(lines > 0);
        expect(told).toContain('"status":"queued"');
      }
    });

    it('are kept from the moment they are documents', async () => {
      const id = randomUUID();
      await repository().reserve(id);
      await add({ id });
      expect(await unkept(inDays(1000))).not.toContain(id);
    });
  });

  it('lists in pages, the newest first, those of a key and of a status', async () => {
    const owner = randomUUID();
    const made: string[] = [];
    for (let i = 0; i < 5; i++) made.push((await add({ owner })).id);
    await add();
    const found: string[] = [];
    for (let cursor: string | null = null, pages = 0; pages === 0 || cursor !== null; pages++) {
      const page = await repository().list({ owner }, { limit: 2, ...(cursor === null ? {} : { cursor }) });
      found.push(...page.documents.map(({ id }) => id));
      cursor = page.next;
    }
    const times = await Promise.all(found.map(async (id) => (await repository().get(id))?.createdAt ?? ''));
    expect([...found].sort()).toEqual([...made].sort());
    expect(times).toEqual([...times].sort().reverse());
    expect(await repository().countOpen(owner)).toBe(5);
    const { run = '' } = (await repository().get(made[0] ?? '')) ?? {};
    await runs().apply(run, [{ kind: 'run', status: 'cancelled' }]);
    expect(await repository().countOpen(owner)).toBe(4);
    const cancelled = await repository().list({ owner, status: 'cancelled' }, { limit: 10 });
    expect(cancelled.documents.map(({ id }) => id)).toEqual([made[0]]);
    await expect(repository().list({}, { limit: 1, cursor: 'x' })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });
}

export function documentFileConformance(files: () => DocumentFiles): void {
  it('keeps the files of documents apart, and removes them with their document', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    const content = randomBytes(10_000);
    const ref = await files().of(one).putBytes(content);
    expect(await files().of(other).has(ref)).toBe(false);
    await files().of(other).putBytes(content);
    await files().remove(one);
    await files().remove(one);
    expect(await files().of(one).has(ref)).toBe(false);
    expect(Buffer.from(await files().of(other).getBytes(ref)).equals(content)).toBe(true);
  });

  it('takes no path for an id', () => {
    expect(() => files().of('../../../../../../../../../../../..')).toThrow();
  });
}
