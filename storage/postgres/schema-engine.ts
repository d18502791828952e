import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';

type Bindings = typeof import('@prisma/schema-engine-wasm') & { __wbg_set_wasm(exports: unknown): void };

/** Node's WebAssembly, whose types TypeScript keeps in the browser's library. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(
    module: object,
    imports: Record<string, unknown>,
  ): Promise<{ exports: { __wbindgen_start?: () => void } }>;
};

/** PostgreSQL's internal type "char", which its catalogue is full of, and text. */
const [charType, textType] = [18, 25];

interface RawResult {
  readonly rows: unknown[][];
  readonly fields: { dataTypeID: number }[];
}

interface Queryable {
  performIO(query: unknown): Promise<RawResult>;
  queryRaw(query: unknown): Promise<{ readonly rows: unknown[][]; readonly columnTypes: number[] }>;
}

/** The driver knows no "char" and refuses the engine's questions about existing tables; here it passes as a character. */
class CatalogueAdapter extends PrismaPg {
  readonly #open: { dispose(): Promise<void> }[] = [];

  override async connect() {
    const adapter = withCharacters(await super.connect());
    this.#open.push(adapter);
    return adapter;
  }
  override async connectToShadowDb() {
    return withCharacters(await super.connectToShadowDb());
  }

  /** The engine leaves its connection, and with it a lock on migrations, to the pool's idle time. */
  async close(): Promise<void> {
    await Promise.all(this.#open.splice(0).map((adapter) => adapter.dispose()));
  }
}

function withCharacters<Adapter>(adapter: Adapter): Adapter {
  const queryable = adapter as unknown as Queryable;
  const performIO = queryable.performIO.bind(adapter);
  const queryRaw = queryable.queryRaw.bind(adapter);
  /** Columns of type "char", by the rows of their result. */
  const characters = new WeakMap<unknown[][], number[]>();
  queryable.performIO = async (query) => {
    const result = await performIO(query);
    const columns = result.fields.flatMap((field, i) => (field.dataTypeID === charType ? [i] : []));
    for (const i of columns) (result.fields[i] as { dataTypeID: number }).dataTypeID = textType;
    characters.set(result.rows, columns);
    return result;
  };
  queryable.queryRaw = async (query) => {
    const result = await queryRaw(query);
    for (const i of characters.get(result.rows) ?? []) result.columnTypes[i] = ColumnTypeEnum.Character;
    return result;
  };
  return adapter;
}

let loaded: Promise<Bindings['SchemaEngine']> | undefined;

/**
 * Prisma's schema engine, from the WebAssembly build in its npm package: the native one would be downloaded from a site
 * of its own, which closed networks refuse. Close it after use.
 *
 * @param schema text of schema.prisma.
 */
export async function openSchemaEngine(
  url: string,
  schema: string,
): Promise<{ engine: SchemaEngine; close(): Promise<void> }> {
  loaded ??= load();
  const adapter = new CatalogueAdapter({ connectionString: url });
  const engine = await (await loaded).new(
    { datamodels: [['schema.prisma', schema]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(adapter),
  );
  return {
    engine,
    async close() {
      engine.free();
      await adapter.close();
    },
  };
}

async function load(): Promise<Bindings['SchemaEngine']> {
  const require = createRequire(import.meta.url);
  const name = '@prisma/schema-engine-wasm/schema_engine_bg';
  const bindings = (await import(require.resolve(name))) as Bindings;
  const module = await WebAssembly.compile(await readFile(require.resolve(name).replace(/\.js$/, '.wasm')));
  const { exports } = await WebAssembly.instantiate(module, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(exports);
  exports.__wbindgen_start?.();
  return bindings.SchemaEngine;
}
