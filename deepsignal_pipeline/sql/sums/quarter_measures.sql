-- What can be predicted, measured in one quarter.
--
-- Grain: entity x measure. An entity is a category, the whole catalogue, or a pair of categories. A value is null, with the
-- reason, where a source is not complete through the quarter's end: what is missing would look like people who left.
WITH categories AS (
  SELECT DISTINCT category, category_order FROM tracked_repositories
),

-- What was tracked in this quarter and in the one before, and asked for
sources AS (
  SELECT w.is_previous, t.category, coalesce(s.complete_until >= w.ends_at, false) AS is_complete
  FROM (
    SELECT
      unnest([false, true]) AS is_previous,
      unnest([$quarter_start, $previous_start]) AS starts_at,
      unnest([$quarter_end, $quarter_start]) AS ends_at
  ) AS w
  JOIN tracked_repositories AS t
    ON (t.tracked_from IS NULL OR CAST(t.tracked_from AS TIMESTAMPTZ) < w.ends_at)
    AND (t.tracked_to IS NULL OR CAST(t.tracked_to AS TIMESTAMPTZ) > w.starts_at)
  JOIN repository_snapshots AS s ON s.repository = t.repository
),

covered AS (
  SELECT
    entity,
    bool_and(is_complete) FILTER (WHERE NOT is_previous) AS is_complete,
    bool_and(is_complete) FILTER (WHERE is_previous) AS was_complete
  FROM (SELECT is_previous, unnest([category, 'catalogue']) AS entity, is_complete FROM sources)
  GROUP BY entity
),

volumes AS (
  SELECT entity, sum(commits) AS commits, count(DISTINCT repository) AS repositories_active
  FROM (
    SELECT unnest([category, 'catalogue']) AS entity, repository, commits
    FROM contributor_activity
    WHERE quarter = $quarter
  )
  GROUP BY entity
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
  SELECT category AS entity, contributor_id
  FROM first_commits
  WHERE first_owned_at >= $quarter_start AND first_owned_at < $quarter_end
  UNION ALL
  -- The first of all may be in several categories at once
  SELECT DISTINCT 'catalogue', contributor_id
  FROM first_commits
  WHERE first_owned_at >= $quarter_start AND first_owned_at < $quarter_end AND first_owned_at = first_in_catalogue_at
),

people AS (
  SELECT
    p.entity,
    count(*) AS contributors,
    sum(p.active_weeks) AS active_weeks,
    count(*) FILTER (WHERE p.active_weeks = 1) AS one_week,
    count(f.contributor_id) AS newcomers
  FROM presences AS p
  LEFT JOIN firsts AS f ON f.entity = p.entity AND f.contributor_id = p.contributor_id
  WHERE p.quarter = $quarter
  GROUP BY p.entity
),

departures AS (
  SELECT b.entity, count(*) AS contributors_previous, count(*) FILTER (WHERE p.contributor_id IS NULL) AS churned
  FROM presences AS b
  LEFT JOIN presences AS p
    ON p.quarter = $quarter AND p.entity = b.entity AND p.contributor_id = b.contributor_id
  WHERE b.quarter = $previous_quarter
  GROUP BY b.entity
),

entities AS (
  SELECT category AS entity, 'category' AS entity_kind FROM categories
  UNION ALL
  SELECT 'catalogue', 'catalogue'
),

levels AS (
  SELECT
    e.entity,
    e.entity_kind,
    c.is_complete,
    c.was_complete,
    coalesce(v.commits, 0) AS commits,
    coalesce(v.repositories_active, 0) AS repositories_active,
    coalesce(p.contributors, 0) AS contributors,
    p.active_weeks,
    p.one_week,
    p.newcomers,
    coalesce(d.contributors_previous, 0) AS contributors_previous,
    d.churned
  FROM entities AS e
  LEFT JOIN covered AS c ON c.entity = e.entity
  LEFT JOIN volumes AS v ON v.entity = e.entity
  LEFT JOIN people AS p ON p.entity = e.entity
  LEFT JOIN departures AS d ON d.entity = e.entity
),

meetings AS (
  SELECT a.category AS category_a, b.category AS category_b, count(*) AS shared
  FROM category_presences AS a
  JOIN category_presences AS b ON b.quarter = a.quarter AND b.contributor_id = a.contributor_id
  WHERE a.quarter = $quarter AND a.category <> b.category
  GROUP BY a.category, b.category
),

measured AS (
  SELECT
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
      WHEN m.measure = 'churn_rate_pct' AND NOT $has_previous THEN 'first_quarter'
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
  FROM categories AS o
  JOIN categories AS p ON p.category_order > o.category_order
  LEFT JOIN covered AS a ON a.entity = o.category
  LEFT JOIN covered AS b ON b.entity = p.category
  LEFT JOIN meetings AS s ON s.category_a = o.category AND s.category_b = p.category
)

SELECT
  CAST($quarter AS DATE) AS measured_quarter,
  entity_kind,
  entity,
  measure,
  CASE WHEN null_reason IS NULL THEN value END AS value,
  CAST(people AS BIGINT) AS people,
  CAST(coalesce(smallest_part, 0) AS BIGINT) AS smallest_part,
  null_reason
FROM measured
