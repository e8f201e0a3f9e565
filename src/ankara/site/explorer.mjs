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
const WIDE = matchMedia("(min-width: 1100px)");
const DARK = matchMedia("(prefers-color-scheme: dark)");

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
  by: ["country", among(["country", "municipality", "region"])],
  arcs: [false, truth],
  terms: [true, truth],
  a: [MUNICIPALITIES[0] ?? "", among(MUNICIPALITIES)],
  b: [MUNICIPALITIES[1] ?? "", among(MUNICIPALITIES)],
  sort: ["", among(COLUMNS)],
  order: ["asc", among(["desc"])],
  view: ["", (text) => (/^\d+(\.\d+)?,-?\d+(\.\d+)?,-?\d+(\.\d+)?$/.test(text) ? text : undefined)],
};
const FILTERS = ["from", "to", "level", "form", "capital", "confidence", "municipality", "country", "region"];

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

function choose(change) {
  state = { ...state, ...change };
  if (state.from > state.to) [state.from, state.to] = [state.to, state.from];
  history.replaceState(null, "", address());
  return paint();
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
};
const BITS = Object.fromEntries(Object.keys(TESTS).map((name, place) => [name, 1 << place]));

// Each row with the set of tests that it fails, so that a view can leave its own choice out.
let failed = new Int32Array(rows.length);
function sift() {
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
    element("li", {}, element("button", { type: "button", "aria-label": fill("remove", { what: text }), onclick: () => choose(change) },
      text, element("span", { "aria-hidden": "true" }, " ×")));
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

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
function theme() {
  return {
    ...Object.fromEntries(["ink", "quiet", "hair", "paper", "land", "accent", "band", "edge"].map((name) => [name, colour(name)])),
    sequence: [0, 1, 2, 3].map((at) => colour(`s${at}`)),
    regions: Object.fromEntries(content.regions.map((name) => [name, colour(`region-${name}`)])),
    levels: Object.fromEntries(LEVELS.map((name, at) => [name, colour(`level${at}`)])),
  };
}

class Chart {
  /** A Vega view in `node`; `height` gives its height for a width. */
  constructor(name, node, height) {
    Object.assign(this, { name, node, height, current: null });
  }
  async open() {
    this.inner = element("div", { "aria-hidden": "true" });
    this.node.replaceChildren(this.inner);
    const spec = structuredClone(content.charts[this.name]);
    [spec.width, spec.height] = this.size();
    // Errors only: before the first rows arrive every extent is empty, which Vega would warn of.
    const options = { actions: false, renderer: "canvas", tooltip: false, defaultStyle: false, hover: false, logLevel: 1 };
    this.view = (await vegaEmbed(this.inner, spec, options)).view;
    this.view.signal("theme", theme());
    new ResizeObserver(([{ contentRect }]) => {
      this.wide = contentRect.width;
      this.resize();
    }).observe(this.node);
    return this;
  }
  /** Width and height of what is drawn, without the room for axes. */
  size() {
    const { left, right, top, bottom } = content.charts[this.name].padding;
    // Measured only when it changes: asking within a repaint would lay the whole page out again.
    const width = Math.max((this.wide ??= this.node.clientWidth), 160);
    return [width - left - right, Math.round(this.height(width)) - top - bottom];
  }
  async resize() {
    const [width, height] = this.size();
    if (width === this.view.width() && height === this.view.height()) return;
    this.view.width(width).height(height);
    this.resized?.();
    await this.view.runAsync();
  }
  fill(data) {
    for (const [name, values] of Object.entries(data)) this.view.data(name, values);
  }
  signals(values) {
    for (const [name, value] of Object.entries(values)) this.view.signal(name, value);
  }
  /** Pointer: `found(datum)` gives heading and rows to show, `act(datum)` is the click. */
  listen(found, act) {
    this.view.addEventListener("pointermove", (event, item) => {
      if (event.buttons) return;
      const shown = item?.datum && found(item.datum);
      if (shown) card.show(...shown, { x: event.clientX, y: event.clientY });
      else card.hide();
    });
    this.view.addEventListener("pointerout", () => card.hide());
    this.view.addEventListener("click", (event, item) => !this.moved && item?.datum && act(item.datum));
    this.found = found;
    this.act = act;
  }
  /** Keyboard: arrows go through `stops()` (each a key and a datum), Enter acts, Escape leaves. */
  keys(stops, where, more = {}) {
    this.node.addEventListener("keydown", (event) => {
      const all = stops();
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (step && all.length) {
        const at = all.findIndex(({ key }) => key === this.current?.key);
        const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length;
        const { key, datum } = (this.current = all[next]);
        this.view.signal("focus", key).runAsync();
        const shown = this.found(datum);
        const box = this.node.getBoundingClientRect();
        const [x, y] = where(datum);
        card.show(...shown, { x: box.left + x, y: box.top + y }, true);
        $("said").textContent = $("card").innerText;
      } else if (event.key === "Enter" && this.current) this.act(this.current.datum);
      else if (more[event.key]) more[event.key]();
      else return;
      event.preventDefault();
    });
    this.node.addEventListener("blur", () => {
      this.current = null;
      this.view.signal("focus", "").runAsync();
      card.hide();
    });
  }
}

// -- map

const SQRT3 = Math.sqrt(3);
/** A place on the plane of the Equal Earth projection (Šavrič, Patterson and Jenny 2018). */
function project(longitude, latitude) {
  const [a1, a2, a3, a4] = [1.340264, -0.081106, 0.000893, 0.003796];
  const t = Math.asin((SQRT3 / 2) * Math.sin((latitude * Math.PI) / 180));
  const [t2, t6] = [t * t, t ** 6];
  const lambda = (longitude * Math.PI) / 180;
  return [
    (lambda * Math.cos(t)) / ((SQRT3 / 2) * (a1 + 3 * a2 * t2 + t6 * (7 * a3 + 9 * a4 * t2))),
    t * (a1 + a2 * t2 + t6 * (a3 + a4 * t2)),
  ];
}
const SPAN = 5.45;
const PLACED = rows.filter((row) => row.latitude !== null && row.longitude !== null);
const WORLD = { zoom: 1, x: 0, y: 0.035 };

/** The great circle between two places, as a line of points. */
function arc(from, to, steps = 48) {
  const point = ([longitude, latitude]) => {
    const [l, f] = [(longitude * Math.PI) / 180, (latitude * Math.PI) / 180];
    return [Math.cos(f) * Math.cos(l), Math.cos(f) * Math.sin(l), Math.sin(f)];
  };
  const [a, b] = [point(from), point(to)];
  const angle = Math.acos(Math.min(1, Math.max(-1, a[0] * b[0] + a[1] * b[1] + a[2] * b[2])));
  if (angle < 1e-6) return [from, to];
  return Array.from({ length: steps + 1 }, (_, step) => {
    const t = step / steps;
    const [u, v] = [Math.sin((1 - t) * angle) / Math.sin(angle), Math.sin(t * angle) / Math.sin(angle)];
    const [x, y, z] = [0, 1, 2].map((at) => u * a[at] + v * b[at]);
    return [(Math.atan2(y, x) * 180) / Math.PI, (Math.asin(Math.min(1, Math.max(-1, z))) * 180) / Math.PI];
  });
}

/** The window that holds all but the outermost partners. */
function closer(ratio) {
  const range = (values) => {
    values.sort((a, b) => a - b);
    return [values[Math.floor(values.length * 0.12)], values[Math.ceil(values.length * 0.88) - 1]];
  };
  if (!PLACED.length) return WORLD;
  const points = PLACED.map((row) => project(row.longitude, row.latitude));
  const [x0, x1] = range(points.map(([x]) => x));
  const [y0, y1] = range(points.map(([, y]) => y));
  const zoom = Math.min(8, (SPAN * 0.86) / Math.max(x1 - x0, 0.2), (SPAN * ratio * 0.8) / Math.max(y1 - y0, 0.1));
  return { zoom, x: (-zoom * (x0 + x1)) / 2 / SPAN, y: (zoom * (y0 + y1)) / 2 / SPAN };
}

class WorldMap extends Chart {
  constructor(node, small = false) {
    super("map", node, (width) => (small ? width * 0.5 : Math.min(Math.max(width * 0.47, 270), 600)));
  }
  async open() {
    await super.open();
    this.fill({
      shapes: structuredClone(content.shapes),
      small: structuredClone(content.small),
      origin: [{ longitude: content.study.longitude, latitude: content.study.latitude, origin: true }],
    });
    return this;
  }
  look() {
    const [width, height] = this.size();
    const near = state.view ? null : NARROW.matches || width < 480 ? closer(height / width) : WORLD;
    const [zoom, x, y] = near ? [near.zoom, near.x, near.y] : state.view.split(",").map(Number);
    return { zoom: Math.min(Math.max(zoom, 0.8), 24), x, y };
  }
  frame({ zoom, x, y } = this.look()) {
    const area = 24 * Math.sqrt(zoom) * Math.min(Math.max(this.size()[0] / 950, 0.65), 1.2);
    this.signals({ zoom, shift: [x, y], area });
  }
  resized() {
    this.frame();
  }
  position({ longitude, latitude }) {
    const [width, height] = this.size();
    const { zoom, x, y } = this.look();
    const [px, py] = project(longitude, latitude);
    const scale = (zoom * width) / SPAN;
    return [width / 2 + x * width + px * scale, height / 2 + y * width - py * scale];
  }
  /** `shown` are the rows that pass all but the choice of country; `bright` says which stand out. */
  paint(shown, bright) {
    const countries = [...counted(shown, (row) => row.country_code)].map(([code, n]) => {
      const above = CLASSES.findIndex((high) => n <= high);
      return { code, class: above < 0 ? CLASSES.length : above, dimmed: !bright(code) };
    });
    const groups = new Map();
    for (const row of shown) {
      if (row.latitude === null || row.longitude === null) continue;
      const found = groups.get(row.place_id);
      if (found) found.n += 1;
      else {
        const { place_id: id, longitude, latitude, country_code: code } = row;
        groups.set(id, { id, longitude, latitude, code, n: 1, dimmed: !bright(code) });
      }
    }
    this.places = [...groups.values()].sort((a, b) => b.n - a.n);
    const from = [content.study.longitude, content.study.latitude];
    const arcs = state.arcs
      ? this.places.filter((place) => !place.dimmed).map((place) => ({
          type: "Feature",
          properties: {},
          geometry: { type: "LineString", coordinates: arc(from, [place.longitude, place.latitude]) },
        }))
      : [];
    this.fill({ countries, places: this.places.map((place) => ({ ...place })), arcs });
    this.frame();
  }
}

// -- timeline

class Timeline extends Chart {
  constructor(node, small = false) {
    super("timeline", node, () => (small ? 130 : NARROW.matches ? 240 : 320));
    this.small = small;
  }
  paint(shown, bright, highest = 0) {
    const counts = new Map();
    const totals = new Map();
    for (const row of shown) {
      const region = regionOf(row);
      const key = `${row.year} ${region}`;
      const found = counts.get(key);
      if (found) found.n += 1;
      else counts.set(key, { year: row.year, region, n: 1, order: content.regions.indexOf(region), dimmed: !bright(row.year) });
      totals.set(row.year, (totals.get(row.year) ?? 0) + 1);
    }
    this.totals = totals;
    const most = Math.max(highest, ...totals.values(), 3);
    const [width, height] = this.size();
    const banded = state.terms && !this.small;
    const top = banded ? most / (1 - 74 / height) : most * 1.08;
    const first = YEARS[0] - 0.7;
    const last = YEARS[1] + 0.7;
    const perYear = width / (last - first);
    const terms = (state.terms ? content.terms : []).map((term, at) => {
      const from = Math.max(term.year_from, first);
      const to = Math.min(term.year_to ?? last, last);
      const room = this.small ? 0 : (to - from) * perYear - 8;
      const lines = wrapped(term.mayor, (text) => wide(text, "10.5px") <= room);
      const party = wide(term.party, "bold 11px") <= room ? term.party : "";
      return { from, to, party, lines: lines.length ? lines : [""], odd: at % 2 === 0, term };
    });
    this.fill({ years: [...counts.values()], terms: terms.filter((term) => term.from < term.to) });
    this.signals({ first, last, top });
  }
  /** Set the brush to the chosen years, or clear it, without telling the page. */
  async mark() {
    if (this.dragging) return;
    const whole = state.from === YEARS[0] && state.to === YEARS[1];
    const scale = this.view.scale("x");
    this.silent = true;
    this.view.signal("brush_x", whole ? [0, 0] : [scale(state.from - 0.5), scale(state.to + 0.5)]);
    await this.view.runAsync();
    this.silent = false;
  }
  brushed(tell) {
    this.view.addSignalListener("brush", (_, { from }) => {
      if (this.silent) return;
      if (!from) return this.dragging || tell([...YEARS]);
      tell([Math.max(Math.ceil(from[0] - 0.45), YEARS[0]), Math.min(Math.floor(from[1] + 0.45), YEARS[1])]);
    });
    this.inner.addEventListener("pointerdown", () => (this.dragging = true));
    addEventListener("pointerup", () => {
      if (!this.dragging) return;
      this.dragging = false;
      setTimeout(() => this.mark());
    });
  }
  position({ year }) {
    return [this.view.scale("x")(year) + content.charts.timeline.padding.left, 60];
  }
}

const pen = document.createElement("canvas").getContext("2d");
/** The width of `text` in the charts' letters. */
function wide(text, size) {
  pen.font = `${size} ${content.charts.timeline.config.style.text.font}`;
  return pen.measureText(text).width;
}

/** A name on up to three lines that fit, or nothing if a word does not. */
function wrapped(name, fits) {
  const lines = [""];
  for (const part of name.match(/[^\s-]+-?\s*/g) ?? []) {
    if (!fits(part.trim())) return [];
    if (fits((lines.at(-1) + part).trim())) lines[lines.length - 1] += part;
    else lines.push(part);
  }
  return lines.length > 3 ? [] : lines.map((line) => line.trim());
}

// -- ranking

const KEYS = { country: (row) => row.country_code, municipality: (row) => row.municipality, region: (row) => regionOf(row) };
const NAMES = { country: countryName, municipality: String, region: (key) => word(`region.${key}`) };
const CHOSEN = {
  country: (key) => state.country.includes(key),
  municipality: (key) => state.municipality === key,
  region: (key) => state.region.includes(key),
};

class Ranking extends Chart {
  constructor(node) {
    super("ranking", node, () => Math.max(this.ranks?.length ?? RANKS, 1) * 33);
  }
  paint() {
    const { by } = state;
    const shown = passing(by);
    const totals = counted(shown, KEYS[by]);
    const levels = counted(shown, (row) => (KEYS[by](row) == null ? null : `${row.level} ${KEYS[by](row)}`));
    const any = state[by] !== "all" && state[by].length > 0;
    this.all = [...totals].sort(([a, m], [b, n]) => n - m || compare(NAMES[by](a), NAMES[by](b)));
    this.ranks = this.all.slice(0, RANKS).map(([key, n], rank) => ({
      rank, key, n, label: NAMES[by](key), chosen: CHOSEN[by](key), dimmed: any && !CHOSEN[by](key),
    }));
    this.fill({
      ranks: this.ranks.flatMap((row) =>
        LEVELS.map((level, order) => ({ ...row, said: number(row.n), level, order, n: levels.get(`${level} ${row.key}`) ?? 0 })),
      ),
    });
    this.signals({ top: Math.max(1, ...this.ranks.map((row) => row.n)) });
    this.view.height(this.size()[1]);
    const left = this.all.length - this.ranks.length;
    $("ranking-more").textContent = left > 0 ? fill("more_ranks", { n: left }) : "";
  }
  position({ rank }) {
    return [this.size()[0] / 2, rank * 33 + 16];
  }
}

const act = {
  country: (code) => code && choose({ country: toggled(state.country, code) }),
  municipality: (name) => choose({ municipality: state.municipality === name ? "all" : name }),
  region: (name) => choose({ region: toggled(state.region, name) }),
};
const heading = (name, count) => `${name}: ${fill("count", { n: count })}`;

const charts = {
  async open() {
    this.map = new WorldMap($("map-canvas"));
    this.timeline = new Timeline($("timeline-canvas"));
    this.ranking = new Ranking($("ranking-canvas"));
    await Promise.all([this.map.open(), this.timeline.open(), this.ranking.open()]);

    const { map, timeline, ranking } = this;
    map.listen(
      (datum) => {
        const shown = passing("country");
        if (datum.id) {
          const here = shown.filter((row) => row.place_id === datum.id);
          return [here.length > 1 ? heading(partnerOf(here[0]), here.length) : countryName(datum.code), here];
        }
        const code = datum.code ?? datum.properties?.code;
        const there = shown.filter((row) => row.country_code === code);
        return code && there.length ? [heading(countryName(code), there.length), there] : null;
      },
      (datum) => {
        const code = datum.code ?? datum.properties?.code;
        if (COUNTRIES.has(code)) act.country(code);
      },
    );
    map.keys(
      () => map.places.filter((place) => !place.dimmed).sort((a, b) => a.longitude - b.longitude).map((datum) => ({ key: datum.id, datum })),
      (datum) => map.position(datum),
      { "+": () => zoomed(1.5), "-": () => zoomed(1 / 1.5) },
    );
    this.drag();

    const inTerm = ({ year_from, year_to }) =>
      passing("years").filter((row) => row.year >= year_from && row.year <= (year_to ?? YEARS[1]));
    const termOf = ({ year_from, year_to, party, mayor }) => `${year_from}–${year_to ?? ""} ${mayor} (${party})`;
    const ofYear = ({ year }) => {
      const there = passing("years").filter((row) => row.year === year);
      return year && there.length ? [heading(String(year), there.length), there] : null;
    };
    timeline.listen(
      (datum) => (datum.year ? ofYear(datum) : datum.term ? [heading(termOf(datum.term), inTerm(datum.term).length), []] : null),
      () => {},
    );
    timeline.act = ({ year }) => choose(state.from === year && state.to === year ? { from: YEARS[0], to: YEARS[1] } : { from: year, to: year });
    timeline.keys(
      () => [...timeline.totals.keys()].sort((a, b) => a - b).map((year) => ({ key: String(year), datum: { year } })),
      (datum) => timeline.position(datum),
    );
    let wanted = null;
    timeline.brushed(([from, to]) => {
      if (from > to) [from, to] = YEARS;
      if (!wanted && from === state.from && to === state.to) return;
      if (!wanted) requestAnimationFrame(() => { choose(wanted); wanted = null; });
      wanted = { from, to };
    });
    ranking.listen(
      (datum) => {
        const there = passing(state.by).filter((row) => KEYS[state.by](row) === datum.key);
        return datum.key && there.length ? [heading(NAMES[state.by](datum.key), there.length), there] : null;
      },
      (datum) => datum.key && act[state.by](datum.key),
    );
    ranking.keys(
      () => ranking.ranks.map((datum) => ({ key: datum.key, datum })),
      (datum) => ranking.position(datum),
    );
  },

  drag() {
    const { map } = this;
    let start = null;
    map.node.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      start = { x: event.clientX, y: event.clientY, look: map.look() };
      map.moved = false;
    });
    addEventListener("pointermove", (event) => {
      if (!start || !event.buttons) return;
      const [dx, dy] = [event.clientX - start.x, event.clientY - start.y];
      if (!map.moved && Math.hypot(dx, dy) < 5) return;
      map.moved = true;
      card.hide();
      const [width] = map.size();
      start.now = { zoom: start.look.zoom, x: start.look.x + dx / width, y: start.look.y + dy / width };
      map.frame(start.now);
      map.view.runAsync();
    });
    addEventListener("pointerup", () => {
      if (start?.now) seen(start.now);
      start = null;
      setTimeout(() => (map.moved = false));
    });
    map.node.addEventListener("wheel", (event) => {
      // A plain wheel scrolls the page; with Ctrl (and a pinch on a touchpad) it zooms.
      if (!event.ctrlKey) return;
      event.preventDefault();
      const box = map.node.getBoundingClientRect();
      zoomed(Math.exp(-event.deltaY / 300), event.clientX - box.left, event.clientY - box.top);
    }, { passive: false });
  },

  paint() {
    const country = passing("country");
    const any = state.country.length > 0;
    this.map.paint(country, (code) => !any || state.country.includes(code));
    this.timeline.paint(passing("years"), (value) => value >= state.from && value <= state.to);
    this.ranking.paint();
    const lost = passing().filter((row) => row.latitude === null);
    $("unplaced").textContent = lost.length ? fill("unplaced", { n: lost.length }) : "";
    this.describe(passing());
  },

  describe(shown) {
    const facts = { n: shown.length, countries: distinct(shown, (row) => row.country_code) };
    $("map-canvas").setAttribute("aria-label", fill("map_alt", facts));
    const [most] = [...counted(shown, (row) => row.year)].sort(([a, m], [b, n]) => n - m || a - b);
    $("timeline-canvas").setAttribute("aria-label",
      most ? fill("timeline_alt", { n: shown.length, year: most[0], most: most[1] }) : word("timeline_none"));
    const names = list(this.ranking.ranks.slice(0, 5).map((row) => `${row.label} ${number(row.n)}`));
    $("ranking-canvas").setAttribute("aria-label", fill("ranking_alt", { names: names || word("none") }));
    const regions = counted(passing("region"), regionOf);
    $("regions").replaceChildren(
      ...content.regions.filter((name) => regions.has(name) || state.region.includes(name)).map((name) => {
        const pressed = state.region.includes(name);
        return element("button", { type: "button", "data-region": name, "aria-pressed": String(pressed), onclick: (event) => {
          act.region(name);
          // The buttons are made anew; the focus stays on the one that was pressed.
          document.querySelector(`[data-region="${event.currentTarget.dataset.region}"]`)?.focus();
        } },
          element("i", { class: `swatch region-${name}` }), word(`region.${name}`), " ",
          element("small", {}, number(regions.get(name) ?? 0)));
      }),
    );
    for (const button of document.querySelectorAll("[data-by]"))
      button.setAttribute("aria-pressed", button.dataset.by === state.by);
    $("arcs").setAttribute("aria-pressed", state.arcs);
    $("terms").setAttribute("aria-pressed", state.terms);
    $("terms-note").hidden = !state.terms;
  },

  async run() {
    const all = [this.map, this.timeline, this.ranking, ...sides.charts()];
    await Promise.all(all.map((chart) => chart.view.runAsync()));
    await this.timeline.mark();
  },

  dress() {
    for (const chart of [this.map, this.timeline, this.ranking, ...sides.charts()]) {
      chart.view.signal("theme", theme());
      chart.view.runAsync();
    }
  },
};

const short = (value) => String(+value.toFixed(3));
const seen = ({ zoom, x, y }) => choose({ view: [zoom, x, y].map(short).join(",") });

/** Zoom about a point of the map, its middle if none is named. */
function zoomed(times, left, top) {
  const { map } = charts;
  const [width, height] = map.size();
  const look = map.look();
  const zoom = Math.min(Math.max(look.zoom * times, 0.8), 24);
  const [px, py] = [((left ?? width / 2) - width / 2) / width, ((top ?? height / 2) - height / 2) / width];
  const factor = zoom / look.zoom;
  seen({ zoom, x: px + (look.x - px) * factor, y: py + (look.y - py) * factor });
}

// ---- two municipalities -----------------------------------------------------------------------------

const sides = {
  open: {},
  near: false,
  // Four more charts: painted only while they are on the screen, or nearly.
  watch() {
    new IntersectionObserver(async ([entry]) => {
      this.near = entry.isIntersecting;
      if (!this.near) return;
      await this.paint();
      await Promise.all(this.charts().map((chart) => chart.view.runAsync()));
    }, { rootMargin: "300px" }).observe($("compare"));
  },
  charts() {
    return this.near ? Object.values(this.open).flatMap((side) => (side.map ? [side.map, side.timeline] : [])) : [];
  },
  async paint() {
    if (!this.near) return;
    const shown = passing("municipality");
    const chosen = { a: state.a, b: state.b };
    const lists = Object.fromEntries(Object.entries(chosen).map(([at, name]) => [at, shown.filter((row) => row.municipality === name)]));
    const highest = Math.max(...Object.values(lists).flatMap((some) => [...counted(some, (row) => row.year).values()]), 0);
    for (const [at, name] of Object.entries(chosen)) await this.side(at, name, lists[at], highest);
    const codes = Object.values(lists).map((some) => new Set(some.map((row) => row.country_code).filter(Boolean)));
    const common = [...codes[0]].filter((code) => codes[1].has(code)).map(countryName).sort(compare);
    $("common").textContent = common.length ? fill("common", { names: list(common) }) : word("no_common");
  },
  async side(at, name, shown, highest) {
    const node = $(`side-${at}`);
    if (!this.open[at]) {
      const side = (this.open[at] = { facts: element("p", { class: "facts" }), most: element("p", { class: "note" }) });
      const [map, timeline] = [element("div", { class: "canvas", role: "img" }), element("div", { class: "canvas", role: "img" })];
      node.replaceChildren(side.facts, map, timeline, side.most);
      const made = [new WorldMap(map, true), new Timeline(timeline, true)];
      await Promise.all(made.map((chart) => chart.open()));
      [side.map, side.timeline] = made;
    }
    const side = this.open[at];
    if (!side.map) return;
    const countries = counted(shown, (row) => row.country_code);
    const years = shown.map((row) => row.year);
    const facts = fill("compare_facts", { n: shown.length, countries: countries.size });
    side.facts.replaceChildren(
      element("b", {}, name), " ",
      shown.length ? `${facts}, ${fill("compare_years", { first: Math.min(...years), last: Math.max(...years) })}` : word("compare_none"));
    const most = [...countries].sort(([a, m], [b, n]) => n - m || compare(countryName(a), countryName(b))).slice(0, 6);
    side.most.textContent = most.length ? fill("compare_most", { names: list(most.map(([code, n]) => `${countryName(code)} ${number(n)}`)) }) : "";
    side.map.node.setAttribute("aria-label", `${name}: ${word("map")} ${facts}`);
    side.timeline.node.setAttribute("aria-label", `${name}: ${word("timeline")} ${facts}`);
    side.map.paint(shown, () => true);
    side.timeline.paint(shown, () => true, highest);
  },
};

// ---- the table --------------------------------------------------------------------------------------

const listing = {
  limit: rows.length <= WHOLE ? WHOLE : PAGE,
  open: new Set(),

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
      charts.map?.view?.signal("focus", row ? rows[row.dataset.order].place_id : "").runAsync();
    };
    $("rows").addEventListener("pointerover", light);
    $("rows").addEventListener("focusin", light);
    $("rows").addEventListener("pointerleave", light);
    // A fold's own event does not bubble.
    $("rows").addEventListener("toggle", ({ target }) => {
      const order = +target.closest("tr").dataset.order;
      if (target.open) this.open.add(order);
      else this.open.delete(order);
    }, true);
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
    const fold = element("details", { open: this.open.has(row.order) },
      element("summary", {}, partnerOf(row), ...(row.status === "reported_cancelled" ? [" ", element("small", { class: "badge" }, word("cancelled"))] : [])),
      element("p", {}, fill("printed", { name: row.partner_printed })),
      element("p", {}, `${word("source")}: ${sourceOf(row)}`),
      element("p", {}, `${word("evidence")}: `, element("span", { lang: "en" }, row.evidence)));
    return element("tr", { "data-order": row.order },
      element("th", { scope: "row", class: "partner" }, fold),
      ...COLUMNS.slice(1).map((name) => element("td", { class: name }, SHOWN[name](row))));
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
  $("table").hidden = shown.length === 0;
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
  await sides.paint();
  await charts.run();
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  performance.measure("filter", { start, end: performance.now() });
  if (mine === turn) document.documentElement.removeAttribute("aria-busy");
}

form.build();
listing.build();
$("filters").open = WIDE.matches;
WIDE.addEventListener("change", () => ($("filters").open = WIDE.matches));
document.documentElement.classList.remove("still");
await charts.open();
await paint();
sides.watch();
document.documentElement.dataset.ready = Math.round(performance.now());

for (const button of document.querySelectorAll("[data-language]"))
  button.addEventListener("click", () => choose({ lang: button.dataset.language }));
for (const button of document.querySelectorAll("[data-by]"))
  button.addEventListener("click", () => choose({ by: button.dataset.by }));
$("arcs").addEventListener("click", () => choose({ arcs: !state.arcs }));
$("terms").addEventListener("click", () => choose({ terms: !state.terms }));
$("larger").addEventListener("click", () => zoomed(1.5));
$("smaller").addEventListener("click", () => zoomed(1 / 1.5));
$("world").addEventListener("click", () => seen(WORLD));
$("closer").addEventListener("click", () => {
  const [width, height] = charts.map.size();
  seen(closer(height / width));
});
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
addEventListener("hashchange", () => {
  state = readAddress();
  paint();
});
DARK.addEventListener("change", () => charts.dress());
