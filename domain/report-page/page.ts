import { Html, html } from './html.ts';
import { style } from './style.ts';

export interface Table {
  readonly head: readonly string[];
  /** Headings of columns of text; the others hold figures and are aligned to the right. Default: the first. */
  readonly text?: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** Long texts go on in the next line. Default: every row is a line. */
  readonly wraps?: boolean;
}

export interface Section {
  readonly title: string;
  /** What the plots show, in a sentence or two. */
  readonly lead: string;
  /** Sentences of their own. */
  readonly points?: readonly string[];
  readonly plots: readonly Plot[];
  /** Always shown, where there is no plot before it. */
  readonly table?: Table;
  /** Tables for those who want to know; closed until opened. */
  readonly folded?: readonly { readonly title: string; readonly table: Table }[];
}

export interface Plot {
  readonly title: string;
  /** An SVG that holds nothing but shapes and escaped text. */
  readonly svg: Html;
  /** What the marks mean, by their shape. */
  readonly legend: readonly { readonly mark: 'filled' | 'hollow' | 'line'; readonly text: string }[];
  /** The figures behind the plot. */
  readonly table: Table;
}

export interface Page {
  readonly title: string;
  /** Says the state: what somebody wants to know who reads no further. */
  readonly state: string;
  /** The same in a word, with a mark that is no colour: ✓ or –. */
  readonly badge: { readonly mark: string; readonly text: string };
  readonly figures: readonly { readonly name: string; readonly value: string; readonly note: string }[];
  readonly sections: readonly Section[];
  /** Where the figures come from. */
  readonly source: string;
}

/** A page in one file, without scripts and without anything from elsewhere; light or dark as the reader prefers. */
export function renderPage({ title, state, badge, figures, sections, source }: Page): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<header>
<p class="badge"><span aria-hidden="true">${badge.mark}</span> ${badge.text}</p>
<h1>${title}</h1>
<p class="state">${state}</p>
</header>
${figures.length === 0 ? '' : html`<dl class="figures">${figures.map(({ name, value, note }) => html`<div><dt>${name}</dt><dd><strong>${value}</strong> <span>${note}</span></dd></div>`)}</dl>`}
<main>${sections.map(sectionHtml)}</main>
<footer><p>${source}</p></footer>
</body>
</html>
`;
  return page.text;
}

function sectionHtml({ title, lead, points = [], plots, table, folded = [] }: Section): Html {
  return html`
<section>
<h2>${title}</h2>
${lead === '' ? '' : html`<p>${lead}</p>`}
${points.length > 0 ? html`<ul class="points">${points.map((point) => html`<li>${point}</li>`)}</ul>` : ''}
${plots.length > 0 ? html`<div class="plots">${plots.map(plotHtml)}</div>` : ''}
${table ? html`<div class="scroll">${tableHtml(table)}</div>` : ''}
${folded.map((more) => detailsHtml(more.title, more.table))}
</section>`;
}

function plotHtml({ title, svg, legend, table }: Plot): Html {
  return html`
<figure>
<figcaption>${title}</figcaption>
<ul class="legend">${legend.map(({ mark, text }) => html`<li><i class="${mark}"></i>${text}</li>`)}</ul>
${svg}
${detailsHtml('Table', table)}
</figure>`;
}

const detailsHtml = (title: string, table: Table): Html =>
  html`<details><summary>${title}</summary><div class="scroll">${tableHtml(table)}</div></details>`;

/** Longest text that stays in a line where others go on in the next. */
const shortText = 26;
const wrapping = new Html(' class="wraps"');

function tableHtml({ head, rows, text = head.slice(0, 1), wraps = false }: Table): Html {
  const isText = head.map((name) => text.includes(name));
  const said = (cell: string | number): string => (typeof cell === 'number' ? cell.toLocaleString('en') : cell);
  const kind = (i: number, cell: string | number = ''): string => {
    const isLong = wraps && said(cell).length > shortText;
    return `${isText[i] ? 'text' : 'figure'}${isLong ? ' long' : ''}`;
  };
  return html`<table${wraps ? wrapping : ''}><thead><tr>${head.map((name, i) => html`<th scope="col" class="${kind(i)}">${name}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell, i) => (i === 0 ? html`<th scope="row" class="${kind(i, cell)}">${said(cell)}</th>` : html`<td class="${kind(i, cell)}">${said(cell)}</td>`))}</tr>`)}</tbody></table>`;
}
