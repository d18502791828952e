import { describe, expect, it } from 'vitest';
import { create } from '../../../telemetry/log.ts';
import { protect, redact, redactError } from '../../../telemetry/redact.ts';

describe('redact', () => {
  it.each([
    ['{"authorization":"Bearer abc.def-123"}', '{"authorization":"[redacted]"}'],
    ['{"headers":{"X-Api-Key":"a\\"b","host":"x"}}', '{"headers":{"X-Api-Key":"[redacted]","host":"x"}}'],
    ['{"smtpPassword": "hunter 2", "user": "me"}', '{"smtpPassword": "[redacted]", "user": "me"}'],
    [
      JSON.stringify({ body: '{"client_secret":"x y","n":1}' }),
      JSON.stringify({ body: '{"client_secret":"[redacted]","n":1}' }),
    ],
    ['GET /v1/x?api_key=abc&page=2', 'GET /v1/x?api_key=[redacted]&page=2'],
    ['cookie: a=1; b=2', 'cookie: [redacted]'],
    ['perennial_session=0123456789abcdef; theme=dark', 'perennial_session=[redacted]; theme=dark'],
    ['at postgresql://perennial:p@ss/w%rd@db:5432/x', 'at postgresql://perennial:[redacted]@ss/w%rd@db:5432/x'],
    ['at redis://:secret@redis:6379', 'at redis://:[redacted]@redis:6379'],
    ['sent with prn_AbCdEf0123456789-_xyz.', 'sent with [redacted].'],
    ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', '[redacted]'],
    ['https://hooks.slack.com/services/T000/B000/XXXX', 'https://hooks.slack.com/services/[redacted]'],
    ['Basic dXNlcjpwYXNz', 'Basic [redacted]'],
  ])('%s', (text, clean) => expect(redact(text)).toBe(clean));

  it.each([
    'perennial_serving_tokens_total 4',
    'the key "offers" of the model has 3 tokens a sentence',
    'secret: must be at least 24 characters',
    'https://example.com:8080/docs',
    '{"idempotencyKey":"day-1","tokens":12}',
  ])('leaves %s as it is', (text) => expect(redact(text)).toBe(text));

  it('knows values that are secrets here, wherever and however they are written', () => {
    protect(['p$ss"w(rd', 'short']);
    expect(redact('login p$ss"w(rd failed')).toBe('login [redacted] failed');
    expect(redact(JSON.stringify({ x: 'p$ss"w(rd' }))).toBe('{"x":"[redacted]"}');
    expect(redact(`?q=${encodeURIComponent('p$ss"w(rd')}`)).toBe('?q=[redacted]');
    // Words of five letters are in many lines.
    expect(redact('a short line')).toBe('a short line');
  });

  it('keeps an error whole but for its secrets', () => {
    const error = {
      code: 'VALIDATION_FAILED',
      message: 'The source postgres://a:hunter2@db is not there.',
      fields: [{ field: 'password', value: 'hunter2', message: 'is wrong' }],
    } as const;
    expect(redactError(error)).toEqual({
      code: 'VALIDATION_FAILED',
      message: 'The source postgres://a:[redacted]@db is not there.',
      fields: [{ field: 'password', value: '[redacted]', message: 'is wrong' }],
    });
  });

  it('takes time in proportion to the length of a hostile line', () => {
    const from = performance.now();
    for (const part of ['"password', 'a://', 'token=', '\\"secret\\":\\"', 'eyJ', '-----BEGIN PRIVATE KEY-----'])
      redact(part.repeat(20_000));
    expect(performance.now() - from).toBeLessThan(5_000);
  });
});

describe('a log', () => {
  it('writes JSON lines whose secrets are left out, those of stacks too', () => {
    const written: string[] = [];
    const log = create('test', 'info', (lines) => void written.push(lines));
    log.error({ err: new Error('no route to smtp://me:hunter2@mail'), headers: { cookie: 'a=b' } }, 'not sent');
    log.debug('unseen');
    for (const listener of process.listeners('exit').slice(-1)) listener(0);
    const [line = ''] = written;
    expect(line).not.toMatch(/hunter2|a=b|unseen/);
    expect(JSON.parse(line)).toMatchObject({
      level: 'error',
      role: 'test',
      msg: 'not sent',
      time: expect.stringMatching(/Z$/),
      headers: { cookie: '[redacted]' },
    });
  });
});
