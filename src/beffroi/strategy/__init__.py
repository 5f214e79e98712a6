"""The strategy of a cluster: what it wants, what stands in the way, what it does about it, and what came of it.

Things are kinds of the charter, each with its fields and rules in a module of its own. Figures, members and votes
belong to other rooms: doors pass what the rules need of them.
"""
