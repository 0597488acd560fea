-- Who appears when in the embedded sample: what the aliases are made of, without messages, parents' ids and paths.
SELECT
  unnest(repositories) AS repository,
  lower(hex(sha)) AS sha,
  array_length(parents) AS parent_count,
  author_name,
  author_email,
  CAST(NULL AS VARCHAR) AS author_login,
  to_timestamp(committed_at) AS committed_at,
  coauthors
FROM sample_rows
