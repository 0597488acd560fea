-- What the commit source saw of each repository that it was asked for.
--
-- Grain: repository. A repository that could not be read is a row with its status and reason, never a zero. A
-- repository of the catalogue without a row here was not asked for: the embedded sample holds 114 of them. One that is
-- not in the catalogue was asked for by name; it is read, and nothing is measured of it.
SELECT
  s.repository,
  s.tip,
  s.status,
  s.reason,
  s.source,
  s.commits,
  s.recounted_commits,
  s.first_committed_at,
  s.last_committed_at,
  s.fetched_at,
  s.complete_until,
  s.restated_quarters
FROM source_snapshots AS s
