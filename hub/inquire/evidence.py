# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Everything that proves what became of a message, in one file that needs nobody to be believed.

What a party is given is what it may see: the sender's evidence holds the visible chain alone. It
holds no content, so it proves as much after the erasure as before.
"""

import io
import json
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

import hub.audit.verify as verifier
from hub.audit.entry import Draft
from hub.inquire.messages import MessageView, view_of
from hub.model.evidence import AuthenticatedClient
from hub.model.ids import organisation_of
from hub.node import Node
from hub.record import new_id, raised, refusable
from hub.sealing.canonical import digest
from hub.store.participants import StoredEntry, read_entries, read_hub_keys

EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
README: Final = """\
Beweispaket zu einer Nachricht

Dieses Paket enthält keinen Inhalt der Nachricht. Es beweist, wer sie wann an wen gegeben hat, auf
welcher Rechtsgrundlage, und was daraus wurde. Es lässt sich ohne Netz und ohne unsere Software
prüfen; nötig ist nur Python ab 3.11:

    python3 verify.py evidence beweispaket-….zip

Den Schlüssel des Protokolls (vkey) in hub-keys.json vergleichen Sie bitte mit dem, den der
Betreiber veröffentlicht hat; mit --vkey geben Sie ihn selbst an.
"""


@dataclass
class _Package:
    """Files by name, in the order in which they were put in."""

    files: dict[str, bytes] = field(default_factory=dict)

    def put(self, name: str, content: str | bytes | object) -> None:
        if isinstance(content, bytes):
            self.files[name] = content
        elif isinstance(content, str):
            self.files[name] = content.encode()
        else:
            text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
            self.files[name] = text.encode() + b"\n"

    def zipped(self) -> bytes:
        """Write the files with a fixed time, so that equal evidence is equal bytes."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.files.items():
                archive.writestr(zipfile.ZipInfo(name, EARLIEST), content, zipfile.ZIP_DEFLATED)
        return packed.getvalue()


async def evidence(client: AuthenticatedClient, message_id: str, node: Node) -> bytes:
    """Return the evidence of a message as a zip file; that it was given out is logged first."""
    note = partial(_note, client, message_id, node)
    raised(await node.writer.commit(lambda c: refusable(node, c, client, partial(note, c))))
    return await node.readers.run(partial(_pack, client.unit, message_id, node))


def _note(client: AuthenticatedClient, message_id: str, node: Node, connection: Connection) -> None:
    view_of(client.unit, message_id, connection)
    node.log.append(
        connection,
        Draft(
            kind="evidence.issued",
            entry_id=new_id(),
            at=node.clock(),
            act={"org": client.unit, "auth": "dpop"},
            rcp=(client.unit,),
            obj={"ty": "evidence", "id": message_id},
        ),
    )


def _pack(unit: str, message_id: str, node: Node, connection: Connection) -> bytes:
    view = view_of(unit, message_id, connection)
    package = _Package()
    package.put("LIESMICH.txt", README)
    made_at = datetime.fromtimestamp(int(node.clock()), UTC).isoformat()
    package.put(
        "evidence.json", {"v": 1, "message": message_id, "hub": node.hub_id, "made_at": made_at}
    )
    package.put("env.txt", view.message.env)
    _put_receipts(package, view, node, connection)
    _put_directory(package, view, node, connection)
    _put_rules(package, view, node)
    package.put("verify.py", Path(verifier.__file__).read_bytes())
    return package.zipped()


def _put_receipts(package: _Package, view: MessageView, node: Node, connection: Connection) -> None:
    for number, receipt in enumerate(view.receipts, start=1):
        package.put(f"receipts/{number:02}-{receipt.word}.jws", receipt.jws)
        proven = node.log.prove(connection, receipt.audit_id)
        if proven.extra is not None:
            package.put(f"entries/{receipt.audit_id}.json", proven.extra)
        package.put(f"proofs/{receipt.audit_id}.tlog-proof", proven.text)


def _put_directory(
    package: _Package, view: MessageView, node: Node, connection: Connection
) -> None:
    """Put in what all said of their keys who signed, every version, each with its proof.

    The addressed one's entry names also who may stand in for it.
    """
    signers = {receipt.signer for receipt in view.receipts} - {node.hub_id}
    parties = {*map(organisation_of, signers)}
    parties |= {organisation_of(view.message.sender), organisation_of(view.message.recipient)}
    for stored in read_entries(connection):
        if stored.organisation in parties:
            _put_entry(package, stored, node, connection)
    keys: list[dict[str, object]] = [
        {**key, "jwk": json.loads(key["jwk"])} for key in read_hub_keys(connection)
    ]
    package.put("hub-keys.json", {"keys": keys, "vkey": node.log.vkey})


def _put_entry(package: _Package, stored: StoredEntry, node: Node, connection: Connection) -> None:
    package.put(f"directory/{digest(stored.jws)}.jws", stored.jws)
    proven = node.log.prove(connection, stored.audit_id)
    if proven.extra is not None:
        package.put(f"entries/{stored.audit_id}.json", proven.extra)
    package.put(f"proofs/{stored.audit_id}.tlog-proof", proven.text)


def _put_rules(package: _Package, view: MessageView, node: Node) -> None:
    protocol = node.catalogue.get(view.message.protocol)
    if protocol is None:
        return
    package.put("protocol.json", json.loads(protocol.model_dump_json()))
    step = protocol.step(view.message.step)
    if step is not None:
        schema = node.catalogue.schemas.by_digest(step.schema_digest)
        package.put("schema.json", schema.plain)
