import { dirname, relative } from 'node:path';
import ts from 'typescript';
import { root } from './pages.ts';
import type { Schema } from './schema-fields.ts';

export interface AnswerTypes {
  /** By `GET /v1/runs/:id`, then by status; null: nothing, or something that is no JSON. `$ref` names one of the schemas. */
  readonly routes: ReadonlyMap<string, Readonly<Record<string, Schema | null>>>;
  /** Interfaces and types of the code that answers are made of, by their names. */
  readonly schemas: ReadonlyMap<string, Schema>;
}

const methods = new Set(['get', 'post', 'put', 'patch', 'delete']);

/** Answers of all routes under api/, by the types of what their handlers return, described by the comments of those types. */
export function answerTypes(): AnswerTypes {
  const { config } = ts.readConfigFile(`${root}/tsconfig.json`, ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const program = ts.createProgram([`${root}/api/app.ts`], { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  const schemas = schemaMaker(checker);
  const routes = new Map<string, Readonly<Record<string, Schema | null>>>();
  for (const file of program.getSourceFiles()) {
    if (!relative(root, file.fileName).startsWith('api/routes/')) continue;
    const visit = (node: ts.Node): void => {
      const route = ts.isCallExpression(node) ? routeOf(node) : undefined;
      if (route) for (const name of route.names) routes.set(name, answersOf(route.handler));
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return { routes, schemas: schemas.named };

  function routeOf(call: ts.CallExpression): { names: string[]; handler: ts.Node } | undefined {
    if (!ts.isPropertyAccessExpression(call.expression)) return undefined;
    const method = call.expression.name.text;
    const [first] = call.arguments;
    if (method === 'route' && first && ts.isObjectLiteralExpression(first)) {
      const part = (name: string) =>
        first.properties.find((one) => one.name && ts.isIdentifier(one.name) && one.name.text === name);
      const [url, handler] = [part('url'), part('handler')];
      if (!url || !handler || !ts.isPropertyAssignment(url) || !ts.isPropertyAssignment(handler)) return undefined;
      return { names: ['GET', 'POST'].map((one) => `${one} ${textOf(url.initializer)}`), handler: handler.initializer };
    }
    const handler = call.arguments.at(-1);
    if (!methods.has(method) || call.arguments.length < 3 || !first || !handler) return undefined;
    const path = textOf(first);
    return /^[/*]/.test(path) ? { names: [`${method.toUpperCase()} ${path}`], handler } : undefined;
  }

  /** Text of an expression; what is known only when it runs is `*`. */
  function textOf(node: ts.Expression): string {
    if (ts.isStringLiteralLike(node)) return node.text;
    if (ts.isTemplateExpression(node))
      return node.head.text + node.templateSpans.map((span) => textOf(span.expression) + span.literal.text).join('');
    if (ts.isIdentifier(node)) {
      const declared = checker.getSymbolAtLocation(node)?.valueDeclaration;
      if (declared && ts.isVariableDeclaration(declared) && declared.initializer) return textOf(declared.initializer);
    }
    const type = checker.getTypeAtLocation(node);
    return type.isStringLiteral() ? type.value : '*';
  }

  function answersOf(handler: ts.Node): Record<string, Schema | null> {
    const found = new Map<string, Schema[]>();
    const [signature] = checker.getSignaturesOfType(checker.getTypeAtLocation(handler), ts.SignatureKind.Call);
    const body = signature?.declaration && 'body' in signature.declaration ? signature.declaration.body : undefined;
    const add = (status: string, value: ts.Expression | undefined): void => {
      const answers = value ? answerOf(value) : [];
      found.set(status, [...(found.get(status) ?? []), ...answers]);
    };
    for (const value of body ? returned(body as ts.Node) : []) {
      const sent = sentBy(value);
      for (const status of sent?.statuses ?? ['200']) add(status, sent ? sent.value : value);
    }
    const declared = signature?.declaration?.type;
    if (declared && ts.isTypeNode(declared) && found.size === 1)
      found.set('200', [schemas.of(awaited(checker.getTypeFromTypeNode(declared)))]);
    return Object.fromEntries(
      [...found].sort().map(([status, answers]) => {
        const unique = [...new Map(answers.map((one) => [JSON.stringify(one), one])).values()];
        return [status, unique.length > 1 ? { anyOf: unique } : (unique[0] ?? null)];
      }),
    );
  }

  /** The schema of a value that is sent; none for files, pages and streams. `{ ...run, created }` is a run and more. */
  function answerOf(value: ts.Expression): Schema[] {
    const type = awaited(checker.getTypeAtLocation(value));
    if (isNoJson(type)) return [];
    const whole = schemas.of(type);
    if (!ts.isObjectLiteralExpression(value) || !whole.properties) return [whole];
    const spread = value.properties.flatMap((part) => {
      const one = ts.isSpreadAssignment(part) ? schemas.of(checker.getTypeAtLocation(part.expression)) : {};
      return one.$ref === undefined ? [] : [one];
    });
    if (spread.length === 0) return [whole];
    const known = new Set(spread.flatMap(({ $ref }) => Object.keys(schemas.named.get(nameIn($ref))?.properties ?? {})));
    const own = Object.entries(whole.properties).filter(([name]) => !known.has(name));
    const required = whole.required?.filter((name) => !known.has(name)) ?? [];
    const rest = { type: 'object', properties: Object.fromEntries(own), ...(required.length > 0 ? { required } : {}) };
    return own.length === 0 && spread.length === 1 ? spread : [{ allOf: [...spread, rest] }];
  }

  /** `reply.status(201).header(…).send(x)`: its statuses, and x. */
  function sentBy(node: ts.Expression): { statuses: string[]; value: ts.Expression | undefined } | undefined {
    let statuses = ['200'];
    let value: ts.Expression | undefined;
    let isSent = false;
    for (let at: ts.Expression = ts.isAwaitExpression(node) ? node.expression : node; ts.isCallExpression(at); ) {
      if (!ts.isPropertyAccessExpression(at.expression)) return undefined;
      const [argument] = at.arguments;
      const name = at.expression.name.text;
      if (name === 'send') {
        isSent = true;
        value = argument;
      } else if ((name === 'status' || name === 'code') && argument) {
        const given = checker.getTypeAtLocation(argument);
        statuses = (given.isUnion() ? given.types : [given]).map((one) => checker.typeToString(one)).sort();
      } else if (name === 'type' && argument && !textOf(argument).includes('json')) value = undefined;
      at = at.expression.expression;
    }
    return isSent ? { statuses, value } : undefined;
  }

  function awaited(type: ts.Type): ts.Type {
    return checker.getAwaitedType(type) ?? type;
  }
  function isNoJson(type: ts.Type): boolean {
    const text = checker.typeToString(type);
    return /^(?:FastifyReply|Readable|Buffer|Uint8Array|ReadableStream|void|undefined|never)\b/.test(text);
  }
}

/** Name of a type that a schema refers to. */
export const nameIn = ($ref = ''): string => $ref.slice($ref.lastIndexOf('/') + 1);

/** What a function returns, but not those within it. */
function returned(body: ts.Node): ts.Expression[] {
  if (!ts.isBlock(body)) return branches(body as ts.Expression);
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression) found.push(...branches(node.expression));
    ts.forEachChild(node, visit);
  };
  visit(body);
  return found;
}

function branches(value: ts.Expression): ts.Expression[] {
  if (ts.isParenthesizedExpression(value)) return branches(value.expression);
  return ts.isConditionalExpression(value) ? [...branches(value.whenTrue), ...branches(value.whenFalse)] : [value];
}

type Value = string | number | boolean | null;
const wordOf = (type: string): Value => (type === 'null' ? null : type);
/** The order of the compiler changes with what it has seen before. */
const nullLast = (a: Value, b: Value): number =>
  Number(a === null) - Number(b === null) || String(a).localeCompare(String(b), 'en', { numeric: true });

/** As they are written down, where that is one place: `Omit` and the like mix them up. */
function inOrder(symbols: readonly ts.Symbol[]): readonly ts.Symbol[] {
  const files = new Set(symbols.map((one) => one.declarations?.[0]?.getSourceFile()));
  const at = (one: ts.Symbol): number => one.declarations?.[0]?.pos ?? 0;
  return files.size === 1 ? symbols.toSorted((a, b) => at(a) - at(b)) : symbols;
}

interface SchemaMaker {
  readonly named: Map<string, Schema>;
  of(type: ts.Type): Schema;
}

/** Makes schemas of types; interfaces and named types of the repository stand once, under their names. */
function schemaMaker(checker: ts.TypeChecker): SchemaMaker {
  const named = new Map<string, Schema>();
  const names = new Map<ts.Type, string>();
  const isOwn = (symbol: ts.Symbol | undefined): boolean =>
    (symbol?.declarations ?? []).some((one) => {
      const file = relative(root, one.getSourceFile().fileName);
      return !file.startsWith('..') && !file.startsWith('node_modules');
    });

  /** Name under which a type stands; undefined: it stands where it is used. */
  function nameOf(type: ts.Type): string | undefined {
    const known = names.get(type);
    if (known) return known;
    const symbol = type.aliasSymbol ?? type.getSymbol();
    if (!symbol || !isOwn(symbol) || /^__/.test(symbol.name)) return undefined;
    const args = [...(type.aliasTypeArguments ?? checker.getTypeArguments(type as ts.TypeReference) ?? [])];
    const parts = args.filter((one) => one !== type && !('isThisType' in one && one.isThisType)).map(nameOf);
    if (parts.includes(undefined)) return undefined;
    const base = [symbol.name, ...parts].join('Of');
    const taken = new Set(names.values());
    let name = base;
    const [declared] = symbol.declarations ?? [];
    // Two of a name: the folder tells them apart.
    if (taken.has(name) && declared) {
      const folder = dirname(relative(root, declared.getSourceFile().fileName)).split('/').at(-1) ?? '';
      name = folder.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()) + base;
    }
    for (let n = 2; taken.has(name); n++) name = `${base}${n}`;
    names.set(type, name);
    return name;
  }

  function of(type: ts.Type): Schema {
    const plain = plainOf(type);
    if (plain) return plain;
    const text = checker.typeToString(type);
    if (text === 'Date') return { type: 'string', format: 'date-time' };
    if (text === 'Json' || text === 'unknown' || text === 'any') return {};
    if (text === 'JsonObject' || text === 'object' || type.flags & ts.TypeFlags.TypeParameter)
      return { type: 'object' };
    if (checker.isArrayType(type) || checker.isTupleType(type)) {
      const items = checker.getTypeArguments(type as ts.TypeReference).map(of);
      const [item] = items;
      return {
        type: 'array',
        items: items.every((one) => JSON.stringify(one) === JSON.stringify(item)) ? (item ?? {}) : { anyOf: items },
      };
    }
    if (type.isUnion()) return unionOf(type);
    if (checker.getSignaturesOfType(type, ts.SignatureKind.Call).length > 0) return {};
    const name = nameOf(type);
    if (name === undefined) return objectOf(type);
    if (!named.has(name)) {
      named.set(name, {});
      const described = commentOf(type.aliasSymbol ?? type.getSymbol());
      named.set(name, { ...(described ? { description: described } : {}), ...objectOf(type) });
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  function plainOf(type: ts.Type): Schema | undefined {
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if (type.flags & ts.TypeFlags.BooleanLiteral) return { const: checker.typeToString(type) === 'true' };
    if (type.flags & ts.TypeFlags.Null) return { type: 'null' };
    if (type.flags & ts.TypeFlags.BooleanLike) return { type: 'boolean' };
    if (type.flags & ts.TypeFlags.NumberLike) return { type: 'number' };
    if (type.flags & ts.TypeFlags.StringLike) return { type: 'string' };
    return undefined;
  }

  function unionOf(type: ts.UnionType): Schema {
    const parts = type.types.filter((one) => !(one.flags & ts.TypeFlags.Undefined)).map(of);
    const unique = [...new Map(parts.map((one) => [JSON.stringify(one), one])).values()];
    const isBoolean = unique.filter((one) => typeof one.const === 'boolean').length === 2;
    const rest = isBoolean
      ? [...unique.filter((one) => typeof one.const !== 'boolean'), { type: 'boolean' } as Schema]
      : unique;
    const [only] = rest;
    if (rest.length === 1 && only) return only;
    const isNull = (one: Schema): boolean => one.type === 'null';
    if (rest.every((one) => one.const !== undefined || isNull(one)))
      return { enum: [...rest.map((one) => one.const ?? null)].sort(nullLast) };
    if (rest.every((one) => typeof one.type === 'string' && Object.keys(one).length === 1))
      return { type: rest.map((one) => one.type as string).sort((a, b) => nullLast(wordOf(a), wordOf(b))) };
    const others = rest.filter((one) => !isNull(one)).map((one) => [JSON.stringify(one), one] as const);
    const sorted = others.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
    return { anyOf: [...sorted, ...rest.filter(isNull)] };
  }

  function objectOf(type: ts.Type): Schema {
    const index = type.getStringIndexType();
    const fields = inOrder(checker.getPropertiesOfType(type)).map((symbol) => {
      const value = checker.getTypeOfSymbol(symbol);
      const described = commentOf(symbol);
      const isOptional = (symbol.flags & ts.SymbolFlags.Optional) !== 0;
      return {
        name: symbol.name,
        schema: { ...of(value), ...(described ? { description: described } : {}) },
        isOptional,
      };
    });
    // Beside fields, the index has their types as well as its own.
    const known = new Set(fields.flatMap(({ schema: { type: plain } }) => [plain ?? []].flat()));
    const { anyOf, ...further } = index ? of(index) : ({} as Schema);
    const others = anyOf?.filter(({ type: plain }) => typeof plain !== 'string' || !known.has(plain)) ?? [];
    const isGiven = type.isIntersection() && type.types.some((one) => one.flags & ts.TypeFlags.TypeParameter);
    const required = fields.filter(({ isOptional }) => !isOptional).map(({ name }) => name);
    return {
      type: 'object',
      ...(fields.length > 0
        ? { properties: Object.fromEntries(fields.map(({ name, schema }) => [name, schema])) }
        : {}),
      ...(required.length > 0 ? { required } : {}),
      ...(index
        ? {
            additionalProperties:
              anyOf === undefined ? further : others.length === 1 ? (others[0] ?? {}) : { anyOf: others },
          }
        : isGiven
          ? { additionalProperties: { description: 'The fields that it was made with.' } }
          : {}),
    };
  }

  function commentOf(symbol: ts.Symbol | undefined): string {
    const own = ts.displayPartsToString(symbol?.getDocumentationComment(checker)).replace(/\s+/g, ' ').trim();
    if (own) return own.replace(/\{@link ([^}]+)\}/g, '`$1`');
    // A field of a TypeBox schema has its words there.
    for (const declared of symbol?.declarations ?? []) {
      const [, words] =
        /description:\s*'((?:[^'\\]|\\.)*)'/.exec(
          ts.isPropertyAssignment(declared) ? declared.initializer.getText() : '',
        ) ?? [];
      if (words) return words;
    }
    return '';
  }

  return { named, of };
}
