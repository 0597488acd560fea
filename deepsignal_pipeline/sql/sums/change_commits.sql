-- Commits of the quarter and of the one before, and the sums over people that the interval of their ratio needs.
--
-- Grain: entity x basket or not. `sum_i_j` is the sum over people of (commits now)^i (commits before)^j, exact. Commits of
-- unresolved authors are in the totals and nobody's.
WITH largest AS (
  SELECT entity, is_basket, max(commits_now) AS commits
  FROM change_people
  WHERE contributor_id IS NOT NULL
  GROUP BY entity, is_basket
),

-- The largest contributor of the quarter; of equals the first by id
first_of_largest AS (
  SELECT p.entity, p.is_basket, min(p.contributor_id) AS contributor_id
  FROM change_people AS p
  JOIN largest AS l ON l.entity = p.entity AND l.is_basket = p.is_basket AND l.commits = p.commits_now AND l.commits > 0
  GROUP BY p.entity, p.is_basket
),

people AS (
  SELECT
    p.entity,
    p.is_basket,
    p.commits_now,
    p.commits_before,
    l.contributor_id IS NOT NULL AS is_largest,
    -- Nobody, for the powers
    CASE WHEN p.contributor_id IS NOT NULL THEN CAST(p.commits_now AS HUGEINT) END AS x,
    CASE WHEN p.contributor_id IS NOT NULL THEN CAST(p.commits_before AS HUGEINT) END AS y
  FROM change_people AS p
  LEFT JOIN first_of_largest AS l
    ON l.entity = p.entity AND l.is_basket = p.is_basket AND l.contributor_id = p.contributor_id
  WHERE p.commits_now + p.commits_before > 0
)

SELECT
  entity,
  is_basket,
  sum(commits_now) AS commits_now,
  sum(commits_before) AS commits_before,
  coalesce(sum(commits_now) FILTER (WHERE is_largest), 0) AS largest_now,
  coalesce(sum(commits_before) FILTER (WHERE is_largest), 0) AS largest_before,
  coalesce(sum(x * x), 0) AS sum_2_0,
  coalesce(sum(x * y), 0) AS sum_1_1,
  coalesce(sum(y * y), 0) AS sum_0_2,
  coalesce(sum(x * x * x * x), 0) AS sum_4_0,
  coalesce(sum(x * x * x * y), 0) AS sum_3_1,
  coalesce(sum(x * x * y * y), 0) AS sum_2_2,
  coalesce(sum(x * y * y * y), 0) AS sum_1_3,
  coalesce(sum(y * y * y * y), 0) AS sum_0_4
FROM people
GROUP BY entity, is_basket
