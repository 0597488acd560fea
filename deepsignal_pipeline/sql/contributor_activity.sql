-- What each person did in each repository.
--
-- Grain: quarter x repository x contributor. People only: automation is left out, agents included. Commits of
-- unresolved authors (placeholders such as root) count, in one row a repository without an id. Later tables apply this
-- SELECT to their whole window of quarters, so that a window always stands under one version of the identities.
WITH united AS (
  SELECT
    a.quarter,
    i.contributor_id,
    i.kind,
    a.repository,
    a.category,
    CAST(sum(a.commits) AS BIGINT) AS commits,
    bit_or(a.week_bits) AS week_bits,
    bit_or(a.day_bits_low) AS day_bits_low,
    bit_or(a.day_bits_high) AS day_bits_high
  FROM alias_activity AS a
  JOIN contributor_identities AS i ON i.alias_id = a.alias_id
  WHERE i.kind IN ('human', 'placeholder')
  GROUP BY a.quarter, i.contributor_id, i.kind, a.repository, a.category
)

SELECT
  quarter,
  contributor_id,
  kind,
  repository,
  category,
  commits,
  week_bits,
  day_bits_low,
  day_bits_high,
  bit_count(week_bits) AS active_weeks,
  bit_count(day_bits_low) + bit_count(day_bits_high) AS active_days
FROM united
