import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Source files of these folders, from the root on, with their syntax. */
export function sourcesOf(folders: readonly string[]): { readonly path: string; readonly tree: ts.SourceFile }[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.includes('generated'))
      .sort()
      .map((name) => parse(join(folder, name))),
  );
}

/** One source file with its syntax. */
export function parse(path: string): { path: string; tree: ts.SourceFile } {
  const text = readFileSync(join(root, path), 'utf8');
  return { path, tree: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) };
}

/** What stands in the doc comment of a declaration, in one line; '' without one. */
export function commentOf(node: ts.Node): string {
  const [doc] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).slice(-1);
  return (ts.getTextOfJSDocComment(doc?.comment) ?? '')
    .replace(/\{@link (\w+)(?:\.\w+)?\}/g, '`$1`')
    .replace(/\s+/g, ' ')
    .trim();
}

export interface Member {
  readonly name: string;
  readonly isOptional: boolean;
  readonly type: string;
  readonly comment: string;
}

export interface Declared {
  readonly name: string;
  readonly comment: string;
  readonly members: readonly Member[];
}

/** Interfaces of a file in their order; members of object types within follow their own as `outer.inner`. */
export function interfacesOf(tree: ts.SourceFile): Declared[] {
  return tree.statements
    .filter(ts.isInterfaceDeclaration)
    .map((node) => ({ name: node.name.text, comment: commentOf(node), members: membersOf(node.members, '') }));
}

function membersOf(nodes: ts.NodeArray<ts.TypeElement>, before: string): Member[] {
  return nodes.flatMap((node) => {
    const isOptional = node.questionToken !== undefined;
    const name = `${before}${node.name?.getText() ?? ''}`;
    const comment = commentOf(node);
    if (ts.isMethodSignature(node)) {
      const params = node.parameters.map((p) => p.getText()).join(', ');
      return [{ name, isOptional, type: oneLine(`(${params}) => ${node.type?.getText() ?? 'void'}`), comment }];
    }
    if (!ts.isPropertySignature(node) || !node.type) return [];
    const inner = ts.isTypeLiteralNode(node.type) ? membersOf(node.type.members, `${name}.`) : [];
    const type = inner.length > 0 ? 'object' : oneLine(node.type.getText());
    return [{ name, isOptional, type, comment }, ...inner];
  });
}

const oneLine = (text: string): string => text.replace(/readonly /g, '').replace(/\s+/g, ' ');
