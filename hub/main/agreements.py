# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands about agreements: ``agreements check``, ``propose``, ``sign``, ``end``, ``list``."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from hub import clock
from hub.client.agreements import Signatory
from hub.directory.kinds import roles_of_kind
from hub.main.agreement_sources import Reader, loaded, read
from hub.main.catalogue import OwnProtocols, known
from hub.main.options import DEFAULT, Address, Folder
from hub.main.output import Json, fail, out, show, system_text
from hub.main.telling import told
from hub.model.agreement import Agreement, Concluded
from hub.model.json import JsonObject
from hub.protocols.agreement_file import agreement_digest
from hub.protocols.agreement_findings import Surroundings, agreement_findings
from hub.protocols.agreement_text import STANDING, describe_agreement, ends_soon
from hub.protocols.agreements import standing, today

app = typer.Typer(help="Kooperationsvereinbarungen.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="Datei mit einer Vereinbarung (YAML).")]
Named = Annotated[str, typer.Argument(metavar="ID/FASSUNG", help="Etwa kreis-muster-polizei/1.")]
Desk = Annotated[Path, typer.Option("--agency", help="Ordner der Stelle mit dem Wurzelschlüssel.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Nur zeigen, nichts senden.")]
Yes = Annotated[bool, typer.Option("--yes", help="Nicht nachfragen.")]


def register(top: typer.Typer) -> None:
    """Hang these commands in below ``agreements``."""
    top.add_typer(app, name="agreements")


@app.command("check")
def check(file: File, protocols: OwnProtocols = None, as_json: Json = False) -> None:
    """Prüft eine Datei: Form, Verfahren, Rollen, Fristen, Laufzeit."""
    agreement = loaded(file)
    around = Surroundings(known(protocols), roles_of_kind)
    found = [{"place": at, "text": text} for at, text in agreement_findings(agreement, around)]
    lines = [f"{each['place']}: {each['text']}" for each in found]
    whole = describe_agreement(agreement)
    show(found, as_json, "\n".join([whole, *lines, f"{len(found)} Beanstandungen."]))
    if found:
        raise typer.Exit(1)


@app.command("propose")
def propose(file: File, agency: Desk, *, dry_run: DryRun = False, yes: Yes = False) -> None:
    """Schlägt eine Vereinbarung vor und unterschreibt sie für die eigene Stelle."""
    agreement = loaded(file)
    signatory = _signatory(agency)
    if _goes_on(describe_agreement(agreement), "Vorschlagen und unterschreiben?", dry_run, yes):
        told(lambda: signatory.propose(agreement))
        out.print(f"Vorgeschlagen: {agreement.name} ({agreement_digest(agreement)})", markup=False)


@app.command("sign")
def sign(
    name: Named,
    agency: Desk,
    file: Annotated[
        Path | None, typer.Option(help="Die eigene Datei; nur genau sie wird unterschrieben.")
    ] = None,
    *,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Unterschreibt eine vorgeschlagene Vereinbarung für die eigene Stelle."""
    signatory = _signatory(agency)
    shown = _shown(signatory, name)
    if file is not None and agreement_digest(loaded(file)) != agreement_digest(shown):
        raise fail("Der Hub zeigt einen anderen Text als die eigene Datei; nichts unterschrieben.")
    if _goes_on(describe_agreement(shown), "Unterschreiben?", dry_run, yes):
        told(lambda: signatory.sign(shown))
        out.print(f"Unterschrieben: {name} ({agreement_digest(shown)})", markup=False)


@app.command("end")
def end(
    name: Named,
    agency: Desk,
    on: Annotated[str, typer.Option(help="Letzter Tag, JJJJ-MM-TT.")],
    *,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Kündigt eine Vereinbarung für alle Beteiligten zu einem Tag."""
    signatory = _signatory(agency)
    shown = _shown(signatory, name)
    day = _day(on)
    said = f"{shown.title} ({name}) endet für alle Beteiligten am {day.strftime('%d.%m.%Y')}."
    if _goes_on(said, "Kündigen?", dry_run, yes):
        told(lambda: signatory.end(shown, day))
        out.print(f"Gekündigt: {name} zum {day.strftime('%d.%m.%Y')}", markup=False)


@app.command("list")
def list_(
    agency: Reader = None,
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Listet alle Vereinbarungen mit ihrem Stand, und welche bald enden."""
    all_known, day = read(agency, data_dir, database), today(clock.now())
    said = [_said(each, day, all_known) for each in all_known]
    show(said, as_json, "\n".join(_line(each, day, all_known) for each in all_known))


@app.command("show")
def show_(
    name: Named,
    agency: Reader = None,
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Zeigt eine Vereinbarung, ihren Stand und wer noch nicht unterschrieben hat."""
    all_known, day = read(agency, data_dir, database), today(clock.now())
    concluded = next((each for each in all_known if each.agreement.name == name), None)
    if concluded is None:
        raise fail("Diese Vereinbarung gibt es hier nicht.")
    missing = [each for each in concluded.agreement.parties if each not in concluded.signed]
    lines = [describe_agreement(concluded.agreement), _line(concluded, day, all_known)]
    lines += [f"Noch nicht unterschrieben: {each}" for each in missing]
    show(_said(concluded, day, all_known), as_json, "\n".join(lines))


def _signatory(folder: Path) -> Signatory:
    try:
        return Signatory.load(folder)
    except OSError as trouble:
        raise fail(system_text(trouble)) from None


def _shown(signatory: Signatory, name: str) -> Agreement:
    agreement_id, _, version = name.partition("/")
    if not version.isdecimal():
        raise fail("Gefragt ist ID/FASSUNG, etwa kreis-muster-polizei/1.")
    return told(lambda: signatory.shown(agreement_id, int(version)))


def _goes_on(text: str, question: str, dry_run: bool, yes: bool) -> bool:
    """Show what is to be signed, and ask; whoever signs has seen it."""
    out.print(text, markup=False)
    if dry_run:
        out.print("Nichts gesendet.")
        return False
    return yes or typer.confirm(question)


def _said(concluded: Concluded, day: date, all_known: tuple[Concluded, ...]) -> JsonObject:
    return {
        "name": concluded.agreement.name,
        "standing": standing(concluded, day, all_known),
        "ends_soon": ends_soon(concluded, day),
        "last_day": concluded.last_day.isoformat(),
        "digest": concluded.digest,
        "signed": [*sorted(concluded.signed)],
        "agreement": concluded.agreement.as_json(),
    }


def _line(concluded: Concluded, day: date, all_known: tuple[Concluded, ...]) -> str:
    stands = STANDING[standing(concluded, day, all_known)]
    last = concluded.last_day.strftime("%d.%m.%Y")
    soon = (
        f" - endet in {(concluded.last_day - day).days} Tagen" if ends_soon(concluded, day) else ""
    )
    return f"{concluded.agreement.name}: {stands}, bis {last}{soon}"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise fail("Der Tag wird als JJJJ-MM-TT geschrieben.") from None
