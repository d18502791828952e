/** A fenced block of a Markdown page. */
export interface Fence {
  /** `sh`, `ts`, …; '' when none is given. */
  readonly language: string;
  /** What stands in brackets behind it: the file it shows. */
  readonly file: string;
  readonly text: string;
  /** Of the first fence, from 1. */
  readonly line: number;
}

/** The fenced blocks of a page, in order. */
export function fencesOf(page: string): Fence[] {
  const found: Fence[] = [];
  let open: { mark: string; language: string; file: string; line: number; lines: string[] } | null = null;
  for (const [n, line] of page.split('\n').entries()) {
    const [, mark = '', info = ''] = /^\s*(`{3,})(.*)$/.exec(line) ?? [];
    if (!open) {
      if (mark === '') continue;
      const [, language = '', file = ''] = /^(\S*)(?:\s+\[(.+)\])?/.exec(info.trim()) ?? [];
      open = { mark, language, file, line: n + 1, lines: [] };
    } else if (mark === open.mark && info.trim() === '') {
      const { lines, ...rest } = open;
      found.push({ ...rest, text: lines.map((one) => `${one}\n`).join('') });
      open = null;
    } else open.lines.push(line);
  }
  return found;
}

/** A page without its fenced blocks and code in sentences: what is prose. Lines stay where they are. */
export function proseOf(page: string): string {
  let mark = '';
  return page
    .split('\n')
    .map((line) => {
      const [, fence = ''] = /^\s*(`{3,})/.exec(line) ?? [];
      const isFence = fence !== '' && (mark === '' || fence === mark);
      if (isFence) mark = mark === '' ? fence : '';
      return isFence || mark !== '' ? '' : line.replace(/(`+)(?!`).*?[^`]\1(?!`)/g, '');
    })
    .join('\n');
}
