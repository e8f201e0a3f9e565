"""The graph of steps as text: Mermaid for web pages, DOT for Graphviz."""

import json
from collections.abc import Iterable
from pathlib import Path

from nbproof.figures.record import name_of
from nbproof.pipeline import notebooks
from nbproof.pipeline.collection import PUBLISH
from nbproof.pipeline.graph import CLEAN, SITE, Step
from nbproof.study import Study


def edges(study: Study, steps: Iterable[Step]) -> list[tuple[str, str]]:
    """From each file to the step that reads it, and from each step to what it makes."""
    found = []
    for step in steps:
        if step.name == SITE:
            found += [(study.name(path), SITE) for path in step.data if path.suffix == ".png"]
            found.append((SITE, "site/_build/html"))
            continue
        data = (path for path in step.data if path.suffix not in (".json", ".toml"))
        found += [(study.name(path), step.name) for path in data]
        if step.name == CLEAN:
            tables = sorted((study.data / "processed").glob("*.csv"))
            found += [(step.name, study.name(path)) for path in tables]
        elif step.notebook:
            found.append((study.name(step.notebook), step.name))
            pictures = _figures(study, step.notebook, step.language)
            found += [(step.name, study.name(path)) for path in pictures]
    return sorted(set(found))


def _figures(study: Study, notebook: Path, language: str) -> list[Path]:
    """The pictures that the notebook publishes, as its code names them."""
    code = "\n".join(notebooks.code(json.loads(notebook.read_bytes())))
    return [
        study.figures / f"{name}.{language}.png" for name in map(name_of, PUBLISH.findall(code))
    ]


def mermaid(study: Study, steps: Iterable[Step]) -> str:
    names: dict[str, str] = {}
    lines = ["flowchart LR"]
    found = edges(study, steps)
    for name in sorted({name for edge in found for name in edge}):
        names[name] = f"n{len(names)}"
        left, right = ("[", "]") if "/" in name else ("([", "])")
        lines.append(f'    {names[name]}{left}"{name}"{right}')
    lines += [f"    {names[source]} --> {names[target]}" for source, target in found]
    return "\n".join(lines) + "\n"


def markdown(study: Study, steps: Iterable[Step]) -> str:
    return f"```mermaid\n{mermaid(study, steps)}```\n"


def dot(study: Study, steps: Iterable[Step]) -> str:
    found = edges(study, steps)
    names = sorted({name for edge in found for name in edge})
    lines = [f'  "{name}" [shape={"box" if "/" in name else "oval"}];' for name in names]
    lines += [f'  "{source}" -> "{target}";' for source, target in found]
    return "\n".join(["digraph {", "  rankdir=LR;", *lines, "}"]) + "\n"


FORMS = {".mmd": mermaid, ".md": markdown, ".dot": dot}
