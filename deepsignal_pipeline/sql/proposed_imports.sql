-- Commits that look like history made elsewhere, for people to decide about.
--
-- Grain: repository x sha. A commit of at least 200 paths, at least 90 % of them added, that is the root of a history, or
-- lies within the repository's first 30 days, or whose subject speaks of squash, import or initial. A rule proposes and
-- people decide: what they list in content/overrides.yaml is not counted. A mere number of paths would catch test data and
-- formatting; no rule could reach back before 2022, where the paths are unknown. Commits that are not counted for another
-- reason are left out.
WITH large AS (
  SELECT
    r.repository,
    r.sha,
    r.committed_at,
    r.subject,
    r.changes,
    array_length(r.parents) = 0 AS is_root,
    r.committed_at < s.first_committed_at + INTERVAL 30 DAY AS is_in_first_30_days,
    regexp_matches(lower(r.subject), '\b(squash(ed|es|ing)?|import(ed|s|ing)?|initial)\b') AS says_so,
    coalesce(c.not_counted_reason = 'import', false) AS is_listed
  FROM raw_commits AS r
  JOIN counted_commits AS c ON c.repository = r.repository AND c.sha = r.sha
  JOIN repository_snapshots AS s ON s.repository = r.repository
  WHERE array_length(r.changes) >= 200 AND (c.is_counted OR c.not_counted_reason = 'import')
),

added AS (
  SELECT repository, sha, count(*) AS path_count, count(*) FILTER (WHERE change.status = 'A') AS added_paths
  FROM (SELECT repository, sha, unnest(changes) AS change FROM large)
  GROUP BY repository, sha
)

SELECT
  l.repository,
  l.sha,
  l.committed_at,
  l.subject,
  a.path_count,
  a.added_paths,
  l.is_root,
  l.is_in_first_30_days,
  l.says_so,
  l.is_listed
FROM large AS l
JOIN added AS a ON a.repository = l.repository AND a.sha = l.sha
WHERE 10 * a.added_paths >= 9 * a.path_count AND (l.is_root OR l.is_in_first_30_days OR l.says_so)
