-- Commits of the quarter and of the one before, and the sums over people that the interval of their ratio needs.
--
-- Grain: entity x basket or not. `sum_i_j` is the sum over people of (commits now)^i (commits before)^j, exact.
WITH people AS (
  SELECT
    entity,
    is_basket,
    contributor_id,
    CAST(commits_now AS HUGEINT) AS x,
    CAST(commits_before AS HUGEINT) AS y,
    row_number() OVER (
      PARTITION BY entity, is_basket ORDER BY contributor_id IS NULL, commits_now DESC, contributor_id
    ) AS rank
  FROM change_people
  WHERE commits_now + commits_before > 0
)

SELECT
  entity,
  is_basket,
  sum(x) AS commits_now,
  sum(y) AS commits_before,
  coalesce(sum(x) FILTER (WHERE rank = 1 AND contributor_id IS NOT NULL), 0) AS largest_now,
  coalesce(sum(y) FILTER (WHERE rank = 1 AND contributor_id IS NOT NULL), 0) AS largest_before,
  coalesce(sum(x * x) FILTER (WHERE contributor_id IS NOT NULL), 0) AS sum_2_0,
  coalesce(sum(x * y) FILTER (WHERE contributor_id IS NOT NULL), 0) AS sum_1_1,
  coalesce(sum(y * y) FILTER (WHERE contributor_id IS NOT NULL), 0) AS sum_0_2,
  coalesce(sum(x * x * x * x) FILTER (WHERE contributor_id IS NOT NULL), 0) AS sum_4_0,
  coalesce(sum(x * x * x * y) FILTER (WHERE contributor_id IS NOT NULL), 0) AS sum_3_1,
  coalesce(sum(x * x * y * y) FILTER (WHERE contributor_id IS NOT NULL), 0) AS sum_2_2,
  coalesce(sum(x * y * y * y) FILTER (WHERE contributor_id IS NOT NULL), 0) AS sum_1_3,
  coalesce(sum(y * y * y * y) FILTER (WHERE contributor_id IS NOT NULL), 0) AS sum_0_4
FROM people
GROUP BY entity, is_basket
