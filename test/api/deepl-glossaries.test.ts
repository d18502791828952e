import { GlossaryEntries, GlossaryNotFoundError, Translator } from 'deepl-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenApi, openApi } from './support.ts';

let api: OpenApi;
let deepl: Translator;
beforeAll(async () => {
  api = await openApi();
  const serverUrl = await api.app.listen({ port: 0, host: '127.0.0.1' });
  deepl = new Translator(api.keys.operator, { serverUrl, maxRetries: 0 });
});
afterAll(() => api.close());

describe('glossaries by DeepL’s own client', () => {
  const entries = { car: 'Fahrzeug', 'seat belt': 'Sicherheitsgurt', '"Eco" mode': '„Eco“-Modus' };

  it('are made, listed, read and removed, and are glossaries like others', async () => {
    const made = await deepl.createGlossary('Parts', 'en', 'de', new GlossaryEntries({ entries }));
    expect(made).toMatchObject({ name: 'Parts', ready: true, sourceLang: 'en', targetLang: 'de', entryCount: 3 });
    expect(await deepl.getGlossary(made.glossaryId)).toEqual(made);
    expect((await deepl.listGlossaries()).map(({ glossaryId }) => glossaryId)).toContain(made.glossaryId);
    expect((await deepl.getGlossaryEntries(made)).entries()).toEqual(entries);
    const ours = await api.call('GET', `/v1/glossaries/${made.glossaryId}`);
    expect(ours.json()).toMatchObject({ name: 'Parts', source: 'en', target: 'de', entries: 3, version: 1 });
    await deepl.deleteGlossary(made);
    await expect(deepl.getGlossary(made.glossaryId)).rejects.toThrow(GlossaryNotFoundError);
  });

  it('are made of CSV too', async () => {
    const made = await deepl.createGlossaryWithCsv('Parts', 'en', 'de', Buffer.from('car,Fahrzeug\n"a, b",c\n'));
    expect((await deepl.getGlossaryEntries(made)).entries()).toEqual({ car: 'Fahrzeug', 'a, b': 'c' });
  });

  it('keep targets that must not be used from clients that know none', async () => {
    await api.call('POST', '/v1/glossaries', { body: { id: 'style', source: 'en', target: 'de' } });
    const terms = [
      { source: 'car', target: 'Fahrzeug' },
      { source: 'phone', target: 'Handy', forbidden: true },
    ];
    await api.call('POST', '/v1/glossaries/style/terms', { body: { terms } });
    expect((await deepl.getGlossaryEntries('style')).entries()).toEqual({ car: 'Fahrzeug' });
  });

  it('are not half made: a bad line refuses all of them, by its number', async () => {
    const before = await deepl.listGlossaries();
    await expect(deepl.createGlossaryWithCsv('Bad', 'en', 'de', Buffer.from('car,Fahrzeug\nlonely\n'))).rejects.toThrow(
      /line 2/,
    );
    await expect(deepl.createGlossary('Bad', 'de', 'de', new GlossaryEntries({ entries }))).rejects.toThrow(/"de"/);
    expect(await deepl.listGlossaries()).toEqual(before);
  });

  it('say for which pairs there are models', async () => {
    expect(await deepl.getGlossaryLanguagePairs()).toEqual([]);
  });

  it('are for operators to make', async () => {
    const { port } = api.app.server.address() as { port: number };
    const reader = new Translator(api.keys.viewer, { serverUrl: `http://127.0.0.1:${port}`, maxRetries: 0 });
    await expect(reader.createGlossary('No', 'en', 'de', new GlossaryEntries({ entries }))).rejects.toThrow(/403|Auth/);
  });
});
