import { join } from 'node:path';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import { newOutcome } from '../../../domain/outcomes/index.ts';
import type { SqlEngine } from '../../../domain/ports/sql-engine.ts';
import type { StepContext } from '../../../domain/ports/step-context.ts';
import { quoteList } from '../../../domain/preprocessing/sql.ts';
import { datasets } from '../datasets.ts';
import type { OffersParams } from '../params.ts';
import { writeParquetRows } from '../parquet-rows.ts';

const columns =
  "{customer_id: 'VARCHAR', product_id: 'VARCHAR', date: 'VARCHAR', discount: 'DOUBLE', sale: 'BOOLEAN', holdout: 'BOOLEAN'}";

/**
 * Brings outcomes together: those of the API into the lake, to be learned from, and those of files into PostgreSQL, to be joined to the offers
 * that were chosen.
 */
export const collectOutcomes: StepDefinition<OffersParams> = {
  title: 'Collect outcomes of offers',
  needs: ['ingest-outcomes'],
  async run(context) {
    const { services, signal, scratch, metric, log } = context;
    const engine = await services.sql.open({ signal, scratch, memoryMiB: 512 });
    try {
      const output = { fromApi: await toLake(context, engine), fromFiles: await toDatabase(context, engine) };
      metric('outcomes_from_api', output.fromApi);
      if (output.fromApi + output.fromFiles > 0)
        log('info', `${output.fromApi} outcomes came by the API; ${output.fromFiles} of files are new or changed`);
      return output;
    } finally {
      await engine.close();
    }
  },
};

/** @returns outcomes of the API that the lake has now. */
async function toLake(
  { services: { outcomes, lake }, signal, scratch }: StepContext<OffersParams>,
  engine: SqlEngine,
): Promise<number> {
  let written = 0;
  for (const date of await outcomes.apiDays()) {
    signal.throwIfAborted();
    const told = await outcomes.ofApi(date);
    const rows = told.map(({ customerId, productId, discount, sale, holdout }) => ({
      ...{ customer_id: customerId, product_id: productId, date, discount: discount / 100, sale, holdout },
    }));
    // The same rows make the same file: nothing is learned anew from a day that has not changed.
    await lake.replace(datasets.apiOutcomes, { date }, async (folder) => {
      const file = join(folder, 'part-0.parquet');
      await writeParquetRows(engine, rows, { columns, orderBy: 'all', file, scratch });
      return { rows: rows.length };
    });
    written += rows.length;
  }
  return written;
}

/** @returns outcomes of days that files told of since they were last brought over. */
async function toDatabase(
  { services: { outcomes, lake, clock }, signal }: StepContext<OffersParams>,
  engine: SqlEngine,
): Promise<number> {
  const known = await outcomes.fileDays();
  let brought = 0;
  for (const { partition, sha256, uri } of await lake.list(datasets.outcomes)) {
    signal.throwIfAborted();
    const date = partition['date'] ?? '';
    if (known.get(date) === sha256) continue;
    const rows = await engine.query(
      `select customer_id, product_id, discount * 100 as discount, sale, holdout from read_parquet(${quoteList([uri])})`,
    );
    const told = rows.map((row) =>
      newOutcome({
        ...{ customerId: String(row['customer_id']), productId: String(row['product_id']), date },
        ...{ discount: Number(row['discount']), sale: row['sale'] === true, holdout: row['holdout'] === true },
      }),
    );
    await outcomes.replaceDay(date, told, sha256, clock.now());
    brought += told.length;
  }
  return brought;
}
