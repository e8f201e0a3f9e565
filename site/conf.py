"""Sphinx over the sources that `diplolib site` lays out; it runs no notebook."""

import json
from pathlib import Path
from textwrap import shorten

from docutils import nodes

import nbproof.site

HERE = Path(__file__).parent

project = "diplolib"
author = "diplolib contributors"
copyright = author
extensions = ["myst_nb", "nbproof.site.search", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
# The docstrings say what a value is; they stay English.
autodoc_typehints = "none"
napoleon_use_rtype = False
# What `lay_out` writes for includes and for this file is no page of its own.
exclude_patterns = ["computed", "*.json"]
locale_dirs = [str(HERE / "locale")]
gettext_compact = False
gettext_uuid = False
gettext_location = False

nb_execution_mode = "off"
nb_merge_streams = True
myst_enable_extensions = ["colon_fence", "attrs_block"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]

html_theme = "pydata_sphinx_theme"
templates_path = ["_templates"]
html_static_path = [str(HERE / "_static"), str(Path(nbproof.site.__file__).parent / "static")]
html_css_files = ["custom.css"]
html_js_files = [("page.js", {"defer": "defer"})]
html_favicon = str(HERE / "_static" / "icon.svg")
html_copy_source = False
html_show_sphinx = False
html_use_index = False
html_domain_indices = False
html_additional_pages = {"search": "search.html", "404": "404.html"}
sitemap_url_scheme = "{lang}{link}"
sitemap_excludes = ["search.html", "404.html"]
# Only long pages have columns beside the text.
BESIDE = ["notebooks/*", "data/*"]
ALONE = ["figures/*", "library/*", "municipalities/*", "countries/*", "places/*", "[!/]*"]


def columns(content):
    return {page: [content] for page in BESIDE} | {page: [] for page in ALONE}


html_sidebars = columns("sidebar-nav-bs")
html_theme_options = {
    "navbar_start": ["navbar-logo"],
    "navbar_center": ["site-links"],
    "navbar_end": ["language-switch", "theme-switcher"],
    "navbar_persistent": ["search-button"],
    "article_header_start": [],
    "secondary_sidebar_items": columns("page-toc"),
    "footer_start": ["site-footer"],
    "footer_center": [],
    "footer_end": [],
    "show_prev_next": False,
    "back_to_top_button": False,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}


def context(app, config):
    """Titles, words and switches that depend on the language come with the sources."""
    told = json.loads((Path(app.srcdir) / "context.json").read_text(encoding="utf-8"))
    config.html_title = config.html_short_title = told["title"]
    config.html_context = {"site": told, "default_mode": "auto", "linked": linked(app, told)}
    if told["address"]:
        app.setup_extension("sphinx_sitemap")
        config.html_baseurl = f"{told['address']}/{config.language}/"
        config.site_url = f"{told['address']}/"
        config.sitemap_locales = list(told["languages"])
    config.html_theme_options["logo"] = {"text": told["title"]}
    config.html_theme_options["search_bar_text"] = told["words"]["search"]
    config.nb_code_prompt_show = told["words"]["code_show"]
    config.nb_code_prompt_hide = told["words"]["code_hide"]


def linked(app, told):
    """What search engines read of a page, by page: JSON-LD, safe within a script element."""
    file = Path(app.srcdir) / "json-ld.json"
    pages = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    for page in ("index", "data/index"):
        pages[page] = [told["dataset"]] if told["dataset"] else []
    return {
        page: [json.dumps(one, ensure_ascii=False).replace("<", "\\u003c") for one in found]
        for page, found in pages.items()
    }


def own_description(app, pagename, templatename, context, doctree):
    """A page is described by its title and first paragraph; the start page by the site's description."""
    context["described"] = context["site"]["description"]
    if doctree and pagename != "index":
        parts = [doctree.next_node(kind) for kind in (nodes.title, nodes.paragraph)]
        said = ": ".join(part.astext() for part in parts if part)
        context["described"] = shorten(said, 200, placeholder=" …")


def untranslated(app, what, name, found, options, lines):
    """Docstrings are no text for the catalogues."""
    if app.builder.name == "gettext":
        lines.clear()


def named(app, error):
    """The search finds a function by its name: what docstrings say would be a ninth of its index."""
    names = sorted(name.rpartition(".")[2] for name in app.env.domaindata["py"]["objects"])
    for entry in app.search_entries:
        if entry[2] == "library/functions.html":
            entry[3] = " ".join(names)


def setup(app):
    app.connect("autodoc-process-docstring", untranslated, priority=900)
    app.connect("build-finished", named, priority=400)
    app.connect("config-inited", context, priority=100)
    app.connect("html-page-context", own_description)
