-- The people who work in two categories, and when each of them began in either.
--
-- Grain: pair of categories x contributor. Qualified in both within the quarter: at least 2 active weeks or 3 commits in
-- each. They began with their first commit of a counted kind in a category, from the whole history. Of the restricted tier:
-- the rows are never printed, only how many there are (category_overlaps.shared_qualified).
WITH categories AS (
  SELECT DISTINCT category, category_order FROM tracked_repositories
),

people AS (
  SELECT category, contributor_id, commits, active_weeks
  FROM category_presences
  WHERE quarter = $quarter AND is_qualified
)

SELECT
  a.category AS category_a,
  b.category AS category_b,
  c.category_order AS order_a,
  d.category_order AS order_b,
  a.contributor_id AS contributor_id,
  f.first_owned_at AS began_a_at,
  a.commits AS commits_a,
  a.active_weeks AS active_weeks_a,
  g.first_owned_at AS began_b_at,
  b.commits AS commits_b,
  b.active_weeks AS active_weeks_b
FROM people AS a
JOIN people AS b ON b.contributor_id = a.contributor_id
JOIN categories AS c ON c.category = a.category
JOIN categories AS d ON d.category = b.category AND d.category_order > c.category_order
-- Everybody has a first commit; who had none would break the contract
LEFT JOIN first_commits AS f ON f.category = a.category AND f.contributor_id = a.contributor_id
LEFT JOIN first_commits AS g ON g.category = b.category AND g.contributor_id = b.contributor_id
