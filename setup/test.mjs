import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fail, step } from './console.mjs';
import { setUp } from './index.mjs';
import { root } from './paths.mjs';
import { exec } from './process.mjs';
import { findPromtool } from './promtool.mjs';
import { findS3Server } from './s3.mjs';

/** Arguments go to vitest: `npm test -- test/unit/dag`. Then the checks of the whole tree are left out. */
const args = process.argv.slice(2);
const report = join(root, '.perennial', 'test', 'report.json');

try {
  const tools = {
    ...(await setUp()),
    S3_SERVER: (await findS3Server()) ?? '',
    PROMTOOL: (await findPromtool()) ?? '',
  };
  if (args.length === 0) {
    await step('types', () =>
      exec('npm', ['run', '--silent', 'types'], { cwd: root, remedy: 'Correct the types; see above.' }),
    );
    await step('lint', () =>
      exec('npm', ['run', '--silent', 'lint'], {
        cwd: root,
        remedy: '`npm run format` corrects the format; see above for the rest.',
      }),
    );
  }
  mkdirSync(join(root, '.perennial', 'test'), { recursive: true });
  rmSync(report, { force: true });
  const code = await vitest(tools);
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  // A file that could not be loaded has no tests to count, and is a failure all the same.
  const broken = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  const failed = numFailedTests + broken;
  console.log(`${numPassedTests} passed, ${failed} failed${numPendingTests > 0 ? `, ${numPendingTests} skipped` : ''}`);
  process.exit(code === 0 && failed === 0 ? 0 : 1);
} catch (error) {
  fail(error);
}

function vitest(tools) {
  return new Promise((resolve) => {
    const child = spawn(
      'npx',
      ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args],
      {
        cwd: root,
        stdio: ['ignore', 'inherit', 'inherit'],
        env: { ...process.env, ...tools },
      },
    );
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
