-- How many core files of each repository have how many commits, from two on.
--
-- Grain: repository x commits of a file.
SELECT category, repository, commits, count(*) AS files
FROM (
  SELECT category, repository, path, CAST(sum(commits) AS BIGINT) AS commits
  FROM core_file_authors
  GROUP BY category, repository, path
)
WHERE commits >= 2
GROUP BY category, repository, commits
ORDER BY category, repository, commits
