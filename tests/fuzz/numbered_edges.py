"""Makes atheris number the edges of code in the same order in each process, so that a seed gives the same inputs.

Atheris numbers the edges of a function in the order of a set of instructions, whose hashes are addresses in memory, and
libFuzzer chooses by these numbers among inputs that are equal otherwise.
"""

from __future__ import annotations

from itertools import count

from atheris.instrument_bytecode import Instruction

_numbers = count()


def number_edges() -> None:
    """Gives the instructions that are instrumented from now on hashes in their own order."""
    Instruction.__hash__ = _hash


def _hash(instruction: Instruction) -> int:
    found: int | None = getattr(instruction, "number", None)
    if found is None:
        found = instruction.number = next(_numbers)
    return found
