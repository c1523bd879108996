# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg report``: the half-yearly evaluation of a network, as on its page."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from hub import clock
from hub.directory.network import load_network
from hub.errors import NotFound
from hub.inquire.evaluation import Evaluation, evaluate_now
from hub.inquire.halves import Half, half_of, halves_at
from hub.inquire.network import Place, places_of
from hub.main.catalogue import OwnProtocols, written
from hub.main.folder import DataDir
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.output import fail, out, system_text
from hub.protocols.matrix import newest
from hub.store.engine import open_database
from hub.web.report import Report, lay_out, said
from hub.web.report_csv import as_csv
from hub.web.report_pdf import as_pdf

Form = Literal["csv", "pdf", "json"]


def register(top: typer.Typer) -> None:
    """Hang this command in at the top."""
    top.command("report")(report)


def report(
    network: Annotated[str, typer.Option(help="Schlüssel des Kreises, etwa 05114.")],
    half: Annotated[str, typer.Option(help="Halbjahr, etwa 2026-2; sonst das letzte.")] = "",
    form: Annotated[Form, typer.Option("--format", help="csv, pdf oder json.")] = "json",
    to: Annotated[Path | None, typer.Option("--to", help="Datei; sonst die Ausgabe.")] = None,
    data_dir: Folder = DEFAULT,
    database: Address = None,
    own: OwnProtocols = None,
) -> None:
    """Wertet ein Halbjahr eines Netzes aus, nur mit Zahlen ab fünf."""
    data = hub_in(data_dir, database)
    titles = {each.id: each.title for each in newest(written(own).all())}
    found = _evaluated(data, _place(data, network), _half(half))
    content = _written(lay_out(found, titles), form)
    if to is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        to.write_bytes(content)
    except OSError as trouble:
        raise fail(system_text(trouble)) from None
    out.print(f"Geschrieben: {to}", markup=False)


def _evaluated(data: DataDir, place: Place, half: Half) -> Evaluation:
    opened = open_database(data.place)
    try:
        with opened.reading.connect() as connection, connection.begin():
            figures = evaluate_now(place, half, connection)
    finally:
        opened.dispose()
    return Evaluation(place.key, place.name, half, place.demo, figures)


def _place(data: DataDir, key: str) -> Place:
    known = places_of(tuple(load_network(path) for path in data.network_files()))
    for place in known:
        if place.key == key:
            return place
    raise fail(f"Dieses Netz gibt es hier nicht. Bekannt: {', '.join(p.key for p in known)}")


def _half(key: str) -> Half:
    now = clock.now()
    known = halves_at(now)
    try:
        return half_of(key, now) if key else known[0]
    except NotFound:
        said_ = ", ".join(each.key for each in known)
        raise fail(
            f"Dieses Halbjahr kann nicht ausgewertet werden: Es muss seit 60 Tagen vorbei sein. "
            f"Bekannt: {said_}"
        ) from None


def _written(laid_out: Report, form: Form) -> bytes:
    if form == "csv":
        return as_csv(laid_out)
    if form == "pdf":
        return as_pdf(laid_out)
    return (json.dumps(_told(laid_out), ensure_ascii=False, indent=1) + "\n").encode()


def _told(laid_out: Report) -> dict[str, Any]:
    return {
        "netz": laid_out.key,
        "halbjahr": laid_out.half.key,
        "tabellen": {
            table.id: [
                {
                    "zeile": row.label,
                    **dict(zip(table.columns, map(said, row.figures), strict=True)),
                    **({"Median": row.median} if row.median else {}),
                }
                for row in table.rows
            ]
            for table in laid_out.tables
        },
    }
