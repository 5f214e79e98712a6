"""One registry out of many lists: lists in, judgements, organisations with stable addresses, and the count explained.

Judgements are the only truth; organisations, memberships and values are computed from them (`derive`). What is pure
(`verdict`, `grouping`, `identity`, `survivorship`, `consent`, `waterfall`, `rows`, `units`) knows no database.
"""
