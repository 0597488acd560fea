-- People whom two categories share.
--
-- Grain: pair of categories, all 66 in every quarter. A person is shared if active in both within the quarter: that is
-- presence, not movement. Qualified means at least 2 active weeks or 3 commits in each of the two. Containments divide by
-- the people of one category, Jaccard by the people of either.
WITH categories AS (
  SELECT DISTINCT category, category_order FROM tracked_repositories
),

people AS (
  SELECT
    category,
    contributor_id,
    sum(commits) >= 3 OR bit_count(bit_or(week_bits)) >= 2 AS is_qualified
  FROM contributor_activity
  WHERE contributor_id IS NOT NULL AND quarter = $quarter
  GROUP BY category, contributor_id
),

sizes AS (
  SELECT c.category, c.category_order, count(p.contributor_id) AS contributors
  FROM categories AS c
  LEFT JOIN people AS p ON p.category = c.category
  GROUP BY c.category, c.category_order
),

meetings AS (
  SELECT
    a.category AS category_a,
    b.category AS category_b,
    count(*) AS shared,
    count(*) FILTER (WHERE a.is_qualified AND b.is_qualified) AS shared_qualified
  FROM people AS a
  JOIN people AS b ON b.contributor_id = a.contributor_id AND b.category <> a.category
  GROUP BY a.category, b.category
),

pairs AS (
  SELECT
    a.category AS category_a,
    b.category AS category_b,
    a.category_order AS order_a,
    b.category_order AS order_b,
    a.contributors AS contributors_a,
    b.contributors AS contributors_b,
    coalesce(m.shared, 0) AS shared,
    coalesce(m.shared_qualified, 0) AS shared_qualified
  FROM sizes AS a
  JOIN sizes AS b ON b.category_order > a.category_order
  LEFT JOIN meetings AS m ON m.category_a = a.category AND m.category_b = b.category
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
  shared / nullif(contributors_a + contributors_b - shared, 0) AS jaccard
FROM pairs
