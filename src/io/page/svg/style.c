/* The colours and letters of charts, for light pages, dark pages and paper. */
#include "io/page/chart.h"

/* Series: Okabe and Ito's eight, darkened where they would fade on white, lightened for dark pages; from
 * the third on a
 * dash tells lines apart without colour. Heat: one path from pale to deep (dark pages: deep to pale). */
static const char style[] =
    ".mt-chart{display:block;width:100%;height:auto;overflow:visible;"
    "font:12px/1 system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",\"DejaVu Sans\",sans-serif;"
    "font-variant-numeric:tabular-nums;"
    "--mt-text:#3b4654;--mt-faint:#66717f;--mt-grid:#e6e9ed;--mt-axis:#7d8794;--mt-paper:#fff;"
    "--mt-c1:#0b66a8;--mt-c2:#cf5a08;--mt-c3:#0a8a66;--mt-c4:#ad5a8c;--mt-c5:#a87300;--mt-c6:#3a93cf;"
    "--mt-c7:#5b6470;--mt-c8:#7250b8;"
    "--mt-h0:#fbf7d0;--mt-h1:#e2f0bd;--mt-h2:#bfe3b6;--mt-h3:#8dd0b8;--mt-h4:#58b8c0;--mt-h5:#3398bd;"
    "--mt-h6:#2c73ab;--mt-h7:#2b4f91;--mt-h8:#1d2c66}\n"
    "@media screen and (prefers-color-scheme:dark){.mt-chart{"
    "--mt-text:#c3ccd6;--mt-faint:#98a3b0;--mt-grid:#2a323c;--mt-axis:#8490a0;--mt-paper:#171c23;"
    "--mt-c1:#5db2ea;--mt-c2:#f28f4e;--mt-c3:#3cc79d;--mt-c4:#e29bc4;--mt-c5:#ecb544;--mt-c6:#a3cdf2;"
    "--mt-c7:#b9c0c9;--mt-c8:#b69cf2;"
    "--mt-h0:#1b2446;--mt-h1:#21376b;--mt-h2:#25528a;--mt-h3:#2a719c;--mt-h4:#3491a3;--mt-h5:#52b0a0;"
    "--mt-h6:#85cb9a;--mt-h7:#c0e29d;--mt-h8:#f4f3b4}}\n"
    ".mt-chart text{fill:var(--mt-text)}"
    ".mt-chart .mt-soft{fill:var(--mt-faint)}"
    ".mt-chart .mt-mid{text-anchor:middle}.mt-chart .mt-end{text-anchor:end}"
    ".mt-chart .mt-strong{font-weight:600;paint-order:stroke;stroke:var(--mt-paper);stroke-width:5px;"
    "stroke-linejoin:round}"
    ".mt-s1{--mt-c:var(--mt-c1)}.mt-s2{--mt-c:var(--mt-c2)}.mt-s3{--mt-c:var(--mt-c3)}.mt-s4{--mt-c:var(--"
    "mt-c4)}"
    ".mt-s5{--mt-c:var(--mt-c5)}.mt-s6{--mt-c:var(--mt-c6)}.mt-s7{--mt-c:var(--mt-c7)}.mt-s8{--mt-c:var(--"
    "mt-c8)}\n"
    ".mt-grid{stroke:var(--mt-grid)}.mt-mark{stroke:var(--mt-axis)}.mt-mark.mt-day{stroke-width:1.5}"
    ".mt-zero{stroke:var(--mt-axis);stroke-width:1.25}"
    ".mt-blank{fill:var(--mt-grid)}.mt-void{fill:none;stroke:var(--mt-grid);stroke-dasharray:4 4}"
    ".mt-line{fill:none;stroke:var(--mt-c);stroke-width:2;stroke-linejoin:round;stroke-linecap:round}"
    ".mt-fine{stroke-width:1.25}"
    ".mt-line.mt-s3{stroke-dasharray:8 4}.mt-line.mt-s4{stroke-dasharray:2 "
    "5}.mt-line.mt-s5{stroke-dasharray:10 4 2 4}"
    ".mt-line.mt-s6{stroke-dasharray:5 5}.mt-line.mt-s7{stroke-dasharray:1 "
    "4}.mt-line.mt-s8{stroke-dasharray:12 3}"
    ".mt-area{fill:var(--mt-c);fill-opacity:.1;stroke:none}"
    ".mt-bar,.mt-key{fill:var(--mt-c)}.mt-bar:hover{fill-opacity:.75}"
    ".mt-guide{stroke:var(--mt-axis);stroke-dasharray:3 4}"
    ".mt-point{fill:var(--mt-paper);stroke:var(--mt-text);stroke-width:2.5}"
    ".mt-hit rect{fill:transparent}.mt-hit "
    "circle{fill:var(--mt-c);stroke:var(--mt-paper);stroke-width:1.5;opacity:0}"
    ".mt-hit:hover rect{fill:var(--mt-axis);fill-opacity:.14}.mt-hit:hover circle{opacity:1}\n"
    ".mt-h0{fill:var(--mt-h0)}.mt-h1{fill:var(--mt-h1)}.mt-h2{fill:var(--mt-h2)}.mt-h3{fill:var(--mt-h3)}"
    ".mt-h4{fill:var(--mt-h4)}.mt-h5{fill:var(--mt-h5)}.mt-h6{fill:var(--mt-h6)}.mt-h7{fill:var(--mt-h7)}"
    ".mt-h8{fill:var(--mt-h8)}.mt-cell:hover{stroke:var(--mt-text);stroke-width:1.5}\n";

const char *mt_chart_style(void)
{
    return style;
}
