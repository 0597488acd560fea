-- What each alias did in each repository.
--
-- Grain: repository x alias. Only counted commits. Weeks are min(12, days since the quarter's first day / 7):
-- thirteen in every quarter. Weeks and days are bits, so that a person's aliases and repositories unite by OR. Weights
-- are added up over the classified commits, whose paths are known and 50 at most; null where there are none of them.
WITH dated AS (
  SELECT
    repository,
    category,
    alias_id,
    core_weight,
    integration_weight,
    docs_weight,
    build_weight,
    tests_weight,
    benchmarks_weight,
    vendored_weight,
    empty_weight,
    -- Microseconds since 1970 are cheaper than calendar days, which ask the session's time zone
    CAST((epoch_us(committed_at) - epoch_us($quarter_start)) // 86400000000 AS INTEGER) AS day
  FROM counted_commits
  WHERE is_counted
)

SELECT
  repository,
  category,
  alias_id,
  count(*) AS commits,
  bit_or(CAST(1 AS INTEGER) << least(12, day // 7)) AS week_bits,
  bit_or(CASE WHEN day < 46 THEN CAST(1 AS BIGINT) << day ELSE CAST(0 AS BIGINT) END) AS day_bits_low,
  bit_or(CASE WHEN day >= 46 THEN CAST(1 AS BIGINT) << (day - 46) ELSE CAST(0 AS BIGINT) END) AS day_bits_high,
  count(core_weight) AS classified_commits,
  CAST(sum(core_weight) AS BIGINT) AS core_weight,
  CAST(sum(integration_weight) AS BIGINT) AS integration_weight,
  CAST(sum(docs_weight) AS BIGINT) AS docs_weight,
  CAST(sum(build_weight) AS BIGINT) AS build_weight,
  CAST(sum(tests_weight) AS BIGINT) AS tests_weight,
  CAST(sum(benchmarks_weight) AS BIGINT) AS benchmarks_weight,
  CAST(sum(vendored_weight) AS BIGINT) AS vendored_weight,
  CAST(sum(empty_weight) AS BIGINT) AS empty_weight,
  bit_or(CASE WHEN core_weight > 0 THEN CAST(1 AS INTEGER) << least(12, day // 7)
    WHEN core_weight = 0 THEN CAST(0 AS INTEGER) END) AS core_week_bits
FROM dated
GROUP BY repository, category, alias_id
