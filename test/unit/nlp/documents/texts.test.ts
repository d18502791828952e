import { po } from 'gettext-parser';
import { describe, expect, it } from 'vitest';
import { shout } from './support.ts';

const refused = (...given: Parameters<typeof shout>) => expect(shout(...given)).rejects;

describe('plain text', () => {
  it('keeps lines, blank lines, indentation, line ends and marks', async () => {
    const source = '\uFEFFTitle\r\n\r\n\tSee {name} at https://example.org/a.\n\n  42 %\rlast line';
    const { text, segments } = await shout('txt', source);
    expect(text).toBe('\uFEFFTITLE\r\n\r\n\tSEE {name} AT https://example.org/a.\n\n  42 %\rLAST LINE');
    expect(segments).toEqual(['Title', 'See · at ·.', 'last line']);
    expect((await shout('txt', '')).text).toBe('');
  });

  it('keeps its encoding', async () => {
    const utf16 = Buffer.from('\uFEFFGrüße\n', 'utf16le');
    expect((await shout('txt', utf16)).bytes).toEqual(Buffer.from('\uFEFFGRÜSSE\n', 'utf16le'));
    const big = Buffer.from(utf16).swap16();
    expect((await shout('txt', big)).bytes).toEqual(Buffer.from('\uFEFFGRÜSSE\n', 'utf16le').swap16());
    const latin = Buffer.from(
      'café “x”'.replace(/[“”]/g, (c) => (c === '“' ? '\x93' : '\x94')),
      'latin1',
    );
    const written = await shout('txt', latin, { encoding: 'windows-1252' });
    expect(written.bytes.toString('latin1')).toBe('CAFÉ \x93X\x94');
    expect(written.warnings).toEqual([]);
    const cyrillic = await shout('txt', Buffer.from([0xec, 0xe8, 0xf0]), { encoding: 'windows-1251' });
    expect(cyrillic.bytes).toEqual(Buffer.from([0xcc, 0xc8, 0xd0]));
  });

  it('becomes UTF-8, and says so, when its encoding lacks a letter', async () => {
    // The capital of the sign for micro is a Greek letter.
    const micro = await shout('txt', Buffer.from([0xb5]), { encoding: 'windows-1252' });
    expect(micro).toMatchObject({ text: 'Μ', warnings: [expect.stringContaining('UTF-8 now')] });
  });

  it('is refused when it is none, with the line and the remedy', async () => {
    await refused('txt', Buffer.from('one\ntwo \xfc', 'latin1')).toMatchObject({
      code: 'SOURCE_INVALID',
      message: 'The file is not valid UTF-8 (line 2).',
      remedy: expect.stringContaining('encoding=windows-1252'),
    });
    await refused('txt', 'x', { encoding: 'klingon' }).toThrow(/"klingon"/);
    await refused('txt', 'PK\x03\x04\0\0\x14\0\0').toThrow(/no text/);
    await refused('txt', Buffer.from([0xff, 0xfe, 0x41])).toThrow(/UTF-16LE/);
  });
});

describe('HTML', () => {
  it('keeps markup, scripts, code and what is not to be translated', async () => {
    const source = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>My page</title><style>p { color: red }</style><script>let a = "text";</script></head><body><p class="x">Press <b>OK</b> or <code>ls</code>.</p><p translate="no">Brand</p><img src="a.png" alt="A cat"><input placeholder="Your name"><p title="tip">12 €</p></body></html>`;
    const { text, segments } = await shout('html', source);
    expect(text).toBe(
      `<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>MY PAGE</title><style>p { color: red }</style><script>let a = "text";</script></head><body><p class="x">PRESS <b>OK</b> OR <code>ls</code>.</p><p translate="no">Brand</p><img src="a.png" alt="A CAT"><input placeholder="YOUR NAME"><p title="TIP">12 €</p></body></html>`,
    );
    expect(segments).toContain('Press ·OK· or ·.');
    expect((await shout('html', 'A <i>fragment</i> &amp; more')).text).toBe('A <i>FRAGMENT</i> &amp; MORE');
  });

  it('is read and written in the charset it declares, with references where that lacks a character', async () => {
    const page = (text: string) =>
      Buffer.from(`<html><head><meta charset="iso-8859-1"></head><body>${text}</body></html>`, 'latin1');
    const { bytes } = await shout('html', page('<p>caf\xe9 \xb5</p>'));
    expect(bytes).toEqual(page('<p>CAF\xc9 &#924;</p>'));
  });

  it('is refused when it is nested without end', async () => {
    await refused('html', '<div>'.repeat(2_000)).toMatchObject({ code: 'SOURCE_INVALID' });
    await refused('html', Buffer.from('<p>\xfc</p>', 'latin1')).toThrow(/not valid UTF-8/);
  });
});

describe('gettext PO', () => {
  const source = `# Translators: Ada
#, fuzzy
msgid ""
msgstr ""
"Project-Id-Version: x\\n"
"Content-Type: text/plain; charset=CHARSET\\n"
"Language: \\n"

#. A button
#: src/a.c:10
#, c-format
msgctxt "menu"
msgid "Open %s\\n"
msgstr ""

msgid "Done"
msgstr "Fertig"

#, fuzzy, c-format
#| msgid "Old"
msgid "New"
msgstr "Alt"

#, c-format
msgid "%d file"
msgid_plural ""
"%d "
"files"
msgstr[0] ""
msgstr[1] ""

msgid "42"
msgstr ""

#~ msgid "Gone"
#~ msgstr "Weg"
`;

  it('fills what has no translation, and keeps everything else', async () => {
    const { text, segments, kept } = await shout('po', source);
    expect(segments).toEqual(['Open ·', 'New', '· file', '· files']);
    expect(kept).toBe(1);
    expect(text).toBe(
      source
        .replace('#, fuzzy\nmsgid ""', 'msgid ""')
        .replace('charset=CHARSET', 'charset=UTF-8')
        .replace('"Language: \\n"', '"Language: de\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"')
        .replace('"Open %s\\n"\nmsgstr ""', '"Open %s\\n"\nmsgstr "OPEN %s\\n"')
        .replace('#, fuzzy, c-format\n#| msgid "Old"\n', '#, c-format\n')
        .replace('"Alt"', '"NEW"')
        .replace('msgstr[0] ""\nmsgstr[1] ""', 'msgstr[0] "%d FILE"\nmsgstr[1] "%d FILES"')
        .replace('msgid "42"\nmsgstr ""', 'msgid "42"\nmsgstr "42"'),
    );
    const parsed = po.parse(text, { validation: true });
    expect(parsed.translations['menu']?.['Open %s\n']?.msgstr).toEqual(['OPEN %s\n']);
  });

  it('translates anew what has a translation when it is told to', async () => {
    const { text, kept } = await shout('po', source, { existing: 'replace' });
    expect(text).toContain('msgid "Done"\nmsgstr "DONE"');
    expect(kept).toBe(0);
  });

  it('has as many forms as its header says, else as its language has', async () => {
    const message = 'msgid "a file"\nmsgid_plural "files"\nmsgstr[0] ""\n';
    const forms = async (target: string, header: string) =>
      (await shout('po', `${header}${message}`, { target })).text.match(/msgstr\[\d\] .*/g);
    expect(await forms('pl', '')).toEqual(['msgstr[0] "A FILE"', 'msgstr[1] "FILES"', 'msgstr[2] "FILES"']);
    expect(await forms('ja', '')).toEqual(['msgstr[0] "FILES"']);
    const header = 'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=n>1;\\n"\n\n';
    expect(await forms('pl', header)).toEqual(['msgstr[0] "A FILE"', 'msgstr[1] "FILES"']);
  });

  it('quotes what it writes, and keeps CRLF', async () => {
    const { text } = await shout('po', 'msgid "say \\"a\\\\b\\"\\tand\\n"\r\n"more"\r\nmsgstr ""\r\n');
    expect(text).toBe(
      'msgid "say \\"a\\\\b\\"\\tand\\n"\r\n"more"\r\nmsgstr ""\r\n"SAY \\"A\\\\B\\"\\tAND\\n"\r\n"MORE"\r\n',
    );
  });

  it('is refused when what it keeps is in another language', async () => {
    const french = source.replace('Language: ', 'Language: fr');
    await refused('po', french).toThrow(/translations into fr, not into de/);
    expect((await shout('po', french, { existing: 'replace' })).text).toContain('"Language: de\\n"');
  });

  it('is refused at the line that is no PO', async () => {
    await refused('po', 'msgid "a"\nmsgstr "b" c\n').toMatchObject({
      code: 'SOURCE_INVALID',
      message: expect.stringContaining('Line 2 is no PO'),
    });
    await refused('po', 'msgid "a"\n\nmsgstr "b"\n').toThrow(/Line 1: the message has no msgstr/);
    await refused('po', 'hello\n').toThrow(/Line 1/);
    await refused('po', 'msgid "a\nmsgstr ""\n').toThrow(/Line 1/);
  });
});

describe('XLIFF', () => {
  const old = `<?xml version="1.0" encoding="UTF-8"?>
<xliff version="1.2"><file original="a" source-language="en" datatype="html"><body>
<trans-unit id="1"><source>Press <g id="b">OK</g> now</source></trans-unit>
<trans-unit id="2"><source>Done</source><target state="final">Fertig</target></trans-unit>
<trans-unit id="3" translate="no"><source>Brand</source></trans-unit>
</body></file></xliff>`;
  const recent = `<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="en"><file id="f"><unit id="u"><segment id="s" state="initial"><source>Say <ph id="1"/> {name}</source></segment></unit></file></xliff>`;

  it('gets its targets, in both versions', async () => {
    const { text, segments, kept } = await shout('xliff', old);
    expect(segments).toEqual(['Press ·OK· now']);
    expect(kept).toBe(1);
    expect(text).toContain(
      '<source>Press <g id="b">OK</g> now</source><target state="translated">PRESS <g id="b">OK</g> NOW</target>',
    );
    expect(text).toContain('<target state="final">Fertig</target>');
    expect(text).toContain('target-language="de"');
    expect(text.replace(/ target-language="de"|<target state="translated">.*?<\/target>/g, '')).toBe(old);
    const two = await shout('xliff', recent);
    expect(two.text).toContain(
      'state="translated"><source>Say <ph id="1"/> {name}</source><target>SAY <ph id="1"/> {name}</target>',
    );
    expect(two.text).toContain('trgLang="de"');
  });

  it('gets all targets anew when it is told to', async () => {
    const { text } = await shout('xliff', old, { existing: 'replace' });
    expect(text).toContain('<target state="translated">DONE</target>');
    expect(text).toContain('<source>Brand</source></trans-unit>');
  });

  it('is refused when what it keeps is in another language', async () => {
    const french = old.replace('source-language="en"', 'source-language="en" target-language="fr"');
    await refused('xliff', french).toThrow(/translations into fr, not into de/);
  });

  it('is refused when a unit cannot be read, or entities are declared', async () => {
    await refused('xliff', old.replace('</g>', '')).toMatchObject({
      code: 'SOURCE_INVALID',
      message: expect.stringContaining('Line 3'),
    });
    await refused('xliff', old.slice(0, -30)).toMatchObject({ code: 'SOURCE_INVALID' });
    await refused('xliff', '<tmx/>').toThrow(/not <xliff>/);
    const bomb = old
      .replace('<xliff', '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xliff')
      .replace('now', '&b;');
    await refused('xliff', bomb).toThrow(/entities/);
  });
});
