-- Who was there in each quarter of the window, in each category and in the catalogue as a whole.
--
-- Grain: entity x quarter x contributor; commits of unresolved authors stand in a row without a contributor. An entity is
-- a category, or the catalogue. What was done in the same basket of repositories stands beside.
WITH newcomers AS (
  SELECT w.quarters_back, f.category AS entity, f.contributor_id
  FROM first_commits AS f
  JOIN counted_quarters AS w ON f.first_owned_at >= w.quarter_start AND f.first_owned_at < w.quarter_end
  UNION ALL
  -- The first of all may be in several categories at once
  SELECT DISTINCT w.quarters_back, 'catalogue', f.contributor_id
  FROM first_commits AS f
  JOIN counted_quarters AS w ON f.first_owned_at >= w.quarter_start AND f.first_owned_at < w.quarter_end
  WHERE f.first_owned_at = f.first_in_catalogue_at
),

done AS (
  SELECT
    w.quarters_back,
    coalesce(a.category, 'catalogue') AS entity,
    a.contributor_id,
    CAST(sum(a.commits) AS BIGINT) AS commits,
    bit_count(bit_or(a.week_bits)) AS weeks,
    CAST(coalesce(sum(a.commits) FILTER (WHERE b.repository IS NOT NULL), 0) AS BIGINT) AS basket_commits,
    coalesce(bit_count(bit_or(a.week_bits) FILTER (WHERE b.repository IS NOT NULL)), 0) AS basket_weeks
  FROM contributor_activity AS a
  JOIN counted_quarters AS w ON w.quarter = a.quarter
  LEFT JOIN change_basket AS b ON b.repository = a.repository
  GROUP BY GROUPING SETS (
    (w.quarters_back, a.category, a.contributor_id),
    (w.quarters_back, a.contributor_id)
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
  f.contributor_id IS NOT NULL AS is_new,
  -- In the quarter before this one; 0 for who was not there
  coalesce(p.weeks, 0) AS weeks_before
FROM done AS d
LEFT JOIN done AS p
  ON p.entity = d.entity AND p.contributor_id = d.contributor_id AND p.quarters_back = d.quarters_back + 1
LEFT JOIN newcomers AS f
  ON f.entity = d.entity AND f.contributor_id = d.contributor_id AND f.quarters_back = d.quarters_back
