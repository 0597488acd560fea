-- What each person did in the quarter, in the one before, and in the one before that.
--
-- Grain: entity x basket or not x contributor, of the union of the three quarters; 0 for who was not there.
WITH scopes AS (
  SELECT quarters_back, entity, contributor_id, false AS is_basket, commits, weeks, is_new
  FROM change_presences
  UNION ALL
  SELECT quarters_back, entity, contributor_id, true, basket_commits, basket_weeks, is_new
  FROM change_presences
  -- The basket compares two quarters only
  WHERE basket_commits > 0 AND quarters_back <= 1
)

SELECT
  entity,
  is_basket,
  contributor_id,
  coalesce(max(commits) FILTER (WHERE quarters_back = 0), 0) AS commits_now,
  coalesce(max(commits) FILTER (WHERE quarters_back = 1), 0) AS commits_before,
  coalesce(max(weeks) FILTER (WHERE quarters_back = 0), 0) AS weeks_now,
  coalesce(max(weeks) FILTER (WHERE quarters_back = 1), 0) AS weeks_before,
  coalesce(max(weeks) FILTER (WHERE quarters_back = 2), 0) AS weeks_earlier,
  coalesce(bool_or(is_new) FILTER (WHERE quarters_back = 0), false) AS is_new_now,
  coalesce(bool_or(is_new) FILTER (WHERE quarters_back = 1), false) AS is_new_before
FROM scopes
WHERE quarters_back <= 2
GROUP BY entity, is_basket, contributor_id
