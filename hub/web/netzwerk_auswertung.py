# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The half-yearly evaluation of a network, for whoever coordinates it: page, spreadsheet, paper.

All three show the same figures, and none of them can be told apart into cases.
"""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool

from hub.inquire.evaluation import evaluate
from hub.inquire.halves import Half, half_of, halves_at
from hub.protocols.matrix import newest
from hub.web import report_words as words
from hub.web.netzwerk import Hall, TheHall, shown
from hub.web.people import POLICY
from hub.web.report import Report, half_words, lay_out, said
from hub.web.report_csv import CSV, as_csv
from hub.web.report_pdf import PDF, as_pdf
from hub.web.report_svg import plots

router = APIRouter(prefix="/netzwerk/{key}", include_in_schema=False)
HERE: Final = "/auswertung"


@dataclass(frozen=True)
class Asked:
    """A half-year of a network; none where not even the first is settled."""

    hall: Hall
    halves: tuple[Half, ...]
    half: Half | None

    async def report(self) -> Report | None:
        if self.half is None:
            return None
        found = await evaluate(self.hall.place, self.half, self.hall.node)
        titles = {each.id: each.title for each in newest(self.hall.node.catalogue.all())}
        return lay_out(found, titles)


def asked_of(hall: TheHall, halbjahr: str = "") -> Asked:
    """Read which half-year is meant: the newest where none is named."""
    now = hall.node.clock()
    halves = halves_at(now)
    half = half_of(halbjahr, now) if halbjahr else next(iter(halves), None)
    return Asked(hall, halves, half)


TheAsked = Annotated[Asked, Depends(asked_of)]


@router.get(HERE)
async def get_evaluation(asked: TheAsked) -> Response:
    """The tables of a half-year, with a plot beside those that one likes to see."""
    report = await asked.report()
    drawn = plots(report.tables) if report else {}
    return shown(
        "auswertung",
        asked.hall,
        HERE,
        halves=asked.halves,
        report=report,
        plots={key: Markup(each) for key, each in drawn.items()},  # noqa: S704  made by us
        words=words,
        said=said,
        half_words=half_words,
    )


@router.get(f"{HERE}.csv")
async def get_spreadsheet(asked: TheAsked) -> Response:
    """The same for a spreadsheet."""
    report = await asked.report()
    return _file(report, as_csv(report), CSV, "csv") if report else Response(status_code=404)


@router.get(f"{HERE}.pdf")
async def get_paper(asked: TheAsked) -> Response:
    """The same on paper, to be kept and given to the members."""
    report = await asked.report()
    if report is None:
        return Response(status_code=404)
    return _file(report, await run_in_threadpool(as_pdf, report), PDF, "pdf")


def _file(report: Report, content: bytes, media_type: str, ending: str) -> Response:
    named = f'attachment; filename="{report.file}.{ending}"'
    return Response(
        content, media_type=media_type, headers={**POLICY, "content-disposition": named}
    )
