-- Who was there in each quarter of the window, in each category and in the catalogue as a whole.
--
-- Grain: entity x quarter x contributor; commits of unresolved authors stand in a row without a contributor. An entity is
-- a category, or the catalogue. What was done in the same basket of repositories stands beside.
WITH beginnings AS (
  SELECT category AS entity, contributor_id, first_owned_at
  FROM first_commits
  WHERE is_first_in_category
  UNION ALL
  SELECT 'catalogue', contributor_id, min(first_owned_at)
  FROM first_commits
  WHERE is_first_in_category
  GROUP BY contributor_id
),

done AS (
  SELECT
    w.quarters_back,
    w.quarter_start,
    coalesce(a.category, 'catalogue') AS entity,
    a.contributor_id,
    CAST(sum(a.commits) AS BIGINT) AS commits,
    bit_count(bit_or(a.week_bits)) AS weeks,
    CAST(coalesce(sum(a.commits) FILTER (WHERE b.repository IS NOT NULL), 0) AS BIGINT) AS basket_commits,
    coalesce(bit_count(bit_or(a.week_bits) FILTER (WHERE b.repository IS NOT NULL)), 0) AS basket_weeks
  FROM contributor_activity AS a
  JOIN window_quarters AS w ON w.quarter = a.quarter
  LEFT JOIN change_basket AS b ON b.repository = a.repository
  GROUP BY GROUPING SETS (
    (w.quarters_back, w.quarter_start, a.category, a.contributor_id),
    (w.quarters_back, w.quarter_start, a.contributor_id)
  )
)

SELECT
  d.quarters_back,
  d.entity,
  d.contributor_id,
  d.commits,
  d.weeks,
  d.basket_commits,
  d.basket_weeks,
  coalesce(f.first_owned_at >= d.quarter_start, false) AS is_new,
  -- In the quarter before this one; 0 for who was not there
  coalesce(p.weeks, 0) AS weeks_before
FROM done AS d
LEFT JOIN done AS p
  ON p.entity = d.entity AND p.contributor_id = d.contributor_id AND p.quarters_back = d.quarters_back + 1
LEFT JOIN beginnings AS f ON f.entity = d.entity AND f.contributor_id = d.contributor_id
