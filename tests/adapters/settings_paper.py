# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which tables may a connector's file have, with which members, and what holds where one is out?"""

import json
from collections.abc import Iterator
from pathlib import PurePath
from typing import Final

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from hub.adapters.connector.configuration import (
    ConnectorSettings,
    Keeping,
    Leases,
    Retries,
    Sending,
)
from hub.adapters.folder import FolderSettings
from hub.adapters.forms.chosen import FormSettings
from hub.adapters.https_settings import HttpsSettings
from hub.adapters.inbox.settings import InboxOidc, InboxSettings, Neighbour
from hub.adapters.mail import MailSettings
from hub.adapters.settings import TargetSettings
from hub.adapters.sftp import SftpSettings

TABLES: Final[dict[str, type[BaseModel]]] = {
    "Am Anfang der Datei": ConnectorSettings,
    "[leases]": Leases,
    "[retries]": Retries,
    "[keeping]": Keeping,
    "[sending]": Sending,
    "[inbox]": InboxSettings,
    "[inbox.oidc]": InboxOidc,
    "[inbox.neighbour]": Neighbour,
    "[[target]]": TargetSettings,
    "[[target]] mit Formen": FormSettings,
    '[[target]] kind = "folder"': FolderSettings,
    '[[target]] kind = "sftp"': SftpSettings,
    '[[target]] kind = "https"': HttpsSettings,
    '[[target]] kind = "mail"': MailSettings,
}
"""By the heading under which each is explained."""
REQUIRED: Final = "Pflicht"
NOTHING: Final = "–"


def members(model: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    """Return the members that a table has by itself, without those of the kind above it."""
    above = {} if model.__base__ is None else getattr(model.__base__, "model_fields", {})
    for name, field in model.model_fields.items():
        is_table = isinstance(field.default, BaseModel) or name in {"inbox", "oidc", "neighbour"}
        is_new = name not in above or shown(above[name]) != shown(field)
        if is_new and not is_table:
            yield name, field


def shown(field: FieldInfo) -> str:
    """Return the default as it would stand in the file."""
    if field.is_required():
        return REQUIRED
    default = field.default
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    if default is None or default in ("", (), PurePath()):
        return NOTHING
    if isinstance(default, float) and default.is_integer():
        default = int(default)
    if isinstance(default, PurePath):
        default = str(default)
    return f"`{json.dumps(default, ensure_ascii=False)}`"
