// The search page: entries and library load here only, as scripts, so that it works from a folder too.
const form = document.querySelector("form.site-search");
if (form) {
  const words = form.dataset;
  const list = document.getElementById("found");
  const count = document.getElementById("found-count");
  // İ, I, ı and i are one letter here, and so are ş and s, for words typed without a Turkish keyboard.
  const fold = (text) =>
    text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/[ıłøđ]/g, (letter) => "ilod"["ıłøđ".indexOf(letter)]);
  const entries = window.SEARCH_ENTRIES;
  const index = new MiniSearch({
    fields: ["title", "text"],
    processTerm: fold,
    searchOptions: { prefix: (term) => term.length > 2, fuzzy: (term) => (term.length > 5 ? 0.15 : false),
      boost: { title: 4 }, combineWith: "AND", boostDocument: (id) => (entries[id][0] === "page" ? 0.7 : 1) },
  });
  index.addAll(entries.map(([, title, , text], id) => ({ id, title, text })));

  // The first sentence that holds a word of the query, whole.
  const sentence = (text, found) => {
    const parts = text.match(/[^.!?]+(?:[.!?](?!\s|$)[^.!?]*)*[.!?]*\s*/g) || [text];
    const hit = parts.find((part) => part.split(/[^\p{L}\p{M}\p{N}]+/u).some((word) => found.has(fold(word))));
    return (hit || parts[0]).trim();
  };
  const marked = (text, found) =>
    text.split(/([^\p{L}\p{M}\p{N}]+)/u).map((part) => {
      if (!found.has(fold(part))) return part;
      return Object.assign(document.createElement("mark"), { textContent: part });
    });
  const show = () => {
    const query = form.q.value.trim();
    const hits = query ? index.search(query) : [];
    count.textContent = query ? (hits.length ? words.count : words.nothing).replace("{n}", hits.length) : "";
    list.replaceChildren(...hits.slice(0, 60).map((hit) => {
      const [kind, title, address, text] = entries[hit.id];
      const found = new Set(hit.terms);
      const item = document.createElement("li");
      const link = Object.assign(document.createElement("a"), { href: address });
      link.append(...marked(title, found));
      const sort = Object.assign(document.createElement("small"), { textContent: words[kind] });
      item.append(link, " ", sort);
      if (text) {
        const said = document.createElement("p");
        said.append(...marked(sentence(text, found), found));
        item.append(said);
      }
      return item;
    }));
  };
  form.q.value = new URLSearchParams(location.search).get("q") || "";
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => {
    history.replaceState(null, "", `?q=${encodeURIComponent(form.q.value)}`);
    show();
  });
  show();
  form.q.focus();
}
