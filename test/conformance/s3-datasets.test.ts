import { CreateMultipartUploadCommand, PutObjectCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CloudEvent } from '../../contracts/events.ts';
import type { DatasetWatch } from '../../contracts/webhooks.ts';
import { createDatasetWatcher } from '../../domain/events/index.ts';
import { createDatasetSources } from '../../storage/datasets/index.ts';
import { type S3, s3Server, startS3 } from '../support/s3.ts';

describe.skipIf(!s3Server)('a prefix of an object store', () => {
  let s3: S3;
  let sources: ReturnType<typeof createDatasetSources>;
  beforeAll(async () => {
    s3 = await startS3();
    vi.stubEnv('AWS_ACCESS_KEY_ID', s3.credentials.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', s3.credentials.secretAccessKey);
    sources = createDatasetSources({ endpoint: s3.endpoint, region: undefined });
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await s3.stop();
  });

  const put = (Bucket: string, Key: string, Body: string) =>
    s3.client.send(new PutObjectCommand({ Bucket, Key, Body }));
  const watching = (location: string, more: Partial<DatasetWatch> = {}) => {
    const events: CloudEvent[] = [];
    const look = createDatasetWatcher(
      {
        id: 'sales',
        location,
        pattern: '{market}/{date}.csv',
        settleSeconds: 5,
        markerOnly: false,
        scanSeconds: 60,
        createdAt: '2026-01-01T00:00:00.000Z',
        ...more,
      },
      sources(location),
      {
        publish: async (published) => {
          events.push(...published);
          return published.length;
        },
      },
    );
    return async (): Promise<CloudEvent[]> => {
      await look(new Date());
      return events.splice(0);
    };
  };

  it('tells each object once, in each content it has, and none beside the prefix', async () => {
    const bucket = await s3.bucket();
    await put(bucket, 'landing/DE/2026-01-02.csv', 'a\n');
    await put(bucket, 'landing-old/DE/2026-01-02.csv', 'a\n');
    await put(bucket, 'landing/notes.txt', 'a\n');
    const look = watching(`s3://${bucket}/landing`);
    const found = await look();
    expect(found).toEqual([
      expect.objectContaining({
        type: 'dataset.landed',
        source: '/watches/sales',
        subject: 'DE/2026-01-02.csv',
        data: expect.objectContaining({
          uri: `s3://${bucket}/landing/DE/2026-01-02.csv`,
          size: 2,
          captured: { market: 'DE', date: '2026-01-02' },
        }),
      }),
    ]);
    expect(await look()).toEqual([]);
    // Of the same size, within the second that the store's times count in.
    await put(bucket, 'landing/DE/2026-01-02.csv', 'b\n');
    const [again] = await look();
    expect(again?.subject).toBe('DE/2026-01-02.csv');
    expect(again?.id).not.toBe(found[0]?.id);
    // Another process, or this one after a restart, makes the same event, which counts once.
    expect((await watching(`s3://${bucket}/landing`)()).map(({ id }) => id)).toEqual([again?.id]);
  });

  it('does not tell an upload in parts that has not ended, and waits for markers when told to', async () => {
    const bucket = await s3.bucket();
    const upload = { Bucket: bucket, Key: 'DE/2026-01-02.csv' };
    const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand(upload));
    await s3.client.send(new UploadPartCommand({ ...upload, UploadId, PartNumber: 1, Body: 'a\n' }));
    expect(await watching(`s3://${bucket}`)()).toEqual([]);
    await put(bucket, 'FR/2026-01-02.csv', 'a\n');
    const marked = watching(`s3://${bucket}`, { markerOnly: true });
    expect(await marked()).toEqual([]);
    await put(bucket, 'FR/_SUCCESS', '');
    expect((await marked()).map(({ subject }) => subject)).toEqual(['FR/2026-01-02.csv']);
  });

  it('finds more objects than the store lists at a time', async () => {
    const bucket = await s3.bucket();
    const keys = Array.from({ length: 1100 }, (_, n) => `DE/${String(n).padStart(5, '0')}.csv`);
    for (let at = 0; at < keys.length; at += 50)
      await Promise.all(keys.slice(at, at + 50).map((key) => put(bucket, key, 'a\n')));
    const found = await watching(`s3://${bucket}/`)();
    expect(found.map(({ subject }) => subject).sort()).toEqual(keys);
  });

  it('says which place cannot be listed, and why', async () => {
    await expect(watching('s3://nobody-made-this/landing')()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(/s3:\/\/nobody-made-this\/landing\/ cannot be listed: NoSuchBucket/),
    });
  });
});
