import type { Json } from '../../contracts/json.ts';
import type { Block, Cell, Message, Tone } from './message.ts';

const colours: Readonly<Record<Tone, string>> = {
  critical: 'Attention',
  warning: 'Warning',
  info: 'Accent',
  good: 'Good',
};
/** Rows of a table in a chat; the mail has all. A card may have 28 KB. */
const mostRows = 12;

/**
 * A message for a Teams webhook (Workflows, "when a Teams webhook request is received"), as an Adaptive Card.
 * https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
 */
export function teamsBody({ badge, tone, title, blocks, footer }: Message): Json {
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          msteams: { width: 'Full' },
          body: [
            textBlock(badge, { weight: 'Bolder', size: 'Small', color: colours[tone] }),
            textBlock(title, { weight: 'Bolder', size: 'Large', style: 'heading' }),
            ...blocks.flatMap(elements),
            textBlock(footer, { size: 'Small', isSubtle: true, separator: true }),
          ],
        },
      },
    ],
  };
}

function elements(block: Block): Json[] {
  switch (block.kind) {
    case 'text':
      return [textBlock(block.text)];
    case 'heading':
      return [textBlock(block.text, { weight: 'Bolder' })];
    case 'facts':
      return [
        {
          type: 'FactSet',
          facts: block.facts.map(([label, value]) => ({ title: escaped(label), value: escaped(value) })),
        },
      ];
    case 'list':
      return [
        textBlock(block.title, { weight: 'Bolder' }),
        ...block.items.map(({ text, tone }) => textBlock(`• ${text}`, { spacing: 'Small', ...colourOf(tone) })),
      ];
    case 'command':
      return [textBlock(block.text, { fontType: 'Monospace' })];
    case 'table': {
      const more = block.rows.length - mostRows;
      const rows = [block.head.map((text): Cell => ({ text })), ...block.rows.slice(0, mostRows)];
      return [
        ...rows.map(
          (row, i): Json => ({
            type: 'ColumnSet',
            spacing: 'Small',
            columns: row.map(
              ({ text, tone }, column): Json => ({
                type: 'Column',
                width: column === 0 ? 3 : 2,
                items: [
                  textBlock(text, {
                    ...(i === 0 ? { weight: 'Bolder', size: 'Small' } : colourOf(tone)),
                    ...(column === 0 ? {} : { horizontalAlignment: 'Right' }),
                  }),
                ],
              }),
            ),
          }),
        ),
        ...(more > 0 ? [textBlock(`and ${more} more`, { isSubtle: true })] : []),
      ];
    }
  }
}

function textBlock(text: string, more: Readonly<Record<string, Json>> = {}): Json {
  return { type: 'TextBlock', text: escaped(text), wrap: true, ...more };
}

function colourOf(tone: Tone | undefined): Readonly<Record<string, Json>> {
  return tone ? { color: colours[tone] } : {};
}

/** Cards read these as emphasis and links. */
function escaped(text: string): string {
  return text.replaceAll(/[\\*_[\]]/g, '\\$&');
}
