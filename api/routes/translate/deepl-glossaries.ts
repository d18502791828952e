import { Type } from 'typebox';
import { PerennialError } from '../../../contracts/errors.ts';
import type { ResourceRecord, TermContent } from '../../../contracts/language-data.ts';
import { createGlossaryService } from '../../../domain/nlp/language-data/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { IdParams } from '../../schemas.ts';
import { auditOf, operator, viewer } from '../language-data/resources.ts';
import { deeplErrors } from './deepl-errors.ts';
import { deeplTags as tags } from './deepl-fields.ts';
import { takeForms } from './forms.ts';

const language = Type.String({ minLength: 2, maxLength: 64 });

const NewGlossary = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 200 }),
  source_lang: language,
  target_lang: language,
  entries_format: Type.Union([Type.Literal('tsv'), Type.Literal('csv')]),
  entries: Type.String({ minLength: 1, maxLength: 10_000_000, description: 'A term and its translation a line.' }),
});

/** The routes of DeepL's API (v2) for glossaries, which are those of /v1/glossaries; see {@link deeplRoutes} for texts. */
export function deeplGlossaryRoutes(app: App, deps: AppDependencies): void {
  const service = createGlossaryService(deps);
  const log = auditOf(deps, 'glossary');

  app.register(async (scope: App) => {
    takeForms(scope);
    deeplErrors(scope);

    scope.post(
      '/v2/glossaries',
      { config: operator, schema: { tags, summary: 'Make a glossary of its entries', body: NewGlossary } },
      async (request, reply) => {
        const { name, source_lang: source, target_lang: target, entries_format: format, entries } = request.body;
        const by = request.apiKey?.name ?? '';
        const { id } = await service.create({ name, source: source.toLowerCase(), target: target.toLowerCase() }, by);
        try {
          const { faults } = await service.import(id, once(Buffer.from(entries)), { format, by });
          const [fault] = faults;
          if (fault) throw refused(fault.line, fault.reason);
        } catch (error) {
          // A glossary is there with all its entries, or not at all.
          await service.remove(id);
          throw error;
        }
        const made = await service.get(id);
        await log(request, 'create', id, { name, source, target, entries: made.entries });
        return reply.status(201).send(infoOf(made));
      },
    );

    scope.get('/v2/glossaries', { config: viewer, schema: { tags, summary: 'List glossaries' } }, async () => {
      const glossaries: ResourceRecord[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = await service.list({ ...(cursor === undefined ? {} : { cursor }), limit: 500 });
        glossaries.push(...page.resources);
        cursor = page.next;
      }
      return { glossaries: glossaries.map(infoOf) };
    });

    scope.get(
      '/v2/glossaries/:id',
      { config: viewer, schema: { tags, summary: 'A glossary', params: IdParams } },
      async (request) => infoOf(await service.get(request.params.id)),
    );

    scope.get(
      '/v2/glossaries/:id/entries',
      { config: viewer, schema: { tags, summary: 'The entries of a glossary: TSV', params: IdParams } },
      async (request, reply) => {
        const lines: string[] = [];
        for await (const page of await service.stream(request.params.id)) lines.push(...linesOf(page));
        return reply.type('text/tab-separated-values; charset=utf-8').send(lines.join('\n'));
      },
    );

    scope.delete(
      '/v2/glossaries/:id',
      { config: operator, schema: { tags, summary: 'Remove a glossary', params: IdParams } },
      async (request, reply) => {
        await service.remove(request.params.id);
        await log(request, 'remove', request.params.id, {});
        return reply.status(204).send();
      },
    );

    scope.get(
      '/v2/glossary-language-pairs',
      { config: viewer, schema: { tags, summary: 'Language pairs that glossaries can be made for' } },
      async () => {
        const pairs = await deps.translation.pairs();
        return {
          supported_languages: pairs.map(({ source, target }) => ({ source_lang: source, target_lang: target })),
        };
      },
    );
  });
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function infoOf({ id, name, source, target, entries, createdAt }: ResourceRecord) {
  return {
    glossary_id: id,
    name,
    ready: true,
    source_lang: source,
    target_lang: target,
    creation_time: createdAt,
    entry_count: entries,
  };
}

/** Targets that must not be used are left out: DeepL's clients know none, and would take them for wanted. */
function linesOf(terms: readonly TermContent[]): string[] {
  return terms.filter(({ forbidden }) => !forbidden).map(({ source, target }) => `${source}\t${target}`);
}

function refused(line: number, reason: string): PerennialError {
  return new PerennialError('VALIDATION_FAILED', `entries, line ${line}: ${reason}.`, {
    fields: [{ field: 'entries', value: `line ${line}`, message: reason }],
    remedy: 'Correct it, and send all entries again.',
  });
}
