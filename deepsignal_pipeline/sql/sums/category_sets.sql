-- How many people are in exactly each set of categories, a bit a category: what the null model of overlaps knows of them.
--
-- Grain: set of categories.
WITH categories AS (
  SELECT DISTINCT category, category_order FROM tracked_repositories
),

people AS (
  SELECT bit_or(CAST(p.commits > 0 AS BIGINT) << c.category_order) AS categories
  FROM category_presences AS p
  JOIN categories AS c ON c.category = p.category
  WHERE p.quarter = $quarter
  GROUP BY p.contributor_id
)

SELECT categories, count(*) AS people
FROM people
GROUP BY categories
ORDER BY categories
