import { basename } from 'node:path';
import type { Command } from 'commander';
import type { FeedbackDay } from '../../contracts/feedback.ts';
import type { OutcomeQuality } from '../../contracts/outcomes.ts';
import type { CorrectionsReport } from '../../domain/feedback/index.ts';
import { mediaTypes } from '../../domain/nlp/language-data/index.ts';
import { apiAction } from '../api-action.ts';
import { day, wholeNumber } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { correctionsText, outcomeQualityText, translationFeedbackText } from '../feedback.ts';
import { uploadFile } from '../upload-file.ts';

export function feedbackCommand(program: Command): void {
  const feedback = program.command('feedback').description('what became of predictions: corrections and outcomes');

  feedback
    .command('send')
    .description('corrections of translations by file; the same again changes nothing')
    .argument('<file>', 'CSV or TSV with a header: request_id, index, correction; or source, its languages, correction')
    .option('--encoding <name>', 'such as windows-1252; default: detected')
    .option('--delimiter <character>', 'default: detected')
    .action(
      apiAction(async (api, terminal, [file = ''], options) => {
        const query = new URLSearchParams({ file: basename(file), ...(options as Record<string, string>) });
        const contentType = (/\.(tsv|tab)$/i.test(file) ? mediaTypes['tsv'] : mediaTypes['csv']) as string;
        const sending = { path: `/v1/feedback/file?${query}`, file, contentType };
        const report = await uploadFile<CorrectionsReport>(api, terminal, sending);
        terminal.result(report, () => correctionsText(report));
        if (report.refused > 0) process.exitCode = exitCodes.usage;
      }),
    );

  feedback
    .command('translation', { isDefault: true })
    .description('by version and day: how many answers were corrected, and how good these were')
    .option('--from <day>', 'default: 30 days before --to', day)
    .option('--to <day>', 'the day after the last; default: tomorrow', day)
    .option('--model <name>')
    .option('--version <n>', '', wholeNumber(1))
    .action(
      apiAction(async (api, terminal, _, options) => {
        const found = await api.get<{ days: FeedbackDay[] }>('/v1/feedback/quality', options);
        terminal.result(found, () => translationFeedbackText(found.days));
      }),
    );

  feedback
    .command('offers')
    .description('by market and version: offers, outcomes known, what sold and what was predicted')
    .option('--from <day>', 'of the offers; default: 90 days before --to', day)
    .option('--to <day>', 'the day after the last; default: tomorrow', day)
    .option('--market <name>')
    .action(
      apiAction(async (api, terminal, _, options) => {
        const found = await api.get<{ quality: OutcomeQuality[] }>('/v1/offers/outcomes/quality', options);
        terminal.result(found, () => outcomeQualityText(found.quality));
      }),
    );
}
