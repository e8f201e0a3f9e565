// What this study's pages compute besides its figures: the ledger, one statement, exercises.
import { TABLES, ask, download, downloads, fill, language, make, panel, remember, select, state, sums, text, words } from "./page.mjs";

// ---- The ledger: every statement beside the page's own words; choices one by one ---------------------------
const counted = (parts) => text(`${downloads}data/processed/claims.csv`).then((published) => ask("ledger", { language, published }, ...parts(TABLES)));
const cellsOf = (row) => [1, 2, 3].map((place) => row.cells[place].firstChild.textContent.trim());

export async function ledger(button) {
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
    const choices = await ask("choices", { language }, ...parts(TABLES));
    const values = Object.fromEntries(choices.flatMap(({ name, title, values }) => Object.entries(values).map(([value, said]) => [`${name}=${value}`, `${title}: ${said}`])));
    const [control, label] = select(words["turn.ask"], { "": words["turn.none"], ...values }, state.get("turn") ?? "");
    control.addEventListener("change", () => turn(control.value));
    body.replaceChildren(sums(found), make("p", {}, download("claims.csv", "text/csv", found.csv)), make("p", { className: "live-controls" }, label), list);
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
export async function claim(button, { id, said }) {
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
export async function exercise(button, { id, input }) {
  const { say, work } = panel(button);
  const check = () => work(async (parts) => {
    const { right, hint } = await ask("exercise", { id, given: input.value, language }, ...parts(TABLES));
    say(hint, right ? "good" : "bad");
  });
  button.onclick = check;
  await check();
}
