# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands about an organisation's own keys: ``keys list``, ``show``, ``rotate``, ``revoke``."""

import re
from pathlib import Path
from typing import Annotated, Any, Final, cast

import typer

from hub.client.renewal import Renewal
from hub.client.rotation import SHORTEST, USES, revoke, rotate
from hub.main.output import Json, fail, show
from hub.main.picture import key_line, keys_of, moment
from hub.main.telling import told
from hub.model.participant import Doubt, ReadingKey, SigningKey

app = typer.Typer(help="Die eigenen Schlüssel einer Stelle.", no_args_is_help=True)
_SPAN: Final = re.compile(r"([0-9]{1,4})([dhms])")
_SECONDS: Final = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
DOUBTS: Final = ("compromised", "lost", "holder-left")
Folder = Annotated[Path, typer.Argument(help="Ordner der Stelle mit dem Wurzelschlüssel.")]
Kid = Annotated[str, typer.Argument(help="Fingerabdruck des Schlüssels.")]


def register(top: typer.Typer) -> None:
    """Hang these commands in below ``keys``."""
    top.add_typer(app, name="keys")


@app.command("list")
def list_(folder: Folder, as_json: Json = False) -> None:
    """Listet die veröffentlichten Schlüssel mit Fingerabdruck und Gültigkeit."""
    keys = _published(folder)
    lines = [_line(each) for each in keys]
    show([_as_json(*each) for each in keys], as_json, "\n".join(lines))


@app.command("show")
def show_(folder: Folder, kid: Kid, as_json: Json = False) -> None:
    """Zeigt einen Schlüssel."""
    found = next((each for each in _published(folder) if each[2].kid == kid), None)
    if found is None:
        raise fail("Diese Stelle führt keinen solchen Schlüssel.")
    show(_as_json(*found), as_json, _line(found))


@app.command("rotate")
def rotate_(
    folder: Folder,
    use: Annotated[str, typer.Argument(help="signing, token, dienst oder leitung.")],
    unit: Annotated[str, typer.Option(help="Einheit, wenn die Stelle mehrere hat.")] = "",
    ahead: Annotated[str, typer.Option(help="Wie lange vorher angekündigt, etwa 7d.")] = "7d",
    overlap: Annotated[str, typer.Option(help="Wie lange alt und neu gelten, etwa 1d.")] = "1d",
    as_json: Json = False,
) -> None:
    """Kündigt einen neuen Schlüssel an; der alte gilt noch eine Weile daneben."""
    if use not in USES:
        raise fail(f"Diesen Zweck gibt es nicht; es gibt: {', '.join(USES)}.")
    ahead_s, overlap_s = _seconds(ahead), _seconds(overlap)
    if overlap_s < SHORTEST:
        raise fail("Alt und neu gelten mindestens zehn Minuten nebeneinander.")
    chosen = unit or _only_unit(folder)
    done = told(lambda: rotate(folder, chosen, use, ahead=ahead_s, overlap=overlap_s))
    text = (
        f"Neuer Schlüssel {done.kid} gilt ab {moment(done.begins)}, der alte bis "
        f"{moment(done.ends)} (Fassung {done.version})."
    )
    show(vars(done), as_json, text)


@app.command("revoke")
def revoke_(
    folder: Folder,
    kid: Kid,
    reason: Annotated[str, typer.Option(help="compromised, lost oder holder-left.")],
    as_json: Json = False,
) -> None:
    """Widerruft einen Schlüssel sofort; war es der letzte seines Zwecks, entsteht ein neuer."""
    if reason not in DOUBTS:
        raise fail(f"Diesen Grund gibt es nicht; es gibt: {', '.join(DOUBTS)}.")
    try:
        done = told(lambda: revoke(folder, kid, cast("Doubt", reason)))
    except LookupError:
        raise fail("Diese Stelle führt keinen solchen Schlüssel.") from None
    lines = [f"Widerrufen (Fassung {done.version}). Was er vorher unterschrieb, bleibt prüfbar."]
    lines += [f"An seine Stelle tritt sofort {done.replaced}."] if done.replaced else []
    show(vars(done), as_json, "\n".join(lines))


Found = tuple[str, str, SigningKey | ReadingKey, bool]


def _published(folder: Path) -> list[Found]:
    """Return the keys of the current entry, and whether the private half lies here."""

    def look() -> list[Found]:
        with Renewal(folder) as renewal:
            here = {kid for agency in renewal.agencies for kid in agency.keys.kids}
            return [(*each, each[2].kid in here) for each in keys_of(renewal.before.entry)]

    return told(look)


def _only_unit(folder: Path) -> str:
    def look() -> list[str]:
        with Renewal(folder) as renewal:
            return [agency.id for agency in renewal.agencies]

    units = told(look)
    if len(units) != 1:
        raise fail(f"Mit „--unit“ sagen, welche Einheit: {', '.join(units)}.")
    return units[0]


def _line(found: Found) -> str:
    unit, use, key, is_here = found
    return key_line(unit, use, key) + ("" if is_here else " (geheimer Teil liegt nicht hier)")


def _as_json(unit: str, use: str, key: SigningKey | ReadingKey, is_here: bool) -> dict[str, Any]:
    members = key.model_dump(exclude_none=True, exclude={"jwk", "pub", "use"})
    return {"unit": unit, "use": use, **members, "here": is_here}


def _seconds(text: str) -> int:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise fail("Eine Dauer wird etwa als 7d, 12h, 30m oder 90s geschrieben.")
    return int(found[1]) * _SECONDS[found[2]]
