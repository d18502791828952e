/** A text as LIKE takes it literally. */
export function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&');
}

/** A pattern in which `*` stands for any text, as LIKE has it. */
export function likePattern(pattern: string): string {
  return escapeLike(pattern).replaceAll('*', '%');
}
