-- The measures of each repository of the catalogue.
--
-- Grain: repository. Null with a reason, never 0, where nothing can be measured: not_tracked (outside the dates that the
-- catalogue states), not_read (the source has no history of it), partial_source (its history ends before the quarter
-- does). Changes are null before the catalogue's first quarter (first_quarter) and on a base of 0 (no_base).
WITH sources AS (
  SELECT
    t.repository,
    t.category,
    CASE
      WHEN CAST(t.tracked_from AS TIMESTAMPTZ) >= $quarter_end THEN 'not_tracked'
      WHEN CAST(t.tracked_to AS TIMESTAMPTZ) <= $quarter_start THEN 'not_tracked'
      WHEN s.complete_until IS NULL THEN 'not_read'
      WHEN s.complete_until < $quarter_end THEN 'partial_source'
    END AS null_reason,
    s.first_committed_at
  FROM tracked_repositories AS t
  LEFT JOIN repository_snapshots AS s ON s.repository = t.repository
),

levels AS (
  SELECT
    repository,
    CAST(coalesce(sum(commits) FILTER (WHERE quarter = $quarter), 0) AS BIGINT) AS commits,
    CAST(coalesce(sum(commits) FILTER (WHERE quarter < $quarter), 0) AS BIGINT) AS commits_previous,
    count(contributor_id) FILTER (WHERE quarter = $quarter) AS contributors,
    count(contributor_id) FILTER (WHERE quarter < $quarter) AS contributors_previous,
    max(commits) FILTER (WHERE quarter = $quarter AND contributor_id IS NOT NULL) AS top_commits,
    sum(active_weeks) FILTER (WHERE quarter = $quarter AND contributor_id IS NOT NULL) AS active_weeks
  FROM contributor_activity
  GROUP BY repository
),

turnover AS (
  SELECT
    n.repository,
    count(*) FILTER (WHERE f.first_owned_at >= $quarter_start) AS contributors_new,
    count(b.contributor_id) AS contributors_retained
  FROM contributor_activity AS n
  LEFT JOIN first_repository_commits AS f ON f.repository = n.repository AND f.contributor_id = n.contributor_id
  LEFT JOIN contributor_activity AS b
    ON b.repository = n.repository AND b.contributor_id = n.contributor_id AND b.quarter < $quarter
  WHERE n.quarter = $quarter
  GROUP BY n.repository
),

measured AS (
  SELECT
    s.repository,
    s.category,
    s.null_reason,
    s.first_committed_at,
    s.null_reason IS NULL AS is_measured,
    s.null_reason IS NULL AND $has_previous AS is_compared,
    coalesce(l.commits, 0) AS commits,
    coalesce(l.commits_previous, 0) AS commits_previous,
    coalesce(l.contributors, 0) AS contributors,
    coalesce(l.contributors_previous, 0) AS contributors_previous,
    l.top_commits,
    l.active_weeks,
    coalesce(t.contributors_new, 0) AS contributors_new,
    coalesce(t.contributors_retained, 0) AS contributors_retained
  FROM sources AS s
  LEFT JOIN levels AS l ON l.repository = s.repository
  LEFT JOIN turnover AS t ON t.repository = s.repository
),

ranked AS (
  SELECT repository, row_number() OVER (ORDER BY contributors DESC, commits DESC, repository) AS contributor_rank
  FROM measured
  WHERE is_measured AND contributors > 0
)

SELECT
  m.repository,
  m.category,
  m.null_reason,
  CASE
    WHEN m.is_measured AND NOT $has_previous THEN 'first_quarter'
    WHEN m.is_measured AND m.commits_previous = 0 THEN 'no_base'
  END AS change_null_reason,
  CAST(m.first_committed_at AS DATE) AS history_from,
  CASE WHEN m.is_measured THEN m.commits END AS commits,
  CASE WHEN m.is_measured THEN m.contributors END AS contributors,
  CASE WHEN m.is_compared THEN m.commits_previous END AS commits_previous,
  CASE WHEN m.is_compared THEN m.contributors_previous END AS contributors_previous,
  -- floor(x + 0.5) of 100 (now / before - 1), in integers until the one division
  CASE WHEN m.is_compared THEN floor(
    (200 * (m.commits - m.commits_previous) + m.commits_previous) / nullif(2 * m.commits_previous, 0)
  ) END AS commits_qoq_pct,
  CASE WHEN m.is_compared THEN floor(
    (200 * (m.contributors - m.contributors_previous) + m.contributors_previous)
    / nullif(2 * m.contributors_previous, 0)
  ) END AS contributors_qoq_pct,
  CASE WHEN m.is_measured THEN m.contributors_new END AS contributors_new,
  CASE WHEN m.is_compared THEN m.contributors_retained END AS contributors_retained,
  CASE WHEN m.is_measured THEN m.active_weeks / nullif(m.contributors, 0) END AS mean_active_weeks,
  CASE WHEN m.is_measured THEN m.top_commits / nullif(m.commits, 0) END AS top_contributor_share,
  r.contributor_rank
FROM measured AS m
LEFT JOIN ranked AS r ON r.repository = m.repository
