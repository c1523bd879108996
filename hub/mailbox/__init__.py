# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does it get there, on the hub's side: states, who may say what, and who waits for it."""
