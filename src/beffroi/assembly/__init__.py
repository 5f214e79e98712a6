"""Assembly: how seats are shared and votes are counted, in exact numbers.

A pure room: tables in, tables out; no disk, clock or randomness. Seats: `rule`, `apportion`, `biproportional`,
`balance`, `fairness`, `power`, `properties`, `frozen_rule`. Votes: `vote`, `admission`, `delegation`, `ledger`,
`quorum_majority`, `election`, `tally`, `box`, `verify_box`. Secret ballots: `blind_signature`, `secret`, `merkle`. The
chain of an audit log: `chain`.
"""
