-- What each person did in each category: how much, and what kind of work.
--
-- Grain: contributor x category. People only. Two axes of depth. Volume: one commit; sustained, with at least 3 commits in
-- at least 2 weeks; occasional, anything between. Work class: core if at least half of the weight on core, integration,
-- docs and build is core, then integration, docs, build likewise, otherwise mixed. Tests and benchmarks are neutral: whoever
-- tests what they write is no less a builder; who does nothing else is neutral. A core builder has a core weight of at least
-- 3 commits, in at least 2 weeks. Weights are divided down, by less than a millionth a commit: who would reach a half or 3
-- commits exactly gets that much back. Full-time-like: at least 10 active days within some 28 days of the quarter. A year is
-- 31,557,600 seconds.
WITH presences AS (
  SELECT
    contributor_id,
    category,
    count(*) AS repositories,
    sum(commits) AS commits,
    bit_or(week_bits) AS week_bits,
    bit_or(day_bits_low) AS day_bits_low,
    bit_or(day_bits_high) AS day_bits_high,
    sum(classified_commits) AS classified_commits,
    sum(core_weight) AS core_weight,
    sum(integration_weight) AS integration_weight,
    sum(docs_weight) AS docs_weight,
    sum(build_weight) AS build_weight,
    sum(tests_weight) AS tests_weight,
    sum(benchmarks_weight) AS benchmarks_weight,
    sum(vendored_weight) AS vendored_weight,
    sum(empty_weight) AS empty_weight,
    sum(core_weight + integration_weight + docs_weight + build_weight) AS weight,
    bit_or(core_week_bits) AS core_week_bits
  FROM contributor_activity
  WHERE contributor_id IS NOT NULL AND quarter = $quarter
  GROUP BY contributor_id, category
),

active_days AS (
  SELECT p.category, p.contributor_id, d.day
  FROM presences AS p
  CROSS JOIN (SELECT unnest(generate_series(0, 91)) AS day) AS d
  -- Few have ten days at all: the others need no look at their days
  WHERE bit_count(p.day_bits_low) + bit_count(p.day_bits_high) >= 10
    AND CASE
      WHEN d.day < 46 THEN (p.day_bits_low >> d.day) & 1
      ELSE (p.day_bits_high >> greatest(d.day - 46, 0)) & 1
    END = 1
),

full_time_like AS (
  SELECT DISTINCT category, contributor_id
  FROM (
    SELECT
      category,
      contributor_id,
      count(*) OVER (
        PARTITION BY category, contributor_id ORDER BY day RANGE BETWEEN 27 PRECEDING AND CURRENT ROW
      ) AS days_in_window
    FROM active_days
  )
  WHERE days_in_window >= 10
),

measured AS (
  SELECT
    p.*,
    bit_count(p.week_bits) AS active_weeks,
    bit_count(p.core_week_bits) AS core_weeks,
    w.contributor_id IS NOT NULL AS is_full_time_like,
    epoch($quarter_end) - epoch(f.first_owned_at) AS tenure_seconds
  FROM presences AS p
  -- Everybody has a first commit; who had none would break the contract (there is a tenure)
  LEFT JOIN first_commits AS f ON f.category = p.category AND f.contributor_id = p.contributor_id
  LEFT JOIN full_time_like AS w ON w.category = p.category AND w.contributor_id = p.contributor_id
)

SELECT
  contributor_id,
  category,
  repositories,
  commits,
  active_weeks,
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
  core_weeks,
  CASE
    WHEN commits = 1 THEN 'one_commit'
    WHEN commits >= 3 AND active_weeks >= 2 THEN 'sustained'
    ELSE 'occasional'
  END AS volume,
  CASE
    WHEN classified_commits = 0 THEN 'unknown'
    WHEN weight = 0 THEN 'neutral'
    WHEN 2 * (core_weight + classified_commits) > weight THEN 'core'
    WHEN 2 * (integration_weight + classified_commits) > weight THEN 'integration'
    WHEN 2 * (docs_weight + classified_commits) > weight THEN 'docs'
    WHEN 2 * (build_weight + classified_commits) > weight THEN 'build'
    ELSE 'mixed'
  END AS work_class,
  core_weight + classified_commits > 3000000 AND core_weeks >= 2 AS is_core_builder,
  is_full_time_like,
  tenure_seconds / 31557600 AS tenure_years,
  CASE
    WHEN tenure_seconds < 31557600 THEN 'under_1_year'
    WHEN tenure_seconds < 2 * 31557600 THEN '1_to_2_years'
    ELSE '2_years_or_more'
  END AS tenure_band
FROM measured
