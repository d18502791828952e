import { Html, html } from '../report-page/html.ts';
import type { Block, Cell, Message, Tone } from './message.ts';

/** Colours of a tone on white: all have a contrast of 4.5 and more. */
const colours: Readonly<Record<Tone, string>> = {
  critical: '#b3261e',
  warning: '#8a5300',
  info: '#1a5fb4',
  good: '#1b6e3a',
};
const darkColours: Readonly<Record<Tone, string>> = {
  critical: '#ff8a80',
  warning: '#ffc266',
  info: '#8ab8ff',
  good: '#7fd99a',
};
const font = "-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";
const mono = "ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace";

/** Styles stand at the elements, since mail programs leave out others; what is here is for those that know the dark. */
const darkStyles = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
body,.page{background:#16181c!important}
.card{background:#1f2228!important;border-color:#363b44!important}
.ink{color:#e8eaed!important}.soft{color:#b0b6c0!important}
.line{border-color:#363b44!important}.code{background:#16181c!important;border-color:#363b44!important;color:#e8eaed!important}
${Object.entries(darkColours)
  .map(([tone, colour]) => `.${tone}{color:${colour}!important}.bar-${tone}{background:${colour}!important}`)
  .join('\n')}
}
@media (max-width:480px){.cell{font-size:12px!important;padding-left:4px!important}.pad{padding-left:16px!important;padding-right:16px!important}.page{padding:0!important}}`;

/** A message as an HTML mail: one column, readable on a phone, in the dark and without pictures. */
export function mailHtml({ subject, badge, tone, title, blocks, footer }: Message): string {
  return html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>${subject}</title><style>${new Html(darkStyles)}</style></head>
<body style="margin:0;padding:0;background:#f3f4f6;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td class="page" align="center" style="padding:24px 12px;background:#f3f4f6;">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:640px;background:#ffffff;border:1px solid #dfe3e8;border-radius:8px;border-collapse:separate;text-align:left;font-family:${font};">
<tr><td class="bar-${tone}" style="height:5px;line-height:5px;font-size:0;background:${colours[tone]};border-radius:8px 8px 0 0;">&nbsp;</td></tr>
<tr><td class="pad" style="padding:20px 28px 4px;">
<p class="${tone}" style="margin:0 0 6px;font-size:12px;font-weight:700;letter-spacing:.06em;color:${colours[tone]};">${badge}</p>
<h1 class="ink" style="margin:0;font-size:20px;line-height:1.3;font-weight:600;color:#1b1f24;">${title}</h1>
</td></tr>
<tr><td class="pad" style="padding:8px 28px 20px;">
${blocks.map(blockHtml)}
</td></tr>
<tr><td class="pad line soft" style="padding:12px 28px 16px;border-top:1px solid #e5e8ec;font-size:12px;line-height:1.5;color:#5b6470;">${footer}</td></tr>
</table></td></tr></table></body></html>
`.text;
}

function blockHtml(block: Block): Html {
  switch (block.kind) {
    case 'text':
      return html`<p class="ink" style="margin:10px 0;font-size:15px;line-height:1.5;color:#1b1f24;overflow-wrap:anywhere;">${block.text}</p>`;
    case 'heading':
      return headingHtml(block.text);
    case 'facts':
      return html`<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:10px 0;font-size:14px;line-height:1.5;">${block.facts.map(
        ([label, value]) =>
          html`<tr><td class="soft" style="padding:2px 14px 2px 0;color:#5b6470;vertical-align:top;white-space:nowrap;">${label}</td><td class="ink" style="padding:2px 0;color:#1b1f24;overflow-wrap:anywhere;">${value}</td></tr>`,
      )}</table>`;
    case 'list':
      return html`${headingHtml(block.title)}<ul style="margin:6px 0 10px;padding-left:20px;">${block.items.map(
        (item) =>
          html`<li ${cellStyle(item, 'margin:3px 0;font-size:15px;line-height:1.5;overflow-wrap:anywhere;')}>${item.text}</li>`,
      )}</ul>`;
    case 'command':
      return html`<p class="code" style="margin:10px 0;padding:10px 12px;background:#f3f4f6;border:1px solid #dfe3e8;border-radius:6px;font-family:${mono};font-size:13px;color:#1b1f24;overflow-wrap:anywhere;">${block.text}</p>`;
    case 'table':
      return tableHtml(block);
  }
}

function headingHtml(text: string): Html {
  return html`<h2 class="ink" style="margin:18px 0 4px;font-size:15px;font-weight:600;color:#1b1f24;">${text}</h2>`;
}

function tableHtml({ head, rows }: Extract<Block, { kind: 'table' }>): Html {
  const align = (i: number): string => (i === 0 ? 'left' : 'right');
  const padding = (i: number): string => (i === 0 ? '6px 0' : '6px 0 6px 8px');
  const heads = head.map(
    (text, i) =>
      html`<th scope="col" align="${align(i)}" class="soft line${i === 0 ? '' : ' cell'}" style="padding:${padding(i)};border-bottom:1px solid #dfe3e8;font-size:12px;font-weight:600;color:#5b6470;vertical-align:bottom;">${text}</th>`,
  );
  const body = rows.map(
    (row) =>
      html`<tr>${row.map((cell, i) => {
        const style = `padding:${padding(i)};border-bottom:1px solid #eceff2;font-size:14px;line-height:1.4;font-weight:400;${i === 0 ? 'overflow-wrap:break-word;' : 'white-space:nowrap;font-variant-numeric:tabular-nums;'}`;
        const attributes = html`align="${align(i)}" ${cellStyle(cell, style, i === 0 ? 'line' : 'line cell')}`;
        return i === 0
          ? html`<th scope="row" ${attributes}>${cell.text}</th>`
          : html`<td ${attributes}>${cell.text}</td>`;
      })}</tr>`,
  );
  return html`<table width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:8px 0 12px;border-collapse:collapse;"><thead><tr>${heads}</tr></thead><tbody>${body}</tbody></table>`;
}

function cellStyle({ tone }: Cell, style: string, more = ''): Html {
  return html`class="${[tone ?? 'ink', more].filter(Boolean).join(' ')}" style="${style}color:${tone ? colours[tone] : '#1b1f24'};"`;
}
