import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
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

let engine: Promise<Bindings['SchemaEngine']> | undefined;

/**
 * Prisma's schema engine, from the WebAssembly build in its npm package: the native one would be downloaded from a site
 * of its own, which closed networks refuse. The caller frees the engine.
 *
 * @param schema text of schema.prisma.
 */
export async function openSchemaEngine(url: string, schema: string): Promise<SchemaEngine> {
  engine ??= load();
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: url }));
  return (await engine).new({ datamodels: [['schema.prisma', schema]] }, () => {}, adapter);
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
