-- How good the predictions were that were decided up to the quarter, by forecaster.
--
-- Grain: forecaster x bin, always the same rows. A bin is a range of probability in per cent, one of the program's events,
-- or `all`. The base rate and the simple rules are
-- held against the program's events: own_record is the category's own rate, persistence looks at the sign of the last
-- change, momentum at the change over two quarters, reversion at whether the value lies above its mean. Scores are compared with the base rate's over the same
-- predictions. Predictions of one quarter share its luck, so the interval of the difference is clustered by the quarter of
-- the deadline, t with one degree less than there are quarters; with fewer than three quarters there is none. Of four rules the luckiest
-- would be read first: their intervals are 95 % for all four at once.
WITH decided AS (
  SELECT *, CASE WHEN state = 'came_true' THEN 1 ELSE 0 END AS came
  FROM prediction_scores
  WHERE state IN ('came_true', 'failed')
),

forecasters AS (
  SELECT
    unnest(['analyst', 'program', 'base_rate', 'own_record', 'persistence', 'momentum', 'reversion']) AS forecaster,
    unnest([0, 1, 2, 3, 4, 5, 6]) AS forecaster_order
),

forecasts AS (
  SELECT
    f.forecaster,
    d.event,
    d.deadline,
    CASE f.forecaster
      WHEN 'base_rate' THEN d.base_rate_pct
      WHEN 'own_record' THEN d.own_record_pct
      WHEN 'persistence' THEN d.persistence_pct
      WHEN 'momentum' THEN d.momentum_pct
      WHEN 'reversion' THEN d.reversion_pct
      ELSE d.probability_pct
    END AS pct,
    d.base_rate_pct,
    d.came
  FROM decided AS d
  JOIN forecasters AS f ON (f.forecaster = 'analyst') = (d.author_kind = 'analyst')
),

-- Ten thousand times the scores: integers
scores AS (
  SELECT
    *,
    CASE
      WHEN pct < 20 THEN '0-19'
      WHEN pct < 40 THEN '20-39'
      WHEN pct < 60 THEN '40-59'
      WHEN pct < 80 THEN '60-79'
      ELSE '80-100'
    END AS bin,
    (pct - 100 * came) * (pct - 100 * came) AS score,
    (base_rate_pct - 100 * came) * (base_rate_pct - 100 * came) AS base_score
  FROM forecasts
),

binned AS (
  SELECT forecaster, unnest(['all', bin, event]) AS bin, deadline, pct, came, score, base_score FROM scores
),

quarters AS (
  SELECT
    forecaster,
    bin,
    deadline,
    count(*) AS n,
    sum(came) AS came,
    sum(pct) AS pct,
    sum(score) AS score,
    -- Compared only where there is a base rate
    count(base_score) AS compared,
    sum(score) FILTER (WHERE base_score IS NOT NULL) AS compared_score,
    sum(base_score) AS base_score,
    sum(score - base_score) AS difference,
    count(*) FILTER (WHERE pct <> 50) AS leaning,
    count(*) FILTER (WHERE pct <> 50 AND (pct > 50) = (came = 1)) AS hits
  FROM binned
  GROUP BY forecaster, bin, deadline
),

sums AS (
  SELECT
    forecaster,
    bin,
    CAST(sum(n) AS BIGINT) AS n,
    CAST(sum(came) AS BIGINT) AS came,
    CAST(sum(pct) AS BIGINT) AS pct,
    CAST(sum(score) AS BIGINT) AS score,
    CAST(sum(compared) AS BIGINT) AS compared,
    CAST(sum(compared_score) AS BIGINT) AS compared_score,
    CAST(sum(base_score) AS BIGINT) AS base_score,
    CAST(sum(difference) AS BIGINT) AS difference,
    count(*) FILTER (WHERE compared > 0) AS quarters,
    CAST(sum(leaning) AS BIGINT) AS leaning,
    CAST(sum(hits) AS BIGINT) AS hits
  FROM quarters
  GROUP BY forecaster, bin
),

-- Sums of a quarter's deviations from the mean difference, times the number compared
spreads AS (
  SELECT
    q.forecaster,
    q.bin,
    sum(
      CAST(s.compared * q.difference - q.compared * s.difference AS HUGEINT)
      * CAST(s.compared * q.difference - q.compared * s.difference AS HUGEINT)
    ) AS squares
  FROM quarters AS q
  JOIN sums AS s ON s.forecaster = q.forecaster AND s.bin = q.bin
  WHERE q.compared > 0
  GROUP BY q.forecaster, q.bin
),

compared AS (
  SELECT
    s.*,
    s.difference / nullif(10000 * s.compared, 0) AS brier_difference,
    CASE WHEN s.forecaster IN ('own_record', 'persistence', 'momentum', 'reversion') THEN t.of_four ELSE t.of_one END
    * sqrt(CAST(p.squares AS DOUBLE) * s.quarters / (s.quarters - 1))
    / (10000 * CAST(s.compared AS DOUBLE) * s.compared) AS half_width
  FROM sums AS s
  LEFT JOIN spreads AS p ON p.forecaster = s.forecaster AND p.bin = s.bin
  LEFT JOIN t_quantiles AS t ON t.degrees = s.quarters - 1
),

frame AS (
  SELECT f.forecaster, f.forecaster_order, b.bin, b.bin_order
  FROM forecasters AS f
  CROSS JOIN (
    SELECT
      unnest([
        'all', '0-19', '20-39', '40-59', '60-79', '80-100', 'contributors-rise', 'contributors-jump', 'commits-rise',
        'commits-jump', 'churn-falls', 'weeks-rise'
      ]) AS bin,
      unnest([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) AS bin_order
  ) AS b
)

SELECT
  f.forecaster,
  f.bin,
  f.forecaster_order,
  f.bin_order,
  coalesce(c.n, 0) AS decided,
  coalesce(c.came, 0) AS came_true,
  c.pct / c.n AS mean_probability_pct,
  100 * c.came / c.n AS observed_pct,
  100 * c.hits / nullif(c.leaning, 0) AS hit_rate_pct,
  c.score / (10000 * c.n) AS mean_brier,
  c.base_score / nullif(10000 * c.compared, 0) AS mean_base_rate_brier,
  1 - c.compared_score / nullif(c.base_score, 0) AS mean_skill,
  coalesce(c.quarters, 0) AS quarters,
  c.brier_difference,
  c.brier_difference - c.half_width AS brier_difference_low,
  c.brier_difference + c.half_width AS brier_difference_high
FROM frame AS f
LEFT JOIN compared AS c ON c.forecaster = f.forecaster AND c.bin = f.bin
