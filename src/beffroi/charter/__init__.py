"""What people entered about purposes, bodies and decisions, as it stood on any day.

A thing (a vision, an objective, a body …) is never stored: it is the sum of its entries up to a moment. So nothing is
ever overwritten, every value has an author and a day, and "what did we believe in 2026" is the same question as "what
do we believe now". Rooms say which kinds of things there are (`shape`) and what must hold between them (rules);
`entries` writes and reads; `book` sums up.
"""
