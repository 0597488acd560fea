-- Every commit with its category and author's alias: counted, or with the first reason that stands against it.
--
-- Grain: repository x sha. Reasons in their order: merge (more than one parent); bad_date (before 1990, or a day after
-- the source was read); duplicate (another repository owns the commit: the upstream before its forks, then the first in
-- the catalogue, whatever kind of commit it is; copies share their committer date, so one quarter holds them all);
-- import (listed by people in content/overrides.yaml); before_tracking and after_tracking (outside the dates that the
-- catalogue states); partial_source (the source ends before the quarter does). Automation is known only together with
-- the identities: stage 2 adds the reason bot. Nothing is dropped, so counted and reasons add up. A commit that an importer
-- made for people belongs to the first person whom its trailers name.
WITH owned AS (
  SELECT
    r.repository,
    r.sha,
    r.parents,
    coalesce(w.name, r.author_name) AS author_name,
    coalesce(w.email, r.author_email) AS author_email,
    CASE WHEN w.sha IS NULL THEN r.author_login END AS author_login,
    r.coauthors,
    r.committed_at,
    t.category,
    t.tracked_from,
    t.tracked_to,
    s.fetched_at,
    s.complete_until,
    first_value(r.repository) OVER (PARTITION BY r.sha ORDER BY t.fork_depth, t.catalogue_order) AS owner
  FROM raw_commits AS r
  JOIN tracked_repositories AS t ON t.repository = r.repository
  JOIN repository_snapshots AS s ON s.repository = r.repository
  LEFT JOIN original_authors AS w ON w.repository = r.repository AND w.sha = r.sha
),

imported AS (
  SELECT DISTINCT o.repository, o.sha
  FROM owned AS o
  JOIN import_entries AS i
    ON i.repository = o.repository
    AND (i.sha = o.sha OR (o.committed_at >= i.committed_from AND o.committed_at < i.committed_to))
),

named AS (
  SELECT DISTINCT repository, sha, person.name AS name, person.email AS email
  FROM (SELECT repository, sha, unnest(coauthors) AS person FROM owned)
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
    CASE
      WHEN array_length(o.parents) > 1 THEN 'merge'
      WHEN o.committed_at < TIMESTAMPTZ '1990-01-01 00:00:00+00' THEN 'bad_date'
      WHEN o.committed_at > o.fetched_at + INTERVAL 1 DAY THEN 'bad_date'
      WHEN o.owner <> o.repository THEN 'duplicate'
      WHEN i.sha IS NOT NULL THEN 'import'
      WHEN o.committed_at < CAST(o.tracked_from AS TIMESTAMPTZ) THEN 'before_tracking'
      WHEN o.committed_at >= CAST(o.tracked_to AS TIMESTAMPTZ) THEN 'after_tracking'
      WHEN o.complete_until IS NULL OR o.complete_until < $quarter_end THEN 'partial_source'
    END AS not_counted_reason,
    CASE WHEN o.owner <> o.repository THEN o.owner END AS duplicate_of
  FROM owned AS o
  LEFT JOIN imported AS i ON i.repository = o.repository AND i.sha = o.sha
  LEFT JOIN coauthors AS c ON c.repository = o.repository AND c.sha = o.sha
)

SELECT
  repository,
  sha,
  category,
  alias_id,
  coauthor_alias_ids,
  committed_at,
  not_counted_reason IS NULL AS is_counted,
  not_counted_reason,
  duplicate_of
FROM judged
