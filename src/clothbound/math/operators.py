"""The operators of formulas that have spaces on both sides, by the width of these (MathML Core,
appendix B): wide round what compares, medium round what joins terms.
"""

from __future__ import annotations

COMPARING = "=<>≈≠≤≥≡∼≃≅∝∈∉⊂⊆⊃⊇→←↔⇒⇐⇔⟹⟸⟺↦≪≫≺≻⊢⊨≔"
JOINING = "+-−±∓·×∗∧∨∩∪⊕⊗⊖∖"
