-- People whom two categories share, against what chance would give them to share.
--
-- Grain: pair of categories, all 66 in every quarter. A person is shared if active in both within the quarter: that is
-- presence, not movement. Qualified means at least 2 active weeks or 3 commits in each of the two. Containments divide by
-- the people of one category, Jaccard by the people of either. Chance keeps both margins: every person is in as many
-- categories, and every category has as many people, as they do (curveball; statistics/curveball.py). The pairs' shared
-- people add up to what chance gives all of them, so lift compares pairs with one another. p and q are of every pair both
-- sides of which have people, however few are expected of it; q is Benjamini and Hochberg's, over all 66. Among the pairs
-- above chance that share five people or more the strongest is told by the lower end of the lift, the newest by the share of
-- people who are new to a side. Under one person expected there is no lift; such a pair is ranked as if one were.
WITH categories AS (
  SELECT category, category_order, CAST(1 AS BIGINT) << category_order AS bit
  FROM (SELECT DISTINCT category, category_order FROM tracked_repositories)
),

sizes AS (
  SELECT c.category, c.category_order, c.bit, coalesce(p.contributors, 0) AS contributors
  FROM categories AS c
  LEFT JOIN (
    SELECT category, count(*) AS contributors
    FROM category_presences
    WHERE quarter = $quarter
    GROUP BY category
  ) AS p ON p.category = c.category
),

pair_bits AS (
  SELECT a.bit | b.bit AS bits
  FROM categories AS a
  JOIN categories AS b ON b.category_order > a.category_order
),

-- In which categories each person was, a bit a category. There are few different sets, so pairs are told from the sets
people AS (
  SELECT
    p.contributor_id,
    bit_or(CAST(p.commits > 0 AS BIGINT) << c.category_order) AS present,
    bit_or(CAST(p.is_qualified AS BIGINT) << c.category_order) AS qualified
  FROM category_presences AS p
  JOIN categories AS c ON c.category = p.category
  WHERE p.quarter = $quarter
  GROUP BY p.contributor_id
),

people_before AS (
  SELECT p.contributor_id, bit_or(CAST(p.commits > 0 AS BIGINT) << c.category_order) AS present
  FROM category_presences AS p
  JOIN categories AS c ON c.category = p.category
  WHERE p.quarter < $quarter
  GROUP BY p.contributor_id
),

-- In which categories somebody's first commit of a counted kind lies in the quarter
newcomers AS (
  SELECT f.contributor_id, bit_or(c.bit) AS arrived
  FROM first_commits AS f
  JOIN categories AS c ON c.category = f.category
  WHERE f.first_owned_at >= $quarter_start AND f.first_owned_at < $quarter_end
  GROUP BY f.contributor_id
),

meetings AS (
  SELECT b.bits, sum(s.people) AS shared
  FROM pair_bits AS b
  JOIN (SELECT present, count(*) AS people FROM people GROUP BY present) AS s ON s.present & b.bits = b.bits
  GROUP BY b.bits
),

meetings_qualified AS (
  SELECT b.bits, sum(s.people) AS shared
  FROM pair_bits AS b
  JOIN (SELECT qualified, count(*) AS people FROM people GROUP BY qualified) AS s ON s.qualified & b.bits = b.bits
  GROUP BY b.bits
),

-- New to one of the two categories
meetings_of_newcomers AS (
  SELECT b.bits, sum(s.people) AS shared
  FROM pair_bits AS b
  JOIN (
    SELECT p.present, n.arrived, count(*) AS people
    FROM people AS p
    JOIN newcomers AS n ON n.contributor_id = p.contributor_id
    GROUP BY p.present, n.arrived
  ) AS s ON s.present & b.bits = b.bits AND s.arrived & b.bits <> 0
  GROUP BY b.bits
),

meetings_retained AS (
  SELECT b.bits, sum(s.people) AS shared
  FROM pair_bits AS b
  JOIN (
    SELECT p.present & e.present AS kept, count(*) AS people
    FROM people AS p
    JOIN people_before AS e ON e.contributor_id = p.contributor_id
    GROUP BY p.present & e.present
  ) AS s ON s.kept & b.bits = b.bits
  GROUP BY b.bits
),

meetings_before AS (
  SELECT b.bits, sum(s.people) AS shared
  FROM pair_bits AS b
  JOIN (SELECT present, count(*) AS people FROM people_before GROUP BY present) AS s ON s.present & b.bits = b.bits
  GROUP BY b.bits
),

pairs AS (
  SELECT
    a.category AS category_a,
    b.category AS category_b,
    a.category_order AS order_a,
    b.category_order AS order_b,
    a.contributors AS contributors_a,
    b.contributors AS contributors_b,
    CAST(coalesce(m.shared, 0) AS BIGINT) AS shared,
    CAST(coalesce(l.shared, 0) AS BIGINT) AS shared_qualified,
    CAST(coalesce(f.shared, 0) AS BIGINT) AS shared_new,
    CAST(coalesce(r.shared, 0) AS BIGINT) AS shared_retained,
    CAST(coalesce(p.shared, 0) AS BIGINT) AS shared_previous,
    n.shared_low,
    n.shared_high,
    n.shared_over_sweeps,
    n.sweeps,
    CASE WHEN a.contributors > 0 AND b.contributors > 0 THEN n.p_value END AS p_value
  FROM sizes AS a
  JOIN sizes AS b ON b.category_order > a.category_order
  JOIN overlap_null_model AS n ON n.order_a = a.category_order AND n.order_b = b.category_order
  LEFT JOIN meetings AS m ON m.bits = a.bit | b.bit
  LEFT JOIN meetings_qualified AS l ON l.bits = a.bit | b.bit
  LEFT JOIN meetings_of_newcomers AS f ON f.bits = a.bit | b.bit
  LEFT JOIN meetings_retained AS r ON r.bits = a.bit | b.bit
  LEFT JOIN meetings_before AS p ON p.bits = a.bit | b.bit
),

-- A pair with an empty category is not tested; it counts among the 66 as if its p were 1
tested AS (
  SELECT
    *,
    shared >= 5 AND shared_over_sweeps >= sweeps AS has_lift,
    coalesce(p_value, 1) * count(*) OVER () / count(*) OVER (
      ORDER BY coalesce(p_value, 1) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS p_of_rank
  FROM pairs
),

judged AS (
  SELECT
    *,
    min(p_of_rank) OVER (
      ORDER BY coalesce(p_value, 1) DESC RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS q_value
  FROM tested
),

measured AS (
  SELECT
    *,
    CASE WHEN has_lift THEN shared * sweeps / shared_over_sweeps END AS lift,
    CASE WHEN has_lift THEN shared_low * sweeps / shared_over_sweeps END AS lift_low,
    CASE WHEN has_lift THEN shared_high * sweeps / shared_over_sweeps END AS lift_high,
    CASE WHEN shared >= 5 THEN shared_new / shared END AS shared_new_share,
    -- Pairs above chance, told by Benjamini and Hochberg at 10 %; fewer than five shared people are named nowhere
    shared >= 5 AND q_value <= 0.1 AND shared * sweeps > shared_over_sweeps AS is_above_chance
  FROM judged
)

SELECT
  category_a,
  category_b,
  order_a,
  order_b,
  contributors_a,
  contributors_b,
  shared,
  shared_qualified,
  shared / nullif(contributors_a, 0) AS containment_a,
  shared / nullif(contributors_b, 0) AS containment_b,
  shared / nullif(contributors_a + contributors_b - shared, 0) AS jaccard,
  shared_low,
  shared_high,
  shared_over_sweeps,
  sweeps,
  shared_over_sweeps / sweeps AS shared_expected,
  lift,
  lift_low,
  lift_high,
  CASE WHEN lift IS NULL AND shared < 5 THEN 'few_people' WHEN lift IS NULL THEN 'little_expected' END
    AS lift_null_reason,
  p_value,
  CASE WHEN p_value IS NOT NULL THEN q_value END AS q_value,
  CASE WHEN $has_previous THEN shared_previous END AS shared_previous,
  CASE WHEN $has_previous THEN shared - shared_previous END AS shared_change,
  CASE WHEN $has_previous THEN shared_retained END AS shared_retained,
  CASE WHEN NOT $has_previous THEN 'first_quarter' END AS change_null_reason,
  shared_new,
  shared_new_share,
  CASE WHEN is_above_chance THEN
    row_number() OVER (
      PARTITION BY is_above_chance
      ORDER BY shared_low * sweeps / greatest(shared_over_sweeps, sweeps) DESC, order_a, order_b
    )
  END AS strength_rank,
  CASE WHEN is_above_chance THEN
    row_number() OVER (PARTITION BY is_above_chance ORDER BY shared_new_share DESC, shared DESC, order_a, order_b)
  END AS newness_rank
FROM measured
