// What a page computes in the reader's browser, loaded by a click. Texts become text, never markup or code.
const base = new URL(".", import.meta.url).href;
const downloads = new URL("../downloads/", base).href;
const language = document.documentElement.lang;
// From here on the page loads from its own place alone; WebAssembly may be compiled, text may not.
const POLICY = "default-src 'none'; script-src 'self' blob: 'wasm-unsafe-eval'; worker-src blob:; connect-src 'self'; " +
  "img-src 'self' blob: data:; style-src 'self'; font-src 'self' data:; base-uri 'none'; form-action 'self'";
const make = (tag, given = {}, ...inside) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) name in made ? (made[name] = value) : made.setAttribute(name, value);
  made.append(...inside);
  return made;
};
const text = async (address) => {
  const response = await fetch(address, { cache: "no-cache" });
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.text();
};
const state = new URLSearchParams(location.search);
const remember = (changes) => {
  const now = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) value === "" ? now.delete(name) : now.set(name, value);
  history.replaceState(null, "", location.pathname + (now.size ? `?${now}` : "") + location.hash);
};

let manifest, words, worker, count = 0;
const waiting = new Map();
const fill = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

async function begin() {
  if (manifest) return;
  document.head.append(make("meta", { httpEquiv: "Content-Security-Policy", content: POLICY }));
  document.head.append(make("link", { rel: "stylesheet", href: `${base}page.css` }));
  manifest = JSON.parse(await text(`${base}manifest.json`));
  words = manifest.words[language];
}

export function ask(call, given, parts, show) {
  if (!worker) {
    // A worker made from text has this page's policy; one made from an address would have none.
    const start = new Blob([`importScripts(${JSON.stringify(`${base}worker.js`)})`], { type: "text/javascript" });
    worker = new Worker(URL.createObjectURL(start));
    worker.onmessage = ({ data }) => {
      const { resolve, reject, show } = waiting.get(data.id);
      if ("share" in data) return show(data.share);
      waiting.delete(data.id);
      if (data.failed) return reject(new Error(fill("failed", { why: data.failed })));
      "refused" in data.said ? reject(new Error(data.said.refused)) : resolve(data.said.value);
    };
    worker.onerror = (error) => stop(error.message || "worker");
  }
  return new Promise((resolve, reject) => {
    waiting.set(++count, { resolve, reject, show });
    worker.postMessage({ id: count, load: { base, files: manifest.files, parts }, question: JSON.stringify({ call, given }) });
  });
}

function stop(why) {
  worker?.terminate();
  worker = null;
  for (const { reject } of waiting.values()) reject(new Error(why));
  waiting.clear();
}

// A place for results below a button: what is going on, a way to stop, then what was found.
function panel(button) {
  const bar = make("progress", { max: 1, value: 0 }), line = make("p", { role: "status", className: "live-said" });
  const off = make("button", { type: "button", textContent: words.stop, onclick: () => stop(words.stopped) });
  const going = make("p", { className: "live-going", hidden: true }, bar, " ", off);
  const body = make("div");
  button.after(make("section", { className: "live", "aria-label": words.title }, going, line, body));
  const say = (said, kind = "") => Object.assign(line, { textContent: said, className: `live-said ${kind}` });
  // One task at a time: a later one ends the one before.
  const work = async (task) => {
    if (waiting.size) stop(words.stopped);
    going.hidden = false;
    say(words.loading);
    const parts = (names) => [names, (share) => { bar.value = share; if (share === 1) say(words.computing); }];
    try {
      await task(parts);
    } catch (error) {
      say(error.message, "bad");
    } finally {
      going.hidden = true;
    }
  };
  return { body, say, work };
}
const TABLES = ["core", "tables"], FIGURES = [...TABLES, "figures"];
const select = (label, values, chosen) => {
  const control = make("select");
  for (const [value, title] of Object.entries(values)) control.append(new Option(title, value, false, value === chosen));
  // What an address asks for is refused by the notebook's contract, not left out here.
  if (chosen && !(chosen in values)) control.append(new Option(chosen, chosen, true, true));
  return [control, make("label", {}, label, " ", control)];
};
const table = (columns, rows) => {
  const row = (cells, tag) => make("tr", {}, ...cells.map((cell) => make(tag, { textContent: cell })));
  const inside = make("table", {}, make("thead", {}, row(columns, "th")), make("tbody", {}, ...rows.map((cells) => row(cells, "td"))));
  return make("div", { className: "wide", tabIndex: 0, role: "region", "aria-label": words.table }, inside);
};
const download = (name, kind, data) =>
  make("a", { className: "download", download: name, href: URL.createObjectURL(new Blob([data], { type: kind })), textContent: name });

// ---- Figures: controls from the notebook's contract; picture, text and table change in place -------------
async function figure(button, { figure: name, notebook, command }) {
  const { body, say, work } = panel(button);
  const form = make("form", { className: "live-controls" }), results = make("div");
  const picture = document.querySelector("figure.large img");
  const published = document.querySelector(".page-figures figure.large img").alt;
  const described = [...document.querySelectorAll("article p")].filter((one) => one.textContent === published);
  const folder = language === "en" ? "" : `${language}/`;
  let own = null;

  const show = ({ outputs, cells, differ }, given) => {
    const drawn = outputs.find((one) => one.name === name);
    picture.closest("picture").querySelectorAll("source").forEach((one) => one.remove());
    picture.removeAttribute("width");
    picture.removeAttribute("height");
    picture.src = URL.createObjectURL(new Blob([drawn.svg], { type: "image/svg+xml" }));
    picture.closest("a").href = picture.src;
    picture.alt = drawn.alt;
    for (const one of described) one.textContent = drawn.alt;
    const chosen = Object.entries(given).map(([key, value]) => ` -p ${key}=${/^[\w.-]+$/.test(value) ? value : JSON.stringify(value)}`).join("");
    const same = drawn.sha256 === drawn.published;
    if (own) say(fill("own.drawn", own));
    else if (chosen) say(fill("changed"));
    else if (same && !differ.length) say(fill("same", { cells }), "good");
    else say(fill("differs", { cells: differ.join(", ") || "–" }), "bad");
    const sums = make("dl", { className: "live-sums" });
    sums.append(make("dt", { textContent: words.published }), make("dd", { textContent: drawn.published }));
    sums.append(make("dt", { textContent: words.here }), make("dd", { textContent: drawn.sha256, className: same ? "good" : "" }));
    const shown = outputs.filter((one) => one !== drawn && one.kind !== "figure").map((one) =>
      one.kind === "table" ? table(one.columns, one.rows) : make("p", { textContent: one.text }));
    const line = own ? "" : make("p", {}, `${words.command} `, make("code", { textContent: `${command} ${notebook} --lang ${language}${chosen}` }));
    const files = make("p", {}, download(`${name}.${language}.svg`, "image/svg+xml", drawn.svg), " ", download(`${name}.${language}.csv`, "text/csv", drawn.csv));
    results.replaceChildren(make("p", { textContent: drawn.alt }), sums, line, files, ...shown);
  };
  const values = () => Object.fromEntries([...form.elements].filter((one) => one.name && one.value !== one.dataset.default).map((one) => [one.name, one.value]));
  const compute = () => work(async (parts) => {
    const given = values();
    remember(Object.fromEntries([...form.elements].filter((one) => one.name).map((one) => [`p.${one.name}`, given[one.name] ?? ""])));
    const plain = !own && !Object.keys(given).length;
    const [csv, run] = await Promise.all([text(`${downloads}figures/${name}.${language}.csv`), plain ? text(`${downloads}notebooks/${folder}${notebook}.ipynb`) : ""]);
    const asked = { notebook, given: { ...given, ...own?.given }, language, published: run, stored: { [name]: csv }, narrow: innerWidth < 600, tables: own?.tables ?? {} };
    show(await ask("run", asked, ...parts(FIGURES)), given);
  });

  form.addEventListener("submit", (event) => (event.preventDefault(), compute()));
  form.addEventListener("change", compute);
  await work(async (parts) => {
    const contract = await ask("contract", { notebook, language }, ...parts(FIGURES));
    const asked = Object.fromEntries([...state].filter(([key]) => key.startsWith("p.")).map(([key, value]) => [key.slice(2), value]));
    for (const [key, rules] of Object.entries({ ...Object.fromEntries(Object.keys(asked).map((key) => [key, null])), ...contract })) {
      const defined = rules ? String(rules.default) : "", chosen = asked[key] ?? defined;
      const [control, label] = rules && Object.keys(rules.values).length
        ? select(rules.title, rules.values, chosen)
        : ((input) => [input, make("label", {}, rules?.title ?? key, " ", input)])(make("input", { value: chosen, inputMode: "numeric", size: 6 }));
      Object.assign(control, { name: key });
      control.dataset.default = defined;
      form.append(label);
    }
    form.append(make("button", { type: "submit", textContent: words.compute }));
    body.append(form);
    if (name === manifest.own) body.append(dropped());
    body.append(results);
  });
  // A table of the reader's own goes to the worker, and nowhere else.
  const dropped = () => {
    const input = make("input", { type: "file", accept: ".csv,text/csv" });
    const taken = (file) => file && work(async (parts) => {
      own = await ask("own", { text: await file.text(), name: file.name }, ...parts(FIGURES));
      compute();
    });
    input.addEventListener("change", () => taken(input.files[0]));
    const place = make("p", { className: "live-drop" }, make("label", {}, words["own.ask"], " ", input), make("br"), words["own.stays"]);
    place.addEventListener("dragover", (event) => event.preventDefault());
    place.addEventListener("drop", (event) => (event.preventDefault(), taken(event.dataTransfer.files[0])));
    return place;
  };
  if (form.elements.length) await compute();
}

// ---- The ledger: every statement beside the page's own words; choices one by one ---------------------------
const counted = (parts) => text(`${downloads}data/processed/claims.csv`).then((published) => ask("ledger", { language, published }, ...parts(TABLES)));
const cellsOf = (row) => [1, 2, 3].map((place) => row.cells[place].firstChild.textContent.trim());

async function ledger(button) {
  const { body, say, work } = panel(button);
  const mark = (row, kind, said) => {
    row.querySelector(".live-mark")?.remove();
    if (said) row.cells[3].append(make("span", { className: `live-mark ${kind}`, textContent: said }));
  };
  const rowOf = (id) => document.getElementById(id);
  let found, verdict;
  const turn = async (value) => {
    remember({ turn: value });
    for (const { id } of found.rows) if (rowOf(id)) mark(rowOf(id), "", "");
    if (!value) return;
    const [choice, to] = value.split(/=(.*)/s);
    await work(async (parts) => {
      const turned = Object.entries(await ask("turn", { choice, value: to }, ...parts(TABLES)));
      for (const [id, { value: now, holds }] of turned) mark(rowOf(id), "turned", fill(holds ? "turn.holds" : "turn.fails", { value: now ?? "–" }));
      say(fill("turn.count", { n: turned.length }));
      const links = turned.map(([id]) => make("li", {}, make("a", { href: `#${encodeURIComponent(id)}`, textContent: id })));
      list.replaceChildren(...links);
    });
  };
  const list = make("ul", { className: "live-list" });
  await work(async (parts) => {
    found = await counted(parts);
    const other = found.rows.filter(({ id, cells }) => !rowOf(id) || cellsOf(rowOf(id)).some((cell, place) => cell !== cells[place]));
    const wrong = new Set(other.map(({ id }) => id));
    for (const { id, cells } of found.rows) if (rowOf(id)) mark(rowOf(id), wrong.has(id) ? "bad" : "good", wrong.has(id) ? fill("row.differs", { cells: cells.join(" · ") }) : words["row.same"]);
    const same = found.sha256 === found.published && !other.length;
    const said = same ? fill("ledger.same", { n: found.rows.length }) : fill("ledger.differs", { rows: [...wrong].join(", ") || "–" });
    verdict = { said, good: same };
    say(said, same ? "good" : "bad");
    const sums = make("dl", { className: "live-sums" }, make("dt", { textContent: words.published }), make("dd", { textContent: found.published }));
    sums.append(make("dt", { textContent: words.here }), make("dd", { textContent: found.sha256, className: found.sha256 === found.published ? "good" : "bad" }));
    const choices = await ask("choices", { language }, ...parts(TABLES));
    const values = Object.fromEntries(choices.flatMap(({ name, title, values }) => Object.entries(values).map(([value, said]) => [`${name}=${value}`, `${title}: ${said}`])));
    const [control, label] = select(words["turn.ask"], { "": words["turn.none"], ...values }, state.get("turn") ?? "");
    control.addEventListener("change", () => turn(control.value));
    body.replaceChildren(sums, make("p", {}, download("claims.csv", "text/csv", found.csv)), make("p", { className: "live-controls" }, label), list);
  });
  if (found && state.get("turn")) await turn(state.get("turn"));
  else if (found)
    await work(async (parts) => {
      const { tables: n, differ } = await ask("clean", {}, ...parts(TABLES));
      const more = differ.length ? fill("clean.differs", { differ: differ.join(", ") }) : fill("clean.same", { tables: n });
      verdict.good &&= !differ.length;
      say(`${verdict.said}\n${more}`, verdict.good ? "good" : "bad");
    });
}

// One statement, on its own: what the page says beside what is counted here.
async function claim(button, { id, said }) {
  const { body, say, work } = panel(button);
  await work(async (parts) => {
    const { rows } = await counted(parts);
    const { cells, rows: deciding } = rows.find((row) => row.id === id);
    const told = said();
    const same = cells.every((cell) => told.some((one) => (told.length > 1 ? one === cell : one.includes(cell))));
    say(fill(same ? "claim.same" : "claim.differs", { published: cells[0], recomputed: cells[1], verdict: cells[2] }), same ? "good" : "bad");
    body.replaceChildren(make("p", {}, `${words["claim.rows"]} `, make("code", { textContent: deciding.split(";").join(" ") || "–" })));
  });
}

// ---- Exercises that check themselves ------------------------------------------------------------------------
async function exercise(button, { id, input }) {
  const { say, work } = panel(button);
  const check = () => work(async (parts) => {
    const { right, hint } = await ask("exercise", { id, given: input.value, language }, ...parts(TABLES));
    say(hint, right ? "good" : "bad");
  });
  button.onclick = check;
  await check();
}

const KINDS = { figure, ledger, claim, exercise };
export async function open(button, about) {
  await begin();
  button.disabled = about.kind !== "exercise";
  await KINDS[about.kind](button, about);
}
