import { Html } from './html.ts';

/** One neutral scale and one accent, an 8 px grid, tabular figures; on paper black on white, with every table open. */
export const style = new Html(`
:root{--bg:#fff;--ink:#1b1f24;--muted:#57606a;--rule:#d5dae0;--grid:#e9edf1;--accent:#1a5fb4}
@media (prefers-color-scheme:dark){:root{--bg:#15181c;--ink:#e4e8ec;--muted:#9aa4af;--rule:#363d45;--grid:#262c33;--accent:#78aef5}}
@media print{:root{--bg:#fff;--ink:#000;--muted:#444;--rule:#bbb;--grid:#ddd;--accent:#1a4f9c}}
*{box-sizing:border-box}
body{margin:0 auto;padding:24px 16px 48px;max-width:1080px;background:var(--bg);color:var(--ink);font:14px/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums}
h1{margin:0;font-size:22px;line-height:32px;font-weight:600}
h2{margin:0 0 4px;font-size:16px;line-height:24px;font-weight:600}
p{margin:0;max-width:72ch}
.badge{color:var(--muted);font-weight:600}
.state{margin-top:8px;font-size:16px;line-height:24px}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(200px,1fr));gap:16px;margin:24px 0 0;padding:16px 0;border:solid var(--rule);border-width:1px 0}
.figures dt{color:var(--muted)}
.figures dd{margin:0}
.figures strong{display:block;font-size:20px;line-height:28px;font-weight:600}
.figures span{color:var(--muted)}
section{margin-top:40px}
section>p{color:var(--muted)}
.plots{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,400px),1fr));gap:24px 32px;margin-top:16px;align-items:start}
figure{margin:0;min-width:0;break-inside:avoid}
figcaption{font-weight:600}
svg{display:block;max-width:100%;height:auto}
svg text{font-family:system-ui,sans-serif}
.legend{display:flex;flex-wrap:wrap;gap:0 16px;margin:0 0 8px;padding:0;list-style:none;color:var(--muted)}
.legend i{display:inline-block;width:9px;height:9px;margin-right:6px;border:1.5px solid var(--muted);border-radius:50%;vertical-align:baseline}
.legend .filled{background:var(--accent);border-color:var(--accent)}
.legend .hollow{border-color:var(--ink);border-radius:0;transform:rotate(45deg) scale(.85)}
.legend .line{width:18px;height:0;border:0;border-top:1.5px dashed var(--muted);border-radius:0;vertical-align:middle}
details{margin-top:8px}
summary{color:var(--accent);cursor:pointer;width:fit-content}
summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.scroll{overflow-x:auto;margin-top:8px}
.plots+.scroll{margin-top:24px}
table{border-collapse:collapse;font-size:13px;line-height:20px;white-space:nowrap}
.wraps .long{min-width:26ch;max-width:56ch;white-space:normal;overflow-wrap:anywhere}
.points{margin:8px 0 0;padding-left:20px;max-width:72ch}
.points li{margin-top:4px}
th,td{padding:2px 16px 2px 0;border-bottom:1px solid var(--grid);text-align:left;font-weight:400;vertical-align:top}
thead th{color:var(--muted);border-bottom-color:var(--rule);vertical-align:bottom}
.figure{text-align:right}
footer{margin-top:48px;padding-top:16px;border-top:1px solid var(--rule);color:var(--muted)}
@media print{body{max-width:none;padding:0;font-size:11px}.plots{grid-template-columns:1fr}table{white-space:normal}summary{display:none}details::details-content{content-visibility:visible;block-size:auto}.scroll{overflow:visible}}
`);
