/** White space of Python's `str.split()`: JavaScript's with the separators 1C to 1F and 85, without FEFF. */
export function isBlank(code: number): boolean {
  if (code < 0x80) return (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x20);
  if (code === 0x85 || code === 0xa0) return true;
  if (code < 0x1680) return false;
  return (
    code === 0x1680 || (code >= 0x2000 && code <= 0x200a) || [0x2028, 0x2029, 0x202f, 0x205f, 0x3000].includes(code)
  );
}

/** Words between white space, as Python's `str.split()`. */
export function splitBlanks(text: string): string[] {
  const out: string[] = [];
  let from = -1;
  for (let i = 0; i < text.length; i++) {
    if (!isBlank(text.charCodeAt(i))) {
      if (from < 0) from = i;
    } else if (from >= 0) {
      out.push(text.slice(from, i));
      from = -1;
    }
  }
  if (from >= 0) out.push(text.slice(from));
  return out;
}

/** Python's `str.rstrip()`. */
export function trimEnd(text: string): string {
  let to = text.length;
  while (to > 0 && isBlank(text.charCodeAt(to - 1))) to--;
  return text.slice(0, to);
}
