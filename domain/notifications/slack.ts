import type { Json } from '../../contracts/json.ts';
import type { Block, Message, Tone } from './message.ts';
import { tableText } from './plain-text.ts';

const colours: Readonly<Record<Tone, string>> = {
  critical: '#b3261e',
  warning: '#e69b00',
  info: '#1a5fb4',
  good: '#2e9e57',
};
/** Rows of a table in a chat; the mail has all. */
const mostRows = 12;

/**
 * A message for an incoming webhook as Slack has it, with an attachment, which Mattermost, Rocket.Chat and Discord
 * understand too. https://docs.slack.dev/messaging/formatting-message-text, …/legacy/legacy-messaging/legacy-secondary-message-attachments
 */
export function slackBody({ subject, badge, tone, title, blocks, footer }: Message): Json {
  const text = blocks.map(blockText).join('\n\n');
  return {
    text: escaped(subject),
    attachments: [
      {
        fallback: escaped(`${badge}: ${title}`),
        color: colours[tone],
        pretext: escaped(badge),
        title: escaped(title),
        text,
        mrkdwn_in: ['text', 'pretext'],
        footer: escaped(footer),
      },
    ],
  };
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'text':
      return escaped(block.text);
    case 'heading':
      return `*${escaped(block.text)}*`;
    case 'facts':
      return block.facts.map(([label, value]) => `*${escaped(label)}:* ${escaped(value)}`).join('\n');
    case 'list':
      return [`*${escaped(block.title)}*`, ...block.items.map(({ text }) => `• ${escaped(text)}`)].join('\n');
    case 'command':
      return `\`\`\`${escaped(block.text)}\`\`\``;
    case 'table': {
      const rows = block.rows.slice(0, mostRows).map((row) => row.map(({ text }) => text));
      const more = block.rows.length - rows.length;
      return `\`\`\`${escaped(tableText([block.head, ...rows]))}\`\`\`${more > 0 ? `\nand ${more} more` : ''}`;
    }
  }
}

/** Slack reads these three as its own. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
