-- How each measure of each category changed, how sure that is, and how unlike its past.
--
-- Grain: entity x measure; an entity is one of the twelve categories, or the catalogue as a whole. Exact sums over people
-- (sql/sums/change_*.sql) are estimated in statistics/changes.py; here the surprises of all categories and measures are
-- judged together. Retention is what churn leaves, so it shares churn's verdict; the catalogue's parts are tested, not it.
WITH entities AS (
  SELECT DISTINCT category AS entity, category_order AS entity_order FROM tracked_repositories
  UNION ALL
  SELECT 'catalogue', 12
),

tested AS (
  SELECT
    entity,
    measure,
    p_value,
    p_value * count(*) OVER () / row_number() OVER (ORDER BY p_value, entity, measure) AS adjusted
  FROM estimated_changes
  WHERE p_value IS NOT NULL AND entity <> 'catalogue' AND measure <> 'retention_pct'
),

-- Benjamini and Hochberg (1995): the smallest adjusted p-value of this test and of all with a larger one
judged AS (
  SELECT entity, measure, least(1, min(adjusted) OVER (ORDER BY p_value DESC RANGE UNBOUNDED PRECEDING)) AS q_value
  FROM tested
)

SELECT
  c.entity,
  e.entity_order,
  c.measure,
  c.measure_order,
  c.unit,
  c.value,
  c.value_low,
  c.value_high,
  c.people_in_both,
  c.people,
  c.previous,
  c.smallest_part,
  c.change,
  c.change_unit,
  c.low,
  c.high,
  c.degrees,
  c.null_reason,
  c.basket_value,
  c.basket_previous,
  c.basket_change,
  c.basket_people_in_both,
  c.basket_low,
  c.basket_high,
  c.basket_contribution,
  c.catalogue_contribution,
  c.change_without_top,
  c.earlier_changes,
  c.surprise,
  c.p_value,
  j.q_value,
  coalesce(j.q_value <= 0.1, false) AS is_discovery,
  c.trend_word,
  c.is_word_of_basket,
  c.marks
FROM estimated_changes AS c
JOIN entities AS e ON e.entity = c.entity
LEFT JOIN judged AS j
  ON j.entity = c.entity
  AND j.measure = CASE WHEN c.measure = 'retention_pct' THEN 'churn_rate_pct' ELSE c.measure END
