-- What GitHub says of each repository that it was asked about.
--
-- Grain: repository. Facts of the day on which GitHub was asked: nothing here may be used for an old quarter.
SELECT
  repository,
  github_id,
  names,
  stars,
  forks,
  topics,
  language,
  licence,
  is_archived,
  created_at,
  pushed_at,
  fetched_at
FROM source_metadata
