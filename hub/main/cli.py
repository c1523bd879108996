# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg``: German texts, English names; each command in a module of its own."""

import typer

from hub.main import agency, audit, directory, operating, participants, protocols

app = typer.Typer(
    name="meldeweg",
    help="Meldeweg: Mitteilungen über Kinder in Gefahr, knapp, unterschrieben und versiegelt.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
operating.register(app)
agency.register(app)
app.add_typer(participants.app, name="participants")
app.add_typer(protocols.app, name="protocols")
app.add_typer(directory.app, name="directory")
app.add_typer(audit.app, name="audit")
app.add_typer(agency.app, name="agency")
