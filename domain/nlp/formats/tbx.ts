import type { TermContent } from '../../../contracts/language-data.ts';
import { LanguageMatcher } from './languages.ts';
import { type Bytes, checked, type Read, type ReadOptions, type TermRow, termFault } from './rows.ts';
import { readDocument } from './xml-document.ts';
import { attributesText, childOf, childrenOf, descendants, escapeText, textOf, type XmlElement } from './xml-tree.ts';

/** A term of a concept in one language. */
interface ConceptTerm {
  readonly text: string;
  readonly partOfSpeech: string;
  readonly status: 'preferred' | 'admitted' | 'forbidden' | '';
  readonly caseSensitive: boolean;
  readonly note: string;
}

/**
 * Reads terms of TBX-Basic: the martif dialect of 2008 (`termEntry`, `langSet`, `tig` or `ntig`) and ISO 30042:2019
 * (`conceptEntry`, `langSec`, `termSec`), there in the styles DCA (`<termNote type="partOfSpeech">`) and DCT
 * (`<min:partOfSpeech>`).
 *
 * Each term of a concept in the source language that is not deprecated gives a row: its target is the preferred term in
 * the target language, else the first that is allowed; others that are allowed are its alternatives. A deprecated or
 * superseded term in the target language gives a forbidden row.
 */
export async function* readTbx(bytes: Bytes, options: ReadOptions): AsyncGenerator<Read<TermRow>[]> {
  const sources = new LanguageMatcher(options.sourceLanguage);
  const targets = new LanguageMatcher(options.targetLanguage);
  const document = { records: ['termEntry', 'conceptEntry'], roots: ['tbx', 'martif'], encoding: options.encoding };
  for await (const parts of readDocument(bytes, document)) {
    const read: Read<TermRow>[] = [];
    for (const part of parts) {
      if (part.kind === 'fault') read.push({ line: part.line, reason: part.reason });
      else if (part.kind === 'record') read.push(...readConcept(part.element, sources, targets, options));
    }
    yield read;
  }
}

function readConcept(
  concept: XmlElement,
  sources: LanguageMatcher,
  targets: LanguageMatcher,
  { sourceLanguage, targetLanguage, domain: defaultDomain = '' }: ReadOptions,
): Read<TermRow>[] {
  const { line } = concept;
  const sections = [...childrenOf(concept, 'langSet'), ...childrenOf(concept, 'langSec')];
  const languageOf = ({ attributes }: XmlElement): string => attributes['xml:lang'] ?? attributes['lang'] ?? '';
  const from = sources.best(sections, languageOf);
  const to = targets.best(
    sections.filter((section) => section !== from),
    languageOf,
  );
  if (!from || !to) {
    const has =
      sections
        .map((s) => languageOf(s) || '?')
        .join(', ')
        .slice(0, 200) || 'none';
    return [{ line, reason: `no term in ${from ? targetLanguage : sourceLanguage}; there is ${has}` }];
  }
  const [sourceTerms, targetTerms] = [from, to].map(termsOf) as [ConceptTerm[], ConceptTerm[]];
  if (sourceTerms.length === 0 || targetTerms.length === 0) return [{ line, reason: 'a language has no <term>' }];
  const allowed = targetTerms.filter(({ status }) => status !== 'forbidden');
  const target = allowed.find(({ status }) => status === 'preferred') ?? allowed[0];
  const domain = noteOf(concept, 'subjectField') || defaultDomain;
  const rows: Read<TermRow>[] = [];
  // A concept whose source terms are all deprecated still says how they are translated.
  const live = sourceTerms.filter(({ status }) => status !== 'forbidden');
  for (const source of live.length > 0 ? live : sourceTerms) {
    const row = (chosen: ConceptTerm, forbidden: boolean): Read<TermRow> => {
      const others = forbidden ? [] : allowed.filter((term) => term !== chosen && term.text !== chosen.text);
      const term: TermRow = {
        source: source.text,
        target: chosen.text,
        alternatives: [...new Set(others.map(({ text }) => text))],
        partOfSpeech: source.partOfSpeech || chosen.partOfSpeech,
        domain,
        note: source.note || chosen.note || noteOf(concept, 'definition') || definitionOf(from),
        caseSensitive: source.caseSensitive,
        forbidden,
      };
      return checked(line, term, termFault);
    };
    if (target) rows.push(row(target, false));
    for (const term of targetTerms) if (term.status === 'forbidden') rows.push(row(term, true));
  }
  return rows;
}

/** What `<termNote type="x">`, `<descrip type="x">`, `<admin type="x">` or `<basic:x>` says within an element; '' when nothing does. */
function noteOf(element: XmlElement, type: string): string {
  const says = ({ name, attributes }: XmlElement): boolean => name === type || attributes['type'] === type;
  for (const child of element.children) {
    if (typeof child === 'string' || ['langSet', 'langSec'].includes(child.name)) continue;
    const found = says(child) ? child : [...descendants(child)].find(says);
    if (found) return textOf(found).trim();
  }
  return '';
}

function definitionOf(section: XmlElement): string {
  const isTerm = ({ name }: XmlElement): boolean => ['tig', 'ntig', 'termSec'].includes(name);
  const children = section.children.filter((c): c is XmlElement => typeof c !== 'string' && !isTerm(c));
  return children.map((child) => noteOf({ ...section, children: [child] }, 'definition')).find(Boolean) ?? '';
}

function termsOf(section: XmlElement): ConceptTerm[] {
  return section.children
    .filter((c): c is XmlElement => typeof c !== 'string' && ['tig', 'ntig', 'termSec'].includes(c.name))
    .flatMap((group) => {
      const term = childOf(group, 'term') ?? [...descendants(group)].find(({ name }) => name === 'term');
      const text = term ? textOf(term).trim().replace(/\s+/g, ' ') : '';
      if (text === '') return [];
      const status = noteOf(group, 'administrativeStatus') || noteOf(group, 'normativeAuthorization');
      const note = childOf(group, 'note');
      return [
        {
          text,
          partOfSpeech: noteOf(group, 'partOfSpeech'),
          status: statusOf(status),
          caseSensitive: noteOf(group, 'x-caseSensitive') === 'true',
          note: note ? textOf(note).trim() : '',
        },
      ];
    });
}

/** ISO 12620's values begin with these words. */
function statusOf(value: string): ConceptTerm['status'] {
  if (/^(deprecated|superseded)/i.test(value)) return 'forbidden';
  if (/^preferred/i.test(value)) return 'preferred';
  return /^(admitted|standardized|legal|regulated)/i.test(value) ? 'admitted' : '';
}

/** Writes TBX-Basic of ISO 30042:2019, style DCA, UTF-8: a concept for each term, with its alternatives. */
export async function* writeTbx(
  terms: AsyncIterable<readonly (TermContent & { readonly id?: string })[]>,
  {
    sourceLanguage,
    targetLanguage,
    title,
  }: { readonly sourceLanguage: string; readonly targetLanguage: string; readonly title: string },
): AsyncGenerator<string> {
  const root = attributesText({
    type: 'TBX-Basic',
    style: 'dca',
    'xml:lang': sourceLanguage,
    xmlns: 'urn:iso:std:iso:30042:ed-2',
  });
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<tbx${root}>\n<tbxHeader><fileDesc><titleStmt><title>${escapeText(title)}</title></titleStmt><sourceDesc><p>Perennial</p></sourceDesc></fileDesc></tbxHeader>\n<text><body>\n`;
  let number = 0;
  for await (const page of terms) {
    yield page
      .map((term) => {
        number += 1;
        const section = (text: string, status: string, note: string, isSource: boolean): string =>
          `<termSec><term>${escapeText(text)}</term>` +
          (term.partOfSpeech === '' ? '' : typed('termNote', 'partOfSpeech', term.partOfSpeech)) +
          (status === '' ? '' : typed('termNote', 'administrativeStatus', `${status}-admn-sts`)) +
          (isSource && term.caseSensitive ? typed('termNote', 'x-caseSensitive', 'true') : '') +
          `${note === '' ? '' : `<note>${escapeText(note)}</note>`}</termSec>`;
        const status = term.forbidden ? 'deprecatedTerm' : term.alternatives.length > 0 ? 'preferredTerm' : '';
        const targets = [
          section(term.target, status, '', false),
          ...term.alternatives.map((text) => section(text, 'admittedTerm', '', false)),
        ].join('');
        return (
          `<conceptEntry id="c${term.id ?? number}">` +
          (term.domain === '' ? '' : typed('descrip', 'subjectField', term.domain)) +
          `<langSec xml:lang="${sourceLanguage}">${section(term.source, '', term.note, true)}</langSec>` +
          `<langSec xml:lang="${targetLanguage}">${targets}</langSec></conceptEntry>\n`
        );
      })
      .join('');
  }
  yield '</body></text>\n</tbx>\n';
}

function typed(element: string, type: string, text: string): string {
  return `<${element} type="${type}">${escapeText(text)}</${element}>`;
}
