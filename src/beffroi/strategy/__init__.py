"""The strategy of a cluster: what it wants, what stands in the way, what it does about it, and what came of it.

Things are kinds of the charter (`kinds`), each with its fields and rules in a module of its own; `write` enters them,
`read` and its neighbours answer from a book. Figures, members and the outcomes of votes belong to other rooms: doors
pass what the rules need of them (`figures.Figures`).

Approval: a small team drafts (`drafting`, `remarks`, `text_diff`), the text is put to the vote under the statutes of
a body, which doors hand over (`electorate`, `opening`), organisations cast ballots (`casting`, `urn`, `voter`), and the
count is closed and exported (`closing`), unless the vote is cancelled (`cancelling`). People are told by `vote_mail`.

Stages on the way are assessed from figures (`stage`, `stage_standing`); `cooperation`, `position` and `year_review`
help to hold the course.
"""
