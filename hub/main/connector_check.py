# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg connector check``: could this connector work, and if not, what is to be done?

Nothing is fetched and nothing handed over. It may run beside the connector.
"""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import typer

from hub.adapters.base import Surroundings
from hub.adapters.connector.configuration import Configuration
from hub.adapters.registry import SettingsUnfit, make_adapter
from hub.adapters.settings import TargetSettings
from hub.client import Agency
from hub.client.wrapped import VARIABLE, Locked, lock_in
from hub.main.connector import File, Folders, named_in, settings_of
from hub.main.connector_door import inbox_findings
from hub.main.connector_line import line_findings
from hub.main.finding import Finding, bad, good, hint
from hub.main.output import Json, show, system_text
from hub.main.space import free_mib
from hub.protocols.catalogue import Catalogue
from hub.protocols.compiled import load_known

ROOT_KEY: Final = "root.pem"
LITTLE: Final = 512
"""MiB; with less the disk is spoken of."""


def register(top: typer.Typer) -> None:
    """Hang the command in below ``connector``."""
    top.command("check")(check)


def check(
    context: typer.Context, config: File = None, agency: Folders = None, as_json: Json = False
) -> None:
    """Prüft Einheit, Hub, Verfahren, Ziele und Eingang; endet mit 1, wenn etwas nicht geht."""
    configuration, folders = settings_of(*named_in(context, config, agency))
    # What several units have in common is said once.
    findings = list(dict.fromkeys(_examined(configuration, folders)))
    show([vars(each) for each in findings], as_json, "\n".join(each.text for each in findings))
    if any(each.level == "schlimm" for each in findings):
        raise typer.Exit(1)


def _examined(configuration: Configuration, folders: Sequence[Path]) -> Iterator[Finding]:
    own = configuration.settings.protocols
    catalogue = load_known(configuration.path(own) if own else None)
    units: list[Agency] = []
    for folder in folders:
        found = _unit(folder)
        if isinstance(found, Finding):
            yield found
            continue
        units.append(found)
        yield good("einheit", f"{found.id}: Ordner und Schlüssel gelesen.")
        yield from (*_keys(found), *asyncio.run(line_findings(found, catalogue)))
        yield _space(configuration.state_of(folder, found.id))
    yield from _left_out(units)
    if units:
        yield from asyncio.run(_targets(configuration, units[0], catalogue))
        yield from inbox_findings(configuration, units)


def _unit(folder: Path) -> Agency | Finding:
    try:
        return Agency.load(folder)
    except Locked as locked:
        advice = f"{VARIABLE} nennt die Datei mit der Passphrase; beim Token die PIN ansehen."
        return bad("einheit", f"Ein Schlüssel lässt sich nicht öffnen: {locked}", advice)
    except PermissionError:
        advice = "Die Dateien in keys/ gehören dem Benutzer der Anbindung allein (chmod 600)."
        return bad(
            "einheit", f"Schlüssel sind nicht lesbar, oder auch für andere: {folder}", advice
        )
    except OSError as trouble:
        return bad("einheit", f"Nicht zu lesen. {system_text(trouble)}", "meldeweg agency new")
    except (ValueError, KeyError):
        return bad("einheit", f"Das ist kein Ordner einer Einheit: {folder}", "meldeweg agency new")


def _keys(unit: Agency) -> Iterator[Finding]:
    if lock_in(unit.keys.folder) is None:
        yield hint(
            "leseschluessel",
            f"{unit.id}: Die Leseschlüssel liegen offen; wer den Datenträger hat, kann mitlesen.",
            "meldeweg connector keys lock",
        )
    else:
        yield good("leseschluessel", f"{unit.id}: Die Leseschlüssel sind verschlossen.")
    if any((folder / ROOT_KEY).exists() for folder in (unit.path, unit.path.parent)):
        yield hint(
            "wurzelschluessel",
            f"Der Wurzelschlüssel von {unit.organisation} liegt bei der Einheit.",
            "An einen Ort ohne Netz bringen; die Anbindung braucht ihn nicht.",
        )


def _left_out(units: Sequence[Agency]) -> Iterator[Finding]:
    """Name the units of the same organisations that lie beside these, and that nobody works for."""
    served = {each.path.resolve() for each in units}
    beside = {
        path.parent.resolve() for each in served for path in each.parent.glob("*/stelle.json")
    }
    for folder in sorted(beside - served):
        text = f"Für die Einheit in {folder} holt diese Anbindung nichts ab."
        yield hint("andere-einheit", text, "In „agencies“ aufnehmen, wenn es keine andere tut.")


def _space(state: Path) -> Finding:
    free = free_mib(next(each for each in (state, *state.parents) if each.exists()))
    if free < LITTLE:
        return hint("speicherplatz", f"{free} MiB sind frei; das ist wenig.", "Platz schaffen.")
    return good("speicherplatz", f"{free} MiB sind frei.")


async def _targets(
    configuration: Configuration, unit: Agency, catalogue: Catalogue
) -> list[Finding]:
    if not configuration.targets:
        advice = "[[target]] oder [inbox] in die Datei schreiben."
        return [bad("ziele", "Die Datei nennt weder ein Ziel noch einen Eingang.", advice)]
    found = []
    with TemporaryDirectory() as state:
        # What is tried leaves no mark that the connector would go by.
        for each in configuration.targets:
            own = Path(state) / each.called
            around = Surroundings(unit.id, catalogue, configuration.base, own)
            found.append(await _target(each, around))
    return found


async def _target(settings: TargetSettings, around: Surroundings) -> Finding:
    name = f"ziel-{settings.called}"
    try:
        adapter = make_adapter(settings, around)
    except SettingsUnfit as unfit:
        return bad(name, f"{settings.called}: {unfit}", "Einstellungen: docs/adapter.md")
    try:
        health = await adapter.check()
    finally:
        await adapter.close()
    if health.is_well:
        return good(name, f"{settings.called} kann annehmen.")
    return bad(name, f"{settings.called}: {health.text}", "Danach noch einmal prüfen.")
