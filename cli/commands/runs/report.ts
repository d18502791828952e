import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { contextOf } from '../../command.ts';
import { withApi } from '../../installation.ts';
import { reportLink } from '../../reports.ts';
import { saveFile } from '../../save-file.ts';
import { time } from '../../terminal.ts';

export function reportCommand(runs: Command): void {
  runs
    .command('report')
    .description('the report of a run, a page with plots: a link for the browser, or the file')
    .argument('<run>')
    .option('--out <file>', 'HTML file; replaced if it is there. Default: a link that works for a week')
    .action(async (id: string, { out }: { out?: string }, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        if (out === undefined) {
          const link = await reportLink(api, id);
          terminal.result(link, () => `${link.url}\n  until ${time(link.expiresAt)} UTC`);
          return;
        }
        const file = resolve(out);
        await mkdir(dirname(file), { recursive: true });
        await saveFile(file, () => api.download(`/v1/runs/${encodeURIComponent(id)}/report`));
        terminal.result({ out: file }, () => `The report is in ${file}`);
      });
    });
}
