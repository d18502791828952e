import { describe, expect, it } from 'vitest';
import { mailHtml } from '../../../domain/notifications/mail-html.ts';
import type { Message } from '../../../domain/notifications/message.ts';
import { plainText } from '../../../domain/notifications/plain-text.ts';
import { slackBody } from '../../../domain/notifications/slack.ts';
import { teamsBody } from '../../../domain/notifications/teams.ts';

const hostile = `<img src=x onerror="go()"> & [click](https://evil.example) *bold* <!channel> 'q'`;
const message: Message = {
  subject: hostile,
  badge: 'CRITICAL',
  tone: 'critical',
  title: hostile,
  blocks: [
    { kind: 'text', text: hostile },
    { kind: 'facts', facts: [['Since', hostile]] },
    { kind: 'list', title: 'What it affects', items: [{ text: hostile, tone: 'warning' }] },
    { kind: 'command', text: hostile },
    {
      kind: 'table',
      head: ['Market', 'Revenue'],
      rows: Array.from({ length: 40 }, (_, i) => [{ text: `M${i} ${hostile}` }, { text: String(i) }]),
    },
  ],
  footer: hostile,
};

describe('a text that somebody else wrote', () => {
  it('is text in mail', () => {
    const html = mailHtml(message);
    expect(html).not.toContain('<img');
    expect(html.match(/&lt;img src=x onerror=&quot;go\(\)&quot;&gt; &amp;/g)?.length).toBeGreaterThan(40);
    expect(plainText(message)).toContain(hostile);
  });

  it('mentions nobody in Slack, and is no link in Teams', () => {
    const slack = JSON.stringify(slackBody(message));
    expect(slack).not.toContain('<!channel>');
    expect(slack).toContain('&lt;!channel&gt;');
    const teams = JSON.stringify(teamsBody(message));
    expect(teams).not.toContain('[click](');
    expect(teams).toContain(String.raw`\\[click\\](https://evil.example) \\*bold\\*`);
  });
});

it('long tables are whole in mail and cut in chats, which say so', () => {
  expect(mailHtml(message)).toContain('M39 ');
  for (const body of [slackBody(message), teamsBody(message)]) {
    const text = JSON.stringify(body);
    expect(text).toContain('M11 ');
    expect(text).not.toContain('M12 ');
    expect(text).toContain('and 28 more');
    // A card of Teams may have 28 KB.
    expect(text.length).toBeLessThan(28_000);
  }
});
