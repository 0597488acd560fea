-- What the embedded sample holds of each repository. Its tip is the newest commit; a history that its publisher cut off
-- (complete only up to an earlier instant than the sample as a whole) is partial.
WITH tips AS (
  SELECT repository, arg_max(sha, (committed_at, sha)) AS tip, count(*) AS commits
  FROM (SELECT unnest(repositories) AS repository, lower(hex(sha)) AS sha, committed_at FROM sample_rows)
  GROUP BY repository
)

SELECT
  s.repo AS repository,
  t.tip,
  CASE WHEN s.complete_until < max(s.complete_until) OVER () THEN 'partial' ELSE 'full' END AS status,
  CASE
    WHEN s.complete_until < max(s.complete_until) OVER ()
      THEN concat('the history held ends on ', CAST(s.complete_until AS DATE))
  END AS reason,
  'sample' AS source,
  coalesce(t.commits, 0) AS commits,
  -- What its publisher counted, in a file of its own
  s.commits AS recounted_commits,
  s.first_committed_at,
  s.last_committed_at,
  max(s.complete_until) OVER () AS fetched_at,
  s.complete_until,
  CAST([] AS VARCHAR[]) AS restated_quarters
FROM sample_snapshots AS s
LEFT JOIN tips AS t ON t.repository = s.repo
