/* The looks of a page: one grey ground, white cards, one accent; light, dark and paper. */
#ifndef MT_IO_PAGE_HTML_STYLE_H
#define MT_IO_PAGE_HTML_STYLE_H

static const char *const html_style[] = {
    ":root{color-scheme:light "
    "dark;--ground:#f3f5f7;--card:#fff;--ink:#16202b;--text:#33404e;--soft:#66717f;"
    "--line:#e1e5ea;--hair:#edf0f3;--accent:#0b66a8;--good:#0a7d5c;--warn:#a06a00;--bad:#b3261e;--stripe:#"
    "f8f9fb}\n",
    "@media screen and "
    "(prefers-color-scheme:dark){:root{--ground:#0f1318;--card:#171c23;--ink:#eef2f6;--text:#c6ced8;"
    "--soft:#98a3b0;--line:#29313b;--hair:#222931;--accent:#5db2ea;--good:#3cc79d;--warn:#ecb544;--bad:#"
    "ff8a80;"
    "--stripe:#1b2129}}\n",
    "*{box-sizing:border-box}html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}"
    "body{margin:0;background:var(--ground);color:var(--text);"
    "font:16px/1.55 system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",\"DejaVu Sans\",sans-serif}"
    "main,header,footer{max-width:1080px;margin:0 auto;padding:0 clamp(16px,4vw,40px)}\n",
    "header{padding-top:clamp(28px,6vw,56px);padding-bottom:8px}"
    ".kicker{margin:0 0 6px;color:var(--accent);font-size:13px;font-weight:600;letter-spacing:.08em;"
    "text-transform:uppercase}"
    "h1{margin:0;color:var(--ink);font-size:clamp(26px,4.6vw,40px);line-height:1.15;letter-spacing:-.02em;"
    "font-weight:700;text-wrap:balance}"
    ".subtitle{overflow-wrap:anywhere;margin:12px 0 0;max-width:70ch;color:var(--soft);"
    "font-size:clamp(16px,2vw,18px)}"
    "nav{display:flex;flex-wrap:wrap;gap:6px 20px;margin-top:20px;padding-top:14px;border-top:1px solid "
    "var(--line);"
    "font-size:14px}a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}\n",
    "section{margin:clamp(28px,5vw,44px) 0 0}"
    "h2{margin:0 0 "
    "14px;color:var(--ink);font-size:21px;line-height:1.3;letter-spacing:-.01em;font-weight:650;"
    "scroll-margin-top:16px}"
    "p{margin:0 0 14px;max-width:72ch}\n",
    ".tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(140px,44%),1fr));gap:12px;margin:"
    "16px 0}"
    ".tile,figure,.table,.note,.facts{background:var(--card);border:1px solid "
    "var(--line);border-radius:10px}"
    ".tile{padding:14px 16px 15px}.tile .label{margin:0;color:var(--soft);font-size:13px;line-height:1.35}"
    ".tile .value{margin:4px 0 "
    "0;color:var(--ink);font-size:clamp(22px,3vw,27px);line-height:1.2;font-weight:650;"
    "letter-spacing:-.015em;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}"
    ".tile "
    ".unit{margin-left:.3em;color:var(--soft);font-size:14px;font-weight:500;letter-spacing:0;white-space:"
    "nowrap}"
    ".tile .hint{margin:5px 0 0;color:var(--soft);font-size:13px;line-height:1.4}"
    ".good .value{color:var(--good)}.warn .value{color:var(--warn)}.bad .value{color:var(--bad)}\n",
    ".facts{display:grid;grid-template-columns:max-content 1fr;margin:16px 0;padding:6px 0;font-size:15px}"
    ".facts dt,.facts dd{margin:0;padding:6px 16px}.facts dt{color:var(--soft)}"
    ".facts dd{color:var(--ink);font-variant-numeric:tabular-nums;overflow-wrap:anywhere}"
    ".facts .unit{color:var(--soft)}\n",
    "figure{margin:16px 0;padding:16px 18px "
    "12px}figcaption,caption{color:var(--ink);font-size:15px;font-weight:600;"
    "line-height:1.4;text-align:left}figcaption{margin-bottom:12px}"
    ".narrow{display:none}\n",
    ".table{margin:16px 0;overflow:hidden}.scroll{overflow-x:auto;-webkit-overflow-scrolling:touch}"
    "table{width:100%;border-collapse:collapse;font-size:14px;line-height:1.4;font-variant-numeric:tabular-"
    "nums}"
    "caption{padding:14px 18px 10px}"
    "th,td{padding:7px 12px;text-align:left;white-space:nowrap;border-top:1px solid var(--hair)}"
    "th{vertical-align:bottom;color:var(--soft);font-size:13px;font-weight:600;border-top:0;"
    "border-bottom:1px solid var(--line)}"
    "th .unit{display:block;font-weight:400;font-size:12px}"
    "th:first-child,td:first-child{padding-left:18px}th:last-child,td:last-child{padding-right:18px}"
    ".n{text-align:right}.t{white-space:normal;min-width:9em;max-width:36em;overflow-wrap:anywhere}"
    "tbody tr:nth-child(even){background:var(--stripe)}tbody tr:first-child td{border-top:0}"
    ".null{color:var(--soft)}.more{margin:0;padding:10px 18px;border-top:1px solid "
    "var(--line);color:var(--soft);"
    "font-size:13px;max-width:none}\n",
    ".note{margin:16px 0;padding:12px 16px;border-left:4px solid var(--accent);font-size:15px}.note "
    "p{margin:0}"
    ".note.good{border-left-color:var(--good)}.note.warn{border-left-color:var(--warn)}"
    ".note.bad{border-left-color:var(--bad)}\n",
    "footer{margin-top:clamp(36px,6vw,56px);padding-top:16px;padding-bottom:36px;color:var(--soft);font-"
    "size:13px}"
    "footer p{max-width:none;margin:0;padding-top:16px;border-top:1px solid var(--line)}\n",
    "@media screen and (max-width:640px){.wide{display:none}.narrow{display:block}figure{padding:14px 12px "
    "10px}"
    ".facts{grid-template-columns:1fr;padding:8px 0}.facts dt{padding-bottom:0}.facts dd{padding-top:0}"
    "caption{padding-left:14px}th:first-child,td:first-child{padding-left:14px}}\n",
    "@media "
    "print{@page{margin:15mm}body{background:#fff;font-size:10.5pt}main,header,footer{max-width:none;"
    "padding-left:0;"
    "padding-right:0}nav{display:none}figure,.tile,.note,tr{break-inside:avoid}h2{break-after:avoid}"
    ".scroll{overflow:visible}table{font-size:8.5pt}th,td{padding:3px 6px}}\n",
    NULL,
};

#endif
