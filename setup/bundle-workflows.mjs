import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, sha256, stamp } from './paths.mjs';

const dist = join(root, 'dist');
const sources = ['workflows', 'contracts', 'domain/dag'].flatMap((folder) =>
  readdirSync(join(dist, folder), { recursive: true })
    .filter((name) => name.endsWith('.js'))
    .sort()
    .map((name) => readFileSync(join(dist, folder, name))),
);
const bundled = stamp('workflow-bundle', sha256(...sources, readFileSync(join(root, 'package-lock.json'))));
if (!bundled.isDone) {
  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(dist, 'workflows', 'index.js'),
    workflowInterceptorModules: [join(dist, 'workflows', 'telemetry.js')],
    logger: new DefaultLogger('ERROR'),
  });
  writeFileSync(join(dist, 'workflows-bundle.js'), code);
  bundled.done();
}
