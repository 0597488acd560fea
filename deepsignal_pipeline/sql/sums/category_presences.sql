-- Who was in which category, and how much they did there.
--
-- Grain: category x contributor. People only. Qualified means at least 2 active weeks or 3 commits.
SELECT
  category,
  contributor_id,
  CAST(sum(commits) AS BIGINT) AS commits,
  bit_or(week_bits) AS week_bits,
  bit_or(day_bits_low) AS day_bits_low,
  bit_or(day_bits_high) AS day_bits_high,
  bit_count(bit_or(week_bits)) AS active_weeks,
  sum(commits) >= 3 OR bit_count(bit_or(week_bits)) >= 2 AS is_qualified
FROM contributor_activity
WHERE contributor_id IS NOT NULL
GROUP BY category, contributor_id
