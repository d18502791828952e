import { describe, expect, it } from 'vitest';
import { readableFormatOf } from '../../../../contracts/document-formats.ts';
import { readSentences } from '../../../../domain/nlp/documents/index.ts';
import { makePdf } from '../../../support/pdf.ts';

const signal = new AbortController().signal;
const textsOf = async (name: string, bytes: Uint8Array) =>
  (await readSentences(readableFormatOf(name) ?? 'txt', bytes, signal)).map(({ text }) => text);

describe('the sentences of a PDF', () => {
  it('go on from line to line, without the hyphens of line ends, and stand alone in lists', async () => {
    const pdf = makePdf([
      [
        'We serve our guests breakfast every day, with fresh bread and a choc-',
        'olate cake of our own. The tables have striped tea towels and cream mugs',
        'on them.',
        'Red mugs',
        'Blue (small) plates',
      ],
      ['Straße der Bäcker: Wir führen rote Tassen.'],
    ]);
    expect(await textsOf('menu.PDF', pdf)).toEqual([
      'We serve our guests breakfast every day, with fresh bread and a chocolate cake of our own.',
      'The tables have striped tea towels and cream mugs on them.',
      'Red mugs',
      'Blue (small) plates',
      'Straße der Bäcker: Wir führen rote Tassen.',
    ]);
  });

  it.each([
    ['cut', makePdf([['Red mugs']]).subarray(0, 60), /damaged or cut/],
    ['none', Buffer.from('not a PDF at all'), /damaged or cut/],
    ['without a text', makePdf([[]]), /its pages are pictures/],
  ])('cannot be read of one that is %s, which is said', async (_, bytes, message) => {
    await expect(textsOf('x.pdf', bytes)).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      message: expect.stringMatching(message),
    });
  });
});

describe('the sentences of other documents', () => {
  it('come without tags and scripts, with entities as characters', async () => {
    const page =
      '<html lang="en"><head><script>var a = "none";</script></head><body><p>Our <b>red</b> mugs &amp; plates. We use them daily.</p><ul><li>Cake stand</li></ul></body></html>';
    expect(await textsOf('site.html', Buffer.from(page))).toEqual([
      'Our red mugs & plates.',
      'We use them daily.',
      'Cake stand',
    ]);
  });

  it('have the language of their own where they are long enough, else that of the document', async () => {
    const text = [
      'Wir verwenden jeden Tag die roten Tassen aus der Küche unseres Hauses.',
      'Rote Tassen.',
      'Every single day our guests drink their coffee from these lovely red mugs.',
      'Auf unseren Regalen stehen viele Gläser, Teller und Kannen für den Verkauf.',
    ].join('\n');
    const found = await readSentences('txt', Buffer.from(text), signal);
    expect(found.map(({ language }) => language)).toEqual(['de', 'de', 'en', 'de']);
  });
});
