/** A table of Markdown; what would end a cell is escaped. Without rows: nothing. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  return [head, head.map(() => '---'), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`)
    .join('\n');
}

/** Paragraphs of a page, empty ones left out, with the line break at its end. */
export function pageOf(parts: readonly (string | undefined)[]): string {
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

/** Code in a sentence or cell; '' stays. */
export const code = (text: string): string => (text === '' ? '' : `\`${text}\``);
