-- What each alias did in each repository.
--
-- Grain: quarter x repository x alias. Only counted commits. Weeks are min(12, days since the quarter's first day / 7):
-- thirteen in every quarter. Weeks and days are bits, so that a person's aliases and repositories unite by OR.
WITH dated AS (
  SELECT
    quarter,
    repository,
    category,
    alias_id,
    -- Seconds since 1970 are cheaper than calendar days, which ask the session's time zone
    CAST(floor((epoch(committed_at) - epoch($quarter_start)) / 86400) AS INTEGER) AS day
  FROM counted_commits
  WHERE is_counted
)

SELECT
  quarter,
  repository,
  category,
  alias_id,
  count(*) AS commits,
  bit_or(CAST(1 AS INTEGER) << least(12, day // 7)) AS week_bits,
  bit_or(CASE WHEN day < 46 THEN CAST(1 AS BIGINT) << day ELSE CAST(0 AS BIGINT) END) AS day_bits_low,
  bit_or(CASE WHEN day >= 46 THEN CAST(1 AS BIGINT) << (day - 46) ELSE CAST(0 AS BIGINT) END) AS day_bits_high
FROM dated
GROUP BY quarter, repository, category, alias_id
