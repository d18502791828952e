import type { Block, Message } from './message.ts';

/** A message as plain text, in lines that mail programs need not wrap where words allow it. */
export function plainText({ badge, title, blocks, footer }: Message): string {
  const parts = [`${badge}\n${title}`, ...blocks.map(blockText), `-- \n${footer}`];
  return `${parts.join('\n\n')}\n`;
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'text':
      return block.text;
    case 'heading':
      return `${block.text.toUpperCase()}`;
    case 'facts':
      return block.facts.map(([label, value]) => `${label}: ${value}`).join('\n');
    case 'list':
      return [`${block.title.toUpperCase()}`, ...block.items.map(({ text }) => `- ${text}`)].join('\n');
    case 'command':
      return `    ${block.text}`;
    case 'table':
      return tableText([block.head, ...block.rows.map((row) => row.map(({ text }) => text))]);
  }
}

/** Rows in columns: the first to the left, the others to the right. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((text, i) => (i === 0 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
