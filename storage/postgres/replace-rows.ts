import type { Prisma, PrismaClient } from './generated/client.ts';

/** Rows written by one statement; keeps a statement's parameters within a few megabytes. */
const batch = 500;

export interface Replacement<Row> {
  /** What is replaced: two writers of the same wait for each other, where else they would fail on, or leave, a mix. */
  readonly key: string;
  readonly rows: Iterable<Row> | AsyncIterable<Row>;
  remove(transaction: Prisma.TransactionClient): Promise<unknown>;
  insert(transaction: Prisma.TransactionClient, rows: readonly Row[]): Promise<unknown>;
}

/** Replaces rows as a whole: readers see the old or the new ones. */
export async function replaceRows<Row>(
  db: PrismaClient,
  { key, rows, remove, insert }: Replacement<Row>,
): Promise<void> {
  await db.$transaction(
    async (transaction) => {
      await transaction.$queryRaw`select pg_advisory_xact_lock(hashtext(${key}))::text`;
      await remove(transaction);
      let waiting: Row[] = [];
      for await (const row of rows) {
        waiting.push(row);
        if (waiting.length < batch) continue;
        await insert(transaction, waiting);
        waiting = [];
      }
      if (waiting.length > 0) await insert(transaction, waiting);
    },
    // A market may have as many customers as take minutes.
    { timeout: 900_000 },
  );
}
