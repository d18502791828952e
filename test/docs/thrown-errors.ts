import ts from 'typescript';
import { sourcesOf } from './source-text.ts';

export interface Thrown {
  readonly code: string;
  /** With … for what is known only then. */
  readonly message: string;
  readonly remedy: string;
}

const folders = [
  ...['activities', 'api', 'cli', 'config', 'contracts', 'domain', 'engines'],
  ...['pipelines', 'storage', 'workers', 'workflows'],
];

/** Every error that the code makes with its message and remedy written beside it; the same one once. */
export function thrownErrors(): Thrown[] {
  const found = new Map<string, Thrown>();
  const look = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'PerennialError') {
      const [code, message, options] = node.arguments ?? [];
      if (code && message && ts.isStringLiteralLike(code)) {
        const remedy = options && ts.isObjectLiteralExpression(options) ? textOf(propertyOf(options, 'remedy')) : '';
        const thrown = { code: code.text, message: textOf(message), remedy };
        if (/\w{3}/.test(thrown.message)) found.set(JSON.stringify(thrown), thrown);
      }
    }
    ts.forEachChild(node, look);
  };
  for (const { tree } of sourcesOf(folders)) look(tree);
  return [...found.values()];
}

/** Codes that the code names anywhere, as a text of its own. */
export function namedCodes(codes: readonly string[]): Set<string> {
  const texts = sourcesOf(folders)
    .filter(({ path }) => path !== 'contracts/errors.ts')
    .map(({ tree }) => tree.text);
  return new Set(codes.filter((code) => texts.some((text) => text.includes(`'${code}'`))));
}

function propertyOf(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  const property = object.properties.find((p) => p.name?.getText() === name);
  return property && ts.isPropertyAssignment(property) ? property.initializer : undefined;
}

/** A text as far as it is written out. */
function textOf(node: ts.Expression | undefined): string {
  if (!node) return '';
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map((span) => `…${span.literal.text}`).join('');
  if (ts.isBinaryExpression(node)) return textOf(node.left) + textOf(node.right);
  if (ts.isConditionalExpression(node)) return textOf(node.whenTrue) || textOf(node.whenFalse);
  return '…';
}
