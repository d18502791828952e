import { defineConfig } from 'vitest/config';

const common = {
  testTimeout: 60_000,
  hookTimeout: 120_000,
  // Native addons need processes, not threads.
  pool: 'forks',
} as const;

/** Folders whose files need a process each: what they start (Temporal's runtime, whole installations) stays in it. */
const apart = [
  ...['browser', 'cli', 'e2e', 'replay', 'workflows'].map((folder) => `test/${folder}/**/*.test.ts`),
  // Makes the process one that traces.
  'test/conformance/traces.test.ts',
];

export default defineConfig({
  test: {
    // The servers, once for all.
    globalSetup: 'test/support/global-setup.ts',
    // One more than cores: whole installations mostly wait.
    maxWorkers: 3,
    projects: [
      { test: { name: 'apart', include: apart, ...common } },
      // Modules are loaded once a worker, not once a file: that takes longer than the tests.
      { test: { name: 'together', include: ['test/**/*.test.ts'], exclude: apart, isolate: false, ...common } },
    ],
  },
});
