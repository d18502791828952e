import { attributeOf, childOf, type Node, type Part } from './xml.ts';

/** What a paragraph consists of, in its order. */
export type Item =
  | {
      readonly kind: 'text';
      readonly text: string;
      /** Properties of its run, as XML; '' for none. */
      readonly format: string;
      readonly raw: () => string;
    }
  | {
      /** Written again as it is. */
      readonly kind: 'raw';
      readonly raw: () => string;
      /**
       * `break`: what is before and behind it are texts of their own; `open`, `close`: halves of a pair around text; `single`:
       * a place in the text, such as a footnote's; `value`: something that is read as a word, such as a formula.
       */
      readonly role: 'break' | 'open' | 'close' | 'single' | 'value';
      /** Joins the halves of a pair. */
      readonly name?: string;
      /** The pair is an element: texts in it have a format of their own that is most common. */
      readonly wraps?: boolean;
      readonly field?: { readonly mark: 'begin' | 'separate' | 'end' | 'code'; readonly code: string };
    };

type Raw = Extract<Item, { kind: 'raw' }>;

/** Elements in a paragraph around runs that are read on. */
const wrappers = new Set('hyperlink ins moveTo smartTag customXml dir bdo'.split(' ').map((name) => `w:${name}`));
/** Deleted text stays where it was, for whoever looks at the changes. */
const deleted = new Set(['w:del', 'w:moveFrom']);
/** What is read as a word. */
const values = new Set(['m:oMath', 'm:oMathPara', 'w:fldSimple']);
/** Hints for one language, or for where pages broke: they do not hold for a translation. */
const dropped = new Set(['w:proofErr', 'w:lastRenderedPageBreak', 'w:softHyphen']);
const breaks = new Set(['w:tab', 'w:br', 'w:cr', 'w:ptab']);
const ranges = /^w:(bookmark|commentRange|perm)(Start|End)$/;
/** Content controls whose text is chosen or computed, not written. */
const chosen = new Set('w:dropDownList w:comboBox w:date w14:checkbox w:citation w:picture w:docPartObj'.split(' '));
/** Fields whose result is text that people wrote; of all others the program computes it. */
const writtenFields = /^\s*(HYPERLINK|TOC|MACROBUTTON)\b/i;

/** @param slice the XML between two places, with the translations in it. */
export function itemsOf(part: Part, paragraph: Node, slice: (from: number, to: number) => string): Item[] {
  const { xml, prefix } = part;
  const items: Item[] = [];
  const add = (role: Raw['role'], from: number, to: number, more: Partial<Raw> = {}): void => {
    items.push({ kind: 'raw', role, raw: () => slice(from, to), ...more });
  };
  walk(paragraph.children.filter(({ name }) => name !== 'w:pPr'));
  return joinFields(items);

  function walk(nodes: readonly Node[]): void {
    for (const node of nodes) {
      const { name, from, to } = node;
      const range = ranges.exec(name);
      if (dropped.has(name)) continue;
      if (name === 'w:r') run(node);
      else if (name === 'w:sdt') control(node);
      else if (wrappers.has(name) && node.children.length > 0) wrapper(node);
      else if (range) {
        const joint = `${range[1]} ${attributeOf(xml, node, 'id') ?? ''}`;
        add(range[2] === 'Start' ? 'open' : 'close', from, to, { name: joint });
      } else add(deleted.has(name) || !values.has(name) ? 'single' : 'value', from, to);
    }
  }

  function around(node: Node, inner: number, innerTo: number, children: readonly Node[]): void {
    const pair = { name: `element ${node.from}`, wraps: true };
    add('open', node.from, inner, pair);
    walk(children);
    add('close', innerTo, node.to, pair);
  }

  function wrapper(node: Node): void {
    const [first] = node.children;
    const properties = first?.name.endsWith('Pr') ? first : undefined;
    around(node, properties?.to ?? node.inner, node.innerTo, properties ? node.children.slice(1) : node.children);
  }

  function control(node: Node): void {
    const content = childOf(node, 'w:sdtContent');
    const properties = childOf(node, 'w:sdtPr')?.children ?? [];
    if (!content || content.children.length === 0 || properties.some(({ name }) => chosen.has(name)))
      add('value', node.from, node.to);
    else around(node, content.inner, content.innerTo, content.children);
  }

  function run(node: Node): void {
    const properties = childOf(node, 'w:rPr');
    const children = node.children.filter((child) => child !== properties && !dropped.has(child.name));
    const format = properties && properties.children.length > 0 ? xml.slice(properties.from, properties.to) : '';
    const isWhole = !children.some(({ name }) => isText(name));
    const whole = { kind: 'raw' as const, raw: () => slice(node.from, node.to) };
    if (isWhole && children.length === 1) {
      const [child] = children as [Node];
      items.push({ ...whole, ...roleOf(child) });
      return;
    }
    for (const child of children) {
      const raw = () => `<${prefix}r>${format}${slice(child.from, child.to)}</${prefix}r>`;
      if (child.name === 'w:t') items.push({ kind: 'text', text: child.text, format, raw });
      else if (child.name === 'w:noBreakHyphen') items.push({ kind: 'text', text: '\u2011', format, raw });
      else items.push({ kind: 'raw', raw, ...roleOf(child) });
    }
  }

  function roleOf(child: Node): Pick<Raw, 'role' | 'field'> {
    if (breaks.has(child.name)) return { role: 'break' };
    if (child.name === 'w:instrText') return { role: 'single', field: { mark: 'code', code: child.text } };
    const type = child.name === 'w:fldChar' ? attributeOf(xml, child, 'fldCharType') : undefined;
    if (type !== 'begin' && type !== 'separate' && type !== 'end') return { role: 'single' };
    return { role: 'single', field: { mark: type, code: '' } };
  }
}

function isText(name: string): boolean {
  return name === 'w:t' || name === 'w:noBreakHyphen';
}

/**
 * Fields that begin and end in the paragraph: those with a text that people wrote become a pair around it, all others, with
 * what is in them, one value.
 */
function joinFields(items: readonly Item[]): Item[] {
  const fields = fieldsOf(items);
  if (fields.size === 0) return [...items];
  const out: Item[] = [];
  const closing = new Map<number, string>();
  const join = (from: number, to: number) => () => {
    let xml = '';
    for (let at = from; at <= to; at++) xml += (items[at] as Item).raw();
    return xml;
  };
  for (let at = 0; at < items.length; at++) {
    const field = fields.get(at);
    const closed = closing.get(at);
    if (closed !== undefined) out.push({ kind: 'raw', role: 'close', name: closed, wraps: true, raw: join(at, at) });
    else if (!field) out.push(items[at] as Item);
    else if (field.separate !== null && writtenFields.test(field.code)) {
      const name = `field ${at}`;
      out.push({ kind: 'raw', role: 'open', name, wraps: true, raw: join(at, field.separate) });
      closing.set(field.end, name);
      at = field.separate;
    } else {
      out.push({ kind: 'raw', role: 'value', raw: join(at, field.end) });
      at = field.end;
    }
  }
  return out;
}

interface Field {
  readonly at: number;
  /** How many elements it stands in. */
  readonly level: number;
  separate: number | null;
  code: string;
  end: number;
}

/** Fields by where they begin. One that goes on in another paragraph, or crosses an element, is none. */
function fieldsOf(items: readonly Item[]): Map<number, Field> {
  const fields = new Map<number, Field>();
  const open: Field[] = [];
  let level = 0;
  for (const [at, item] of items.entries()) {
    if (item.kind !== 'raw') continue;
    if (item.wraps) {
      level += item.role === 'open' ? 1 : -1;
      while (open.length > 0 && (open.at(-1) as Field).level > level) open.pop();
    }
    const last = open.at(-1);
    const mark = item.field?.mark;
    if (mark === 'begin') open.push({ at, level, separate: null, code: '', end: at });
    else if (mark === 'code' && last?.separate === null) last.code += item.field?.code ?? '';
    else if (mark === 'separate' && last) last.separate = at;
    else if (mark === 'end' && last) {
      open.pop();
      if (last.level === level) fields.set(last.at, { ...last, end: at });
    }
  }
  return fields;
}
