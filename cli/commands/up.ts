import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Config } from '../../config/index.ts';
import type { DecisionShown } from '../../contracts/decisions.ts';
import { generateDemo } from '../../pipelines/offers/demo/index.ts';
import { type Endpoints, startEmbedded } from '../../workers/supervisor.ts';
import { ApiClient } from '../client.ts';
import { contextOf } from '../command.ts';
import { decisionText } from '../decisions.ts';
import { exitCodeOfRun } from '../exit-codes.ts';
import { keyOf } from '../installation.ts';
import { offersText } from '../offers.ts';
import { reportText } from '../reports.ts';
import { outputOf, type RunDetail, runText, startRun, waitForRun } from '../runs.ts';
import type { Terminal } from '../terminal.ts';

export function upCommand(program: Command): void {
  program
    .command('up')
    .description('start everything on this machine, run the offers pipeline on demo data, and keep serving')
    .option('--once', 'end after the run; the exit code tells how it ended')
    .option('--no-demo', 'start the servers only')
    .action(async ({ once, demo }: { once?: boolean; demo: boolean }, command: Command) => {
      const { config, terminal } = contextOf(command);
      terminal.note('Servers');
      const embedded = await startEmbedded(config, { log: (line) => terminal.note(`  ${line}`) });
      const interrupted = new Promise<void>((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
      });
      try {
        const work = async (): Promise<void> => {
          if (demo) await runDemo(config, embedded.endpoints, terminal, !once);
          terminal.note(whereToLook(config, embedded.endpoints));
          if (!once) await interrupted;
        };
        await Promise.race([work(), interrupted]);
      } finally {
        terminal.note('Stopping');
        await embedded.stop();
      }
    });
}

async function runDemo(config: Config, { apiUrl }: Endpoints, terminal: Terminal, stays: boolean): Promise<void> {
  const demo = await demoData(config, terminal);
  const api = new ApiClient(apiUrl ?? '', keyOf(config));
  terminal.note('\nOffers pipeline');
  const run = await startRun(api, 'offers', demo);
  const ended = await waitForRun(api, run, terminal);
  process.exitCode = exitCodeOfRun(ended.status);
  if (ended.status !== 'succeeded') {
    terminal.result(ended, () => runText(ended));
    return;
  }
  const decision = await api.get<DecisionShown>(`/v1/decisions/${decisionIdOf(ended)}`);
  const offers = await offersText(api, ended);
  const report = await reportText(api, ended, { stays });
  terminal.result({ run: ended, decision }, () => `\n${offers}\n\n${decisionText(decision)}\n\n${report}`);
}

/** The demo's sales, offers and documents, made once; a folder that stands is whole. */
async function demoData(
  { home }: Config,
  terminal: Terminal,
): Promise<Record<'source' | 'outcomes' | 'documents', string>> {
  const out = join(home, 'demo-offers');
  if (!existsSync(out)) {
    const part = `${out}.part`;
    await rm(part, { recursive: true, force: true });
    const { rows, markets } = await generateDemo({ customers: 400, products: 200, days: 180, out: part });
    await rename(part, out);
    terminal.note(`  demo data: ${rows.toLocaleString('en')} sales in ${markets.length} markets`);
  }
  return { source: join(out, 'sales'), outcomes: join(out, 'offers.csv'), documents: join(out, 'documents') };
}

function decisionIdOf(run: RunDetail): string {
  return (outputOf(run, 'decide') as { decisionId: string }).decisionId;
}

function whereToLook(config: Config, { apiUrl, temporalUi }: Endpoints): string {
  return [
    '',
    `  Dashboard  ${apiUrl}   sign in with the key in ${join(config.home, 'admin.key')}`,
    `  API        ${apiUrl}/docs   documentation ${apiUrl}/documentation/`,
    `  Temporal   ${temporalUi ?? config.temporalAddress}`,
    `  Logs       ${join(config.home, 'logs')}`,
    '  Next       perennial runs · perennial models · perennial decisions · perennial --help',
    '',
  ].join('\n');
}
