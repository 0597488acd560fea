-- Who appears when in the embedded sample: what the aliases are made of, without messages, parents' ids and paths; of a
-- merge that names the owner of its branch, that login and the branch's last commit. A parent's row is that many rows
-- before its child's.
WITH merges AS (
  SELECT m.id, m.login, lower(hex(t.sha)) AS sha
  FROM (
    SELECT id, id - parents[2] AS tip_id, nullif(regexp_extract(subject, $merged_branch, 1), '') AS login
    FROM sample_rows
    WHERE array_length(parents) = 2
  ) AS m
  JOIN sample_rows AS t ON t.id = m.tip_id
  WHERE m.login IS NOT NULL
)

SELECT
  unnest(repositories) AS repository,
  lower(hex(r.sha)) AS sha,
  array_length(parents) AS parent_count,
  author_name,
  author_email,
  CAST(NULL AS VARCHAR) AS author_login,
  to_timestamp(committed_at) AS committed_at,
  coauthors,
  m.login AS merged_login,
  m.sha AS merged_sha
FROM sample_rows AS r
LEFT JOIN merges AS m ON m.id = r.id
