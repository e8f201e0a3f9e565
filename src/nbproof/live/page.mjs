// What a page computes in the reader's browser, loaded by a click. Texts become text, never markup or code.
const base = new URL(".", import.meta.url).href;
export const downloads = new URL("../downloads/", base).href;
export const language = document.documentElement.lang;
// From here on the page loads from its own place alone; WebAssembly may be compiled, text may not.
const POLICY = "default-src 'none'; script-src 'self' blob: 'wasm-unsafe-eval'; worker-src blob:; connect-src 'self'; " +
  "img-src 'self' blob: data:; style-src 'self'; font-src 'self' data:; base-uri 'none'; form-action 'self'";
export const make = (tag, given = {}, ...inside) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) name in made ? (made[name] = value) : made.setAttribute(name, value);
  made.append(...inside);
  return made;
};
export const text = async (address) => {
  const kept = await self.caches?.open("nbproof-live").catch(() => null);
  const response = await fetch(address, { cache: "no-cache" }).catch(async (error) => {
    const found = await kept?.match(address); // without a network, as it was loaded last
    if (!found) throw error;
    return found;
  });
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  kept?.put(address, response.clone()).catch(() => {});
  return response.text();
};
export const state = new URLSearchParams(location.search);
export const remember = (changes) => {
  const now = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) value === "" ? now.delete(name) : now.set(name, value);
  history.replaceState(null, "", location.pathname + (now.size ? `?${now}` : "") + location.hash);
};

export let words;
let manifest, source, worker, count = 0;
const waiting = new Map();
export const fill = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

async function begin() {
  if (manifest) return;
  document.head.append(make("meta", { httpEquiv: "Content-Security-Policy", content: POLICY }));
  document.head.append(make("link", { rel: "stylesheet", href: `${base}page.css` }));
  [manifest, source] = await Promise.all([`${base}manifest.json`, `${base}worker.js`].map(text));
  manifest = JSON.parse(manifest);
  words = manifest.words[language];
}

export function ask(call, given, parts, show) {
  if (!worker) {
    // A worker made from text has this page's policy; one made from an address would have none.
    worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
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
export function panel(button) {
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
export const TABLES = ["core", "tables"], FIGURES = [...TABLES, "figures"];
export const select = (label, values, chosen) => {
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
export const sums = ({ published, sha256 }) => make("dl", { className: "live-sums" },
  make("dt", { textContent: words.published }), make("dd", { textContent: published }),
  make("dt", { textContent: words.here }), make("dd", { textContent: sha256, className: sha256 === published ? "good" : "" }));
export const download = (name, kind, data) =>
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
    const shown = outputs.filter((one) => one !== drawn && one.kind !== "figure").map((one) =>
      one.kind === "table" ? table(one.columns, one.rows) : make("p", { textContent: one.text }));
    const line = own ? "" : make("p", {}, `${words.command} `, make("code", { textContent: `${command} ${notebook} --lang ${language}${chosen}` }));
    const files = make("p", {}, download(`${name}.${language}.svg`, "image/svg+xml", drawn.svg), " ", download(`${name}.${language}.csv`, "text/csv", drawn.csv));
    results.replaceChildren(make("p", { textContent: drawn.alt }), sums(drawn), line, files, ...shown);
  };
  const values = () => Object.fromEntries([...form.elements].filter((one) => one.name && one.value !== one.dataset.default).map((one) => [one.name, one.value]));
  const compute = () => work(async (parts) => {
    const given = values();
    remember(Object.fromEntries([...form.elements].filter((one) => one.name).map((one) => [`p.${one.name}`, given[one.name] ?? ""])));
    const plain = !own && !Object.keys(given).length;
    const [csv, run] = await Promise.all([text(`${downloads}figures/${name}.${language}.csv`), plain ? text(`${downloads}notebooks/${folder}${notebook}.ipynb`) : ""]);
    const asked = { notebook, given: { ...given, ...own?.given }, language, published: run, stored: { [name]: csv }, narrow: innerWidth < 600, tables: own?.tables ?? {}, said: own?.said ?? {} };
    show(await ask("run", asked, ...parts(FIGURES)), given);
  });

  // A table of the reader's own goes to the worker, and nowhere else.
  const dropped = () => {
    const input = make("input", { type: "file", accept: ".csv,text/csv" });
    const taken = (file) => file && work(async (parts) => {
      own = await ask("own", { text: await file.text(), name: file.name, language }, ...parts(FIGURES));
      compute();
    });
    input.addEventListener("change", () => taken(input.files[0]));
    const place = make("p", { className: "live-drop" }, make("label", {}, words["own.ask"], " ", input), make("br"), words["own.stays"]);
    place.addEventListener("dragover", (event) => event.preventDefault());
    place.addEventListener("drop", (event) => (event.preventDefault(), taken(event.dataTransfer.files[0])));
    return place;
  };
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
  if (form.elements.length) await compute();
}

// What a study computes besides stands in its own module.
export async function open(button, about) {
  await begin();
  button.disabled = about.kind !== "exercise";
  const kinds = about.kind === "figure" ? { figure } : await import("./study.mjs");
  await kinds[about.kind](button, about);
}
