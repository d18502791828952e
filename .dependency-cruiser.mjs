import { readFileSync } from 'node:fs';

const { layers, forbidden } = JSON.parse(readFileSync(new URL('./architecture.json', import.meta.url), 'utf8'));
const own =
  '^(api|workflows|activities|workers|pipelines|domain|storage|engines|contracts|config|telemetry|cli|dashboard|bench)/';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...layers.map(({ layer, path, mayImport }) => ({
      name: `layer-${layer}`,
      severity: 'error',
      from: { path },
      to: { path: own, pathNot: [path, ...mayImport] },
    })),
    ...forbidden.map(({ name, from, to, toNot }) => ({
      name,
      severity: 'error',
      from: { path: from },
      to: { path: to, ...(toNot ? { pathNot: toNot } : {}) },
    })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^dist/|\\.perennial/|generated/)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
