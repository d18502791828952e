import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import type { ModelVersion } from '../../../contracts/models.ts';
import { contextOf } from '../../command.ts';
import { withApi } from '../../installation.ts';
import { pathOf } from '../../models.ts';
import { saveFile } from '../../save-file.ts';
import { time } from '../../terminal.ts';
import { uploadFile } from '../../upload-file.ts';

/** Versions as files: cards for people, archives for other installations. */
export function fileCommands(models: Command): void {
  models
    .command('card')
    .description('the model card of a version, a page with plots: a link for the browser, or the file')
    .argument('<model>')
    .option('--version <version>', 'a number or an alias', 'champion')
    .option('--out <file>', 'HTML file; replaced if it is there. Default: a link that works for a week')
    .action(async (model: string, { version, out }: { version: string; out?: string }, command: Command) => {
      const { config, terminal } = contextOf(command);
      const path = `${pathOf(model, 'versions', version)}/card`;
      await withApi(config, terminal, async (api) => {
        if (out === undefined) {
          const link = await api.post<{ url: string; expiresAt: string }>(`${path}/links`);
          const url = api.url + link.url;
          terminal.result({ ...link, url }, () => `${url}\n  until ${time(link.expiresAt)} UTC`);
          return;
        }
        const file = resolve(out);
        await mkdir(dirname(file), { recursive: true });
        await saveFile(file, () => api.download(path));
        terminal.result({ out: file }, () => `The card is in ${file}`);
      });
    });

  models
    .command('export')
    .description('write a version with all its files to one tar file')
    .argument('<model>')
    .option('--version <version>', 'a number or an alias', 'champion')
    .requiredOption('--out <file>', 'replaced if it is there')
    .action(async (model: string, { version, out }: { version: string; out: string }, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const file = resolve(out);
        // The number, so that what is said of the file stays true.
        const found = await api.get<ModelVersion>(pathOf(model, 'versions', version));
        await mkdir(dirname(file), { recursive: true });
        await saveFile(file, () => api.download(`${pathOf(model, 'versions', found.version)}/export`));
        terminal.result(
          { model, version: found.version, out: file },
          () => `${model} version ${found.version} is in ${file}`,
        );
      });
    });

  models
    .command('import')
    .description('add the version in an exported file; it serves nowhere until it is promoted')
    .argument('<file>')
    .option('--name <model>', 'name of the model; default: as the file has it')
    .action(async (file: string, { name }: { name?: string }, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const query = name === undefined ? '' : `?${new URLSearchParams({ name })}`;
        const imported = await uploadFile<{ version: ModelVersion; checked: boolean }>(api, terminal, {
          path: `/v1/models/imports${query}`,
          file,
          contentType: 'application/x-tar',
        });
        const { model, version } = imported.version;
        if (!imported.checked)
          terminal.note(`No pipeline here makes the model ${model}: whether its format can be read was not checked.`);
        terminal.result(
          imported,
          () =>
            `${model} version ${version} is in the registry. It serves after: perennial models promote ${model} --version ${version} --reason …`,
        );
      });
    });
}
