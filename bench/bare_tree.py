# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``python -I -S bare_tree.py FILE``: what hashing a log costs when nothing else is looked at.

Reads every body in order, hashes leaves and tree (RFC 9162), compares the root with the newest
checkpoint. The control beside the auditor's program: one process, the standard library alone.
"""

import base64
import sqlite3
import sys
from hashlib import sha256

BODIES = """SELECT b.body FROM audit_leaf AS l JOIN audit_body AS b ON b.event_id = l.event_id
    ORDER BY l.idx"""
NEWEST = "SELECT size, note FROM checkpoint ORDER BY size DESC LIMIT 1"


def main() -> int:
    """Return 0 where the root is the one that was signed."""
    connection = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
    size, note = connection.execute(NEWEST).fetchone()
    stack: list[bytes] = []
    count = 0
    for (body,) in connection.execute(BODIES):
        node, rest = sha256(b"\0" + body).digest(), count
        while rest & 1:
            node, rest = sha256(b"\1" + stack.pop() + node).digest(), rest >> 1
        stack.append(node)
        count += 1
    root = stack.pop()
    while stack:
        root = sha256(b"\1" + stack.pop() + root).digest()
    return 0 if (count, root) == (size, base64.b64decode(note.splitlines()[2])) else 1


if __name__ == "__main__":
    sys.exit(main())
