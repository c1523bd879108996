# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``python -m bench.page``: the committed results as one page, ``docs/bench.html``.

It stands alone: no script, no file of others, and it follows the reader's light or dark.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any, Final

from bench.figures import figures
from bench.place import RESULTS, ROOT
from bench.plot import figure, percent
from bench.texts import CHAPTERS, GLOSSARY, INTRODUCTION, NOT_QUIET, READING, german

PAGE: Final = ROOT / "docs" / "bench.html"
QUIET: Final = 0.15
"""Share of the cores that others may use before a result says so."""
STYLE: Final = Path(__file__).with_name("page.css")


def main() -> None:
    """Write the page anew."""
    results = [
        json.loads((RESULTS / f"{name}.json").read_bytes())
        for name in CHAPTERS
        if (RESULTS / f"{name}.json").exists()
    ]
    PAGE.write_text(page(results), "utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(results)} results")


def page(results: list[dict[str, Any]]) -> str:
    """Return the page about these results."""
    body = "\n".join(
        [
            "<h1>Was kostet der Beweis?</h1>",
            f"<p>{INTRODUCTION}</p>",
            *_machines(results),
            "<h2>Auf einen Blick</h2>",
            _table(results),
            f"<p>{READING}</p>",
            *(_chapter(result) for result in results),
            "<h2>Womit verglichen wird</h2>",
            "<dl>",
            *(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in GLOSSARY),
            "</dl>",
            (
                "<p>Nachmessen: <code>make bench</code>. Alle Werte jeder Runde stehen in "
                "<code>bench/results/</code>.</p>"
            ),
        ]
    )
    return _FRAME.format(style=STYLE.read_text("utf-8").partition("*/")[2].strip(), body=body)


_FRAME: Final = """\
<!doctype html>
<!--
SPDX-FileCopyrightText: 2026 Meldeweg contributors
SPDX-License-Identifier: EUPL-1.2

Written by bench/page.py from bench/results.
-->
<html lang="de">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Meldeweg: Messungen</title>
<style>
{style}
</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def _machines(results: list[dict[str, Any]]) -> Iterator[str]:
    """Say on which machine and when; once for all results that have it in common."""
    said: dict[str, list[str]] = {}
    for result in results:
        said.setdefault(_machine(result["raw"]), []).append(CHAPTERS[result["name"]].title)
    for machine, titles in said.items():
        which = "" if len(said) == 1 else f" ({', '.join(titles)})"
        yield f'<p class="machine">Gemessen{escape(which)} {machine}.</p>'


def _machine(raw: dict[str, Any]) -> str:
    own, day = raw["machine"], datetime.fromisoformat(raw["date"])
    parts = [
        f"am {day:%d.%m.%Y}",
        f"auf {own['cores']} Kernen ({escape(own['processor'])})",
        f"{escape(own['system'])}, Python {own['python']}, SQLite {own['sqlite']}",
    ]
    return " ".join(parts[:2]) + ", " + parts[2]


def _table(results: list[dict[str, Any]]) -> str:
    rows = [_row(label, ratio, result) for result in results for label, ratio in _ratios(result)]
    head = "<tr><th>Was</th><th>Wert</th><th>Ziel</th><th>Urteil</th></tr>"
    return f'<table class="goals"><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table>'


def _ratios(result: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return list(result["ratios"].items())


def _row(label: str, ratio: dict[str, Any], result: dict[str, Any]) -> str:
    goal = result["raw"]["goals"][label]
    unit = goal["unit"] or "\u00a0×"
    sign = "mindestens" if goal["bound"] == "at least" else "höchstens"
    aim = "" if goal["aim"] is None else f" (Wunsch {figure(goal['aim'])})"
    cells = [
        ("Wert", f"{figure(ratio['value'])}{unit}"),
        ("Ziel", f"{sign} {figure(ratio['goal'])}{unit}{aim}"),
    ]
    verdict = "erreicht" if ratio["met"] else "verfehlt"
    held = "".join(f'<td data-name="{name}">{text}</td>' for name, text in cells)
    name = "met" if ratio["met"] else "missed"
    return (
        f'<tr><th scope="row">{escape(german(label))}</th>{held}'
        f'<td data-name="Urteil" class="{name}">{verdict}</td></tr>'
    )


def _chapter(result: dict[str, Any]) -> str:
    chapter = CHAPTERS[result["name"]]
    parts = [f"<h2>{escape(chapter.title)}</h2>", f"<p>{escape(chapter.text)}</p>"]
    if (others := result["raw"].get("busy_with_others", 0.0)) > QUIET:
        parts.append(f"<p>{escape(NOT_QUIET.format(share=percent(others)))}</p>")
    for caption, drawn in figures(result):
        text = f"<figcaption>{escape(caption)}</figcaption>"
        parts.append(f"<figure>{text}{drawn}</figure>" if drawn else f"<p>{escape(caption)}</p>")
    return f'<section id="{result["name"]}">' + "\n".join(parts) + "</section>"


if __name__ == "__main__":
    main()
