import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two workers beside the servers they test; native addons need processes, not threads.
    pool: 'forks',
    maxWorkers: 2,
  },
});
