// Python in a worker: it takes the files that the page names, keeps them under their checksum, and answers.
const TYPES = { "pyodide.asm.wasm": "application/wasm", "pyodide-lock.json": "application/json" };
const held = new Map();
let python, answer;

// A file as the manifest has it, unpacked: kept from an earlier visit, or fetched and proved by the browser.
async function taken(address, integrity) {
  const kept = await self.caches?.open("nbproof-live").catch(() => null);
  let response = await kept?.match(address);
  if (!response) {
    response = await fetched(address, { integrity });
    if (!response.ok) throw new Error(`${address}: ${response.status}`);
    await kept?.put(address, response.clone()).catch(() => {});
  }
  return new Response(response.body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

// Pyodide asks for its own files by name; it is given those that are held, as soon as they are.
const fetched = self.fetch.bind(self), scripts = self.importScripts.bind(self);
const nameOf = (address) => String(address.url || address).split("/").pop();
self.fetch = async (address, how) => {
  const name = nameOf(address);
  if (!held.has(name)) return fetched(address, how);
  return new Response(await held.get(name), { headers: { "Content-Type": TYPES[name] || "application/octet-stream" } });
};
const sources = {};
self.importScripts = (address) => scripts(URL.createObjectURL(new Blob([sources[nameOf(address)]], { type: "text/javascript" })));

async function start(base) {
  for (const name of ["pyodide.js", "pyodide.asm.js"]) sources[name] = await held.get(name);
  self.importScripts("pyodide.js");
  return loadPyodide({ indexURL: base });
}

async function prepare({ base, files, parts }, say) {
  const wanted = files.filter(({ part, name }) => parts.includes(part) && !held.has(name));
  const all = wanted.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  for (const { name, file, integrity, bytes } of wanted)
    held.set(name, taken(base + file, integrity).then((data) => (say((done += bytes) / all), data)));
  try {
    // Python starts while its packages still arrive.
    [python] = await Promise.all([python ?? start(base), ...wanted.map(({ name }) => held.get(name))]);
    const place = python.runPython("import site; site.getsitepackages()[0]");
    for (const { name, part } of wanted)
      if (part !== "core") python.unpackArchive(await held.get(name), "zip", { extractDir: name === "study" ? "/study" : place });
  } catch (error) {
    for (const { name } of wanted) held.delete(name);
    throw error;
  }
  for (const { name } of wanted) held.set(name, null);
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
