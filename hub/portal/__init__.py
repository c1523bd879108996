# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does a house without software of its own file through, and what does it get back?

The portal keeps keys that sign and fetch, and none that opens: whatever is said of a child is
sealed and opened in the browser. It is a participant's side like any other and uses the SDK alone.
"""
