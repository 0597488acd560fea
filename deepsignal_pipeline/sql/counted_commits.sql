-- Every commit with its category and author's alias: counted, or with the first reason that stands against it.
--
-- Grain: repository x sha. Reasons in their order: merge (more than one parent); bad_date (before 1990, or a day after
-- the source was read); duplicate (another repository owns the commit: the upstream before its forks, then the first in
-- the catalogue, whatever kind of commit it is; copies share their committer date, so one quarter holds them all);
-- import (listed by people in content/overrides.yaml); before_tracking and after_tracking (outside the dates that the
-- catalogue states); partial_source (the source ends before the quarter does). Automation is known only together with
-- the identities: stage 2 adds the reason bot. Nothing is dropped, so counted and reasons add up. A commit that an importer
-- made for people belongs to the first person whom its trailers name.
WITH repeated AS (
  SELECT r.sha
  FROM raw_commits AS r
  JOIN tracked_repositories AS t ON t.repository = r.repository
  JOIN repository_snapshots AS s ON s.repository = r.repository
  GROUP BY r.sha
  HAVING count(*) > 1
),

-- Only what several repositories hold: a window over every commit would sort them all
owners AS (
  SELECT r.sha, first(r.repository ORDER BY t.fork_depth, t.catalogue_order) AS owner
  FROM raw_commits AS r
  JOIN repeated AS d ON d.sha = r.sha
  JOIN tracked_repositories AS t ON t.repository = r.repository
  JOIN repository_snapshots AS s ON s.repository = r.repository
  GROUP BY r.sha
),

owned AS (
  SELECT
    r.repository,
    r.sha,
    r.parents,
    coalesce(w.name, r.author_name) AS author_name,
    coalesce(w.email, r.author_email) AS author_email,
    CASE WHEN w.sha IS NULL THEN r.author_login END AS author_login,
    r.committed_at,
    array_length(r.changes) AS path_count,
    t.category,
    t.tracked_from,
    t.tracked_to,
    s.fetched_at,
    s.complete_until,
    coalesce(o.owner, r.repository) AS owner
  FROM raw_commits AS r
  JOIN tracked_repositories AS t ON t.repository = r.repository
  JOIN repository_snapshots AS s ON s.repository = r.repository
  LEFT JOIN owners AS o ON o.sha = r.sha
  LEFT JOIN original_authors AS w ON w.repository = r.repository AND w.sha = r.sha
),

imported AS (
  SELECT DISTINCT r.repository, r.sha
  FROM raw_commits AS r
  JOIN import_entries AS i
    ON i.repository = r.repository
    AND (i.sha = r.sha OR (r.committed_at >= i.committed_from AND r.committed_at < i.committed_to))
),

named AS (
  SELECT DISTINCT repository, sha, person.name AS name, person.email AS email
  FROM (SELECT repository, sha, unnest(coauthors) AS person FROM raw_commits)
),

coauthors AS (
  SELECT
    repository,
    sha,
    list(left(sha256(concat_ws(':', $identity_key, length(name), name, length(email), email)), 16) ORDER BY name, email)
      AS alias_ids
  FROM named
  GROUP BY repository, sha
),

judged AS (
  SELECT
    o.repository,
    o.sha,
    o.category,
    -- The same keyed hash as in contributor_aliases
    left(
      sha256(
        concat_ws(
          ':',
          $identity_key,
          length(o.author_name),
          o.author_name,
          length(o.author_email),
          o.author_email,
          o.author_login
        )
      ), 16
    ) AS alias_id,
    coalesce(c.alias_ids, []) AS coauthor_alias_ids,
    o.committed_at,
    o.path_count,
    array_length(o.parents) > 1 AS is_merge,
    CASE
      WHEN o.committed_at < TIMESTAMPTZ '1990-01-01 00:00:00+00' THEN 'bad_date'
      WHEN o.committed_at > o.fetched_at + INTERVAL 1 DAY THEN 'bad_date'
      WHEN o.owner <> o.repository THEN 'duplicate'
      WHEN i.sha IS NOT NULL THEN 'import'
      WHEN o.committed_at < CAST(o.tracked_from AS TIMESTAMPTZ) THEN 'before_tracking'
      WHEN o.committed_at >= CAST(o.tracked_to AS TIMESTAMPTZ) THEN 'after_tracking'
      WHEN o.complete_until IS NULL OR o.complete_until < $quarter_end THEN 'partial_source'
    END AS reason_beside_merge,
    CASE WHEN o.owner <> o.repository THEN o.owner END AS duplicate_of
  FROM owned AS o
  LEFT JOIN imported AS i ON i.repository = o.repository AND i.sha = o.sha
  LEFT JOIN coauthors AS c ON c.repository = o.repository AND c.sha = o.sha
),

touched AS (
  SELECT repository, sha, unnest(changes) AS change
  FROM raw_commits
  WHERE array_length(changes) BETWEEN 1 AND 50 AND array_length(parents) < 2
),

-- Paths of a commit, added up type after type
added_up AS (
  SELECT
    t.repository,
    t.sha,
    count(*) AS paths,
    count(*) FILTER (WHERE p.work_type = 'core') AS to_core,
    count(*) FILTER (WHERE p.work_type IN ('core', 'integration')) AS to_integration,
    count(*) FILTER (WHERE p.work_type IN ('core', 'integration', 'docs')) AS to_docs,
    count(*) FILTER (WHERE p.work_type IN ('core', 'integration', 'docs', 'build')) AS to_build,
    count(*) FILTER (WHERE p.work_type NOT IN ('benchmarks', 'vendored')) AS to_tests,
    count(*) FILTER (WHERE p.work_type <> 'vendored') AS to_benchmarks
  FROM touched AS t
  JOIN changed_paths AS p ON p.repository = t.repository AND p.path = t.change.path
  GROUP BY t.repository, t.sha
),

spread AS (
  SELECT
    repository,
    sha,
    1000000 * to_core // paths AS to_core,
    1000000 * to_integration // paths AS to_integration,
    1000000 * to_docs // paths AS to_docs,
    1000000 * to_build // paths AS to_build,
    1000000 * to_tests // paths AS to_tests,
    1000000 * to_benchmarks // paths AS to_benchmarks,
    1000000 AS to_vendored
  FROM added_up
  UNION ALL
  SELECT repository, sha, 0, 0, 0, 0, 0, 0, 0
  FROM raw_commits
  WHERE array_length(changes) = 0 AND array_length(parents) < 2
)

SELECT
  j.repository,
  j.sha,
  j.category,
  j.alias_id,
  j.coauthor_alias_ids,
  j.committed_at,
  NOT j.is_merge AND j.reason_beside_merge IS NULL AS is_counted,
  CASE WHEN j.is_merge THEN 'merge' ELSE j.reason_beside_merge END AS not_counted_reason,
  j.reason_beside_merge IS NULL AS is_counted_with_merges,
  j.duplicate_of,
  j.path_count,
  s.to_core AS core_weight,
  s.to_integration - s.to_core AS integration_weight,
  s.to_docs - s.to_integration AS docs_weight,
  s.to_build - s.to_docs AS build_weight,
  s.to_tests - s.to_build AS tests_weight,
  s.to_benchmarks - s.to_tests AS benchmarks_weight,
  s.to_vendored - s.to_benchmarks AS vendored_weight,
  1000000 - s.to_vendored AS empty_weight
FROM judged AS j
LEFT JOIN spread AS s ON s.repository = j.repository AND s.sha = j.sha AND j.reason_beside_merge IS NULL
