# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How is an evaluation laid out? The same tables on the page, on paper and in a spreadsheet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from hub.inquire.evaluation import Evaluation
from hub.inquire.halves import Half
from hub.inquire.median import median_of
from hub.inquire.suppression import LEAST, Figure
from hub.inquire.tally import ALL, FEEDBACK, TAKEOVER, URGENCIES, WAYS
from hub.protocols.wording import URGENCY
from hub.web import report_words as words

_THIN: Final = "\N{NARROW NO-BREAK SPACE}"


@dataclass(frozen=True)
class Row:
    """One line of figures; ``median`` names the class of the middle one, where it is known."""

    label: str
    figures: tuple[Figure, ...]
    median: str = ""
    is_sum: bool = False


@dataclass(frozen=True)
class Table:
    """Figures in lines and columns, with what has to be known to read them."""

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""
    few: tuple[str, ...] = ()
    """Lines that would say nothing but that all in them is small."""
    is_drawn: bool = False

    @property
    def few_said(self) -> str:
        """Those lines in a sentence, each field of senders once."""
        found: dict[str, list[str]] = {}
        for each in self.few:
            sector, _, protocol = each.partition(": ")
            found.setdefault(sector, []).append(protocol)
        said_ = "; ".join(f"{sector}: {', '.join(each)}" for sector, each in found.items())
        return f"Je unter {LEAST}: {said_}." if found else ""

    @property
    def corner(self) -> str:
        """What the lines are."""
        return words.LINES[self.id]

    @property
    def median(self) -> str:
        """The class of the middle one, where the lines are the classes."""
        return next((row.median for row in self.rows if row.is_sum), "")

    @property
    def has_medians(self) -> bool:
        """Whether there is one in each line."""
        return any(row.median and not row.is_sum for row in self.rows)

    @property
    def classes(self) -> tuple[str, ...]:
        """The columns that are no sum."""
        return tuple(each for each in self.columns if each != words.SUM)


@dataclass(frozen=True)
class Report:
    """An evaluation, laid out."""

    title: str
    name: str
    key: str
    half: Half
    is_demo: bool
    tables: tuple[Table, ...]

    @property
    def file(self) -> str:
        return f"auswertung-{self.key}-{self.half.key}"


def lay_out(evaluation: Evaluation, titles: Mapping[str, str]) -> Report:
    """Return the tables of an evaluation; ``titles`` are those of protocols, by their id."""
    figures = evaluation.figures
    return Report(
        title=f"Auswertung {half_words(evaluation.half)}, Netz {evaluation.name}",
        name=evaluation.name,
        key=evaluation.key,
        half=evaluation.half,
        is_demo=evaluation.is_demo,
        tables=(
            _of_sectors(figures),
            _of_protocols(figures, titles),
            _of_urgencies(figures),
            _by_urgency("zustellung", words.DELIVERY, figures),
            _by_urgency("kenntnis", words.KNOWN, figures),
            _by_urgency("danach", words.LATE, figures),
            _of_feedback(figures),
            _of_marks(figures),
            _of_handovers(figures),
            _of_takeovers(figures),
        ),
    )


def half_words(half: Half) -> str:
    """Say which half-year: ``2. Halbjahr 2026``."""
    return f"{half.number}. Halbjahr {half.year}"


def said(figure: Figure) -> str:
    """Say a figure as it stands in a table."""
    if figure.value is not None:
        return f"{figure.value:,}".replace(",", _THIN)
    if figure.is_small or (figure.low, figure.high) == (0, LEAST - 1):
        return f"unter {LEAST}"
    if figure.high is None:
        return "nicht gezeigt"
    return f"{figure.low} bis {figure.high}" if figure.low else f"höchstens {figure.high}"


def _of_sectors(figures: Mapping[str, Figure]) -> Table:
    rows = [Row(words.SECTORS[each], (figures[f"bereich/{each}"],)) for each in WAYS]
    total = Row("Alle Stellen", (figures[ALL],), is_sum=True)
    return Table(
        "stellen", *words.BY_SECTOR.head, (*rows, total), words.BY_SECTOR.note, is_drawn=True
    )


def _of_protocols(figures: Mapping[str, Figure], titles: Mapping[str, str]) -> Table:
    lines = [
        Row(f"{words.SECTORS[sector]}: {titles.get(each, each)}", (figures[key],))
        for sector, protocols in WAYS.items()
        for each in protocols
        if (key := f"verfahren/{sector}/{each}") in figures
    ]
    few = tuple(each.label for each in lines if each.figures[0].is_small)
    rows = tuple(each for each in lines if each.label not in few)
    return Table("verfahren", *words.BY_PROTOCOL.head, rows, words.BY_PROTOCOL.note, few)


def _of_urgencies(figures: Mapping[str, Figure]) -> Table:
    rows = [Row(URGENCY[each], (figures[f"dringlichkeit/{each}"],)) for each in URGENCIES]
    total = Row("Alle", (figures[ALL],), is_sum=True)
    return Table("dringlichkeit", *words.BY_URGENCY.head, (*rows, total), words.BY_URGENCY.note)


def _by_urgency(table: str, text: words.Timed, figures: Mapping[str, Figure]) -> Table:
    def row(urgency: str) -> Row:
        parts = tuple(figures[f"{table}/{urgency}/{each}"] for each in text.classes)
        total = figures[text.total.format(urgency)]
        label = f"{URGENCY[urgency]} ({text.limits[urgency]})" if text.limits else URGENCY[urgency]
        return Row(label, (*parts, total), _median(parts, text.columns) if text.limits else "")

    rows = tuple(row(each) for each in URGENCIES)
    columns = (*text.columns, words.SUM)
    return Table(table, text.title, columns, rows, text.note, is_drawn=table == "kenntnis")


def _of_feedback(figures: Mapping[str, Figure]) -> Table:
    parts = tuple(figures[f"rueckmeldung/{each}"] for each in FEEDBACK)
    rows = [
        Row(label, (figure,)) for label, figure in zip(words.FEEDBACK_CLASSES, parts, strict=True)
    ]
    median = _median(parts, words.FEEDBACK_CLASSES)
    total = Row(words.FEEDBACK_TOTAL, (figures["vorgesehen"],), median, is_sum=True)
    return Table(
        "rueckmeldung", *words.FEEDBACK.head, (*rows, total), words.FEEDBACK.note, is_drawn=True
    )


def _of_marks(figures: Mapping[str, Figure]) -> Table:
    rows = tuple(
        Row(label, tuple(figures[f"{table}/{each}"] for each in ("ja", "nein")))
        for table, label in words.MARKS.items()
    )
    return Table("besonderes", *words.MARKED.head, rows, words.MARKED.note)


def _of_handovers(figures: Mapping[str, Figure]) -> Table:
    rows = [Row(label, (figures[f"anlass/{each}"],)) for each, label in words.ORIGINS.items()]
    total = Row("Alle Übergaben", (figures["uebergaben"],), is_sum=True)
    return Table("krisendienst", *words.HANDOVERS.head, (*rows, total), words.HANDOVERS.note)


def _of_takeovers(figures: Mapping[str, Figure]) -> Table:
    parts = tuple(figures[f"uebernahme/{each}"] for each in TAKEOVER)
    rows = [
        Row(label, (figure,)) for label, figure in zip(words.TAKEOVER_CLASSES, parts, strict=True)
    ]
    median = _median(parts, words.TAKEOVER_CLASSES)
    total = Row("Alle Übergaben", (figures["uebergaben"],), median, is_sum=True)
    return Table("uebernahme", *words.TAKEOVERS.head, (*rows, total), words.TAKEOVERS.note)


def _median(parts: tuple[Figure, ...], classes: tuple[str, ...]) -> str:
    place = median_of(parts)
    return "" if place is None else classes[place]


def bars_of(table: Table) -> Iterator[tuple[str, Figure]]:
    """Yield what a plot shows of a table, sums aside."""
    several = len(table.classes) > 1
    for row in table.rows:
        if not row.is_sum:
            for each, figure in zip(table.classes, row.figures, strict=False):
                name = f"{row.label.partition(' (')[0]}: {each}"
                yield (name if several else row.label, figure)
