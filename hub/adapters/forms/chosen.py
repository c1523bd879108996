# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which forms does one target want, and what are they for a delivery?"""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, field_validator

from hub.adapters.base import Surroundings
from hub.adapters.delivery import Delivery
from hub.adapters.forms.as_csv import Formulas, as_csv
from hub.adapters.forms.as_json import as_json
from hub.adapters.forms.as_pdf import as_pdf
from hub.adapters.forms.as_xml import as_xml
from hub.adapters.forms.document import Document, file_name
from hub.adapters.forms.told import Told
from hub.adapters.mapping.apply import mapped
from hub.adapters.mapping.file import Mapping as FieldMapping
from hub.adapters.mapping.file import MappingUnfit, read_mapping
from hub.adapters.registry import SettingsUnfit
from hub.adapters.settings import TargetSettings

Form = Literal["json", "xml", "pdf", "csv", "mapped"]
_Write = Callable[[Told], Document]


class FormSettings(TargetSettings):
    """What every target has that gets the notice itself."""

    forms: tuple[Form, ...] = Field(default=("pdf", "json"), min_length=1, max_length=5)
    """In this order; the last one is there last, so whoever waits for it finds all others."""
    mapping: Path | None = None
    """File that turns our fields into those of the product; for the form ``mapped``."""
    formulas: Formulas = "refuse"
    """Whether a delivery with a cell of a CSV that begins like a formula is refused, or that cell
    guarded by an apostrophe."""

    @field_validator("forms")
    @classmethod
    def _each_once(cls, forms: tuple[Form, ...]) -> tuple[Form, ...]:
        if len(set(forms)) != len(forms):
            raise ValueError("Jede Form steht nur einmal da.")
        return forms


class Forms:
    """The forms of one target."""

    def __init__(self, settings: FormSettings, surroundings: Surroundings) -> None:
        """Read the mapping, where one is wanted; raises ``SettingsUnfit``."""
        self._forms: Final = settings.forms
        self._catalogue: Final = surroundings.catalogue
        self._formulas: Final = settings.formulas
        self._mapping = _mapping_of(settings, surroundings)

    async def of(self, delivery: Delivery) -> tuple[Document, ...]:
        """Write all forms of a delivery, beside the loop: a PDF takes some tens of milliseconds.

        Raises ``TargetRefused`` where a form cannot say what it would have to.
        """
        return await asyncio.to_thread(self.of_now, delivery)

    def names(self, delivery: Delivery) -> tuple[str, ...]:
        """Return the names that the forms have, without writing them."""
        return tuple(file_name(delivery.id, self._ending(form)) for form in self._forms)

    def of_now(self, delivery: Delivery) -> tuple[Document, ...]:
        told = Told.of(delivery, self._catalogue)
        made: Mapping[Form, _Write] = {
            "json": lambda told: as_json(told.delivery),
            "xml": as_xml,
            "pdf": as_pdf,
            "csv": lambda told: as_csv(told, self._formulas),
            "mapped": self._mapped,
        }
        return tuple(made[form](told) for form in self._forms)

    def _ending(self, form: Form) -> str:
        return form if form != "mapped" or self._mapping is None else self._mapping.ending

    def _mapped(self, told: Told) -> Document:
        assert self._mapping is not None  # noqa: S101  looked at when the settings were read
        return mapped(told, self._mapping, self._formulas)


def _mapping_of(settings: FormSettings, surroundings: Surroundings) -> FieldMapping | None:
    if "mapped" not in settings.forms:
        return None
    if settings.mapping is None:
        raise SettingsUnfit("Die Form „mapped“ braucht eine Zuordnung (mapping = …).")
    try:
        return read_mapping(surroundings.path(settings.mapping))
    except (MappingUnfit, OSError) as unfit:
        raise SettingsUnfit(f"Die Zuordnung ist nicht lesbar. {unfit}") from None
