-- What each person did in each repository.
--
-- Grain: repository x contributor. People only: automation is left out, agents included. Commits of
-- unresolved authors (placeholders such as root) count, in one row a repository without an id. Later tables apply this
-- SELECT to their whole window of quarters, so that a window always stands under one version of the identities.
WITH united AS (
  SELECT
    i.contributor_id,
    a.repository,
    a.category,
    CAST(sum(a.commits) AS BIGINT) AS commits,
    bit_or(a.week_bits) AS week_bits,
    bit_or(a.day_bits_low) AS day_bits_low,
    bit_or(a.day_bits_high) AS day_bits_high,
    CAST(sum(a.classified_commits) AS BIGINT) AS classified_commits,
    CAST(sum(a.core_weight) AS BIGINT) AS core_weight,
    CAST(sum(a.integration_weight) AS BIGINT) AS integration_weight,
    CAST(sum(a.docs_weight) AS BIGINT) AS docs_weight,
    CAST(sum(a.build_weight) AS BIGINT) AS build_weight,
    CAST(sum(a.tests_weight) AS BIGINT) AS tests_weight,
    CAST(sum(a.benchmarks_weight) AS BIGINT) AS benchmarks_weight,
    CAST(sum(a.vendored_weight) AS BIGINT) AS vendored_weight,
    CAST(sum(a.empty_weight) AS BIGINT) AS empty_weight,
    bit_or(a.core_week_bits) AS core_week_bits
  FROM alias_activity AS a
  JOIN contributor_identities AS i ON i.alias_id = a.alias_id
  WHERE i.kind IN ('human', 'placeholder')
  GROUP BY i.contributor_id, a.repository, a.category
)

SELECT
  contributor_id,
  CASE WHEN contributor_id IS NULL THEN 'placeholder' ELSE 'human' END AS kind,
  repository,
  category,
  commits,
  week_bits,
  day_bits_low,
  day_bits_high,
  bit_count(week_bits) AS active_weeks,
  bit_count(day_bits_low) + bit_count(day_bits_high) AS active_days,
  classified_commits,
  core_weight,
  integration_weight,
  docs_weight,
  build_weight,
  tests_weight,
  benchmarks_weight,
  vendored_weight,
  empty_weight,
  core_week_bits
FROM united
