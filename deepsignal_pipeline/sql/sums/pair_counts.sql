-- What the intervals of a pair's ratios are made of.
--
-- Grain: pair of categories.
SELECT category_a, category_b, contributors_a, contributors_b, shared
FROM category_overlaps
ORDER BY order_a, order_b
