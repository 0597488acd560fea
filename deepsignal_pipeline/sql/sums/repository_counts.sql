-- What the interval of a repository's change of people is made of.
--
-- Grain: repository that can be compared.
SELECT repository, contributors, contributors_previous, contributors_retained
FROM repository_metrics
WHERE contributors IS NOT NULL AND contributors_previous IS NOT NULL AND contributors_retained IS NOT NULL
ORDER BY repository
