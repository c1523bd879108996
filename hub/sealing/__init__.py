# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The sealed format SL1: who may read what, and how everybody else can still check its form.

Pure functions over bytes (``specs/sl1.md``). Nothing here reads a clock, a file or a network;
randomness is an argument. The same code serves the sender, the hub and the reader.
"""
