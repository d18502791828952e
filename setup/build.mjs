import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { builtFolder } from './built-folder.mjs';
import { fail, step } from './console.mjs';
import { root, sha256, stamp } from './paths.mjs';
import { exec } from './process.mjs';
import { buildSite } from './site.mjs';

/** Generates the database client, compiles to dist/, and bundles the dashboard, and the workflows as production runs them. */
export async function build() {
  const schema = stamp(
    'prisma',
    sha256(readFileSync(join(root, 'prisma', 'schema.prisma')), readFileSync(join(root, 'package-lock.json'))),
  );
  if (!schema.isDone || !existsSync(join(root, 'storage', 'postgres', 'generated'))) {
    await step('database client', () =>
      exec('npx', ['prisma', 'generate'], {
        cwd: root,
        // Generating needs no schema engine, but the command would download one.
        env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true', PRISMA_HIDE_UPDATE_MESSAGE: '1' },
      }),
    );
    schema.done();
  }
  await step('compile', () =>
    exec('npx', ['tsc', '-p', 'tsconfig.build.json'], { cwd: root, remedy: 'The code does not compile; see above.' }),
  );
  writeFileSync(join(root, 'dist', 'build.json'), JSON.stringify(codeVersion()));
  await builtFolder('dashboard', {
    folder: 'dashboard',
    sources: ['dashboard', 'contracts', 'tsconfig.json'],
    command: ['vite', 'build', '--config', 'dashboard/vite.config.ts', '--logLevel', 'warn'],
    remedy: 'The dashboard does not build; see above.',
  });
  await step('workflow bundle', () =>
    exec(process.execPath, [join(dirname(fileURLToPath(import.meta.url)), 'bundle-workflows.mjs')], { cwd: root }),
  );
  await buildSite();
}

/** Version of the package and the commit, which models name as the code they were made by; GIT_COMMIT where there is no .git. */
function codeVersion() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const git = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  const head = git('rev-parse', 'HEAD');
  if (head.status !== 0) return { version, commit: process.env.GIT_COMMIT || null };
  const isChanged = git('status', '--porcelain', '--untracked-files=no').stdout.trim() !== '';
  return { version, commit: head.stdout.trim() + (isChanged ? '-changed' : '') };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await build().catch(fail);
