-- What can be predicted, measured alike in every quarter of the window.
--
-- Grain: measured quarter x entity x measure. The window is the quarter and the eight before it, all under the identities
-- of today: the published metrics of an earlier quarter may stand under others. An entity is a category, the whole
-- catalogue, or a pair of categories. A value is null, with the reason, where a source is not complete through the
-- quarter's end: what is missing would look like people who left.
WITH categories AS (
  SELECT DISTINCT category, category_order FROM tracked_repositories
),

-- What was tracked in each quarter and asked for
sources AS (
  SELECT
    w.quarter,
    t.category,
    coalesce(s.complete_until >= w.ends_at, false) AS is_complete
  FROM window_quarters AS w
  JOIN tracked_repositories AS t
    ON (t.tracked_from IS NULL OR CAST(t.tracked_from AS TIMESTAMPTZ) < w.ends_at)
    AND (t.tracked_to IS NULL OR CAST(t.tracked_to AS TIMESTAMPTZ) > w.starts_at)
  JOIN repository_snapshots AS s ON s.repository = t.repository
),

covered AS (
  SELECT quarter, entity, bool_and(is_complete) AS is_complete
  FROM (SELECT quarter, unnest([category, 'catalogue']) AS entity, is_complete FROM sources)
  GROUP BY quarter, entity
),

volumes AS (
  SELECT quarter, entity, sum(commits) AS commits, count(DISTINCT repository) AS repositories_active
  FROM (SELECT quarter, unnest([category, 'catalogue']) AS entity, repository, commits FROM contributor_activity)
  GROUP BY quarter, entity
),

presences AS (
  SELECT quarter, category AS entity, contributor_id, active_weeks
  FROM category_presences
  UNION ALL
  SELECT quarter, 'catalogue', contributor_id, bit_count(bit_or(week_bits))
  FROM category_presences
  GROUP BY quarter, contributor_id
),

-- Whoever is new is so to the entity
firsts AS (
  SELECT category AS entity, contributor_id, first_owned_at FROM first_commits
  UNION ALL
  SELECT 'catalogue' AS entity, contributor_id, min(first_in_catalogue_at) AS first_owned_at
  FROM first_commits
  GROUP BY contributor_id
),

people AS (
  SELECT
    p.quarter,
    p.entity,
    count(*) AS contributors,
    sum(p.active_weeks) AS active_weeks,
    count(*) FILTER (WHERE p.active_weeks = 1) AS one_week,
    count(*) FILTER (WHERE f.first_owned_at >= w.starts_at) AS newcomers
  FROM presences AS p
  JOIN window_quarters AS w ON w.quarter = p.quarter
  LEFT JOIN firsts AS f ON f.entity = p.entity AND f.contributor_id = p.contributor_id
  GROUP BY p.quarter, p.entity
),

departures AS (
  SELECT
    w.quarter,
    b.entity,
    count(*) AS contributors_previous,
    count(*) FILTER (WHERE p.contributor_id IS NULL) AS churned
  FROM window_quarters AS w
  JOIN presences AS b ON b.quarter = w.previous_quarter
  LEFT JOIN presences AS p
    ON p.quarter = w.quarter AND p.entity = b.entity AND p.contributor_id = b.contributor_id
  GROUP BY w.quarter, b.entity
),

entities AS (
  SELECT category AS entity, 'category' AS entity_kind FROM categories
  UNION ALL
  SELECT 'catalogue' AS entity, 'catalogue' AS entity_kind
),

levels AS (
  SELECT
    w.quarter,
    e.entity,
    e.entity_kind,
    c.is_complete,
    b.is_complete AS was_complete,
    w.previous_quarter IS NOT NULL AS has_previous,
    coalesce(v.commits, 0) AS commits,
    coalesce(v.repositories_active, 0) AS repositories_active,
    coalesce(p.contributors, 0) AS contributors,
    p.active_weeks,
    p.one_week,
    p.newcomers,
    coalesce(d.contributors_previous, 0) AS contributors_previous,
    d.churned
  FROM window_quarters AS w
  CROSS JOIN entities AS e
  LEFT JOIN covered AS c ON c.quarter = w.quarter AND c.entity = e.entity
  LEFT JOIN covered AS b ON b.quarter = w.previous_quarter AND b.entity = e.entity
  LEFT JOIN volumes AS v ON v.quarter = w.quarter AND v.entity = e.entity
  LEFT JOIN people AS p ON p.quarter = w.quarter AND p.entity = e.entity
  LEFT JOIN departures AS d ON d.quarter = w.quarter AND d.entity = e.entity
  WHERE w.is_measured
),

meetings AS (
  SELECT a.quarter, a.entity AS category_a, b.entity AS category_b, count(*) AS shared
  FROM presences AS a
  JOIN presences AS b ON b.quarter = a.quarter AND b.contributor_id = a.contributor_id
  WHERE a.entity <> 'catalogue' AND b.entity <> 'catalogue' AND a.entity <> b.entity
  GROUP BY a.quarter, a.entity, b.entity
),

measured AS (
  SELECT
    l.quarter AS measured_quarter,
    l.entity_kind,
    l.entity,
    m.measure,
    CASE m.measure
      WHEN 'commits' THEN CAST(l.commits AS DOUBLE)
      WHEN 'contributors' THEN CAST(l.contributors AS DOUBLE)
      WHEN 'repositories_active' THEN CAST(l.repositories_active AS DOUBLE)
      WHEN 'mean_active_weeks' THEN l.active_weeks / l.contributors
      WHEN 'one_week_share' THEN l.one_week / l.contributors
      WHEN 'new_share' THEN l.newcomers / l.contributors
      WHEN 'churn_rate_pct' THEN 100 * l.churned / nullif(l.contributors_previous, 0)
    END AS value,
    CASE WHEN m.measure = 'churn_rate_pct' THEN l.contributors_previous ELSE l.contributors END AS people,
    CASE m.measure
      WHEN 'one_week_share' THEN least(l.one_week, l.contributors - l.one_week)
      WHEN 'new_share' THEN least(l.newcomers, l.contributors - l.newcomers)
      WHEN 'churn_rate_pct' THEN least(l.churned, l.contributors_previous - l.churned)
      ELSE l.contributors
    END AS smallest_part,
    CASE
      WHEN l.is_complete IS NULL THEN 'not_read'
      WHEN NOT l.is_complete THEN 'partial_source'
      WHEN m.measure = 'churn_rate_pct' AND NOT l.has_previous THEN 'first_quarter'
      WHEN m.measure = 'churn_rate_pct' AND NOT coalesce(l.was_complete, false) THEN 'partial_source'
      WHEN m.measure = 'churn_rate_pct' AND l.contributors_previous = 0 THEN 'nobody'
      WHEN m.measure IN ('mean_active_weeks', 'one_week_share', 'new_share') AND l.contributors = 0 THEN 'nobody'
    END AS null_reason
  FROM levels AS l
  CROSS JOIN (
    SELECT unnest([
      'commits', 'contributors', 'repositories_active', 'mean_active_weeks', 'one_week_share', 'new_share',
      'churn_rate_pct'
    ]) AS measure
  ) AS m
  UNION ALL
  SELECT
    w.quarter AS measured_quarter,
    'pair' AS entity_kind,
    concat(o.category, '+', p.category) AS entity,
    'shared' AS measure,
    CAST(coalesce(s.shared, 0) AS DOUBLE) AS value,
    coalesce(s.shared, 0) AS people,
    coalesce(s.shared, 0) AS smallest_part,
    CASE
      WHEN a.is_complete IS NULL OR b.is_complete IS NULL THEN 'not_read'
      WHEN NOT (a.is_complete AND b.is_complete) THEN 'partial_source'
    END AS null_reason
  FROM window_quarters AS w
  CROSS JOIN categories AS o
  JOIN categories AS p ON p.category_order > o.category_order
  LEFT JOIN covered AS a ON a.quarter = w.quarter AND a.entity = o.category
  LEFT JOIN covered AS b ON b.quarter = w.quarter AND b.entity = p.category
  LEFT JOIN meetings AS s ON s.quarter = w.quarter AND s.category_a = o.category AND s.category_b = p.category
  WHERE w.is_measured
)

SELECT
  measured_quarter,
  entity_kind,
  entity,
  measure,
  CASE WHEN null_reason IS NULL THEN value END AS value,
  people,
  coalesce(smallest_part, 0) AS smallest_part,
  null_reason
FROM measured
