-- Every alias (name, address, login) of every repository, with its first and last commits.
--
-- Grain: alias x repository. From the whole history at the pinned tip, so that "new", tenure and identities are right in
-- the first quarter computed, whichever quarters exist. A commit is owned, that is of a counted kind, if it is no merge,
-- has a possible date, lies within the dates tracked, is no import that content/overrides.yaml lists, and is owned by the
-- repository: a commit that several repositories hold belongs to the upstream before its forks, then to the first in the
-- catalogue. A repository outside the catalogue owns nothing. What an importer committed for people counts for the first
-- person whom its trailers name. Merges of pull requests name the login whose branch they end: it is noted with the author
-- of the branch's last commit.
WITH imported AS (
  SELECT DISTINCT h.repository, h.sha
  FROM source_history AS h
  JOIN import_entries AS i
    ON i.repository = h.repository
    AND (i.sha = h.sha OR (h.committed_at >= i.committed_from AND h.committed_at < i.committed_to))
),

history AS (
  SELECT
    h.repository,
    h.sha,
    h.merged_login,
    h.merged_sha,
    coalesce(w.name, h.author_name) AS author_name,
    coalesce(w.email, h.author_email) AS author_email,
    CASE WHEN w.sha IS NULL THEN h.author_login END AS author_login,
    h.coauthors,
    h.committed_at,
    t.repository IS NOT NULL
      AND h.parent_count <= 1
      AND h.committed_at >= TIMESTAMPTZ '1990-01-01 00:00:00+00'
      AND h.committed_at <= s.fetched_at + INTERVAL 1 DAY
      AND (t.tracked_from IS NULL OR h.committed_at >= CAST(t.tracked_from AS TIMESTAMPTZ))
      AND (t.tracked_to IS NULL OR h.committed_at < CAST(t.tracked_to AS TIMESTAMPTZ))
      AND i.sha IS NULL
      AND row_number() OVER (PARTITION BY h.sha ORDER BY t.fork_depth NULLS LAST, t.catalogue_order) = 1
      AS is_owned
  FROM source_history AS h
  LEFT JOIN tracked_repositories AS t ON t.repository = h.repository
  JOIN repository_snapshots AS s ON s.repository = h.repository
  LEFT JOIN imported AS i ON i.repository = h.repository AND i.sha = h.sha
  LEFT JOIN original_authors AS w ON w.repository = h.repository AND w.sha = h.sha
),

appearances AS (
  SELECT repository, author_name AS name, author_email AS email, author_login AS login, 'author' AS role,
    is_owned, committed_at
  FROM history
  UNION ALL
  SELECT repository, coauthor.name, coauthor.email, NULL, 'coauthor', false, committed_at
  FROM (SELECT repository, committed_at, unnest(coauthors) AS coauthor FROM history)
),

branches AS (
  SELECT
    t.repository,
    t.author_name AS name,
    t.author_email AS email,
    t.author_login AS login,
    list(m.merged_login ORDER BY m.merged_login) AS merged_logins
  FROM history AS m
  JOIN history AS t ON t.repository = m.repository AND t.sha = m.merged_sha
  WHERE m.merged_login IS NOT NULL
  GROUP BY t.repository, t.author_name, t.author_email, t.author_login
),

aliases AS (
  SELECT
    repository,
    name,
    email,
    login,
    count(*) FILTER (WHERE role = 'author') AS commits,
    count(*) FILTER (WHERE role = 'coauthor') AS coauthored_commits,
    min(committed_at) AS first_seen_at,
    max(committed_at) AS last_seen_at,
    count(*) FILTER (WHERE is_owned) AS owned_commits,
    min(committed_at) FILTER (WHERE is_owned) AS first_owned_at,
    max(committed_at) FILTER (WHERE is_owned) AS last_owned_at
  FROM appearances
  GROUP BY repository, name, email, login
)

SELECT
  -- A keyed hash over the three fields; name and address stand behind their lengths, so that no two aliases can collide
  -- by shifting text from one field into the next
  left(sha256(concat_ws(':', $identity_key, length(a.name), a.name, length(a.email), a.email, a.login)), 16)
    AS alias_id,
  a.repository,
  a.name,
  a.email,
  a.login,
  i.github_id,
  CASE
    WHEN commits > 0 AND coauthored_commits > 0 THEN ['author', 'coauthor']
    WHEN commits > 0 THEN ['author']
    ELSE ['coauthor']
  END AS roles,
  commits,
  coauthored_commits,
  first_seen_at,
  last_seen_at,
  owned_commits,
  first_owned_at,
  last_owned_at,
  coalesce(b.merged_logins, []) AS merged_logins
FROM aliases AS a
LEFT JOIN branches AS b
  ON b.repository = a.repository
  AND b.name = a.name
  AND b.email = a.email
  AND b.login IS NOT DISTINCT FROM a.login
LEFT JOIN account_ids AS i ON i.email = a.email AND i.login IS NOT DISTINCT FROM a.login
