import { Readable } from 'node:stream';
import { createGlossaryService, createMemoryService } from '../../../domain/nlp/language-data/index.ts';
import { idOf } from './rows.ts';
import { runIds } from './runs.ts';
import { ago, day, hour, type Month } from './world.ts';

const sentences = [
  ['The order was shipped yesterday.', 'Die Bestellung wurde gestern versandt.'],
  ['Please check the delivery note.', 'Bitte prüfen Sie den Lieferschein.'],
  ['The invoice is attached.', 'Die Rechnung liegt bei.'],
  ['Keep the lunch bag away from heat.', 'Die Lunchtasche vor Hitze schützen.'],
  ['Set of three cake tins.', 'Dreiteiliges Set Kuchenformen.'],
] as const;
const terms = [
  ['lunch bag', 'Lunchtasche'],
  ['cake tin', 'Kuchenform'],
  ['delivery note', 'Lieferschein'],
  ['bunting', 'Wimpelkette'],
] as const;

/** Memories and glossaries with entries, documents, and corrections of translations. */
export async function seedLanguage(month: Month): Promise<void> {
  const { database } = month;
  const clock = (at: Date) => ({ now: () => at });
  const memories = createMemoryService({ ...database, clock: clock(ago(month, 25 * day)) });
  const glossaries = createGlossaryService({ ...database, clock: clock(ago(month, 25 * day)) });
  const blank = { context: '', domain: '', note: '' };
  await memories.create({ id: 'catalogue', name: 'Catalogue', source: 'en', target: 'de', domain: 'retail' }, 'ada');
  await memories.add(
    'catalogue',
    sentences.map(([source, target]) => ({ ...blank, source, target })),
    { by: 'ada', reason: 'from the catalogue of last year' },
  );
  await memories.create(
    { id: 'letters', name: 'Letters to customers', source: 'en', target: 'fr', domain: 'service' },
    'bob',
  );
  await glossaries.create({ id: 'retail', name: 'Retail terms', source: 'en', target: 'de', domain: 'retail' }, 'ada');
  const plain = {
    alternatives: [],
    partOfSpeech: 'noun',
    domain: '',
    note: '',
    caseSensitive: false,
    forbidden: false,
  };
  const rows = [...terms, ['', 'Warenkorb']].map(([source, target]) => `${source},${target},noun`);
  const file = Buffer.from(['source,target,part_of_speech', ...rows, ''].join('\n'));
  await glossaries.import('retail', Readable.from([file]), { format: 'csv', file: 'terms of the shop.csv', by: 'ada' });
  const later = createGlossaryService({ ...database, clock: clock(ago(month, 2 * day)) });
  await later.add(
    'retail',
    [
      { ...plain, source: 'holder', target: 'Halter', alternatives: ['Ständer'], note: 'Of candles: Ständer.' },
      { ...plain, source: 'party', target: 'Party', forbidden: true, note: 'Say Feier.' },
    ],
    { by: 'bob', reason: 'was missing' },
  );
  await corrections(month);
  await documents(month);
}

async function corrections({ database, ...month }: Month): Promise<void> {
  await database.feedback.receive(
    sentences.slice(0, 3).map(([source, correction], n) => ({
      ...{
        id: idOf('feedback', n),
        requestId: null,
        index: null,
        sourceLanguage: 'en',
        targetLanguage: 'de',
        source,
        correction,
      },
      ...{
        memory: 'catalogue',
        detail: { reason: 'sounds better' },
        by: 'bob',
        at: ago(month, (n + 1) * 9 * hour).toISOString(),
      },
    })),
  );
}

async function documents({ database, client }: Month): Promise<void> {
  for (let n = 0; n < 12; n++) {
    const sha256 = idOf('file', n).replaceAll('-', '').repeat(2);
    const file = { uri: `artifact:sha256:${sha256}`, sha256, bytes: 18_000 + 7_300 * ((n * 5) % 7) };
    await database.documents.add({
      ...{
        id: idOf('document', n),
        name: `price list ${n + 1}.docx`,
        format: 'docx',
        source: 'en',
        target: 'de',
        by: 'bob',
        run: runIds.document(n),
        owner: 'bob',
        input: file,
      },
      options: {
        glossaries: ['retail'],
        memory: true,
        memories: null,
        threshold: 0.7,
        model: 'champion',
        existing: 'keep',
        encoding: null,
      },
    });
    if (n !== 4)
      await database.documents.finish(idOf('document', n), {
        result: file,
        source: 'en',
        characters: 5_300 + n,
        evidence: {
          segments: { total: 80, exact: 20, fuzzy: 18, model: 38, mixed: 2, copied: 2 },
          ...{ kept: 0, terms: { applied: 12 + n, missed: (n * 3) % 4, enforced: 2 }, warnings: {}, detected: null },
          model: { name: 'translation-en-de', version: 3, configuration: 0 },
        },
      });
  }
  await client.query('update documents d set created_at = r.created_at from runs r where r.id = d.run_id');
}
