"""Where this engine answers otherwise than COINr, and how to get COINr's answer: `compat="coinr"`.

The default, `compat="correct"`, refuses or mends what follows; `compat="coinr"` repeats COINr 1.1.14, so that a
published index can be reproduced to the last digit. Every difference is listed here and nowhere else.

| Step | COINr | Here, by default |
|---|---|---|
| generalised mean | missing as soon as one value is missing | the others are rescaled, as in the other means |
| harmonic mean | refuses zero only: a negative value passes | refuses zero and negative values |
| generalised mean | a negative value gives a figure (p even) or nothing (p = ½) | refused, unit and element named |
| `a_copeland` by name | fails: "unused argument" | works; `copeland` works in both modes |
| Copeland, missing values | depends on the order of the rows | the pair is compared on what both have |
| Copeland, ties | a tie by rounding (0.49999999999999994) counts as lost | half of the weight to 12 digits is a tie |
| `log_GII` | returns its input | returns the logarithm |
| forced winsorising | `force_win` of one indicator is ignored when it passes the test | is done |
| a transformation as first treatment, no second | the figures come back untreated | they are transformed |
| a constant indicator | NaN for every unit | refused, indicator named |
| share of the maximum | divides by a maximum of zero | refused, indicator named |
| trend between chosen years | takes the wrong rows | takes these years |
| principal component weights | raw first loadings, of either sign | squared loadings after rotation, by the Handbook |
| first-order sensitivity | not centred: can be far below zero | centred |
| weights by optimisation | tolerance 0.1: misses its aim | solved to 1e-10, weights not negative |
| AMPI, Compind | `penalty="POS"` is ignored | is done |
| mean–min, Compind | column means are recycled along rows | each column by its own mean |

Sources: Becker et al. (2022), COINr, doi:10.21105/joss.04567; Fusco, Vidoli & Sahoo, Compind.
"""

from __future__ import annotations

from typing import Literal

Compat = Literal["correct", "coinr"]
"""How to answer where COINr is wrong: rightly, or as it does."""
