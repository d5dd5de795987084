/** How the page looks: one column of text, light or dark as the reader's system is, on paper as well. */

import { palette } from './colours.js';

export const STYLE = `
${palette(':root')}
*{box-sizing:border-box}
html{scroll-behavior:smooth;text-size-adjust:100%}
body{margin:0 auto;max-width:54rem;padding:2.5rem 1.25rem 5rem;background:var(--paper);color:var(--ink);font:1rem/1.6 system-ui,-apple-system,'Segoe UI',sans-serif;--plot-background:var(--paper)}
h1{font-size:clamp(1.7rem,1.2rem + 2.2vw,2.4rem);line-height:1.2;letter-spacing:-.02em;margin:0 0 1rem;text-wrap:balance}
h2{font-size:1.45rem;line-height:1.3;letter-spacing:-.01em;margin:0 0 .75rem}
h3{font-size:1rem;margin:1.75rem 0 .25rem}
p,ul,ol{margin:.5rem 0}
a{color:var(--link);text-underline-offset:.15em;text-decoration-thickness:from-font}
code,pre{font-family:ui-monospace,'SF Mono',Menlo,Consolas,monospace;font-size:.875em}
code{background:var(--tint);border-radius:4px;padding:.1em .3em;overflow-wrap:anywhere}
pre{background:var(--tint);border:1px solid var(--line);border-radius:8px;padding:.9rem 1rem;overflow-x:auto;line-height:1.55}
pre code{background:none;padding:0;overflow-wrap:normal}
.lead{font-size:1.1rem}
.provenance{color:var(--soft);font-size:.9rem;border-left:3px solid var(--line);padding-left:1rem;margin-top:1.25rem}
section{border-top:1px solid var(--line);margin-top:3rem;padding-top:2.25rem}
.number{color:var(--soft);font-weight:400;font-variant-numeric:tabular-nums;margin-right:.2em}
blockquote{margin:0 0 1rem;padding:0;font-size:1.15rem;line-height:1.5;font-style:italic;color:var(--soft)}
blockquote p{margin:0}
.verdict{display:inline-block;font-size:.78rem;line-height:1.5;letter-spacing:.02em;padding:.05rem .6rem;border-radius:99px;border:1.5px solid currentColor;white-space:nowrap;vertical-align:.1em}
.holds{color:var(--holds)}
.fails{color:var(--fails)}
.depends{color:var(--depends)}
.not-measured{color:var(--soft);border-style:dashed}
.verdict-line{display:flex;gap:.9rem;align-items:baseline;background:var(--tint);border-radius:8px;padding:.75rem 1rem}
.verdict-line p{margin:0}
.verdict-line p+p{margin-top:.5rem}
.verdict-line .verdict{flex:none}
.summary{padding-left:1.6rem;margin:1rem 0 2rem}
.summary li{padding-left:.3rem;margin:.9rem 0}
.summary li::marker{color:var(--soft);font-variant-numeric:tabular-nums}
.summary a{font-weight:600}
.summary .verdict{margin-left:.3rem}
.summary p{margin:.1rem 0 0;color:var(--soft);font-size:.95rem}
.aside,.source{color:var(--soft);font-size:.9rem}
.scroll{overflow-x:auto;margin:.5rem 0 0}
.scroll:focus-visible{outline:2px solid var(--link);outline-offset:3px;border-radius:4px}
table{border-collapse:collapse;min-width:100%;font-size:.9rem;line-height:1.45;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:.4rem .9rem .4rem 0;border-bottom:1px solid var(--line)}
th:last-child,td:last-child{padding-right:0}
thead th{color:var(--soft);font-weight:600;border-bottom-width:2px;white-space:nowrap}
tbody th{font-weight:500;min-width:8rem}
.right{text-align:right}
.key{display:inline-block;width:.65em;height:.65em;border-radius:2px;margin-right:.4em}
figure{margin:2rem 0}
figcaption{font-weight:600;font-size:.95rem}
.plot{display:block;width:100%;min-width:34rem;height:auto}
.plot text,.plot tspan{white-space:pre}
@media print{body{max-width:none;padding:0}section{break-inside:auto;margin-top:1.5rem}figure,tr{break-inside:avoid}a{color:inherit}}
@media (max-width:40rem){td:not(.right){min-width:7.5rem}.verdict-line{flex-direction:column;gap:.4rem}}
`;
