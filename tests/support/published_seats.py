"""Apportionments that others published: weights, seats, and where they stand."""

from __future__ import annotations

# U.S. Census Bureau, 2020 Census, "Table 1. Apportionment population and number of representatives by state", 2021.
HOUSE_2020 = {
    "Alabama": (5030053, 7), "Alaska": (736081, 1), "Arizona": (7158923, 9), "Arkansas": (3013756, 4),
    "California": (39576757, 52), "Colorado": (5782171, 8), "Connecticut": (3608298, 5), "Delaware": (990837, 1),
    "Florida": (21570527, 28), "Georgia": (10725274, 14), "Hawaii": (1460137, 2), "Idaho": (1841377, 2),
    "Illinois": (12822739, 17), "Indiana": (6790280, 9), "Iowa": (3192406, 4), "Kansas": (2940865, 4),
    "Kentucky": (4509342, 6), "Louisiana": (4661468, 6), "Maine": (1363582, 2), "Maryland": (6185278, 8),
    "Massachusetts": (7033469, 9), "Michigan": (10084442, 13), "Minnesota": (5709752, 8), "Mississippi": (2963914, 4),
    "Missouri": (6160281, 8), "Montana": (1085407, 2), "Nebraska": (1963333, 3), "Nevada": (3108462, 4),
    "New Hampshire": (1379089, 2), "New Jersey": (9294493, 12), "New Mexico": (2120220, 3), "New York": (20215751, 26),
    "North Carolina": (10453948, 14), "North Dakota": (779702, 1), "Ohio": (11808848, 15), "Oklahoma": (3963516, 5),
    "Oregon": (4241500, 6), "Pennsylvania": (13011844, 17), "Rhode Island": (1098163, 2),
    "South Carolina": (5124712, 7), "South Dakota": (887770, 1), "Tennessee": (6916897, 9), "Texas": (29183290, 38),
    "Utah": (3275252, 4), "Vermont": (643503, 1), "Virginia": (8654542, 11), "Washington": (7715946, 10),
    "West Virginia": (1795045, 2), "Wisconsin": (5897473, 8), "Wyoming": (577719, 1),
}  # fmt: skip
HOUSE_2020_POPULATION = 331108434

# Tenth Census, 1880: the tables in which C. W. Seaton found that Alabama has 8 seats of 299 and 7 of 300.
STATES_1880 = {
    "Alabama": 1262505, "Arkansas": 802525, "California": 864694, "Colorado": 194327, "Connecticut": 622700,
    "Delaware": 146608, "Florida": 269493, "Georgia": 1542180, "Illinois": 3077871, "Indiana": 1978301,
    "Iowa": 1624615, "Kansas": 996096, "Kentucky": 1648690, "Louisiana": 939946, "Maine": 648936,
    "Maryland": 934943, "Massachusetts": 1783085, "Michigan": 1636937, "Minnesota": 780773, "Mississippi": 1131597,
    "Missouri": 2168380, "Nebraska": 452402, "Nevada": 62266, "New Hampshire": 346991, "New Jersey": 1131116,
    "New York": 5082871, "North Carolina": 1399750, "Ohio": 3198062, "Oregon": 174768, "Pennsylvania": 4282891,
    "Rhode Island": 276531, "South Carolina": 995577, "Tennessee": 1542359, "Texas": 1591749, "Vermont": 332286,
    "Virginia": 1512565, "West Virginia": 618457, "Wisconsin": 1315497,
}  # fmt: skip
STATES_1880_POPULATION = 49371340

# First Census, 1790: weights, the bill of Jefferson with 105 seats and that of Hamilton with 120 (Balinski and Young,
# Fair Representation, chapter 3).
STATES_1790 = {
    "Virginia": (630560, 19, 21), "Massachusetts": (475327, 14, 16), "Pennsylvania": (432879, 13, 14),
    "North Carolina": (353523, 10, 12), "New York": (331589, 10, 11), "Maryland": (278514, 8, 9),
    "Connecticut": (236841, 7, 8), "South Carolina": (206236, 6, 7), "New Jersey": (179570, 5, 6),
    "New Hampshire": (141822, 4, 5), "Vermont": (85533, 2, 3), "Georgia": (70835, 2, 2), "Kentucky": (68705, 2, 2),
    "Rhode Island": (68446, 2, 2), "Delaware": (55540, 1, 2),
}  # fmt: skip
STATES_1790_POPULATION = 3615920

# Grimmett and others (2011), The Cambridge Compromise, with the populations of 1 January 2010; Grimmett (2012),
# Mathematical Social Sciences 63, 68-73, DOI 10.1016/j.mathsocsci.2011.10.006: base 5, rounding up, at most 96, 751.
CAMBRIDGE_2011 = {
    "Germany": (81802257, 96), "France": (64714074, 85), "United Kingdom": (62008048, 81), "Italy": (60340328, 79),
    "Spain": (45989016, 62), "Poland": (38167329, 52), "Romania": (21462186, 32), "Netherlands": (16574989, 26),
    "Greece": (11305118, 19), "Belgium": (10839905, 19), "Portugal": (10637713, 18), "Czech Republic": (10506813, 18),
    "Hungary": (10014324, 18), "Sweden": (9340682, 17), "Austria": (8375290, 16), "Bulgaria": (7563710, 15),
    "Denmark": (5534738, 12), "Slovakia": (5424925, 12), "Finland": (5351427, 12), "Ireland": (4467854, 11),
    "Lithuania": (3329039, 10), "Latvia": (2248374, 8), "Slovenia": (2046976, 8), "Estonia": (1340127, 7),
    "Cyprus": (803147, 6), "Luxembourg": (502066, 6), "Malta": (412970, 6),
}  # fmt: skip

# Balinski and Young, Fair Representation, one example (26 seats) on which the five divisor methods all differ.
FIVE_STATES = {"A": 9061, "B": 7179, "C": 5259, "D": 3319, "E": 1182}
FIVE_METHODS = {
    "adams": (9, 7, 5, 3, 2),
    "dean": (9, 7, 5, 4, 1),
    "huntington-hill": (9, 7, 6, 3, 1),
    "sainte-lague": (9, 8, 5, 3, 1),
    "dhondt": (10, 7, 5, 3, 1),
    "largest-remainder-hare": (9, 7, 5, 4, 1),
}
