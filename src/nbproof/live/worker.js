// Python in a worker: it takes the files that the page names, keeps them under their checksum, and answers.
const CORE = { "pyodide.asm.wasm": "application/wasm", "pyodide-lock.json": "application/json" };
const held = new Map();
let python, answer;
const ready = new Set();

// A file as the manifest has it: kept from an earlier visit, or fetched and proved by the browser.
async function taken(base, { file, integrity }) {
  const kept = self.caches && (await caches.open("nbproof-live").catch(() => null));
  const found = kept && (await kept.match(base + file));
  if (found) return found.arrayBuffer();
  const response = await fetch(base + file, { integrity });
  if (!response.ok) throw new Error(`${file}: ${response.status}`);
  if (kept) await kept.put(base + file, response.clone()).catch(() => {});
  return response.arrayBuffer();
}

// Pyodide asks for its own files by name; it is given those that are held.
const fetched = self.fetch.bind(self), scripts = self.importScripts.bind(self);
const nameOf = (address) => String(address.url || address).split("/").pop();
self.fetch = (address, how) => {
  const name = nameOf(address);
  if (!held.has(name)) return fetched(address, how);
  return Promise.resolve(new Response(held.get(name), { headers: { "Content-Type": CORE[name] || "application/octet-stream" } }));
};
self.importScripts = (address) => scripts(URL.createObjectURL(new Blob([held.get(nameOf(address))], { type: "text/javascript" })));

async function prepare({ base, files, parts }, say) {
  const wanted = files.filter(({ part, name }) => parts.includes(part) && !ready.has(name));
  const all = wanted.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const got = await Promise.all(wanted.map(async (one) => {
    const data = await taken(base, one);
    say((done += one.bytes) / all);
    return [one, data];
  }));
  for (const [{ name, part }, data] of got.filter(([{ part }]) => part === "core"))
    held.set(name, await new Response(new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
  if (!python) {
    self.importScripts("pyodide.js");
    python = await loadPyodide({ indexURL: base });
  }
  const place = python.runPython("import site; site.getsitepackages()[0]");
  for (const [{ name, part }, data] of got.filter(([{ part }]) => part !== "core"))
    python.unpackArchive(data, "zip", { extractDir: name === "study" ? "/study" : place });
  for (const [{ name }] of got) ready.add(name);
  answer ??= python.runPython(`
import os, sys
os.environ["MPLBACKEND"] = "agg"
sys.path.insert(0, "/study/src")
os.chdir("/study")
from nbproof.live import browser
browser.answer`);
}

onmessage = async ({ data: { id, load, question } }) => {
  try {
    await prepare(load, (share) => postMessage({ id, share }));
    postMessage({ id, said: JSON.parse(answer(question)) });
  } catch (error) {
    postMessage({ id, failed: String(error.message || error).trim().split("\n").pop() });
  }
};
