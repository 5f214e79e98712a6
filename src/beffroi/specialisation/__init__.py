"""How specialised, dense and concentrated a region is: measures of regional science, each with its primary source.

Pure methods: arrays and columns in and out. No disk, network, clock or hidden randomness.
"""

from beffroi.specialisation.activity import ActivityTable, from_columns, to_columns
from beffroi.specialisation.complexity import Complexity, Fitness, economic_complexity, fitness_complexity
from beffroi.specialisation.concentration import (
    gini,
    gini_of_quotients,
    hachman,
    hoover,
    hoover_gini,
    krugman,
    krugman_of_rows,
    locational_gini,
)
from beffroi.specialisation.diversity import (
    Variety,
    entropy,
    equivalent_number,
    herfindahl,
    herfindahl_normalised,
    variety,
)
from beffroi.specialisation.inequality import TheilDecomposition, atkinson, theil, theil_decomposition
from beffroi.specialisation.litzenberger import litzenberger_sternberg
from beffroi.specialisation.plants import Agglomeration, coagglomeration, ellison_glaeser, maurel_sedillot
from beffroi.specialisation.quotient import (
    is_specialised,
    location_quotient,
    location_quotients,
    standardised,
    symmetric,
)
from beffroi.specialisation.quotient_interval import (
    Interval,
    Threshold,
    bootstrap_interval,
    bootstrap_threshold,
    delta_interval,
    exact_interval,
)
from beffroi.specialisation.recode import (
    Converted,
    Fit,
    Flow,
    convert,
    crosswalk,
    fitting_vintages,
    vintage_of,
    without_slivers,
)
from beffroi.specialisation.relatedness import (
    above_chance,
    co_occurrence,
    diversity,
    relatedness,
    relatedness_density,
    ubiquity,
)
from beffroi.specialisation.shift_share import (
    ShiftShare,
    ShiftShareIndex,
    shift_share,
    shift_share_dynamic,
    shift_share_esteban_marquillas,
    shift_share_index,
    total_of,
)

__all__ = [
    "ActivityTable",
    "Agglomeration",
    "Complexity",
    "Converted",
    "Fit",
    "Fitness",
    "Flow",
    "Interval",
    "ShiftShare",
    "ShiftShareIndex",
    "TheilDecomposition",
    "Threshold",
    "Variety",
    "above_chance",
    "atkinson",
    "bootstrap_interval",
    "bootstrap_threshold",
    "co_occurrence",
    "coagglomeration",
    "convert",
    "crosswalk",
    "delta_interval",
    "diversity",
    "economic_complexity",
    "ellison_glaeser",
    "entropy",
    "equivalent_number",
    "exact_interval",
    "fitness_complexity",
    "fitting_vintages",
    "from_columns",
    "gini",
    "gini_of_quotients",
    "hachman",
    "herfindahl",
    "herfindahl_normalised",
    "hoover",
    "hoover_gini",
    "is_specialised",
    "krugman",
    "krugman_of_rows",
    "litzenberger_sternberg",
    "location_quotient",
    "location_quotients",
    "locational_gini",
    "maurel_sedillot",
    "relatedness",
    "relatedness_density",
    "shift_share",
    "shift_share_dynamic",
    "shift_share_esteban_marquillas",
    "shift_share_index",
    "standardised",
    "symmetric",
    "theil",
    "theil_decomposition",
    "to_columns",
    "total_of",
    "ubiquity",
    "variety",
    "vintage_of",
    "without_slivers",
]
