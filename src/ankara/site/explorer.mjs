// The explorer: one state, held in the address; every view is painted from the rows that pass it.
// Data are data: they enter the page as text nodes and chart values only, never as markup.

const content = JSON.parse(document.getElementById("content").textContent);
const fields = content.fields.map((field) => field.name);
const rows = content.rows.map((cells, order) => {
  const row = { order, evidence: content.evidence[order] };
  fields.forEach((name, place) => (row[name] = cells[place]));
  return row;
});
const YEARS = rows.reduce(([low, high], { year }) => [Math.min(low, year), Math.max(high, year)], [Infinity, -Infinity]);
const LEVELS = content.choices.level;
const COLUMNS = ["partner", "country_code", "year", "municipality", "level", "form", "region", "confidence"];
const COUNTRIES = new Set(Object.keys(content.countries));
const MUNICIPALITIES = [...counted(rows, (row) => row.municipality)].sort(([, m], [, n]) => n - m).map(([name]) => name);
// Upper limits of the map's colour classes; the last is open.
const CLASSES = [1, 3, 6];
const RANKS = 12;
// A table of a few hundred rows stands whole; a longer one comes in parts, so that filters stay quick.
const WHOLE = 250;
const PAGE = 100;
const NARROW = matchMedia("(max-width: 640px)");
const WIDE = matchMedia("(min-width: 1260px)");
// Pixels within which a hand counts as still.
const STILL = 5;

const $ = (id) => document.getElementById(id);

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") made.className = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child != null));
  return made;
}

// ---- state and address ------------------------------------------------------------------------------

const among = (values) => (text) => (values.includes(text) ? text : undefined);
const several = (values) => (text) => {
  const found = text.split(",").filter((value) => values.has(value));
  return found.length ? [...new Set(found)] : undefined;
};
const year = (text) => (/^\d{1,4}$/.test(text) ? Math.min(Math.max(+text, YEARS[0]), YEARS[1]) : undefined);
const truth = (text) => ({ 1: true, 0: false })[text];

// Each choice: its value when nothing is said, and how the address's text is read.
const CHOICES = {
  lang: ["en", among(Object.keys(content.words))],
  from: [YEARS[0], year],
  to: [YEARS[1], year],
  level: ["all", among(LEVELS)],
  form: ["all", among(content.choices.form)],
  capital: ["all", among(["yes", "no"])],
  confidence: [content.confidence[0], among(content.confidence)],
  municipality: ["all", among(MUNICIPALITIES)],
  country: [[], several(COUNTRIES)],
  scheme: [content.study.region_scheme, among(Object.keys(content.schemes))],
  region: [[], several(new Set(content.regions))],
  q: ["", (text) => text.slice(0, 100) || undefined],
  by: ["country", among(["country", "municipality", "region"])],
  arcs: [false, truth],
  terms: [true, truth],
  a: [MUNICIPALITIES[0] ?? "", among(MUNICIPALITIES)],
  b: [MUNICIPALITIES[1] ?? "", among(MUNICIPALITIES)],
  sort: ["", among(COLUMNS)],
  order: ["asc", among(["desc"])],
  view: ["", (text) => (/^\d+(\.\d+)?,-?\d+(\.\d+)?,-?\d+(\.\d+)?$/.test(text) ? text : undefined)],
};
const FILTERS = ["from", "to", "level", "form", "capital", "confidence", "municipality", "country", "region", "q"];

const written = (value) => (Array.isArray(value) ? value.join(",") : value === true ? "1" : value === false ? "0" : String(value));

function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  const read = {};
  for (const [name, [usual, parse]] of Object.entries(CHOICES)) read[name] = parse(given.get(name) ?? "") ?? usual;
  if (!given.get("lang") && navigator.language?.startsWith("tr")) read.lang = "tr";
  if (read.from > read.to) [read.from, read.to] = [read.to, read.from];
  return read;
}

function address() {
  const said = new URLSearchParams();
  for (const [name, [usual]] of Object.entries(CHOICES)) {
    if (name === "lang" || written(state[name]) !== written(usual)) said.set(name, written(state[name]));
  }
  return `#${said.toString().replaceAll("%2C", ",")}`;
}

let state = readAddress();
let later;

/** Change the view. Each change is a step that the browser's back button undoes; while a hand or a word is on its way it waits. */
function choose(change, underway = false) {
  state = { ...state, ...change };
  if (state.from > state.to) [state.from, state.to] = [state.to, state.from];
  clearTimeout(later);
  if (underway) later = setTimeout(record, 800);
  else record();
  return paint();
}
function record() {
  if (address() !== location.hash) history.pushState(null, "", address());
}

const toggled = (list, value) => (list.includes(value) ? list.filter((other) => other !== value) : [...list, value]);
const cleared = () => Object.fromEntries(FILTERS.map((name) => [name, CHOICES[name][0]]));

// ---- rows that pass ---------------------------------------------------------------------------------

const regionOf = (row) => content.schemes[state.scheme][row.country_code] ?? "unidentified";
const sure = (row) => content.confidence.indexOf(row.confidence);

const TESTS = {
  years: (row) => row.year >= state.from && row.year <= state.to,
  level: (row) => state.level === "all" || row.level === state.level,
  form: (row) => state.form === "all" || row.form === state.form,
  capital: (row) => state.capital === "all" || row.capital === (state.capital === "yes"),
  confidence: (row) => sure(row) >= content.confidence.indexOf(state.confidence),
  municipality: (row) => state.municipality === "all" || row.municipality === state.municipality,
  country: (row) => !state.country.length || state.country.includes(row.country_code),
  region: (row) => !state.region.length || state.region.includes(regionOf(row)),
  q: (row) => sought.every((part) => row.text.includes(part) || said.region[regionOf(row)].includes(part)),
};
const BITS = Object.fromEntries(Object.keys(TESTS).map((name, place) => [name, 1 << place]));

// Each row with the set of tests that it fails, so that a view can leave its own choice out.
let failed = new Int32Array(rows.length);
function sift() {
  sought = folded(state.q).split(/\s+/).filter(Boolean);
  failed = Int32Array.from(rows, (row) => {
    let bits = 0;
    for (const name in TESTS) if (!TESTS[name](row)) bits |= BITS[name];
    return bits;
  });
}
const passing = (...without) => {
  const kept = ~without.reduce((bits, name) => bits | BITS[name], 0);
  return rows.filter((row) => (failed[row.order] & kept) === 0);
};

function counted(list, key) {
  const counts = new Map();
  for (const row of list) {
    const value = key(row);
    if (value != null) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}
const distinct = (list, key) => counted(list, key).size;

// ---- search -----------------------------------------------------------------------------------------

/** Text as a search compares it: without case, and without marks on letters (İ, I, ı and i are one). */
const folded = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[ıłøđə’]/g, (letter) => ({ ı: "i", ł: "l", ø: "o", đ: "d", ə: "e" })[letter] ?? "'");

let sought = [];
// What a cell says in any language, for each value of the columns that hold codes.
const said = Object.fromEntries(
  Object.entries({ level: "levels", form: "forms", confidence: "confidence", region: "region" }).map(([name, group]) => [
    name,
    Object.fromEntries([...LEVELS, ...content.choices.form, ...content.confidence, ...content.regions].map((value) => [
      value, folded(Object.values(content.words).map((words) => words[`${group}.${value}`] ?? "").join(" ")),
    ])),
  ]),
);
for (const row of rows)
  row.text = [
    folded([row.partner, row.partner_tr, row.partner_printed, row.year, row.municipality, ...(content.countries[row.country_code] ?? [])].join(" ")),
    said.level[row.level], said.form[row.form], said.confidence[row.confidence],
  ].join(" ");

// ---- words ------------------------------------------------------------------------------------------

const word = (key) => content.words[state.lang][key] ?? key;
// Each is costly to make and used for thousands of cells.
const FORMS = Object.fromEntries(
  Object.keys(content.words).map((lang) => [
    lang,
    { number: new Intl.NumberFormat(lang), order: new Intl.Collator(lang, { numeric: true }), list: new Intl.ListFormat(lang, { type: "conjunction" }) },
  ]),
);
const number = (value) => FORMS[state.lang].number.format(value);
const compare = (a, b) => FORMS[state.lang].order.compare(a, b);

// The same templates as the library's labels: {n}, {year:y}, {n:one|many}.
const fill = (key, values) =>
  word(key).replace(/\{(\w+)(?::([^}]*))?\}/g, (_, name, form) => {
    const value = values[name];
    if (form?.includes("|")) return form.split("|")[value === 1 ? 0 : 1];
    return typeof value === "number" && form !== "y" ? number(value) : String(value);
  });

const title = (name) => content.fields.find((field) => field.name === name)?.[state.lang] ?? word(name);
const partnerOf = (row) => (state.lang === "tr" ? row.partner_tr : row.partner);
const countryName = (code) => content.countries[code]?.[state.lang === "tr" ? 1 : 0] ?? word("unidentified");
const studied = (name) => content.study[state.lang === "tr" ? `${name}_tr` : name];
const list = (items) => FORMS[state.lang].list.format(items);
const sourceOf = (row) => {
  const [file, line] = row.source.split("/").pop().split(":");
  return fill("row", { file, line });
};

// What a cell of the table shows and sorts by.
const SHOWN = {
  partner: partnerOf,
  country_code: (row) => countryName(row.country_code),
  year: (row) => String(row.year),
  municipality: (row) => row.municipality,
  level: (row) => word(`levels.${row.level}`),
  form: (row) => word(`forms.${row.form}`),
  region: (row) => word(`region.${regionOf(row)}`),
  confidence: (row) => word(`confidence.${row.confidence}`),
};

function speak() {
  document.documentElement.lang = state.lang;
  document.title = studied("title");
  $("title").textContent = studied("title");
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = word(node.dataset.t);
  for (const node of document.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", word(node.dataset.label));
    if (node.classList.contains("sign")) node.title = word(node.dataset.label);
  }
  for (const node of document.querySelectorAll("[data-language]"))
    node.setAttribute("aria-pressed", node.dataset.language === state.lang);
  const placed = rows.filter((row) => row.country_code);
  $("dek").textContent = fill("dek", {
    n: rows.length,
    places: distinct(placed, (row) => row.place_id),
    countries: distinct(placed, (row) => row.country_code),
    first: YEARS[0],
    last: YEARS[1],
  });
  $("arcs").textContent = fill("arcs", { city: studied("name") });
  const box = Math.max(...CLASSES);
  const ranges = [...CLASSES.map((high, at) => [at ? CLASSES[at - 1] + 1 : 1, high]), [box + 1, null]];
  $("map-legend").replaceChildren(
    element("span", {}, element("i", { class: "swatch land" }), word("none")),
    ...ranges.map(([low, high], at) =>
      element("span", {}, element("i", { class: `swatch s${at}` }), high === null ? `${low}+` : low === high ? `${low}` : `${low}–${high}`),
    ),
    element("span", {}, element("i", { class: "dot" }), word("partner")),
    element("span", {}, element("i", { class: "star" }, "★"), studied("name")),
  );
  $("levels").replaceChildren(
    ...LEVELS.map((level, at) => element("span", {}, element("i", { class: `swatch level${at}` }), word(`levels.${level}`))),
  );
  $("regions").replaceChildren(
    ...content.regions.map((name) =>
      element("button", { type: "button", "data-region": name, onclick: () => act.region(name) },
        element("i", { class: `swatch region-${name}` }), word(`region.${name}`), " ", element("small"))),
  );
  form.speak();
  listing.speak();
}

// ---- filters ----------------------------------------------------------------------------------------

const controls = $("form").elements;

const form = {
  radios: { level: LEVELS, form: content.choices.form, capital: ["yes", "no"] },
  said: { level: (v) => word(`levels.${v}`), form: (v) => word(`forms.${v}`), capital: word },

  build() {
    for (const [name, values] of Object.entries(this.radios)) {
      for (const value of ["all", ...values]) {
        const box = element("input", { type: "radio", name, value });
        $(`choice-${name}`).append(element("label", {}, box, element("span")));
      }
    }
    for (const name of ["from", "to"]) {
      controls[name].min = YEARS[0];
      controls[name].max = YEARS[1];
    }
    $("form").addEventListener("submit", (event) => event.preventDefault());
    $("form").addEventListener("change", ({ target }) => {
      const { name, value } = target;
      if (name === "from" || name === "to") choose({ [name]: CHOICES[name][1](value) ?? CHOICES[name][0] });
      else if (name === "country") choose({ country: value === "all" ? [] : [value] });
      else choose({ [name]: value });
    });
    controls.q.addEventListener("input", async () => {
      const place = () => controls.q.getBoundingClientRect().top;
      const before = place();
      await choose({ q: controls.q.value.slice(0, 100) }, true);
      scrollBy(0, place() - before); // what stands above may have become lower or higher
    });
    controls.q.addEventListener("change", () => choose({}));
    for (const button of document.querySelectorAll("button.reset"))
      button.addEventListener("click", () => {
        choose(cleared());
        if (button.closest("#nothing")) controls.from.focus();
      });
  },

  speak() {
    this.options(controls.municipality, ["all", ...[...MUNICIPALITIES].sort(compare)]);
    this.options(controls.country, ["all", "*", ...[...COUNTRIES].sort((a, b) => compare(countryName(a), countryName(b)))]);
    this.options(controls.confidence, content.confidence);
    this.options(controls.scheme, Object.keys(content.schemes));
    for (const select of [$("pair-a"), $("pair-b")]) {
      this.options(select, [...MUNICIPALITIES].sort(compare));
      for (const option of select.options) option.textContent = option.value;
    }
    for (const option of controls.scheme.options) option.textContent = word(`schemes.${option.value}`);
    for (const option of controls.confidence.options) option.textContent = word(`sureness.${option.value}`);
  },

  options(select, values) {
    select.replaceChildren(...values.map((value) => element("option", { value })));
  },

  paint() {
    controls.from.value = state.from;
    controls.to.value = state.to;
    if (controls.q.value !== state.q) controls.q.value = state.q;
    for (const [name, values] of Object.entries(this.radios)) {
      const counts = counted(passing(name), (row) => (name === "capital" ? { true: "yes", false: "no" }[row.capital] : row[name]));
      $(`choice-${name}`).querySelectorAll("input").forEach((box, at) => {
        box.checked = box.value === state[name];
        const [text, count] = at ? [this.said[name](values[at - 1]), counts.get(values[at - 1]) ?? 0] : [word("all"), null];
        box.nextSibling.replaceChildren(text, ...(count === null ? [] : [" ", element("small", {}, number(count))]));
      });
    }
    const chosen = state.country;
    controls.country.options[1].hidden = chosen.length < 2;
    controls.country.options[1].textContent = fill("several", { n: chosen.length });
    controls.country.value = chosen.length > 1 ? "*" : (chosen[0] ?? "all");
    this.counts(controls.country, counted(passing("country"), (row) => row.country_code), countryName, 2);
    controls.municipality.value = state.municipality;
    this.counts(controls.municipality, counted(passing("municipality"), (row) => row.municipality), String, 1);
    controls.confidence.value = state.confidence;
    controls.scheme.value = state.scheme;
    $("pair-a").value = state.a;
    $("pair-b").value = state.b;
  },

  counts(select, counts, name, first) {
    select.options[0].textContent = word("all");
    for (let at = first; at < select.options.length; at++) {
      const option = select.options[at];
      option.textContent = `${name(option.value)} (${number(counts.get(option.value) ?? 0)})`;
    }
  },
};

function chips() {
  const chip = (text, change) =>
    element("li", {}, element("button", { type: "button", "aria-label": fill("remove", { what: text }), onclick: () => {
      choose(change);
      // The button is gone: the keyboard goes on at the next one.
      ($("chips").querySelector("button") ?? $("copy")).focus();
    } }, text, element("span", { "aria-hidden": "true" }, " ×")));
  const made = [];
  const usual = cleared();
  if (state.from !== YEARS[0] || state.to !== YEARS[1])
    made.push(chip(state.from === state.to ? `${state.from}` : `${state.from}–${state.to}`, { from: YEARS[0], to: YEARS[1] }));
  if (state.municipality !== "all") made.push(chip(state.municipality, { municipality: "all" }));
  for (const code of state.country) made.push(chip(countryName(code), { country: toggled(state.country, code) }));
  for (const region of state.region) made.push(chip(word(`region.${region}`), { region: toggled(state.region, region) }));
  if (state.level !== "all") made.push(chip(word(`levels.${state.level}`), { level: "all" }));
  if (state.form !== "all") made.push(chip(word(`forms.${state.form}`), { form: "all" }));
  if (state.capital !== "all") made.push(chip(`${word("capital")}: ${word(state.capital)}`, { capital: "all" }));
  if (state.confidence !== usual.confidence)
    made.push(chip(`${title("confidence")}: ${word(`sureness.${state.confidence}`)}`, { confidence: usual.confidence }));
  if (state.q.trim()) made.push(chip(`“${state.q.trim()}”`, { q: "" }));
  if (made.length > 1)
    made.push(element("li", {}, element("button", { type: "button", class: "plain", onclick: () => choose(cleared()) }, word("reset"))));
  // A line of its own even when empty: the charts below must not jump under the pointer.
  $("chips").replaceChildren(...(made.length ? made : [element("li", { class: "quiet" }, word("unfiltered"))]));
}

// ---- the card: what hover and keyboard focus show ----------------------------------------------------

const card = {
  show(heading, chosen, at, byKeyboard = false) {
    this.stays = byKeyboard;
    const detailed = chosen.length <= 2 ? 2 : 0;
    const items = chosen.slice(0, detailed || 6).map((row) => this.item(row, detailed > 0));
    $("card").replaceChildren(
      element("h3", {}, heading),
      element("ul", {}, ...items),
      ...(chosen.length > items.length ? [element("p", {}, fill("card_more", { n: chosen.length - items.length }))] : []),
    );
    $("card").hidden = false;
    this.place(at);
  },
  item(row, detailed) {
    const facts = [row.year, row.municipality, word(`forms.${row.form}`)].join(" · ");
    const source = [`${word("source")}: ${sourceOf(row)}`, `${title("confidence")}: ${word(`confidence.${row.confidence}`)}`].join(" · ");
    return element("li", {},
      element("b", {}, partnerOf(row)),
      row.country_code ? `, ${countryName(row.country_code)}` : "",
      row.status === "reported_cancelled" ? element("small", { class: "badge" }, word("cancelled")) : null,
      element("span", {}, facts),
      element("span", { class: "quiet" }, source),
      detailed ? element("span", { class: "quiet", lang: "en" }, row.evidence) : null);
  },
  place({ x, y }) {
    const box = $("card");
    if (NARROW.matches) return box.removeAttribute("style");
    const [width, height] = [box.offsetWidth, box.offsetHeight];
    const page = document.documentElement;
    const left = x + 16 + width > page.clientWidth ? x - 16 - width : x + 16;
    const top = Math.min(Math.max(8, y - 20), page.clientHeight - height - 8);
    box.style.left = `${Math.max(8, left)}px`;
    box.style.top = `${Math.max(8, top)}px`;
  },
  hide() {
    $("card").hidden = true;
  },
};
addEventListener("keydown", (event) => event.key === "Escape" && card.hide());
addEventListener("scroll", () => card.stays || card.hide(), { passive: true });

// ---- charts -----------------------------------------------------------------------------------------
// Every view draws its charts anew. Their colours are the style sheet's, so that the dark scheme needs no drawing.

/** Option of a mark: each of its shapes carries a key, by which pointer and keyboard find it. */
const keyed = (keys) => ({
  render(index, scales, values, dimensions, context, next) {
    const drawn = next(index, scales, values, dimensions, context);
    [...drawn.children].forEach((shape, at) => (shape.dataset.key = keys[index[at]]));
    return drawn;
  },
});

/** One finger moves what a chart holds only sideways: up and down it scrolls the page. */
function sideways(node) {
  let first = null;
  const point = ({ touches: [{ clientX, clientY }] }) => [clientX, clientY];
  node.addEventListener("touchstart", (event) => (first = event.touches.length > 1 ? null : point(event)), { capture: true, passive: true });
  node.addEventListener("touchmove", (event) => {
    if (!first) return;
    const [x, y] = point(event).map((value, at) => Math.abs(value - first[at]));
    if (x > y && x >= STILL) first = null;
    else event.stopImmediatePropagation();
  }, { capture: true });
}

class Chart {
  /** A chart in `node`, drawn by each `paint` and when its width changes. */
  constructor(node, small = false) {
    // The width is asked only when it changes: within a repaint the whole page would be laid out again.
    Object.assign(this, { node, small, width: Math.max(node.clientWidth, 160), inner: element("div", { "aria-hidden": "true" }) });
    node.replaceChildren(this.inner);
    new ResizeObserver(([{ contentRect: { width } }]) => {
      if (!width || width === this.width) return;
      this.width = width;
      if (this.given) this.draw();
    }).observe(node);
  }
  paint(...given) {
    this.given = given;
    this.draw();
  }
  draw() {
    const before = this.svg;
    this.svg = Plot.plot({ width: this.width, opacity: { type: "identity" }, r: { type: "identity" }, ...this.plot(...this.given) });
    if (before) before.replaceWith(this.svg);
    else this.inner.prepend(this.svg);
    if (this.current) this.light(this.current);
  }
  light(key) {
    for (const shape of this.svg.querySelectorAll("[data-key]")) shape.classList.toggle("lit", shape.dataset.key === key);
  }
  keyAt(event) {
    return event.target.closest("[data-key]")?.dataset.key;
  }
  show(key, at, byKeyboard) {
    const said = key && this.found(key);
    if (said) card.show(...said, at, byKeyboard);
    else card.hide();
  }
  /** Choose by pointer; a finger cannot hover, so it is shown here what it chose. */
  async press(key, { clientX, clientY }, byTouch) {
    if (!key) return card.hide();
    await this.act(key);
    if (byTouch) this.show(key, { x: clientX, y: clientY });
  }
  /** `found(key)` gives heading and rows to show, `act(key)` chooses; arrows go through `stops`, other `keys` do their own. */
  live(found, act, keys = {}) {
    Object.assign(this, { found, act });
    const { node } = this;
    node.addEventListener("pointermove", (event) => {
      if (!event.buttons && event.pointerType !== "touch") this.show(this.keyAt(event), { x: event.clientX, y: event.clientY });
    });
    node.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && card.hide());
    node.addEventListener("click", (event) => this.clicks !== false && this.press(this.keyAt(event), event, event.pointerType === "touch"));
    node.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const { length } = this.stops;
      if (step && length) {
        const at = this.stops.indexOf(this.current);
        this.light((this.current = this.stops[at < 0 ? (step > 0 ? 0 : length - 1) : (at + step + length) % length]));
        const { right: x, top: y } = this.svg.querySelector(".lit").getBoundingClientRect();
        this.show(this.current, { x, y }, true);
        $("said").textContent = $("card").innerText;
      } else if (event.key === "Enter" && this.current) this.act(this.current);
      else if (keys[event.key]) keys[event.key]();
      else return;
      event.preventDefault();
    });
    node.addEventListener("blur", () => {
      this.light((this.current = null));
      card.hide();
    });
  }
}

// -- map

// The whole globe is so many times the scale wide.
const SPAN = 5.45;
const ZOOM = [0.8, 24];
const WORLD = { zoom: 1, x: 0, y: 0.035 };
const HOME = [content.study.longitude, content.study.latitude];
const placed = (row) => row.latitude !== null && row.longitude !== null;
const shade = (n) => (n ? `var(--s${CLASSES.filter((high) => high < n).length})` : "var(--land)");
const short = (value) => String(+value.toFixed(3));
const seen = ({ zoom, x, y }) => choose({ view: [zoom, x, y].map(short).join(",") });

/** The window that holds all but the outermost partners, for a map `ratio` times as high as wide. */
function closer(ratio) {
  const points = rows.filter(placed).map((row) => d3.geoEqualEarthRaw((row.longitude * Math.PI) / 180, (row.latitude * Math.PI) / 180));
  if (!points.length) return WORLD;
  const [[x0, x1], [y0, y1]] = [0, 1].map((axis) => [0.12, 0.88].map((share) => d3.quantile(points, share, (point) => point[axis])));
  const zoom = Math.min(8, (SPAN * 0.86) / Math.max(x1 - x0, 0.2), (SPAN * ratio * 0.8) / Math.max(y1 - y0, 0.1));
  return { zoom, x: (-zoom * (x0 + x1)) / 2 / SPAN, y: (zoom * (y0 + y1)) / 2 / SPAN };
}

class WorldMap extends Chart {
  get height() {
    return Math.round(this.small ? this.width * 0.5 : Math.min(Math.max(this.width * 0.47, 270), 600));
  }
  look() {
    const near = state.view ? null : NARROW.matches || this.width < 480 ? closer(this.height / this.width) : WORLD;
    const [zoom, x, y] = near ? [near.zoom, near.x, near.y] : state.view.split(",").map(Number);
    return { zoom: Math.min(Math.max(zoom, ZOOM[0]), ZOOM[1]), x, y };
  }
  zoom(times) {
    const { zoom, x, y } = this.look();
    const factor = Math.min(Math.max(zoom * times, ZOOM[0]), ZOOM[1]) / zoom;
    seen({ zoom: zoom * factor, x: x * factor, y: y * factor });
  }
  /** Where the map lies, as d3's zoom says it: in pixels, from the globe's middle. */
  transform({ zoom, x, y } = this.look()) {
    return d3.zoomIdentity.translate(this.width * (0.5 + x), this.height / 2 + this.width * y).scale(zoom);
  }
  /** `shown` are the rows that pass all but the choice of country; `bright` says which stand out. */
  plot(shown, bright) {
    const counts = counted(shown, (row) => row.country_code);
    const places = d3.groups(shown.filter(placed), (row) => row.place_id).map(([id, list]) => ({ id, list, ...list[0] }));
    const { k, x, y } = (this.node.__zoom = this.transform());
    const size = 24 * Math.sqrt(k) * Math.min(Math.max(this.width / 950, 0.65), 1.2);
    const colour = (code) => shade(counts.get(code));
    const strength = (code) => (counts.has(code) && !bright(code) ? 0.3 : 1);
    // Lines are straight on the plane, where parallels are straight too: a simplified border along a
    // parallel would bulge if it were drawn as a great circle.
    const projection = () => d3.geoEqualEarth().precision(0).scale((k * this.width) / SPAN).translate([x, y]);
    // The outlines are half of the work, and no filter changes them.
    const where = [k, x, y].join();
    if (this.where !== where) [this.where, this.outlines] = [where, content.shapes.map(d3.geoPath(projection()))];
    const land = d3.create("svg:g").attr("class", "land").attr("stroke", "var(--paper)").attr("stroke-width", 0.6);
    land.selectAll("path").data(content.shapes.map((shape) => shape.properties.code)).join("path")
      .attr("d", (_, at) => this.outlines[at]).attr("fill", colour).attr("opacity", strength).attr("data-key", String);
    const clear = places.filter((place) => bright(place.country_code));
    this.stops = d3.sort(clear, (place) => place.longitude).map((place) => place.id);
    return {
      height: this.height,
      margin: 0,
      projection,
      marks: [
        () => land.node(),
        Plot.dot(content.small, { x: "longitude", y: "latitude", r: 5.4, fill: ({ code }) => colour(code), stroke: "var(--paper)", strokeWidth: 0.6,
          opacity: ({ code }) => strength(code), ...keyed(content.small.map(({ code }) => code)) }),
        Plot.geo(state.arcs ? clear.map((place) => ({ type: "LineString",
          coordinates: d3.range(0, 1.01, 0.02).map(d3.geoInterpolate(HOME, [place.longitude, place.latitude])) })) : [],
          { stroke: "var(--accent)", strokeWidth: 0.8, opacity: 0.45, pointerEvents: "none" }),
        Plot.dot(places, { x: "longitude", y: "latitude", r: (place) => Math.sqrt((size * place.list.length) / Math.PI), fill: "var(--accent)", stroke: "var(--paper)",
          strokeWidth: 1, opacity: (place) => (bright(place.country_code) ? 1 : 0.18), ...keyed(places.map((place) => place.id)) }),
        Plot.dot([HOME], { symbol: "star", r: 6, fill: "var(--ink)", stroke: "var(--paper)", strokeWidth: 0.8, pointerEvents: "none" }),
      ],
    };
  }
  /** Drag, pinch, and the wheel with Ctrl; a plain wheel scrolls the page. The drawing is only moved until the hand lets go. */
  moves() {
    const before = () => this.transform();
    const zoom = d3.zoom().scaleExtent(ZOOM).clickDistance(STILL)
      .filter((event) => (event.type === "wheel" ? event.ctrlKey : !event.button))
      .on("zoom", ({ transform: { k, x, y } }) => {
        card.hide();
        const from = before();
        const times = k / from.k;
        this.svg.style.transform = `translate(${x - times * from.x}px, ${y - times * from.y}px) scale(${times})`;
      })
      .on("end", ({ transform: { k, x, y } }) => {
        const from = before();
        if (k !== from.k || Math.hypot(x - from.x, y - from.y) >= STILL)
          return seen({ zoom: k, x: x / this.width - 0.5, y: (y - this.height / 2) / this.width });
        this.node.__zoom = from;
        this.svg.style.transform = "";
      });
    sideways(this.node);
    d3.select(this.node).call(zoom).on("dblclick.zoom", null);
  }
}

// -- timeline

class Timeline extends Chart {
  clicks = false; // the brush hears them
  get height() {
    return this.small ? 130 : NARROW.matches ? 240 : 320;
  }
  get banded() {
    return state.terms && !this.small;
  }
  plot(shown, bright, highest = 0) {
    const [first, last] = [YEARS[0] - 0.7, YEARS[1] + 0.7];
    const counts = d3.flatRollup(shown, (list) => list.length, (row) => row.year, regionOf);
    this.totals = counted(shown, (row) => row.year);
    this.stops = d3.sort(this.totals.keys()).map(String);
    const most = Math.max(highest, ...this.totals.values(), 3);
    const top = this.banded ? most / (1 - 74 / this.height) : most * 1.08;
    const perYear = (this.width - 38) / (last - first);
    this.terms = (state.terms ? content.terms : [])
      .map((term, at) => ({ ...term, odd: at % 2 === 0, from: Math.max(term.year_from, first), to: Math.min(term.year_to ?? last, last) }))
      .filter((term) => term.from < term.to);
    const words = (line, style) => ({ x: "from", frameAnchor: "top", textAnchor: "start", lineAnchor: "top", dx: 5, fill: "var(--quiet)", ...style,
      text: (term) => wrapped(term[line], (text) => wide(text, style) <= (term.to - term.from) * perYear - 8) });
    const party = words("party", { dy: 5, fontSize: 11, fontWeight: "bold" });
    const lines = Math.max(1, ...this.terms.map((term) => party.text(term).split("\n").length));
    const mayor = words("mayor", { dy: 5 + 14 * lines, fontSize: 10.5, lineHeight: 1.24 });
    return {
      height: this.height,
      marginLeft: 26, marginRight: 12, marginTop: 2, marginBottom: 24,
      x: { type: "linear", domain: [first, last], tickFormat: "d", ticks: this.width / 60, tickSize: 0, tickPadding: 8, label: null },
      y: { domain: [0, top], tickFormat: "d", ticks: d3.ticks(0, top, 5).filter(Number.isInteger), tickSize: 0, grid: true, label: null },
      marks: [
        Plot.rect(this.terms, { x1: "from", x2: "to", fill: (term) => (term.odd ? "var(--band)" : "transparent") }),
        Plot.ruleX(this.terms, { x: "from", stroke: "var(--hair)", strokeDasharray: "2,3" }),
        Plot.rectY(counts, Plot.stackY({ x1: ([year]) => year - 0.42, x2: ([year]) => year + 0.42, y: "2", z: "1", order: content.regions, stroke: "var(--edge)", strokeWidth: 0.5,
          fill: ([, region]) => `var(--region-${region})`, opacity: ([year]) => (bright(year) ? 1 : 0.22), ...keyed(counts.map(([year]) => year)) })),
        ...(this.small ? [] : [Plot.text(this.terms, party), Plot.text(this.terms, mayor)]),
      ],
    };
  }
  draw() {
    super.draw();
    this.x = this.svg.scale("x");
    if (this.brush && !this.start) this.mark();
  }
  /** Set the brush to the chosen years, or clear it, without telling the page. */
  mark() {
    this.brush.extent([[26, 2], [this.width - 12, this.height - 24]]);
    const layer = this.layer.call(this.brush);
    layer.attr("style", null); // d3 closes it to the page's own swipes
    this.brush.move(layer, state.from === YEARS[0] && state.to === YEARS[1] ? null : [state.from - 0.5, state.to + 0.5].map((year) => this.x.apply(year)));
  }
  keyAt({ clientX, clientY }) {
    const { left, top } = this.inner.getBoundingClientRect();
    const at = this.x.invert(clientX - left);
    const found = Math.min(Math.max(Math.round(at), YEARS[0]), YEARS[1]);
    if (this.totals.has(found) && !(this.banded && clientY - top < 50)) return String(found);
    return this.terms.findLast((term) => term.from <= at);
  }
  /** Drag over the years, move what is chosen or its edges; a click or tap chooses one year. */
  brushes() {
    const point = (event) => event.changedTouches?.[0] ?? event;
    this.layer = d3.select(this.inner).append("svg").attr("class", "brush").append("g");
    this.brush = d3.brushX().keyModifiers(false)
      .filter((event) => (event.touches ? event.touches.length === 1 : !event.button))
      .on("start", ({ sourceEvent }) => sourceEvent && (this.start = point(sourceEvent)))
      .on("brush", ({ selection, sourceEvent }) => {
        if (!sourceEvent) return;
        card.hide();
        const [from, to] = [Math.ceil(this.x.invert(selection[0]) - 0.45), Math.floor(this.x.invert(selection[1]) + 0.45)];
        if (from <= to && (from !== state.from || to !== state.to)) choose({ from, to }, true);
      })
      .on("end", ({ sourceEvent }) => {
        if (!sourceEvent) return;
        const end = point(sourceEvent);
        const still = Math.hypot(end.clientX - this.start.clientX, end.clientY - this.start.clientY) < STILL;
        this.start = null;
        if (still && sourceEvent.type !== "touchcancel") this.press(this.keyAt(end), end, Boolean(sourceEvent.changedTouches));
        else choose({});
      });
    sideways(this.node);
  }
}

const pen = document.createElement("canvas").getContext("2d");
/** The width of `text` in the charts' letters. */
function wide(text, { fontSize, fontWeight = "normal" }) {
  pen.font = `${fontWeight} ${fontSize}px system-ui, sans-serif`;
  return pen.measureText(text).width;
}

/** A name on up to three lines that fit, or nothing if a word does not. */
function wrapped(name, fits) {
  const lines = [""];
  for (const part of name.match(/[^\s-]+-?\s*/g) ?? []) {
    if (!fits(part.trim())) return "";
    if (fits((lines.at(-1) + part).trim())) lines[lines.length - 1] += part;
    else lines.push(part);
  }
  return lines.length > 3 ? "" : lines.map((line) => line.trim()).join("\n");
}

// -- ranking

const KEYS = { country: (row) => row.country_code, municipality: (row) => row.municipality, region: (row) => regionOf(row) };
const NAMES = { country: countryName, municipality: String, region: (key) => word(`region.${key}`) };
const CHOSEN = {
  country: (key) => state.country.includes(key),
  municipality: (key) => state.municipality === key,
  region: (key) => state.region.includes(key),
};
const STEP = 33;

class Ranking extends Chart {
  plot() {
    const { by } = state;
    const [key, name] = [KEYS[by], NAMES[by]];
    const all = d3.groups(passing(by).filter((row) => key(row) != null), key).sort(([a, m], [b, n]) => n.length - m.length || compare(name(a), name(b)));
    const ranks = all.slice(0, RANKS);
    const any = state[by] !== "all" && state[by].length > 0;
    this.stops = ranks.map(([found]) => found);
    this.names = ranks.slice(0, 5).map(([found, list]) => `${name(found)} ${number(list.length)}`);
    $("ranking-more").textContent = all.length > ranks.length ? fill("more_ranks", { n: all.length - ranks.length }) : "";
    const row = { y: ([found]) => found, opacity: ([found]) => (any && !CHOSEN[by](found) ? 0.3 : 1) };
    const words = { ...row, dy: -5, fontSize: 12.5, fill: "var(--ink)" };
    const bars = ranks.flatMap(([found, list]) => LEVELS.map((level) => [found, list.filter((one) => one.level === level).length, level]));
    return {
      height: Math.max(ranks.length, 1) * STEP,
      margin: 0,
      x: { axis: null, domain: [0, Math.max(1, ...ranks.map(([, list]) => list.length))] },
      y: { axis: null, domain: this.stops, padding: 0 },
      marks: [
        Plot.barX(bars, Plot.stackX({ ...row, x: "1", fill: ([, , level]) => `var(--level${LEVELS.indexOf(level)})`, insetTop: 22, insetBottom: 4 })),
        Plot.text(ranks, { ...words, frameAnchor: "left", textAnchor: "start", lineWidth: (this.width - 40) / 12.5, textOverflow: "ellipsis",
          text: ([found]) => name(found), ...keyed(this.stops) }),
        Plot.text(ranks, { ...words, frameAnchor: "right", textAnchor: "end", fontWeight: "bold", text: ([, list]) => number(list.length) }),
        // The whole line is the target, however short its bar.
        Plot.barX(ranks, { y: row.y, x1: 0, x2: ranks[0]?.[1].length, fill: "transparent", ...keyed(this.stops) }),
      ],
    };
  }
}

const act = {
  country: (code) => COUNTRIES.has(code) && choose({ country: toggled(state.country, code) }),
  municipality: (name) => choose({ municipality: state.municipality === name ? "all" : name }),
  region: (name) => choose({ region: toggled(state.region, name) }),
};
const heading = (name, count) => `${name}: ${fill("count", { n: count })}`;
const headed = (name, list) => (list.length ? [heading(name, list.length), list] : null);

const charts = {
  open() {
    const map = (this.map = new WorldMap($("map-canvas")));
    const timeline = (this.timeline = new Timeline($("timeline-canvas")));
    const ranking = (this.ranking = new Ranking($("ranking-canvas")));
    const ofPlace = (id) => passing("country").filter((row) => row.place_id === id);
    map.live(
      (key) => {
        const [here, there] = [ofPlace(key), passing("country").filter((row) => row.country_code === key)];
        return here.length === 1 ? [countryName(here[0].country_code), here] : headed(here.length ? partnerOf(here[0]) : countryName(key), here.length ? here : there);
      },
      (key) => act.country(ofPlace(key)[0]?.country_code ?? key),
      { "+": () => map.zoom(1.5), "-": () => map.zoom(1 / 1.5) },
    );
    map.moves();
    timeline.live(
      (key) => {
        if (typeof key === "string") return headed(key, passing("years").filter((row) => row.year === +key));
        const { year_from, year_to, party, mayor } = key;
        const count = passing("years").filter((row) => row.year >= year_from && row.year <= (year_to ?? YEARS[1])).length;
        return [heading(`${year_from}–${year_to ?? ""} ${mayor} (${party})`, count), []];
      },
      (key) => {
        const chosen = typeof key !== "string" || (state.from === +key && state.to === +key) ? YEARS : [+key, +key];
        return choose({ from: chosen[0], to: chosen[1] });
      },
    );
    timeline.brushes();
    ranking.live(
      (key) => headed(NAMES[state.by](key), passing(state.by).filter((row) => KEYS[state.by](row) === key)),
      (key) => act[state.by](key),
    );
  },

  paint() {
    const shown = passing();
    const any = state.country.length > 0;
    this.map.paint(passing("country"), (code) => !any || state.country.includes(code));
    this.timeline.paint(passing("years"), (value) => value >= state.from && value <= state.to);
    this.ranking.paint();
    const lost = shown.filter((row) => !placed(row));
    $("unplaced").textContent = lost.length ? fill("unplaced", { n: lost.length }) : "";
    const facts = { n: shown.length, countries: distinct(shown, (row) => row.country_code) };
    $("map-canvas").setAttribute("aria-label", fill("map_alt", facts));
    const [most] = [...counted(shown, (row) => row.year)].sort(([a, m], [b, n]) => n - m || a - b);
    $("timeline-canvas").setAttribute("aria-label", most ? fill("timeline_alt", { n: shown.length, year: most[0], most: most[1] }) : word("timeline_none"));
    const { names } = this.ranking;
    $("ranking-canvas").setAttribute("aria-label", fill("ranking_alt", { names: names.length ? list(names) : word("none") }));
    const regions = counted(passing("region"), regionOf);
    for (const button of document.querySelectorAll("[data-region]")) {
      const { region } = button.dataset;
      button.hidden = !regions.has(region) && !state.region.includes(region);
      button.setAttribute("aria-pressed", state.region.includes(region));
      button.lastChild.textContent = number(regions.get(region) ?? 0);
    }
    for (const button of document.querySelectorAll("[data-by]")) button.setAttribute("aria-pressed", button.dataset.by === state.by);
    for (const name of ["arcs", "terms"]) $(name).setAttribute("aria-pressed", state[name]);
    $("terms-note").hidden = !state.terms;
  },
};

// ---- two municipalities -----------------------------------------------------------------------------

const sides = {
  open: {},
  // Four more charts: painted only while they are on the screen, or nearly.
  watch() {
    new IntersectionObserver(([entry]) => {
      this.near = entry.isIntersecting;
      this.paint();
    }, { rootMargin: "300px" }).observe($("compare"));
  },
  paint() {
    if (!this.near) return;
    const lists = ["a", "b"].map((at) => passing("municipality").filter((row) => row.municipality === state[at]));
    const highest = Math.max(0, ...lists.flatMap((some) => [...counted(some, (row) => row.year).values()]));
    ["a", "b"].forEach((at, place) => this.side(at, state[at], lists[place], highest));
    const codes = lists.map((some) => new Set(some.map((row) => row.country_code).filter(Boolean)));
    const common = [...codes[0]].filter((code) => codes[1].has(code)).map(countryName).sort(compare);
    $("common").textContent = common.length ? fill("common", { names: list(common) }) : word("no_common");
  },
  side(at, name, shown, highest) {
    if (!this.open[at]) {
      const [map, timeline] = [0, 1].map(() => element("div", { class: "canvas", role: "img" }));
      const [facts, most] = [element("p", { class: "facts" }), element("p", { class: "note" })];
      $(`side-${at}`).replaceChildren(facts, map, timeline, most);
      this.open[at] = { facts, most, map: new WorldMap(map, true), timeline: new Timeline(timeline, true) };
    }
    const { facts, most, ...both } = this.open[at];
    const countries = counted(shown, (row) => row.country_code);
    const [first, last] = d3.extent(shown, (row) => row.year);
    const said = fill("compare_facts", { n: shown.length, countries: countries.size });
    facts.replaceChildren(element("b", {}, name), " ", shown.length ? `${said}, ${first === last ? first : fill("compare_years", { first, last })}` : word("compare_none"));
    const names = d3.sort(countries, ([a, m], [b, n]) => n - m || compare(countryName(a), countryName(b))).slice(0, 6).map(([code, n]) => `${countryName(code)} ${number(n)}`);
    most.textContent = names.length ? fill("compare_most", { names: list(names) }) : "";
    for (const [kind, chart] of Object.entries(both)) {
      chart.node.setAttribute("aria-label", `${name}: ${word(kind)} ${said}`);
      chart.paint(shown, () => true, highest);
    }
  },
};

// ---- the table --------------------------------------------------------------------------------------

const listing = {
  limit: rows.length <= WHOLE ? WHOLE : PAGE,
  made: new Map(),

  build() {
    for (const cell of document.querySelectorAll("th[data-column]")) {
      const { column } = cell.dataset;
      const button = element("button", { type: "button", onclick: () =>
        choose(state.sort !== column ? { sort: column, order: "asc" } : state.order === "asc" ? { order: "desc" } : { sort: "", order: "asc" }) });
      button.textContent = cell.textContent;
      cell.replaceChildren(button);
    }
    $("more-rows").addEventListener("click", () => this.show(this.limit + PAGE));
    $("all-rows").addEventListener("click", () => this.show(Infinity));
    addEventListener("beforeprint", () => this.show(Infinity));
    const light = (event) => {
      const row = event.target.closest?.("tr[data-order]");
      charts.map.light(row && rows[row.dataset.order].place_id);
    };
    $("rows").addEventListener("pointerover", light);
    $("rows").addEventListener("focusin", light);
    $("rows").addEventListener("pointerleave", light);
  },

  speak() {
    for (const cell of document.querySelectorAll("th[data-column]")) {
      const { column } = cell.dataset;
      cell.querySelector("button").textContent = title(column);
    }
  },

  show(limit) {
    const before = this.limit;
    this.limit = limit;
    this.paint();
    // The button may be gone: reading goes on at the first row that is new.
    document.querySelector(`#rows tr:nth-child(${before + 1}) summary`)?.focus();
  },

  paint() {
    const shown = this.sorted(passing());
    // Rows are made once for a language and a scheme; after that they are only put in order.
    const said = `${state.lang} ${state.scheme}`;
    if (this.said !== said) [this.said, this.made, this.before] = [said, new Map(), this.made];
    $("rows").replaceChildren(...shown.slice(0, this.limit).map((row) => this.row(row)));
    const left = Math.max(shown.length - this.limit, 0);
    $("more-rows").hidden = $("all-rows").hidden = !left;
    $("more-rows").textContent = fill("more_rows", { n: Math.min(left, PAGE) });
    $("all-rows").textContent = fill("all_rows", { n: shown.length });
    for (const cell of document.querySelectorAll("th[data-column]"))
      if (cell.dataset.column === state.sort) cell.setAttribute("aria-sort", state.order === "asc" ? "ascending" : "descending");
      else cell.removeAttribute("aria-sort");
  },

  sorted(shown) {
    const { sort, order } = state;
    if (!sort) return shown;
    const sign = order === "asc" ? 1 : -1;
    const key = sort === "confidence" ? sure : sort === "year" ? (row) => row.year : SHOWN[sort];
    const keyed = shown.map((row) => [key(row), row]);
    keyed.sort(([a, m], [b, n]) => sign * (typeof a === "number" ? a - b : compare(a, b)) || m.order - n.order);
    return keyed.map(([, row]) => row);
  },

  row(row) {
    if (this.made.has(row.order)) return this.made.get(row.order);
    const fold = element("details", { open: this.before.get(row.order)?.querySelector("details").open },
      element("summary", {}, partnerOf(row), ...(row.status === "reported_cancelled" ? [" ", element("small", { class: "badge" }, word("cancelled"))] : [])),
      element("p", {}, fill("printed", { name: row.partner_printed })),
      element("p", {}, `${word("source")}: ${sourceOf(row)}`),
      element("p", {}, `${word("evidence")}: `, element("span", { lang: "en" }, row.evidence)));
    const made = element("tr", { "data-order": row.order },
      element("th", { scope: "row", class: "partner" }, fold),
      ...COLUMNS.slice(1).map((name) => element("td", { class: name, "data-title": title(name) }, SHOWN[name](row))));
    this.made.set(row.order, made);
    return made;
  },
};

// ---- downloads and links ----------------------------------------------------------------------------

/** A cell of the CSV file; text that a spreadsheet would take for a formula is marked as text. */
function cell(value, type) {
  if (value === null) return "";
  let text = String(value);
  if (!["integer", "number", "boolean"].includes(type) && /^[=+\-@＝＋＠\t\r]/.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function download() {
  const lines = passing().map((row) => content.fields.map(({ name, type }) => cell(row[name], type)).join(","));
  // The mark at the beginning tells a spreadsheet that the letters are UTF-8.
  const file = new Blob([`\ufeff${[fields.join(","), ...lines].join("\n")}\n`], { type: "text/csv;charset=utf-8" });
  const link = element("a", { href: URL.createObjectURL(file), download: "agreements.csv" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

async function copy() {
  const url = location.href.replace(/#.*$/, "") + address();
  try {
    await navigator.clipboard.writeText(url);
    $("copy").textContent = $("said").textContent = word("copied");
    setTimeout(() => ($("copy").textContent = word("copy")), 2500);
  } catch {
    // Where the clipboard is closed to the page, the address itself is shown to be copied by hand.
    $("address").hidden = false;
    const box = $("address").querySelector("input");
    box.value = url;
    box.select();
  }
}

// ---- painting ---------------------------------------------------------------------------------------

let spoken = null;
let turn = 0;

async function paint() {
  const start = performance.now();
  const mine = ++turn;
  document.documentElement.setAttribute("aria-busy", "true");
  sift();
  if (spoken !== state.lang) {
    spoken = state.lang;
    speak();
  }
  const shown = passing();
  $("nothing").hidden = shown.length > 0;
  document.querySelector(".scroller").hidden = shown.length === 0;
  $("download").disabled = shown.length === 0;
  $("count").textContent = fill("shown", { n: shown.length, all: rows.length });
  const placed = shown.filter((row) => row.country_code);
  $("count-more").textContent = fill("shown_more", {
    places: distinct(placed, (row) => row.place_id),
    countries: distinct(placed, (row) => row.country_code),
  });
  card.hide();
  form.paint();
  chips();
  listing.paint();
  charts.paint();
  sides.paint();
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  performance.measure("filter", { start, end: performance.now() });
  if (mine === turn) document.documentElement.removeAttribute("aria-busy");
}

form.build();
listing.build();
$("filters").open = WIDE.matches;
WIDE.addEventListener("change", () => ($("filters").open = WIDE.matches));
document.documentElement.classList.remove("still");
charts.open();
await paint();
sides.watch();
document.documentElement.dataset.ready = Math.round(performance.now());

for (const button of document.querySelectorAll("[data-language]"))
  button.addEventListener("click", () => choose({ lang: button.dataset.language }));
for (const button of document.querySelectorAll("[data-by]"))
  button.addEventListener("click", () => choose({ by: button.dataset.by }));
$("arcs").addEventListener("click", () => choose({ arcs: !state.arcs }));
$("terms").addEventListener("click", () => choose({ terms: !state.terms }));
$("larger").addEventListener("click", () => charts.map.zoom(1.5));
$("smaller").addEventListener("click", () => charts.map.zoom(1 / 1.5));
$("world").addEventListener("click", () => seen(WORLD));
$("closer").addEventListener("click", () => seen(closer(charts.map.height / charts.map.width)));
$("pair-a").addEventListener("change", ({ target }) => choose({ a: target.value }));
$("pair-b").addEventListener("change", ({ target }) => choose({ b: target.value }));
$("download").addEventListener("click", download);
$("copy").addEventListener("click", copy);
document.querySelector(".skip").addEventListener("click", (event) => {
  // The address holds the view; a jump must not overwrite it.
  event.preventDefault();
  const target = document.querySelector(".scroller");
  target.focus();
  target.scrollIntoView();
});
addEventListener("popstate", () => {
  clearTimeout(later);
  state = readAddress();
  paint();
});
