"""The catalogues of texts (`make translations`): takes the texts from the code, brings languages up to date.

`make translations ARGS=de` begins a language. A text that has changed is marked fuzzy and is not used until somebody
has read it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import tomllib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from app.platform.wording import MARKERS, PLURALS

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "app" / "translations"
# Which files hold texts, and who reads them.
METHODS = (("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2"))
# What the templates may say beside Jinja's own. One that cannot be read stops the run: else its texts would be missing
# without a word.
TEMPLATES = {"extensions": "jinja2.ext.do,app.web.fragments.Keep", "silent": "false"}
KEYWORDS = {**DEFAULT_KEYWORDS, **dict.fromkeys(MARKERS), **dict.fromkeys(PLURALS, (1, 2))}
WIDTH = 120
# From this share of texts on a language is compiled, and so offered (app/platform/locales.py).
ENOUGH = 0.3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("languages", nargs="*", help="to begin, such as de or zh_Hant")
    begun = parser.parse_args().languages
    template = extracted()
    for language in begun:
        (CATALOGUES / language / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
        (CATALOGUES / language / "LC_MESSAGES" / "messages.po").touch()
    print(f"{len(template)} texts")
    for path in sorted(CATALOGUES.glob("*/LC_MESSAGES/messages.po")):
        language = path.parent.parent.name
        catalogue = updated(path.read_bytes(), language, template)
        with path.open("wb") as file:
            # Lines move with every change, files seldom.
            write_po(file, catalogue, width=WIDTH, ignore_obsolete=True, include_lineno=False)
        done = len(catalogue) - len(untranslated(catalogue))
        if done >= ENOUGH * len(catalogue):
            path.with_suffix(".mo").write_bytes(compiled(catalogue))
        else:
            path.with_suffix(".mo").unlink(missing_ok=True)
        print(f"{language}: {done} of {len(template)} translated")


def extracted() -> Catalog:
    """Every text of code and templates."""
    catalogue = Catalog(project="Kinmarket", fuzzy=False)
    for where, line, message, comments, context in _texts():
        catalogue.add(message, None, [(where, line)], auto_comments=comments, context=context)
    return catalogue


def _texts() -> Iterator[tuple[str, int, str | tuple[str, ...], list[str], str | None]]:
    for folder in ("app", "templates"):
        for name, line, message, comments, context in extract_from_dir(
            ROOT / folder,
            list(METHODS),
            options_map={"**.html": TEMPLATES, "**.txt": TEMPLATES},
            keywords=KEYWORDS,
            comment_tags=("Translators:",),
            strip_comment_tags=True,
        ):
            yield f"{folder}/{name}", line, message, comments, context


def untranslated(catalogue: Catalog) -> list[str]:
    """Texts that are shown in English: without a translation, with a fuzzy one, or with one for some numbers only."""
    return [
        one.id if isinstance(one.id, str) else one.id[0]
        for one in catalogue
        if one.id and (one.fuzzy or not one.string or not all(one.string))
    ]


def compiled(catalogue: Catalog) -> bytes:
    """What gettext reads; the same bytes for the same texts."""
    file = BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def updated(po: bytes, language: str, template: Catalog) -> Catalog:
    """Bring what is translated to the texts of today."""
    catalogue = read_po(BytesIO(po), locale=language)
    catalogue.update(template)
    _head(catalogue)
    # A date that moves with each run would be a change of its own.
    catalogue.creation_date = catalogue.revision_date = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    return catalogue


def _head(catalogue: Catalog) -> None:
    """What a program for translators shows of a file, in place of what Babel leaves to be filled in."""
    language = catalogue.locale.get_display_name("en") if catalogue.locale else ""
    catalogue.fuzzy = False
    catalogue.project, catalogue.version = "Kinmarket", _version()
    catalogue.header_comment = f"# {language} texts of Kinmarket, under the same licence as Kinmarket."
    catalogue.last_translator = "The contributors of Kinmarket"
    catalogue.language_team = f"Kinmarket in {language}"
    catalogue.msgid_bugs_address = "see CONTRIBUTING.md"


def _version() -> str:
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])


if __name__ == "__main__":
    main()
