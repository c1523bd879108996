# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A Beweispaket as it is being filled: files by name, and each entry with all that proves it."""

import io
import json
import zipfile
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection

from hub.audit.edition import witnessed_edition
from hub.audit.proof import Proof
from hub.audit.stamps import Stamp, stamp_behind
from hub.node import Node

EARLIEST: Final = (1980, 1, 1, 0, 0, 0)


@dataclass
class Package:
    """Files by name, in the order in which they were put in."""

    node: Node
    connection: Connection
    files: dict[str, bytes] = field(default_factory=dict)

    def put(self, name: str, content: str | bytes | object) -> None:
        """Put a file in: bytes and text as they are, anything else as JSON."""
        if isinstance(content, bytes):
            self.files[name] = content
        elif isinstance(content, str):
            self.files[name] = content.encode("utf-8", "surrogateescape")
        else:
            text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
            self.files[name] = text.encode() + b"\n"

    def put_entry(self, event_id: str) -> None:
        """Put an entry in with its proofs: to the log's checkpoint, the witnessed, the stamped."""
        log, connection = self.node.log, self.connection
        proven = log.prove(connection, event_id)
        if proven.extra is not None:
            self.put(f"entries/{event_id}.json", proven.extra)
        self.put(f"proofs/{event_id}.tlog-proof", proven.text)
        witnessed = witnessed_edition(
            log.tree, connection, self.node.policy, proven.index, log.size, edge=log.edge
        )
        if witnessed is not None:
            self.put(f"witnessed/{event_id}.tlog-proof", witnessed.text)
        stamp = stamp_behind(connection, proven.index)
        if stamp is not None:
            self._put_stamped(event_id, proven, stamp)

    def zipped(self) -> bytes:
        """Write the files with a fixed time, so that equal evidence is equal bytes."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.files.items():
                archive.writestr(zipfile.ZipInfo(name, EARLIEST), content, zipfile.ZIP_DEFLATED)
        return packed.getvalue()

    def _put_stamped(self, event_id: str, proven: Proof, stamp: Stamp) -> None:
        """The first stamp behind an entry says most of it; its checkpoint is seldom the first."""
        text = self.node.log.proof(self.connection, proven.index, stamp.size)
        self.put(f"stamped/{event_id}.tlog-proof", text)
        self.put(f"stamps/{stamp.size}.note", stamp.note)
        self.put(f"stamps/{stamp.size}.tsr", stamp.token)
