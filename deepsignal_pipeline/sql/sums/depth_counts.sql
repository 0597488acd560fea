-- How many people stand behind the shares of depth: the counted and all, for their intervals.
--
-- Grain: category x share.
SELECT category, 'core_builder_share' AS measure, core_builders AS counted, classified_contributors AS people
FROM category_depth
WHERE classified_contributors > 0
UNION ALL
SELECT category, 'sustained_share', sustained, contributors
FROM category_depth
WHERE contributors > 0
UNION ALL
SELECT d.category, 'full_time_like_share', m.full_time_like, m.contributors
FROM category_depth AS d
JOIN category_metrics AS m ON m.category = d.category
WHERE m.contributors > 0
ORDER BY 1, 2
