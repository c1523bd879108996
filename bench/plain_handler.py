# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The plain handler: what a competent team writes first, with good libraries used as documented.

A FastAPI ``def`` endpoint, PyJWT for the bearer token and for the envelope, jsonschema for the
body, an SQLModel session and one commit for each request, with an audit entry that is chained to
the one before by its hash, and a receipt signed with PyJWT. It takes the same bytes as the hub,
runs on the same server, and waits for the same fsync. It does less: no proof of possession, no
strict form, no rules of a protocol, no tree and no inclusion proof. Keys are loaded once. With
``--validate-anew`` the body is checked as the first example of jsonschema has it, by ``validate``,
which also checks the schema each time; without it the validator is kept, as one does at the second
attempt. Both are measured.
"""

import argparse
import hashlib
import importlib
import json
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import Body, Depends, FastAPI, Header, HTTPException
from sqlalchemy import Engine, event
from sqlmodel import Field, Session, SQLModel, col, create_engine, desc, select

from hub.telemetry import configure
from hub.web.server import Listener, serve

# Not a dependency of the product, and not everybody who checks types has it.
jsonschema: Any = importlib.import_module("jsonschema")


class Participant(SQLModel, table=True):
    """A sender and the public key it signs with."""

    kid: str = Field(primary_key=True)
    unit: str
    jwk: str


class AuditEntry(SQLModel, table=True):
    """That a message was taken, chained to the entry before."""

    number: int | None = Field(default=None, primary_key=True)
    message: str = Field(index=True)
    action: str
    at: int
    previous: str
    hash: str


class StoredMessage(SQLModel, table=True):
    """A message as it came."""

    id: str = Field(primary_key=True)
    sender: str = Field(index=True)
    recipient: str = Field(index=True)
    step: str
    received_at: int
    digest: str
    raw: str


def main() -> None:
    """Serve until SIGTERM."""
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--folder", type=Path, required=True)
    said.add_argument("--port", type=int, required=True)
    said.add_argument("--validate-anew", action="store_true")
    options = said.parse_args()
    configure(level="error")
    setting = json.loads((options.folder / "setting.json").read_bytes())
    engine = _engine(options.folder / "plain.sqlite")
    with Session(engine) as session:
        session.add_all(Participant(**each) for each in setting["participants"])
        session.commit()
    serve(application(engine, setting, options.validate_anew), Listener(port=options.port))


def application(engine: Engine, setting: dict[str, Any], validate_anew: bool) -> FastAPI:
    """Return the handler with its one endpoint.

    With ``validate_anew`` it validates as in the first example of jsonschema's documentation,
    which checks the schema itself for each body.
    """
    app = FastAPI()
    validators = {
        schema: jsonschema.Draft202012Validator(sealed)
        for schema, sealed in setting["schemas"].items()
    }
    token_key = jwt.PyJWK(setting["token_key"]).key
    own_key = Ed25519PrivateKey.generate()

    def _check(body: Any, schema: str) -> None:
        if validate_anew:
            jsonschema.validate(body, setting["schemas"][schema])
        elif errors := [error.json_path for error in validators[schema].iter_errors(body)]:
            raise HTTPException(422, errors)

    def session_of() -> Iterator[Session]:
        with Session(engine) as session:
            yield session

    @app.put("/messages/{message_id}", status_code=201)
    def put_message(
        message_id: str,
        message: Annotated[dict[str, Any], Body()],
        authorization: Annotated[str, Header()],
        session: Annotated[Session, Depends(session_of)],
    ) -> dict[str, str]:
        token = authorization.removeprefix("Bearer ")
        client = jwt.decode(token, token_key, algorithms=["EdDSA"], audience="plain")
        sender = session.get(Participant, jwt.get_unverified_header(message["env"])["kid"])
        if sender is None or sender.unit != client["sub"]:
            raise HTTPException(403)
        key = _key(sender.jwk)
        claims = jwt.decode(
            message["env"], key, algorithms=["EdDSA"], options={"verify_aud": False}
        )
        if claims["jti"] != message_id or claims["iss"] != sender.unit:
            raise HTTPException(422)
        _check(message["body"], claims["schema"])
        if session.get(StoredMessage, message_id) is not None:
            raise HTTPException(409)
        raw = json.dumps(message)
        stored = StoredMessage(
            id=message_id,
            sender=claims["iss"],
            recipient=claims["aud"],
            step=claims["step"],
            received_at=int(time.time()),
            digest=hashlib.sha256(raw.encode()).hexdigest(),
            raw=raw,
        )
        session.add(stored)
        session.add(_chained(session, stored))
        session.commit()
        said = {"id": stored.id, "iat": stored.received_at, "digest": stored.digest}
        return {"receipt": jwt.encode(said, own_key, algorithm="EdDSA")}

    return app


def _chained(session: Session, stored: StoredMessage) -> AuditEntry:
    """Return the entry that follows the newest one."""
    newest = session.exec(
        select(AuditEntry).order_by(desc(col(AuditEntry.number))).limit(1)
    ).first()
    previous = newest.hash if newest else ""
    said = f"{previous} accepted {stored.id} {stored.received_at} {stored.digest}"
    return AuditEntry(
        message=stored.id,
        action="accepted",
        at=stored.received_at,
        previous=previous,
        hash=hashlib.sha256(said.encode()).hexdigest(),
    )


@lru_cache(maxsize=1024)
def _key(jwk: str) -> Any:
    return jwt.PyJWK(json.loads(jwk)).key


def _engine(path: Path) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}", connect_args={"check_same_thread": False, "timeout": 60}, pool_size=32
    )

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    SQLModel.metadata.create_all(
        engine, tables=[_table(row) for row in (Participant, StoredMessage, AuditEntry)]
    )
    return engine


def _table(row: Any) -> Any:
    return row.__table__


if __name__ == "__main__":
    main()
