# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg serve``: a hub that answers, or one that says why it does not."""

import os
from collections.abc import Sequence
from typing import Annotated, Final

import structlog
import typer

from hub.errors import Failure
from hub.main.catalogue import OwnProtocols
from hub.main.demotime import DemoClockForbidden, demonstrated
from hub.main.diagnosis import examine
from hub.main.finding import Finding
from hub.main.folder import DataDir
from hub.main.guarding import ADVICE, RollbackSuspected
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.options import settings as chosen
from hub.main.output import fail, system_text
from hub.main.serving import DiskFailed, SetBack, run
from hub.settings import Settings
from hub.telemetry import configure

NOT_STARTED: Final = 1
"""A setting, the port, or another process; trying again may help."""
SET_BACK: Final = 65
"""The database is older than what was signed; a person has to decide."""
DISK_FAILED: Final = 74
"""The hub ended by itself; starting it anew is right."""
SUSPECT: Final = frozenset({"waechterdatei", "rueckspielung"})
"""Findings that say that the database was set back."""
FORBIDDEN: Final = 78
"""A finding forbids to serve; a person has to look."""
_log = structlog.stdlib.get_logger()


def register(top: typer.Typer) -> None:
    """Hang the command in at the top."""
    top.command("serve")(serve)


def serve(
    data_dir: Folder = DEFAULT,
    database: Address = None,
    host: Annotated[str | None, typer.Option(help="Adresse, auf der gehört wird.")] = None,
    port: Annotated[int | None, typer.Option(help="Anschluss.")] = None,
    protocols: OwnProtocols = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Bei Verdacht auf Rückspielung nicht starten.")
    ] = False,
) -> None:
    """Startet einen Knoten; endet sauber bei Strg-C oder SIGTERM."""
    settings = chosen(
        data_dir=data_dir, database_url=database, host=host, port=port, protocols_dir=protocols
    )
    data = hub_in(data_dir, database)
    # Journal and index of the database are made anew at each start.
    os.umask(0o077)
    try:
        configure(level=settings.log_level)
        with demonstrated(data, settings.public_url, settings.host):
            check_before_serving(data, settings, is_strict=strict)
            run(data, settings, is_strict=strict)
    except RollbackSuspected as doubt:
        raise fail(f"Der Hub startet nicht: {doubt}. {ADVICE}", SET_BACK) from None
    except SetBack:
        said = "Die Datenbank wurde im Betrieb zurückgesetzt; der Hub hat sich beendet."
        raise fail(said, SET_BACK) from None
    except DemoClockForbidden as forbidden:
        raise fail(f"Der Hub startet nicht: {forbidden}", FORBIDDEN) from None
    except DiskFailed:
        said = "Der Datenträger ist ausgefallen; der Hub hat sich beendet und ist neu zu starten."
        raise fail(said, DISK_FAILED) from None
    except Failure as trouble:
        raise fail(f"Der Hub startet nicht ({trouble.code}): {trouble}") from None
    except OSError as trouble:
        raise fail(f"Der Hub startet nicht: {system_text(trouble)}") from None
    except ValueError as wrong:
        raise fail(f"Der Hub startet nicht: {wrong}") from None


def check_before_serving(data: DataDir, settings: Settings, *, is_strict: bool = False) -> None:
    """Look at what ``doctor`` looks at, but for what takes long; end where something forbids it.

    A database that was set back forbids writing alone, unless the hub ``is_strict``.
    """
    findings = examine(data, settings, thorough=False)
    for finding in findings:
        if finding.level == "hinweis" or (finding.level == "schlimm" and not finding.forbids):
            _log.warning("start.finding", finding=finding.id)
    forbidding = [
        each for each in findings if each.forbids and (is_strict or each.id not in SUSPECT)
    ]
    if forbidding:
        raise fail(_told(forbidding), _code_of(forbidding))


def _told(findings: Sequence[Finding]) -> str:
    return "\n".join(["Der Hub startet nicht:", *(finding.text for finding in findings)])


def _code_of(findings: Sequence[Finding]) -> int:
    return SET_BACK if {each.id for each in findings} <= SUSPECT else FORBIDDEN
