-- What was counted in each quarter of the window.
--
-- Grain: entity x quarter, every entity in every quarter. A value of a measure is a quotient of two of these counts. What
-- looks at the quarter before is null in the oldest quarter of the window.
WITH entities AS (
  SELECT DISTINCT category AS entity FROM tracked_repositories
  UNION ALL
  SELECT 'catalogue'
),

repositories AS (
  SELECT
    quarters_back,
    coalesce(category, 'catalogue') AS entity,
    count(*) AS repositories_active,
    count(*) FILTER (WHERE is_in_basket) AS basket_repositories_active
  FROM (
    SELECT w.quarters_back, a.category, a.repository, bool_or(b.repository IS NOT NULL) AS is_in_basket
    FROM contributor_activity AS a
    JOIN counted_quarters AS w ON w.quarter = a.quarter
    LEFT JOIN change_basket AS b ON b.repository = a.repository
    GROUP BY w.quarters_back, a.category, a.repository
  )
  GROUP BY GROUPING SETS ((quarters_back, category), (quarters_back))
),

-- A source that was asked for and ends before the quarter does makes its category partial
partials AS (
  SELECT w.quarters_back, coalesce(t.category, 'catalogue') AS entity, count(*) AS repositories_partial
  FROM counted_quarters AS w
  JOIN tracked_repositories AS t
    ON (t.tracked_from IS NULL OR CAST(t.tracked_from AS TIMESTAMPTZ) < w.quarter_end)
    AND (t.tracked_to IS NULL OR CAST(t.tracked_to AS TIMESTAMPTZ) > w.quarter_start)
  JOIN repository_snapshots AS s ON s.repository = t.repository
  WHERE NOT coalesce(s.complete_until >= w.quarter_end, false)
  GROUP BY GROUPING SETS ((w.quarters_back, t.category), (w.quarters_back))
),

counted AS (
  SELECT
    quarters_back,
    entity,
    CAST(sum(commits) AS BIGINT) AS commits,
    count(contributor_id) AS contributors,
    CAST(sum(weeks) FILTER (WHERE contributor_id IS NOT NULL) AS BIGINT) AS weeks,
    count(contributor_id) FILTER (WHERE weeks = 1) AS one_week,
    count(contributor_id) FILTER (WHERE weeks >= 2) AS engaged,
    count(contributor_id) FILTER (WHERE is_new) AS contributors_new,
    count(contributor_id) FILTER (WHERE weeks_before > 0) AS retained,
    count(contributor_id) FILTER (WHERE weeks_before >= 2) AS engaged_retained
  FROM change_presences
  GROUP BY quarters_back, entity
),

levels AS (
  SELECT
    e.entity,
    w.quarters_back,
    w.has_previous,
    coalesce(p.repositories_partial, 0) > 0 AS is_partial,
    coalesce(c.commits, 0) AS commits,
    coalesce(c.contributors, 0) AS contributors,
    coalesce(r.repositories_active, 0) AS repositories_active,
    coalesce(r.basket_repositories_active, 0) AS basket_repositories_active,
    coalesce(c.weeks, 0) AS weeks,
    coalesce(c.one_week, 0) AS one_week,
    coalesce(c.engaged, 0) AS engaged,
    coalesce(c.contributors_new, 0) AS contributors_new,
    coalesce(c.retained, 0) AS retained,
    coalesce(c.engaged_retained, 0) AS engaged_retained
  FROM entities AS e
  CROSS JOIN counted_quarters AS w
  LEFT JOIN counted AS c ON c.entity = e.entity AND c.quarters_back = w.quarters_back
  LEFT JOIN repositories AS r ON r.entity = e.entity AND r.quarters_back = w.quarters_back
  LEFT JOIN partials AS p ON p.entity = e.entity AND p.quarters_back = w.quarters_back
)

SELECT
  entity,
  quarters_back,
  is_partial,
  commits,
  contributors,
  repositories_active,
  basket_repositories_active,
  weeks,
  one_week,
  CASE WHEN has_previous THEN contributors_new END AS contributors_new,
  lag(contributors) OVER history AS contributors_before,
  lag(contributors) OVER history - retained AS churned,
  CASE WHEN lag(contributors) OVER history IS NOT NULL THEN retained END AS retained,
  lag(engaged) OVER history AS engaged_before,
  lag(engaged) OVER history - engaged_retained AS engaged_churned
FROM levels
WINDOW history AS (PARTITION BY entity ORDER BY quarters_back DESC)
ORDER BY entity, quarters_back
