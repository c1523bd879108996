# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does it cost? Each benchmark gives ratios, taken in one run on one machine.

Absolute figures drift by a factor of two between machines and between hours; what is claimed is
always how two things compare that took turns.
"""
