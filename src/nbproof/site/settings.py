"""What a study says about its own site: `site/settings.toml`."""

from dataclasses import dataclass

from nbproof.files import toml
from nbproof.study import Study, StudyError


@dataclass(frozen=True)
class Settings:
    """address: where the site is published; repository: "owner/name" of its public copy; contact: an
    e-mail address or a page for reports of errors; each "" while unknown. documents: the names of the
    texts in docs/ that the site shows.
    """

    title: dict[str, str]
    description: dict[str, str]
    address: str = ""
    repository: str = ""
    branch: str = "main"
    contact: str = ""
    documents: tuple[str, ...] = ()

    def launch(self, notebook: str) -> dict[str, str]:
        """Where `notebook` (a path in the repository) can be run in a browser; empty if unknown."""
        if not self.repository:
            return {}
        place = f"{self.repository}/{self.branch}"
        return {
            "Binder": f"https://mybinder.org/v2/gh/{place}?urlpath=lab/tree/{notebook}",
            "Colab": f"https://colab.research.google.com/github/{self.repository}/blob/"
            f"{self.branch}/{notebook}",
        }


def read(study: Study) -> Settings:
    """The settings; raises StudyError if the file is missing or holds an unknown entry."""
    file = study.root / "site" / "settings.toml"
    try:
        return Settings(**toml(file, study.name(file)))
    except OSError:
        raise StudyError(f"{study.name(file)}: missing; this study has no site.") from None
    except TypeError as error:
        raise StudyError(f"{study.name(file)}: {error}.") from None
