# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who is on duty is what its organisation signed: proposed, changed, kept, and in the log."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from typer.testing import CliRunner, Result

from hub import clock
from hub.audit.verify import verify_db
from hub.client import Refused
from hub.client.asking import JWT, put_jws
from hub.client.renewal import Renewal, renew
from hub.client.roster import publish_change
from hub.client.rotation import revoke, rotate
from hub.directory.duty import on_duty
from hub.directory.hours import instant
from hub.main import diagnosis
from hub.main.cli import app_for
from hub.model.json import JsonObject
from hub.model.participant import Unit
from hub.model.roster import Roster
from hub.sealing.canonical import digest, jcs, unb64
from hub.trust.jose import sign_token
from hub.trust.keys import PrivateSigningKey
from hub.trust.kinds import DIRECTORY_ENTRY
from tests.journeys.books import books, entries
from tests.journeys.copies import copy_of
from tests.world import EVERY_ROLE, KREIS, RHEINBERG, World, founded

OFFICE, OTHER = "jugendamt:05170032", "jugendamt:05170000"
YOUTH_COURT = "jugendamt:05170032.jgh"
SERVICE = "krisendienst:rufbereitschaft-probe"
STANDING_IN = f"{SERVICE}.05170032"
DAY = timedelta(days=1)


@contextmanager
def joined(home: Path) -> Iterator[World]:
    """Let a Jugendamt with two units join, its crisis service, and another Jugendamt."""
    with founded(home, EVERY_ROLE) as world:
        for organisation in (OFFICE, OTHER, SERVICE):
            world.join(organisation, protocols=())
        yield world


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Where nothing changes any more."""
    with joined(tmp_path_factory.mktemp("settled")) as world:
        yield world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with joined(tmp_path) as world:
        yield world


def home_of(world: World, organisation: str) -> Path:
    return world.home / organisation.replace(":", "-")


def unit_of(world: World, unit: str) -> Unit:
    known = world.node.directory.unit(unit)
    assert known is not None
    return known


def roster_of(world: World, unit: str = RHEINBERG) -> Roster:
    roster = unit_of(world, unit).roster
    assert roster is not None
    return roster


def typed(*words: str | Path) -> Result:
    arguments = [str(word) for word in words]
    return CliRunner().invoke(app_for(arguments), arguments)


def changed(world: World, since: int) -> dict[str, str]:
    """Return the units whose roster changed since an index of the log, and what it then said."""
    found = [each for each in entries(world, since) if each["k"] == "roster.changed"]
    return {each["obj"]["id"]: each["obj"]["d"] for each in found}


def with_night_line(unit: Unit) -> Unit:
    """Return the unit with the crisis service first whenever its office is closed."""
    assert unit.roster is not None
    own = unit.roster.lines[0].model_copy(update={"when": "office-hours"})
    night = own.model_copy(
        update={
            "unit": STANDING_IN,
            "name": "Krisendienst",
            "when": "outside",
            "basis": "lkischgnrw-4-2",
        }
    )
    return unit.model_copy(
        update={"roster": unit.roster.model_copy(update={"lines": (own, night)})}
    )


def a_night() -> int:
    """Return three o'clock of a morning that comes, by the clock of Berlin."""
    return instant(clock.today() + 2 * DAY, 3 * 60)


def agreeing(world: World, until: date) -> Callable[[Unit], Unit]:
    """Return the change by which the crisis service says that it stands in for the office."""
    said = {
        "organisation": OFFICE,
        "valid_from": roster_of(world).valid_from.isoformat(),
        "valid_until": until.isoformat(),
    }

    def agree(unit: Unit) -> Unit:
        whole = json.loads(unit.model_dump_json(exclude_none=True)) | {"serves": [said]}
        return Unit.model_validate_json(json.dumps(whole))

    return agree


def test_a_unit_signs_the_roster_that_was_proposed_and_the_log_says_so(settled: World) -> None:
    proposed = {
        unit.id: unit.roster
        for organisation in settled.node.networks[0].participants
        for unit in organisation.units
    }

    for unit in (RHEINBERG, YOUTH_COURT, KREIS, STANDING_IN):
        assert roster_of(settled, unit) == proposed[unit]
        assert on_duty(unit, settled.node.directory, int(settled.clock())).is_valid
    assert changed(settled, 0).keys() == {RHEINBERG, YOUTH_COURT, KREIS, STANDING_IN}


def test_the_entry_of_the_log_names_what_was_signed_and_where(settled: World) -> None:
    with httpx2.Client() as client:
        said = client.get(f"{settled.url}/v1/directory/{OFFICE}").json()
    claims = json.loads(unb64(said["entry"].split(".")[1]))
    roster = next(each for each in claims["units"] if each["id"] == RHEINBERG)["roster"]

    assert changed(settled, 0)[RHEINBERG] == digest(jcs({"roster": roster}))
    (entry,) = [
        each
        for each in entries(settled, 0)
        if each["k"] == "roster.changed" and each["obj"]["id"] == RHEINBERG
    ]
    assert entry["ref"] == [said["logged"]["id"]]
    assert entry["act"]["org"] == OFFICE


def test_whom_to_wake_is_not_in_the_table_that_everybody_fetches(settled: World) -> None:
    with httpx2.Client() as client:
        listed = client.get(f"{settled.url}/v1/directory").json()["list"]
    claims = json.loads(unb64(listed.split(".")[1]))

    units = [
        unit
        for network in claims["networks"]
        for organisation in network["participants"]
        for unit in organisation["units"]
    ]
    assert RHEINBERG in {unit["id"] for unit in units}
    assert not any({"roster", "serves", "callback"} & unit.keys() for unit in units)


def test_a_crisis_service_stands_in_once_both_have_signed(world: World, tmp_path: Path) -> None:
    since = books(world).log
    publish_change(home_of(world, OFFICE), RHEINBERG, with_night_line)
    night = a_night()

    assert not on_duty(RHEINBERG, world.node.directory, night).is_valid
    publish_change(home_of(world, SERVICE), STANDING_IN, agreeing(world, clock.today() + 30 * DAY))

    assert on_duty(RHEINBERG, world.node.directory, night).first == STANDING_IN
    assert changed(world, since).keys() == {RHEINBERG, STANDING_IN}
    assert verify_db(str(copy_of(world.data, tmp_path / "copy.sqlite"))) == []


def test_what_was_published_outlives_renewals_rotations_and_revocations(world: World) -> None:
    home = home_of(world, OFFICE)
    publish_change(home, RHEINBERG, with_night_line)
    known = roster_of(world)
    since = books(world).log

    renew(home)
    rotate(home, RHEINBERG, "signing", ahead=0, overlap=600)
    revoke(home, world.agency(RHEINBERG).desk[-1].kid, "lost")

    assert roster_of(world) == known
    assert changed(world, since) == {}


def test_a_roster_that_is_taken_away_leaves_nothing_behind(world: World, tmp_path: Path) -> None:
    since = books(world).log
    home = home_of(world, OFFICE)

    publish_change(home, YOUTH_COURT, lambda unit: unit.model_copy(update={"roster": None}))

    assert changed(world, since) == {YOUTH_COURT: ""}
    assert not on_duty(YOUTH_COURT, world.node.directory, int(world.clock())).is_valid
    assert verify_db(str(copy_of(world.data, tmp_path / "copy.sqlite"))) == []


def bad(**changes: Any) -> Callable[[JsonObject], None]:
    """Return what spoils a roster in the claims of an entry."""

    def spoil(roster: Any) -> None:
        for name, value in changes.items():
            if name == "roster":
                roster.update(value)
            else:
                roster["lines"][0][name] = value

    return spoil


@pytest.mark.parametrize(
    ("spoil", "pointer"),
    [
        (bad(roster={"valid_until": "2020-01-01"}), "/valid_until"),
        (bad(roster={"valid_until": "2030-01-01"}), "/valid_until"),
        (bad(roster={"land": "by"}), "/land"),
        (bad(valid_from="2020-01-01"), "/lines/0/valid_from"),
        (bad(unit="jugendamt:05170032.nacht"), "/lines/0/unit"),
        (bad(unit=STANDING_IN), "/lines/0/basis"),
        (bad(order=9), "/lines/0/order"),
        (bad(when=[{"days": ["mo"], "begins": "8", "ends": "9"}]), "/lines/0/when/0/begins"),
        (
            bad(when=[{"days": ["mo"], "begins": "08:00", "ends": "08:00"}]),
            "/lines/0/when/0/ends",
        ),
        (bad(geheim="Erfunden-Beispiel"), "/lines/0"),
        (bad(reached={"email": ["a@b.invalid"] * 5}), "/lines/0/reached/email"),
    ],
)
def test_the_hub_refuses_what_cannot_be_relied_on_and_says_where(
    settled: World, spoil: Callable[[JsonObject], None], pointer: str
) -> None:
    """Whoever has a program of their own is held to the same as ours."""
    known = roster_of(settled)

    refused = refusal(settled, spoil)

    assert refused.code == "envelope-invalid"
    assert f"/units/0/roster{pointer}" in refused.pointers
    assert "geheim" not in str(refused.pointers) + refused.detail
    assert roster_of(settled) == known


def refusal(world: World, spoil: Callable[[JsonObject], None]) -> Refused:
    """Sign the next version of an entry with a spoilt roster, and hand it in."""
    home = home_of(world, OFFICE)
    root = PrivateSigningKey.load(home / "root.pem")
    with Renewal(home) as renewal:
        claims = json.loads(renewal.entry.model_dump_json(exclude_none=True))
    spoil(claims["units"][0]["roster"])
    jws = sign_token(root, DIRECTORY_ENTRY.typ, claims)
    with httpx2.Client() as client, pytest.raises(Refused) as refused:
        put_jws(client, f"{world.url}/v1/directory/{OFFICE}", jws, {"content-type": JWT})
    return refused.value


A_FILE = """
roster:
  land: nw
  office_hours:
    - {{days: [mo, di, mi, do, fr], begins: "08:00", ends: "16:00"}}
  valid_from: {first}
  valid_until: {last}
  lines:
    - unit: jugendamt:05170032.asd
      name: Dienst
      telephone: "0221 4710101"
      order: 1
      when: {when}
      valid_from: {first}
      valid_until: {last}
"""


def a_file(folder: Path, when: str = "office-hours", days: int = 300) -> Path:
    first, last = clock.today() - DAY, clock.today() + days * DAY
    path = folder / "plan.yaml"
    path.write_text(A_FILE.format(first=first, last=last, when=when), "utf-8")
    return path


def test_whoever_signs_sees_the_coming_week_first(world: World, tmp_path: Path) -> None:
    home, since = home_of(world, OFFICE), books(world).log
    where = ("--agency", home, "--unit", RHEINBERG)
    file = a_file(tmp_path)

    shown = typed("roster", "set", file, *where, "--dry-run")

    assert shown.exit_code == 0, shown.output
    assert "Nichts gesendet" in shown.output
    assert "+ 1. Dienst (jugendamt:05170032.asd), 0221 4710101, in der Dienstzeit" in shown.output
    assert "niemand; „sofort“ wird nicht angenommen" in shown.output
    assert "Lücke: " in shown.output
    assert changed(world, since) == {}
    set_now = typed("roster", "set", file, *where, "--yes")
    assert "Veröffentlicht als Fassung 2" in set_now.output
    assert changed(world, since).keys() == {RHEINBERG}
    assert roster_of(world).lines[0].when == "office-hours"


def test_a_roster_is_made_longer_without_the_contracts_of_others(world: World) -> None:
    home = home_of(world, OFFICE)
    publish_change(home, RHEINBERG, with_night_line)
    ended = roster_of(world).valid_until
    until = ended + 20 * DAY

    done = typed(
        *("roster", "extend", "--agency", home, "--unit", RHEINBERG),
        *("--until", until.isoformat(), "--yes"),
    )

    assert done.exit_code == 0, done.output
    roster = roster_of(world)
    assert roster.valid_until == until
    assert [line.valid_until for line in roster.lines] == [until, ended]
    assert roster.valid_from == clock.today() - 7 * DAY


def test_what_is_wrong_is_said_before_anything_is_signed(settled: World, tmp_path: Path) -> None:
    home, since = home_of(settled, OFFICE), books(settled).log
    where = ("--agency", home, "--yes")

    too_long = typed("roster", "set", a_file(tmp_path, days=500), *where, "--unit", RHEINBERG)
    no_unit = typed("roster", "set", a_file(tmp_path), *where, "--unit", f"{OFFICE}.nacht")
    no_form = typed("roster", "set", a_file(tmp_path, "nachts"), *where, "--unit", RHEINBERG)

    assert [each.exit_code for each in (too_long, no_unit, no_form)] == [1, 1, 1]
    assert "/roster/valid_until: Ein Plan gilt höchstens 400 Tage." in too_long.output
    assert "Diese Einheit hat die Stelle nicht." in no_unit.output
    assert "/roster/lines/0/when" in no_form.output
    assert books(settled).log == since


def test_a_file_is_checked_without_any_hub(tmp_path: Path) -> None:
    sound = typed("roster", "check", a_file(tmp_path), "--json")
    wrong = typed("roster", "check", a_file(tmp_path, days=500))

    assert sound.exit_code == 0
    assert json.loads(sound.output)["findings"] == []
    assert json.loads(sound.output)["gaps"]
    assert wrong.exit_code == 1
    assert "/roster/valid_until" in wrong.output


def test_an_office_reads_what_it_has_published(settled: World) -> None:
    whole = typed("roster", "show", "--agency", home_of(settled, OFFICE))
    one = typed("roster", "show", "--agency", settled.folders[RHEINBERG], "--json")

    assert "1. Dienst (jugendamt:05170032.asd), +49 221 4710 101, immer" in whole.output
    assert "Ab " in whole.output
    assert json.loads(one.output)[RHEINBERG]["gaps"] == []


def listed(world: World) -> Result:
    url = ("--database", world.data.url) if world.data.url else ()
    return typed("roster", "list", "--data-dir", world.data.path, *url, "--json")


def test_the_operator_sees_who_has_to_renew(world: World) -> None:
    sound = listed(world)
    assert sound.exit_code == 0, sound.output
    assert {each["unit"]: each["findings"] for each in json.loads(sound.output)} == {
        unit: [] for unit in (RHEINBERG, YOUTH_COURT, KREIS, STANDING_IN)
    }
    home = home_of(world, OFFICE)

    publish_change(home, RHEINBERG, with_night_line)
    publish_change(home, YOUTH_COURT, ending_soon)
    publish_change(home_of(world, OTHER), KREIS, lambda u: u.model_copy(update={"roster": None}))

    wanting = listed(world)
    assert wanting.exit_code == 3
    found = {each["unit"]: " ".join(each["findings"]) for each in json.loads(wanting.output)}
    assert "niemand da: " in found[RHEINBERG]
    assert "endet am" in found[YOUTH_COURT]
    assert "kein Bereitschaftsplan" in found[KREIS]
    assert found[STANDING_IN] == ""
    hints = {each.id: each for each in diagnosis.examine(world.data)}
    assert hints["bereitschaft"].level == "hinweis"
    assert RHEINBERG in str(
        diagnosis.count(world.data)["Bereitschaftspläne, nach denen zu sehen ist"]
    )


def ending_soon(unit: Unit) -> Unit:
    assert unit.roster is not None
    last = clock.today() + 13 * DAY
    lines = tuple(line.model_copy(update={"valid_until": last}) for line in unit.roster.lines)
    return unit.model_copy(
        update={"roster": unit.roster.model_copy(update={"valid_until": last, "lines": lines})}
    )
