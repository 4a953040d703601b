// What a page can do besides being read: its tables are sorted and filtered. Without it they stand in their order.

enum PageScript {
  /// The SHA-256 of ``text``, by which the page's policy lets it in; a test holds them together.
  static let digest = "H+J8zjSiZC/tcTkHkxa0mBzQAk/3I/iuMHpvWr7Obxs="

  static let text = """
    "use strict";
    (() => {
      const fold = text => text.normalize("NFKD").toLowerCase();
      const make = (name, text) => Object.assign(document.createElement(name), {textContent: text});
      const lists = [];
      for (const table of document.querySelectorAll("table.list")) {
        const body = table.tBodies[0], heads = [...table.tHead.rows[0].cells];
        heads.forEach((head, column) => {
          const isNumber = head.classList.contains("n");
          const button = make("button", head.textContent);
          button.type = "button";
          head.replaceChildren(button);
          button.addEventListener("click", () => {
            const before = head.getAttribute("aria-sort");
            const order = before ? (before === "ascending" ? "descending" : "ascending")
              : isNumber ? "descending" : "ascending";
            for (const other of heads) other.removeAttribute("aria-sort");
            head.setAttribute("aria-sort", order);
            const sign = order === "ascending" ? 1 : -1;
            const key = row => {
              const cell = row.cells[column], text = cell.dataset.v ?? cell.textContent;
              return isNumber ? Number(text) || 0 : fold(text);
            };
            const rows = [...body.rows].map((row, place) => ({row, place, key: key(row)}));
            rows.sort((a, b) => sign * (a.key < b.key ? -1 : a.key > b.key ? 1 : 0) || a.place - b.place);
            body.append(...rows.map(entry => entry.row));
          });
        });
        if (body.rows.length < 12) continue;
        const tools = make("div"), input = make("input"), count = make("output"), chip = make("button");
        tools.className = "tools";
        input.type = "search";
        input.placeholder = "Filter (press /)";
        input.setAttribute("aria-label", "Filter: " + (table.getAttribute("aria-label") ?? "rows"));
        input.autocomplete = "off";
        input.spellcheck = false;
        count.setAttribute("aria-live", "polite");
        chip.type = "button";
        chip.hidden = true;
        tools.append(input, chip, count);
        (table.closest(".scroll") ?? table).before(tools);
        const texts = new Map();
        const list = {table, input, facet: null, apply() {
          const words = fold(input.value).split(/\\s+/).filter(word => word);
          let shown = 0;
          for (const row of body.rows) {
            if (!texts.has(row)) texts.set(row, fold(row.textContent));
            const text = texts.get(row), facet = list.facet;
            const isShown = words.every(word => text.includes(word))
              && (!facet || row.dataset[facet.key] === facet.value);
            row.hidden = !isShown;
            if (isShown) shown++;
          }
          chip.hidden = !list.facet;
          if (list.facet) chip.textContent = list.facet.label + " ✕";
          count.textContent = shown === body.rows.length ? shown + " rows" : shown + " of " + body.rows.length;
        }, clear() {
          input.value = "";
          list.facet = null;
          list.apply();
        }};
        let waiting = 0;
        input.addEventListener("input", () => {
          clearTimeout(waiting);
          waiting = setTimeout(list.apply, 60);
        });
        input.addEventListener("keydown", event => { if (event.key === "Escape") list.clear(); });
        chip.addEventListener("click", () => { list.facet = null; list.apply(); input.focus(); });
        list.apply();
        lists.push(list);
      }
      document.addEventListener("keydown", event => {
        const isTyping = event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey;
        if (event.key !== "/" || isTyping || !lists.length) return;
        const open = lists.filter(list => list.input.checkVisibility?.() ?? true);
        const seen = open.find(list => list.table.getBoundingClientRect().bottom > 0) ?? open[0];
        if (!seen) return;
        event.preventDefault();
        seen.input.focus();
      });
      document.addEventListener("click", event => {
        const link = event.target instanceof Element ? event.target.closest("a[href^='#']") : null;
        if (!link) return;
        const target = document.getElementById(link.getAttribute("href").slice(1));
        if (!target) return;
        const list = lists.find(list => target === list.table || list.table.contains(target)
          || target.contains(list.table));
        if (link.dataset.key && list) {
          list.facet = {key: link.dataset.key, value: link.dataset.value, label: link.textContent};
          list.apply();
        } else if (target.hidden && list) {
          list.clear();
        }
      });
    })();
    """
}
