// How a page looks. It names no font that a machine may not have and fetches nothing.

enum PageStyle {
  /// The SHA-256 of ``text``, by which the page's policy lets it in; a test holds them together.
  static let digest = "oNXYhVFow7KMgxRwv0YMi/woIzdcNHmNWM2cQef8ugg="

  static let text = """
    :root{color-scheme:light dark;--paper:#fcfbf9;--panel:#f5f3ee;--ink:#21201d;--soft:#6d6860;--line:#e5e1d8;
    --link:#2a5c8c;--good:#2b7448;--bad:#b02a20;--warning:#8a5a00;--mark:#dfe9f3;--bar:#9db8d2;
    --k0:#cfe0ef;--k1:#d3e8df;--k2:#e4e6c9;--k3:#f3dfc1;--k4:#e2d6ec;--k5:#e6e3dd;--k6:#f0d3d0}
    @media (prefers-color-scheme:dark){:root{--paper:#161718;--panel:#1e2022;--ink:#e6e3dd;--soft:#9b968c;
    --line:#303234;--link:#8fbbe4;--good:#79c796;--bad:#f0908a;--warning:#dcab5b;--mark:#26384a;--bar:#456a8d;
    --k0:#2a4460;--k1:#26493d;--k2:#444826;--k3:#543f21;--k4:#42344f;--k5:#38383a;--k6:#572f2d}}
    *{box-sizing:border-box}
    html{scroll-behavior:smooth;scroll-padding-top:4rem;-webkit-text-size-adjust:100%}
    body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 ui-sans-serif,system-ui,-apple-system,
    "Segoe UI","Noto Sans","DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums}
    main,header,footer{max-width:72rem;margin:0 auto;padding:0 2rem}
    .wide main,.wide header,.wide footer{max-width:100rem}
    header{padding-top:3.5rem}
    h1{font-size:2.4rem;line-height:1.15;letter-spacing:-.02em;font-weight:650;margin:0;overflow-wrap:anywhere}
    h1 small{font-size:.5em;font-weight:400;color:var(--soft);letter-spacing:0;margin-left:.4em}
    h2{font-size:1.25rem;letter-spacing:-.01em;font-weight:650;margin:0 0 1rem}
    h2 small{font-size:.875rem;font-weight:400;color:var(--soft);margin-left:.6em;letter-spacing:0}
    h3{font-size:1rem;font-weight:600;margin:1.6rem 0 .5rem}
    h3 small{font-weight:400;color:var(--soft);margin-left:.5em}
    p{margin:.5rem 0;max-width:46rem}
    .lead{font-size:1.15rem;margin:.6rem 0}
    .faint,.path{color:var(--soft)}
    .path,code,pre,.name,.mono{font-family:ui-monospace,"SF Mono","Cascadia Mono","DejaVu Sans Mono",monospace;font-size:.86em}
    .path{overflow-wrap:anywhere}
    .good{color:var(--good)}.bad{color:var(--bad)}.warning{color:var(--warning)}
    a{color:var(--link);text-decoration:none}a:hover{text-decoration:underline}
    :focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}
    nav{position:sticky;top:0;z-index:2;background:var(--paper);border-bottom:1px solid var(--line);margin-top:2rem}
    nav ul{max-width:72rem;margin:0 auto;padding:.7rem 2rem;display:flex;gap:.3rem 1.5rem;flex-wrap:wrap;list-style:none;
    font-size:.9rem}
    .wide nav ul{max-width:100rem}
    section{padding:2.2rem 0 .6rem}
    section+section{border-top:1px solid var(--line)}
    .figures{display:flex;flex-wrap:wrap;gap:1.2rem 3rem;margin:2rem 0 0;padding:0;list-style:none}
    .figures b{display:block;font-size:1.6rem;font-weight:600;line-height:1.2;letter-spacing:-.01em}
    .figures span{color:var(--soft);font-size:.875rem}
    .facts{display:grid;grid-template-columns:8rem minmax(0,1fr);gap:.35rem 1.5rem;margin:0}
    .facts dt{grid-column:1;color:var(--soft)}
    .facts dd{grid-column:2;margin:0;overflow-wrap:anywhere}
    .scroll{overflow-x:auto}
    table{border-collapse:collapse;width:100%;font-size:.9rem}
    th,td{text-align:left;vertical-align:top;padding:.42rem 1.1rem .42rem 0;border-bottom:1px solid var(--line)}
    th:last-child,td:last-child{padding-right:0}
    th{font-weight:600;color:var(--soft);font-size:.8rem;white-space:nowrap;vertical-align:bottom}
    td{overflow-wrap:anywhere}
    .n{text-align:right;white-space:nowrap;overflow-wrap:normal}
    .nowrap{white-space:nowrap;overflow-wrap:normal}
    tbody tr:hover{background:var(--panel)}
    tr:target{background:var(--mark)}
    td .path{display:block;line-height:1.35}
    .modules{font-size:.86rem}.modules th,.modules td{padding-right:.9rem}
    .modules th{white-space:normal}
    .modules td:first-child{min-width:11rem}.modules td.needs{min-width:9rem}
    td small{color:var(--soft)}
    .modules thead th{position:sticky;top:2.9rem;background:var(--paper);z-index:1}
    .modules td.about{min-width:11rem}
    th button{font:inherit;color:inherit;background:none;border:0;padding:0;margin:0;cursor:pointer}
    th button:hover{color:var(--ink)}
    th button::after{content:"";display:inline-block;width:.9em;text-align:right}
    th.n button::after{display:none}
    th.n button::before{content:"";display:inline-block;width:.9em}
    th[aria-sort=ascending] button::after,th.n[aria-sort=ascending] button::before{content:"↑"}
    th[aria-sort=descending] button::after,th.n[aria-sort=descending] button::before{content:"↓"}
    th[aria-sort] button{color:var(--ink)}
    .tools{display:flex;flex-wrap:wrap;gap:.6rem 1rem;align-items:center;margin:0 0 1rem}
    .tools input{font:inherit;font-size:.95rem;color:inherit;background:var(--panel);border:1px solid var(--line);
    border-radius:8px;padding:.45rem .8rem;width:22rem;max-width:100%}
    .tools output{color:var(--soft);font-size:.875rem}
    .tools button{font:inherit;font-size:.875rem;color:inherit;background:var(--mark);border:0;border-radius:99px;
    padding:.25rem .8rem;cursor:pointer}
    .facets{display:grid;grid-template-columns:repeat(auto-fill,minmax(17rem,1fr));gap:2rem 3rem}
    .facets h3{margin-top:0}
    .facets ol{list-style:none;margin:0;padding:0;font-size:.9rem}
    .facets li{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:0 1rem;padding:.2rem 0}
    .facets li>:first-child{overflow-wrap:anywhere}
    .bar{grid-column:1/-1;display:block;width:100%;height:3px;margin-top:.15rem;background:var(--line);border-radius:2px}
    .bar rect{fill:var(--bar)}
    pre{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:1.1rem 1.3rem;overflow-x:auto;
    line-height:1.5;margin:.5rem 0 1rem}
    details{margin:.5rem 0;border-top:1px solid var(--line)}
    summary{cursor:pointer;padding:.6rem 0}
    details[open]>summary{padding-bottom:.8rem}
    details>:not(summary){margin-left:1.1rem}
    .note{background:var(--panel);border-left:3px solid var(--warning);padding:.7rem 1.1rem;border-radius:0 8px 8px 0;
    margin:1.2rem 0;max-width:none}
    .note p{max-width:none}
    .columns{columns:14rem;column-gap:2.5rem;list-style:none;margin:0;padding:0;font-size:.86rem}
    .columns li{overflow-wrap:anywhere;break-inside:avoid;padding:.08rem 0}
    svg{display:block;max-width:100%}
    .map{width:100%;height:auto;margin:.4rem 0 .8rem}
    .map.narrow{display:none}
    .map text,.graph text{font:11px ui-monospace,"SF Mono","Cascadia Mono","DejaVu Sans Mono",monospace;fill:var(--ink)}
    .map .soft,.graph .soft{fill:var(--soft)}
    .map rect{stroke:var(--paper);stroke-width:1}
    .map .group{fill-opacity:.45}
    .k0{fill:var(--k0)}.k1{fill:var(--k1)}.k2{fill:var(--k2)}.k3{fill:var(--k3)}.k4{fill:var(--k4)}.k5{fill:var(--k5)}
    .k6{fill:var(--k6)}
    .map g:hover>rect.leaf{stroke:var(--ink)}
    .legend{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;list-style:none;margin:0 0 1rem;padding:0;font-size:.875rem}
    .legend svg{display:inline-block;width:.8em;height:.8em;margin-right:.5em;vertical-align:-.05em}
    .graph{max-width:none;margin:.5rem 0}
    .graph rect{fill:var(--panel);stroke:var(--line)}
    .graph path{fill:none;stroke:var(--bar);stroke-opacity:.75}
    .graph a:hover rect{stroke:var(--link)}
    footer{padding-top:1.5rem;padding-bottom:3rem;color:var(--soft);font-size:.875rem}
    [hidden]{display:none!important}
    @media (min-width:78rem){.scroll:has(>.modules){overflow:visible}}
    @media (max-width:77.99rem){.modules thead th{position:static}}
    @media (max-width:90rem){.x{display:none}}
    @media (max-width:60rem){.w{display:none}}
    @media (max-width:44rem){body{font-size:15px}main,header,footer,nav ul{padding-left:1.1rem;padding-right:1.1rem}
    header{padding-top:2rem}h1{font-size:1.8rem}.facts{grid-template-columns:1fr;gap:0}.facts dt{margin-top:.6rem;font-size:.85rem}
    .facts dd{grid-column:1}.map.wide{display:none}.map.narrow{display:block}.m{display:none}
    nav{position:static}.modules thead th{top:0}.figures{gap:1rem 2rem}.tools input{width:100%}th,td{padding-right:.8rem}}
    @media print{:root{color-scheme:light;--paper:#fff;--panel:#fff;--ink:#000;--soft:#555;--line:#ccc;--link:#000;
    --k0:#cfe0ef;--k1:#d3e8df;--k2:#e4e6c9;--k3:#f3dfc1;--k4:#e2d6ec;--k5:#e6e3dd;--k6:#f0d3d0}
    nav,.tools{display:none}main,header,footer{max-width:none;padding-left:0;padding-right:0}body{font-size:10pt}
    tr,svg,dd,li{break-inside:avoid}h2,h3{break-after:avoid}.modules thead th{position:static}table{font-size:8.5pt}
    .scroll{overflow:visible}pre{white-space:pre-wrap}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
    """
}
