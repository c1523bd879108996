# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands about rosters: ``roster show``, ``check``, ``set``, ``extend`` and ``list``."""

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from hub import clock
from hub.client.roster import View, extended, planned, publish_change, published
from hub.directory.duty_file import DutyFile, DutyInvalid, parse_duty
from hub.directory.hours import Interval, term
from hub.directory.roster import MOST_READERS, Bearer, Duty, bearer_of, gaps, unsound
from hub.directory.roster_text import differences, duty_text, gap_text, unattended, week_text
from hub.main.covered import covers
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.output import Json, fail, out, show, system_text
from hub.main.telling import told
from hub.model.participant import Unit
from hub.store.engine import open_database

app = typer.Typer(help="Bereitschaftspläne.", no_args_is_help=True)
WEEK: Final = 7 * 86_400
WANTING: Final = 3
"""Exit code of ``roster list`` where an office has to renew its roster."""

File = Annotated[Path, typer.Argument(help="Datei mit einem Bereitschaftsplan (YAML).")]
Desk = Annotated[Path, typer.Option("--agency", help="Ordner der Stelle mit dem Wurzelschlüssel.")]
Any_ = Annotated[Path, typer.Option("--agency", help="Ordner der Stelle oder einer Einheit.")]
UnitId = Annotated[str, typer.Option("--unit", help="Einheit, um deren Plan es geht.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Nur zeigen, nichts senden.")]
Yes = Annotated[bool, typer.Option("--yes", help="Nicht nachfragen.")]


def register(top: typer.Typer) -> None:
    """Hang these commands in below ``roster``."""
    top.add_typer(app, name="roster")


@app.command("show")
def show_(agency: Any_, as_json: Json = False) -> None:
    """Zeigt, was die Einheiten einer Stelle über ihre Bereitschaft veröffentlicht haben."""
    view = _read(partial(published, agency))
    span = _week()
    said = {unit.id: _as_json(unit, view, span) for unit in view.entry.units}
    lines = [line for unit in view.entry.units for line in _unit_text(unit, view, span)]
    show(said, as_json, "\n".join(lines))


@app.command("check")
def check(
    file: File,
    unit: Annotated[str, typer.Option("--unit", help="Für welche Einheit; prüft mehr.")] = "",
    as_json: Json = False,
) -> None:
    """Prüft eine Datei und zeigt Lücken; eine Lücke ist erlaubt."""
    duty = _loaded(file).duty
    bearer = Bearer(unit, None, MOST_READERS - 2) if unit else None
    wrong = [{"place": at, "text": text} for at, text in unsound(duty, bearer)]
    open_times = _gaps(duty) if not wrong else ()
    lines = [*duty_text(duty), *map(gap_text, open_times)]
    lines += [f"{each['place']}: {each['text']}" for each in wrong]
    said = {"findings": wrong, "gaps": [list(gap) for gap in open_times]}
    show(said, as_json, "\n".join([*lines, f"{len(wrong)} Beanstandungen."]))
    if wrong:
        raise typer.Exit(1)


@app.command("set")
def set_(
    file: File, agency: Desk, unit: UnitId, *, dry_run: DryRun = False, yes: Yes = False
) -> None:
    """Unterschreibt und veröffentlicht einen Bereitschaftsplan; zeigt vorher, was er ändert."""
    _change(agency, unit, _loaded(file).applied, dry_run=dry_run, yes=yes)


@app.command("extend")
def extend(
    agency: Desk,
    unit: UnitId,
    until: Annotated[str, typer.Option("--until", help="Neuer letzter Tag, JJJJ-MM-TT.")],
    *,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Verlängert einen Bereitschaftsplan; Zeilen anderer Stellen enden mit ihrem Vertrag."""
    _change(agency, unit, partial(_extended, _day(until)), dry_run=dry_run, yes=yes)


@app.command("list")
def list_(data_dir: Folder = DEFAULT, database: Address = None, as_json: Json = False) -> None:
    """Listet alle Einheiten: wie lange ihr Plan gilt, wer jetzt da ist, Lücken bis in 7 Tagen."""
    opened = open_database(hub_in(data_dir, database).place)
    try:
        with opened.reading.connect() as connection:
            known = covers(connection)
    finally:
        opened.dispose()
    show([each.as_json() for each in known], as_json, "\n".join(each.text for each in known))
    if any(each.findings for each in known):
        raise typer.Exit(WANTING)


def _change(
    folder: Path, unit: str, change: Callable[[Unit], Unit], *, dry_run: bool, yes: bool
) -> None:
    before, after = _read(partial(planned, folder, unit, change))
    old, new = Duty.of(before.unit(unit)), Duty.of(after.unit(unit))
    if wrong := [
        f"{at}: {text}" for at, text in unsound(new, bearer_of(after.unit(unit), after.entry))
    ]:
        raise fail("\n".join(["So kann der Plan nicht gelten:", *wrong]))
    lines = [*differences(old, new)] or ["Das ändert nichts."]
    lines += [*week_text(unit, after.directory, _week())]
    out.print("\n".join([*lines, *map(gap_text, _gaps(new))]), markup=False)
    if dry_run:
        out.print("Nichts gesendet.")
    elif yes or typer.confirm("Unterschreiben und veröffentlichen?"):
        entry = _read(partial(publish_change, folder, unit, change))
        out.print(f"Veröffentlicht als Fassung {entry.version}.")


def _extended(until: date, unit: Unit) -> Unit:
    if unit.roster is None:
        raise fail("Diese Einheit hat keinen Bereitschaftsplan, der zu verlängern wäre.")
    organisation = unit.id.partition(".")[0]
    roster = extended(unit.roster, until, clock.today(), organisation)
    return unit.model_copy(update={"roster": roster})


def _gaps(duty: Duty) -> tuple[Interval, ...]:
    """Return the gaps of the first fortnight that the roster has ahead of it."""
    if duty.roster is None:
        return ()
    first, last = term(duty.roster.valid_from, duty.roster.valid_until)
    begins = max(first, int(clock.now()))
    return gaps(duty.roster, (begins, min(last, begins + 2 * WEEK)))


def _week() -> Interval:
    now = int(clock.now())
    return now, now + WEEK


def _unit_text(unit: Unit, view: View, span: Interval) -> list[str]:
    lines = [f"{unit.id}: {unit.name}", *(f"  {line}" for line in duty_text(Duty.of(unit)))]
    if unit.roster is not None:
        lines += [f"  {line}" for line in week_text(unit.id, view.directory, span)]
    return lines


def _as_json(unit: Unit, view: View, span: Interval) -> dict[str, Any]:
    duty: dict[str, Any] = Duty.of(unit).model_dump(mode="json", exclude_none=True)
    times = unattended(unit.id, view.directory, span) if unit.roster else ()
    return duty | {"gaps": [list(gap) for gap in times]}


def _loaded(file: Path) -> DutyFile:
    try:
        return parse_duty(file.read_bytes())
    except OSError as trouble:
        raise fail(system_text(trouble)) from None
    except DutyInvalid as wrong:
        lines = [f"{at or '/'}: {text}" for at, text in wrong.findings]
        raise fail("\n".join(["So ist der Plan nicht lesbar:", *lines])) from None


def _read(act: Callable[[], Any]) -> Any:
    try:
        return told(act)
    except OSError as trouble:
        raise fail(system_text(trouble)) from None
    except LookupError:
        raise fail("Diese Einheit hat die Stelle nicht.") from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise fail("Der Tag wird als JJJJ-MM-TT geschrieben.") from None
