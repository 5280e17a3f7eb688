"""The migrations: each brings the tables from one release's shape to the next's.

Expand, backfill, enforce: a migration never breaks the code of the release before it. Written by
`make migration`, which adds row-level security and grants for new tables; read before it is kept.
"""
