// On a phone a table's rows are stacked, and each cell says what it is; one heading each is needed.
for (const table of document.querySelectorAll(".wide > table, table.table")) {
  const heads = table.tHead && table.tHead.rows.length === 1 ? [...table.tHead.rows[0].cells] : [];
  if (!heads.length) continue;
  table.classList.add("stacked");
  for (const row of table.tBodies[0].rows)
    [...row.cells].forEach((cell, place) => {
      const title = heads[place] && heads[place].textContent.trim();
      if (title && cell.tagName === "TD") cell.dataset.title = title;
    });
}

// The menu's last entry closes when the reader goes on.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".navbar-header-items details.more[open]"))
    if (!menu.contains(event.target)) menu.open = false;
});
for (const menu of document.querySelectorAll(".bd-sidebar-primary details.more")) menu.open = true;

// The citations can be taken along by a click.
for (const block of document.querySelectorAll(".page-cite :is(blockquote, .highlight), .take > *")) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: document.body.dataset.copy });
  button.className = "download";
  button.addEventListener("click", () => navigator.clipboard.writeText(block.innerText.trim()));
  block.after(button);
}

// The parts of a figure's page become tabs; without this script they stand one below the other.
const parts = [...document.querySelectorAll(".page-figures.page-inner article > section > section")];
if (parts.length) {
  const list = Object.assign(document.createElement("div"), { className: "tabs" });
  list.setAttribute("role", "tablist");
  const tabs = parts.map((part, place) => {
    const head = part.querySelector("h2");
    const tab = Object.assign(document.createElement("button"), {
      type: "button", id: `tab-${part.id}`, textContent: head.firstChild.textContent,
    });
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", part.id);
    part.setAttribute("role", "tabpanel");
    part.setAttribute("aria-labelledby", tab.id);
    head.hidden = true;
    tab.addEventListener("click", () => {
      history.replaceState(null, "", place ? `#${part.id}` : location.pathname + location.search);
      open(place);
    });
    return tab;
  });
  const open = (chosen) =>
    parts.forEach((part, place) => {
      part.hidden = place !== chosen;
      tabs[place].setAttribute("aria-selected", place === chosen);
      tabs[place].tabIndex = place === chosen ? 0 : -1;
    });
  list.append(...tabs);
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = (tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length;
    tabs[next].click();
    tabs[next].focus();
  });
  const named = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    open(Math.max(0, parts.findIndex((part) => part.contains(target || null))));
  };
  parts[0].before(list);
  window.addEventListener("hashchange", named);
  named();
}

// The ledger of claims: without this script it is a plain table, with it one that can be searched.
const ledger = document.getElementById("ledger");
if (ledger) {
  const words = ledger.dataset;
  const table = ledger.querySelector("table");
  const body = table.tBodies[0];
  // What no table can check comes folded; here the filter does that.
  for (const folded of ledger.querySelectorAll("details.unchecked")) {
    body.append(...folded.querySelectorAll("tbody > tr"));
    folded.remove();
  }
  const rows = [...body.rows];
  const printed = new Map(rows.map((row, place) => [row, place]));
  const fold = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/ı/g, "i");
  const texts = new Map(rows.map((row) => [row, fold(row.textContent)]));

  const bar = document.createElement("form");
  bar.className = "ledger-bar";
  const labelled = (text, control) => {
    const label = document.createElement("label");
    label.append(text, control);
    bar.append(label);
    return control;
  };
  const search = labelled(words.search, Object.assign(document.createElement("input"), { type: "search" }));
  const choice = (text, key, name) => {
    const control = labelled(text, document.createElement("select"));
    const options = new Map(rows.filter((row) => row.dataset[key]).map((row) => [row.dataset[key], row.dataset[name]]));
    control.append(new Option(words.all, ""));
    for (const [value, title] of options) control.append(new Option(title, value));
    return control;
  };
  const verdict = choice(words.filter, "verdict", "name");
  verdict.options[0].value = "all";
  verdict.prepend(new Option(words.checkable, "", true, true));
  const kind = choice(words.kind, "kind", "kindname");
  const reset = Object.assign(document.createElement("button"), { type: "reset", textContent: words.reset });
  const count = document.createElement("output");
  const nothing = Object.assign(document.createElement("p"), { textContent: words.nothing, hidden: true });
  bar.append(reset, count);
  ledger.prepend(bar, nothing);

  const show = () => {
    let shown = 0;
    for (const row of rows) {
      const fits =
        texts.get(row).includes(fold(search.value.trim())) &&
        (verdict.value
          ? verdict.value === "all" || row.dataset.verdict === verdict.value
          : search.value || row.dataset.verdict !== "not-checkable") &&
        (!kind.value || row.dataset.kind === kind.value);
      row.hidden = !fits;
      shown += fits;
    }
    count.textContent = words.shown.replace("{n}", shown).replace("{all}", rows.length);
    nothing.hidden = shown > 0;
    table.hidden = shown === 0;
  };
  // What is searched and filtered stands in the address, so that a view can be cited.
  const remember = () => {
    const state = new URLSearchParams(location.search);
    const put = (name, value) => (value ? state.set(name, value) : state.delete(name));
    put("q", search.value);
    put("verdict", verdict.value);
    put("kind", kind.value);
    put("sort", sorted.next !== "none" && `${sorted.column} ${sorted.next}`);
    const query = state.toString();
    history.replaceState(null, "", location.pathname + (query ? `?${query}` : "") + location.hash);
    show();
  };
  const recall = () => {
    const state = new URLSearchParams(location.search);
    search.value = state.get("q") || "";
    verdict.value = state.get("verdict") || "";
    kind.value = state.get("kind") || "";
    const [column, next] = (state.get("sort") || "0 none").split(" ");
    sort(heads[column] ? Number(column) : 0, next);
    show();
    // A claim that is linked is shown and opened, whatever the filters.
    const linked = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (linked && body.contains(linked)) {
      linked.hidden = false;
      const details = linked.querySelector("details");
      if (details) details.open = true;
      linked.scrollIntoView();
    }
  };
  bar.addEventListener("input", remember);
  bar.addEventListener("submit", (event) => event.preventDefault());
  bar.addEventListener("reset", () => setTimeout(remember));
  window.addEventListener("hashchange", recall);

  const heads = [...table.tHead.rows[0].cells];
  const sorted = { column: 0, next: "none" };
  const sort = (column, next) => {
    Object.assign(sorted, { column, next });
    for (const head of heads) head.removeAttribute("aria-sort");
    if (next !== "none") heads[column].setAttribute("aria-sort", next);
    const sign = next === "descending" ? -1 : 1;
    const text = (row) => row.cells[column].textContent;
    const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
    rows.sort((a, b) => (next === "none" ? 0 : sign * compare(text(a), text(b))) || printed.get(a) - printed.get(b));
    body.append(...rows);
  };
  heads.forEach((head, column) => {
    const button = Object.assign(document.createElement("button"), {
      type: "button", textContent: head.textContent, title: words.sorted,
    });
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const order = { none: "ascending", ascending: "descending", descending: "none" };
      sort(column, order[head.getAttribute("aria-sort") || "none"]);
      remember();
    });
  });
  recall();
}

// What can be computed in the browser, where the site has it. Nothing of it is loaded before a click.
if (document.body.dataset.live) {
  const { address, button: name, check, before, file, answer, ...about } = JSON.parse(document.body.dataset.live);
  const offer = (after, what, label = name, told = before) => {
    const note = Object.assign(document.createElement("small"), { textContent: told });
    const button = Object.assign(document.createElement("button"), { type: "button", className: "download live-start", textContent: label });
    button.addEventListener("click", async () => {
      if (location.protocol === "file:") note.textContent = file;
      else {
        const { open } = await import(new URL(document.body.dataset.root + address, location.href).href);
        open(button, what);
        if (what.kind !== "exercise") note.remove();
      }
    }, { once: location.protocol !== "file:" });
    after.after(button, " ", note);
  };
  const said = (row) => [1, 2, 3].map((place) => row.cells[place].firstChild.textContent.trim());
  if (about.kind === "figure") offer(document.querySelector("figure.large"), about);
  if (about.kind === "ledger" && ledger) {
    offer(ledger.querySelector(".ledger-bar"), about);
    ledger.addEventListener("toggle", ({ target }) => {
      const row = target.closest("tr[id]");
      if (row && target.open && !target.querySelector(".live-start"))
        offer(target.querySelector("dl"), { kind: "claim", id: row.id, said: () => said(row) }, name, "");
    }, true);
  }
  for (const line of about.kind === "claim" ? document.querySelectorAll(".step .outcome-line") : []) {
    const id = new URL(line.querySelector("a").href).hash.slice(1), shown = line.textContent;
    offer(line, { kind: "claim", id, said: () => [shown] });
  }
  for (const item of about.kind === "exercise" ? document.querySelectorAll("[data-exercise]") : []) {
    const input = Object.assign(document.createElement("input"), { size: 14 });
    input.setAttribute("aria-label", answer);
    item.append(input);
    offer(input, { kind: "exercise", id: item.dataset.exercise, input }, check, before);
  }
}
