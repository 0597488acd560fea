-- The commits of the embedded sample with committed_at in [window_start, window_end), decoded.
--
-- `sample_rows` is commits.parquet as it is. It holds a commit once, even when forks repeat it, and hardly
-- any value that follows from another one:
--   id              place of the row: 0, 1, 2 ...
--   repositories    all repositories that hold the commit; here it becomes one row for each
--   sha             the 20 bytes of the commit id
--   parents         distance to the row of each parent, in order: its id is id minus the distance
--   committed_at    seconds since 1970; lag is how many seconds earlier it was authored (negative: later)
--   committer_name, committer_email, committer_tz    null where they equal the author's
--   author_*, subject, coauthors, changes            as they are; changes is null where none were recorded
-- A row group covers whole quarters, so comparing the stored seconds with constants skips all the others. A
-- second lies in the window exactly when it lies between the bounds rounded up. A parent may lie outside the
-- window, therefore its id is looked up in all of `sample_rows`: the first one by a plain join, because most
-- commits have no other and a list made by grouping takes twice as long; the others of a merge by grouping,
-- sorted afterwards. Who does not read parents or changes does not pay for them.
WITH in_window AS NOT MATERIALIZED (
    SELECT * FROM sample_rows
    WHERE committed_at >= ceil(epoch($window_start::TIMESTAMPTZ))::BIGINT
      AND committed_at < ceil(epoch($window_end::TIMESTAMPTZ))::BIGINT
), firsts AS (
    SELECT id AS first_id, sha AS first_sha FROM sample_rows
), links AS (
    SELECT id, unnest(parents[2:]) AS distance, generate_subscripts(parents[2:], 1) AS place
    FROM in_window WHERE len(parents) > 1
), others AS (
    SELECT links.id, list({'place': place, 'sha': lower(hex(parent.sha))}) AS others
    FROM links JOIN sample_rows AS parent ON parent.id = links.id - distance
    GROUP BY links.id
)
SELECT unnest(repositories) AS repository, lower(hex(sha)) AS sha,
       if(first_sha IS NULL, [], [lower(hex(first_sha))])
           || coalesce(list_transform(list_sort(others), lambda other: other.sha), []) AS parents,
       author_name, author_email, to_timestamp(committed_at - lag) AS authored_at, author_tz,
       coalesce(committer_name, author_name) AS committer_name,
       coalesce(committer_email, author_email) AS committer_email,
       to_timestamp(committed_at) AS committed_at, coalesce(committer_tz, author_tz) AS committer_tz, subject,
       coauthors, changes
FROM in_window LEFT JOIN firsts ON first_id = in_window.id - parents[1] LEFT JOIN others USING (id)
