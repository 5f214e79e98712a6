"""What the federation keeps: the one Django app, fields and constraints only.

Two kinds of tables stand here. *Entries* are written once and never changed: the database itself refuses (see
`append_only`). *Readings* are computed from the entries and may be thrown away at any time.
"""
