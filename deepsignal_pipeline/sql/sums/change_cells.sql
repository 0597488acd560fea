-- How many people did the same: of equal weeks in the three quarters, new or not.
--
-- Grain: entity x basket or not x weeks in each quarter x new in each. Every count, share and mean over people, and what
-- two quarters have in common, are sums over these cells.
SELECT
  entity,
  is_basket,
  weeks_now,
  weeks_before,
  weeks_earlier,
  is_new_now,
  is_new_before,
  count(*) AS people
FROM change_people
WHERE contributor_id IS NOT NULL
GROUP BY entity, is_basket, weeks_now, weeks_before, weeks_earlier, is_new_now, is_new_before
ORDER BY entity, is_basket, weeks_now, weeks_before, weeks_earlier, is_new_now, is_new_before
