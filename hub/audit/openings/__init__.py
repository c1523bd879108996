# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What an entry commits to, kept apart from the log so that it can be destroyed.

In the log stand commitments and tags, which say nothing. What opens them is here: a key for each
conversation, and the few values that no conversation has. Destroy a key, and nobody can find the
entries of its conversation or show what they commit to; every proof holds as before.
"""
