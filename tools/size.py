"""Lines of code under src/, package by package: without blank lines, comments and docstrings."""

import ast
import io
import sys
import tokenize
from pathlib import Path

ROOT = Path(__file__).parents[1]
SILENT = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER,
}  # fmt: skip
BARS = {"diplolib": 3750, "src": 18000}


def lines(text: str) -> int:
    """How many lines of a module hold code."""
    prose = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(getattr(first.value, "value", 0), str):
                prose |= set(range(first.lineno, first.end_lineno + 1))
    code = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in SILENT:
            code |= set(range(token.start[0], token.end[0] + 1))
    return len(code - prose)


def sizes() -> dict[str, int]:
    """Lines of each package, and of all of src."""
    found = {
        package.name: sum(lines(path.read_text(encoding="utf-8")) for path in package.rglob("*.py"))
        for package in sorted((ROOT / "src").iterdir())
        if (package / "__init__.py").exists()
    }
    return {**found, "src": sum(found.values())}


if __name__ == "__main__":
    over = False
    for name, number in sizes().items():
        bar = BARS.get(name)
        over |= bool(bar and number > bar)
        print(f"{name:<9} {number:>6,}" + (f"  at most {bar:,}" if bar else ""))
    sys.exit(over)
