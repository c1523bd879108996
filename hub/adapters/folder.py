# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Handing over by a folder that case software, a scanner station or a person watches.

Names are the id of the message and an ending. What lies there is whole. A file that somebody has
fetched is not put there a second time, also if this process was killed in between.
"""

from pathlib import Path
from typing import ClassVar, Final, Literal

from pydantic import Field

from hub import clock
from hub.adapters.base import HandedOver, Surroundings, TargetRefused, TargetTrouble
from hub.adapters.delivery import Delivery
from hub.adapters.disk import trouble_of
from hub.adapters.forms.chosen import Forms, FormSettings
from hub.adapters.forms.document import Document, file_name
from hub.adapters.health import WELL, Health, unwell
from hub.adapters.place import Place, opened
from hub.adapters.settings import TargetSettings
from hub.adapters.traces import Traces
from hub.adapters.turns import Turns

MIB: Final = 1024 * 1024
Done = Literal["placed", "fetched", "receipt"]


class FolderSettings(FormSettings):
    """One watched folder."""

    path: Path
    done: Done = "placed"
    """When a delivery counts as handed over: lies there, was fetched, or has a receipt beside it
    (``<id>.quittung``, or ``<id>.ablehnung`` where the reader refuses it)."""
    landmark: str = Field(default="", pattern=r"^[A-Za-z0-9._-]*$", max_length=60)
    """A file that has to be there: a drive that is not connected is an empty folder too."""
    spare: int = Field(default=16, ge=0, le=1_000_000)
    """MiB that have to be free; with less the folder is reported before it is full."""
    look_again: int = Field(default=60, ge=1, le=86_400)
    """Seconds until it is looked whether somebody has fetched."""


class FolderAdapter:
    """Puts files into one folder."""

    settings_type: ClassVar[type[TargetSettings]] = FolderSettings

    def __init__(self, settings: TargetSettings, surroundings: Surroundings) -> None:
        assert isinstance(settings, FolderSettings)  # noqa: S101  the registry reads its type
        self.name = settings.called
        self._settings = settings
        self._path = surroundings.path(settings.path)
        self._forms = Forms(settings, surroundings)
        self._traces = Traces(surroundings.state)
        self._turns = Turns(self.name, settings.side_by_side, settings.patience)

    async def hand_over(self, delivery: Delivery) -> HandedOver:
        documents = await self._forms.of(delivery)
        return await self._turns.run(delivery.id, lambda: self._put(delivery, documents))

    async def already_there(self, delivery: Delivery) -> HandedOver | None:
        return await self._turns.run(delivery.id, lambda: self._look(delivery))

    async def check(self) -> Health:
        try:
            return await self._turns.run("", self._health)
        except TargetTrouble as trouble:
            return unwell(trouble.reason)

    async def close(self) -> None:
        await self._turns.close()

    def _put(self, delivery: Delivery, documents: tuple[Document, ...]) -> HandedOver:
        try:
            with opened(self._path) as place:
                self._check_landmark(place)
                names = self._traces.of(delivery)
                was_there = names is not None and not any(map(place.is_hidden, names))
                if names is None:
                    names = self._prepare(place, delivery, documents)
                for name in names:
                    place.show(name)
                place.sync()
                return self._done(place, delivery, names, was_there=was_there)
        except OSError as error:
            raise trouble_of(error) from None

    def _prepare(
        self, place: Place, delivery: Delivery, documents: tuple[Document, ...]
    ) -> tuple[str, ...]:
        names = tuple(each.name for each in documents)
        try:
            for document in documents:
                place.write(document)
            place.sync()
            self._traces.note(delivery, names)
        except (OSError, TargetTrouble):
            for name in names:
                place.drop(name)
            raise
        return names

    def _look(self, delivery: Delivery) -> HandedOver | None:
        names = self._traces.of(delivery)
        try:
            with opened(self._path) as place:
                self._check_landmark(place)
                if names is None:
                    # Another connector of this office may have been here.
                    names = self._forms.names(delivery)
                    if not all(map(place.has, names)):
                        return None
                if any(map(place.is_hidden, names)):
                    return None
                return self._done(place, delivery, names, was_there=True)
        except OSError as error:
            raise trouble_of(error) from None

    def _done(
        self, place: Place, delivery: Delivery, names: tuple[str, ...], *, was_there: bool
    ) -> HandedOver:
        handed = HandedOver(names[-1], was_there=was_there)
        waiting = self._settings.done
        if waiting == "receipt":
            self._check_receipt(place, delivery)
        elif waiting == "fetched" and any(map(place.has, names)):
            raise self._not_yet("not-fetched", "Die Dateien liegen bereit; geholt hat sie niemand.")
        return handed

    def _check_receipt(self, place: Place, delivery: Delivery) -> None:
        if place.has(file_name(delivery.id, "ablehnung")):
            raise TargetRefused("declined", "Das Fachverfahren hat die Datei abgelehnt.")
        if not place.has(file_name(delivery.id, "quittung")):
            raise self._not_yet(
                "no-receipt", "Die Dateien liegen bereit; quittiert sind sie nicht."
            )

    def _not_yet(self, code: str, reason: str) -> TargetTrouble:
        return TargetTrouble(code, reason, self._settings.look_again)

    def _check_landmark(self, place: Place) -> None:
        if self._settings.landmark and not place.has(self._settings.landmark):
            raise TargetTrouble(
                "drive-gone", "Die Kenndatei fehlt im Zielordner; ist das Laufwerk verbunden?"
            )

    def _health(self) -> Health:
        self._traces.forget(clock.now())
        try:
            with opened(self._path) as place:
                self._check_landmark(place)
                if place.room() < self._settings.spare * MIB:
                    return unwell("Im Zielordner ist kaum noch Platz.")
                if place.is_open_to_all():
                    return unwell("In den Zielordner kann jeder auf diesem Rechner; Rechte ändern.")
                return WELL
        except OSError as error:
            return unwell(trouble_of(error).reason)
