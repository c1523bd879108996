# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which characters may a string of a content hold? (SL1 § 3)"""

import re
import unicodedata
from typing import Final

# Controls other than the line feed, invisible characters, those that turn the direction of
# writing, surrogates, private use, tags. A person must read what was signed.
_FORBIDDEN: Final = re.compile(
    "[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\ue000-\uf8ff\U000e0000-\U0010ffff]"
)


def is_plain_text(text: str) -> bool:
    """Say whether a string is NFC and free of what a person cannot see.

    Nobody normalises: a changed string is another string than the one that was signed.
    """
    if text.isascii() and text.isprintable():
        return True
    return _FORBIDDEN.search(text) is None and unicodedata.is_normalized("NFC", text)
