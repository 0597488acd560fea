-- What the work of a category turned to, and what sets it apart: terms that more of its people used than was to be expected.
--
-- Grain: category x scope x rank. The unit is a person in a repository in a quarter, so a restructuring by one person counts
-- one. `across` and `repository` compare the quarter with the repository's own last four quarters by the Mantel-Haenszel z
-- of the term: over all settled repositories of the category, or of the catalogue as a whole (at least 3 with the term, at
-- most 80 % of its users in one), and within one of them (at most 4 terms each). `new` is about repositories without such a
-- past: more people are active in them now than person-quarters lie in the four quarters before. A category's new ones are
-- compared together with all settled repositories of the catalogue in the same quarter. `apart` is no change but a
-- description: all repositories of the category against those of all other categories in the same quarter (at least 2 with
-- the term, at most 80 % of its users in one); the line must be passed without the repository that uses the term most as
-- well, and that decides the rank. Always at least 5 people and z > 3.5: if quarters, or of `apart` repositories, are dealt
-- out at random, 15 to 29 % as many terms pass that line, and of changes at z > 2 three quarters (docs/analysis.md).
-- For terms of paths a past counts in so far as its paths are recorded. Left out is what names a person, whole or as a part,
-- and what the category's own name or definition says. A change stands in the first scope that it fits; of terms that contain
-- each other the one that most people use stays. At most 20 terms a scope.
-- Who is active with anything of a kind recorded: the unit
WITH people AS (
  SELECT DISTINCT a.quarter, t.category, a.repository, a.kind, i.contributor_id
  FROM alias_terms AS a
  JOIN contributor_identities AS i ON i.alias_id = a.alias_id
  JOIN tracked_repositories AS t ON t.repository = a.repository
  WHERE a.term = '' AND i.kind = 'human'
),

-- People, terms and repositories as numbers: who used what is held for five quarters at once, and as texts would take ten
-- times the memory (docs/performance.md)
numbered_repositories AS (
  SELECT repository, CAST(row_number() OVER () AS INTEGER) AS repository_number FROM tracked_repositories
),

numbered_people AS (
  SELECT contributor_id, CAST(row_number() OVER () AS INTEGER) AS person
  FROM (SELECT DISTINCT contributor_id FROM contributor_identities WHERE kind = 'human')
),

aliases AS (
  SELECT i.alias_id, n.person
  FROM contributor_identities AS i
  JOIN numbered_people AS n ON n.contributor_id = i.contributor_id
),

-- Aliases that somebody used in one repository and quarter beside others: only their uses have to be made distinct
shared_aliases AS (
  SELECT DISTINCT unnest(alias_ids) AS alias_id
  FROM (
    SELECT list(DISTINCT a.alias_id) AS alias_ids
    FROM alias_terms AS a
    JOIN aliases AS i ON i.alias_id = a.alias_id
    WHERE a.term = ''
    GROUP BY a.quarter, a.repository, i.person
    HAVING count(DISTINCT a.alias_id) > 1
  )
),

users AS (
  SELECT i.alias_id, i.person, s.alias_id IS NOT NULL AS is_shared
  FROM aliases AS i
  LEFT JOIN shared_aliases AS s ON s.alias_id = i.alias_id
),

-- Terms that five people may use now: five rows at least, an alias in a repository each. People are counted further down
terms AS (
  SELECT kind, term, CAST(row_number() OVER () AS INTEGER) AS term_number
  FROM (
    SELECT kind, term
    FROM alias_terms
    WHERE quarter = $quarter AND term <> ''
    GROUP BY kind, term
    HAVING count(*) >= 5
  )
),

-- Held: it is read twice, and joining the texts is what it costs
alias_uses AS MATERIALIZED (
  SELECT a.quarter, r.repository_number, t.term_number, u.person, u.is_shared
  FROM alias_terms AS a
  JOIN terms AS t ON t.kind = a.kind AND t.term = a.term
  JOIN numbered_repositories AS r ON r.repository = a.repository
  JOIN users AS u ON u.alias_id = a.alias_id
),

used AS (
  SELECT quarter, repository_number, term_number, person FROM alias_uses WHERE NOT is_shared
  UNION ALL
  SELECT DISTINCT quarter, repository_number, term_number, person FROM alias_uses WHERE is_shared
),

-- Whether a repository is new is a matter of its people, whatever is known of its paths
ages AS (
  SELECT
    repository,
    $has_previous AND count(*) FILTER (WHERE quarter = $quarter) > count(*) FILTER (WHERE quarter < $quarter) AS is_new
  FROM people
  WHERE kind = 'subject'
  GROUP BY repository
),

repository_sizes AS (
  SELECT
    p.category,
    r.repository_number,
    a.is_new,
    p.kind,
    count(*) FILTER (WHERE p.quarter = $quarter) AS units,
    count(*) FILTER (WHERE p.quarter < $quarter) AS past_units,
    count(DISTINCT p.quarter) FILTER (WHERE p.quarter < $quarter) AS past_quarters
  FROM people AS p
  JOIN ages AS a ON a.repository = p.repository
  JOIN numbered_repositories AS r ON r.repository = p.repository
  GROUP BY p.category, r.repository_number, a.is_new, p.kind
  HAVING count(*) FILTER (WHERE p.quarter = $quarter) > 0
),

-- A repository stands in its category and in the catalogue as a whole
sizes AS (
  SELECT * FROM repository_sizes
  UNION ALL
  SELECT 'catalogue', repository_number, is_new, kind, units, past_units, past_quarters FROM repository_sizes
),

-- People behind a term: in settled repositories, in new ones, and in all
heads AS (
  SELECT
    category,
    term_number,
    count(*) FILTER (WHERE is_settled) AS people,
    count(*) FILTER (WHERE is_new) AS newcomers,
    count(*) AS everybody
  FROM (
    SELECT s.category, u.term_number, u.person, bool_or(NOT s.is_new) AS is_settled, bool_or(s.is_new) AS is_new
    FROM used AS u
    -- Whatever the kind: who used a term has something of its kind recorded
    JOIN (SELECT DISTINCT repository_number, category, is_new FROM sizes) AS s ON s.repository_number = u.repository_number
    WHERE u.quarter = $quarter
    GROUP BY s.category, u.term_number, u.person
  )
  GROUP BY category, term_number
),

-- Held, so that nobody joins all repositories with all terms first, as happens where few uses are expected
cells AS MATERIALIZED (
  SELECT c.repository_number, t.kind, c.term_number, c.uses, c.past_uses
  FROM (
    SELECT
      repository_number,
      term_number,
      count(*) FILTER (WHERE quarter = $quarter) AS uses,
      count(*) FILTER (WHERE quarter < $quarter) AS past_uses
    FROM used
    GROUP BY repository_number, term_number
  ) AS c
  JOIN terms AS t ON t.term_number = c.term_number
),

placed AS (
  SELECT s.*, c.term_number, c.uses, c.past_uses
  FROM cells AS c
  JOIN sizes AS s ON s.repository_number = c.repository_number AND s.kind = c.kind
),

settled_uses AS (
  SELECT term_number, sum(uses) AS uses FROM placed WHERE category = 'catalogue' AND NOT is_new GROUP BY term_number
),

newcomer_uses AS (
  SELECT category, kind, term_number, sum(uses) AS uses
  FROM placed
  WHERE category <> 'catalogue' AND is_new
  GROUP BY category, kind, term_number
),

-- What a category's repositories share; the first of them is the one that uses the term most
shared_uses AS (
  SELECT category, kind, term_number, sum(uses) AS uses, max({'uses': uses, 'units': units}) AS first
  FROM placed
  WHERE category <> 'catalogue' AND uses > 0
  GROUP BY category, kind, term_number
  HAVING count(*) >= 2 AND 5 * max(uses) <= 4 * sum(uses)
),

all_uses AS (
  SELECT term_number, sum(uses) AS uses FROM placed WHERE category = 'catalogue' GROUP BY term_number
),

totals AS (
  SELECT 'across' AS scope, category, kind, sum(units) AS units, sum(past_units) AS base_units
  FROM sizes
  WHERE NOT is_new AND past_units > 0
  GROUP BY category, kind
  UNION ALL
  SELECT 'new', n.category, n.kind, sum(n.units), max(o.units)
  FROM sizes AS n
  JOIN (SELECT kind, sum(units) AS units FROM repository_sizes WHERE NOT is_new GROUP BY kind) AS o ON o.kind = n.kind
  WHERE n.is_new
  GROUP BY n.category, n.kind
  UNION ALL
  SELECT 'apart', c.category, c.kind, sum(c.units), max(o.units) - sum(c.units)
  FROM repository_sizes AS c
  JOIN (SELECT kind, sum(units) AS units FROM repository_sizes GROUP BY kind) AS o ON o.kind = c.kind
  GROUP BY c.category, c.kind
),

-- Every two-by-two table that is looked at: with and without the term, now and in what it is compared with
strata AS (
  SELECT
    'across' AS scope, p.category, p.kind, p.term_number, CAST(NULL AS INTEGER) AS within_number, h.people, p.uses, p.units,
    p.past_uses AS base_uses, p.past_units AS base_units, p.past_quarters
  FROM placed AS p
  JOIN heads AS h ON h.category = p.category AND h.term_number = p.term_number
  WHERE NOT p.is_new AND p.past_units > 0
  UNION ALL
  SELECT 'repository', category, kind, term_number, repository_number, uses, uses, units, past_uses, past_units, past_quarters
  FROM placed
  WHERE category <> 'catalogue' AND NOT is_new AND past_units > 0
  UNION ALL
  SELECT
    'new', n.category, n.kind, n.term_number, NULL, h.newcomers, n.uses, t.units, coalesce(u.uses, 0), t.base_units, NULL
  FROM newcomer_uses AS n
  JOIN heads AS h ON h.category = n.category AND h.term_number = n.term_number
  JOIN totals AS t ON t.scope = 'new' AND t.category = n.category AND t.kind = n.kind
  LEFT JOIN settled_uses AS u ON u.term_number = n.term_number
  UNION ALL
  SELECT
    w.scope, s.category, s.kind, s.term_number, NULL, h.everybody, s.uses - w.is_rest * s.first.uses,
    t.units - w.is_rest * s.first.units, a.uses - s.uses, t.base_units, NULL
  FROM shared_uses AS s
  JOIN heads AS h ON h.category = s.category AND h.term_number = s.term_number
  JOIN all_uses AS a ON a.term_number = s.term_number
  JOIN totals AS t ON t.scope = 'apart' AND t.category = s.category AND t.kind = s.kind
  CROSS JOIN (VALUES ('apart', 0), ('rest', 1)) AS w (scope, is_rest)
  WHERE t.base_units > 0
),

-- Mean and variance of a hypergeometric draw. DECIMAL: their sums have the same digits in any order
moments AS (
  SELECT
    *,
    CAST(CAST(units AS DOUBLE) * (uses + base_uses) / (units + base_units) AS DECIMAL(28, 12)) AS mean,
    CAST(
      CAST(units AS DOUBLE) * base_units * (uses + base_uses) * (units + base_units - uses - base_uses)
      / (CAST(units + base_units AS DOUBLE) * (units + base_units) * (units + base_units - 1))
      AS DECIMAL(28, 12)
    ) AS variance,
    CAST(CAST(units AS DOUBLE) * base_uses / base_units AS DECIMAL(28, 12)) AS expected
  FROM strata
  WHERE people >= 5
),

tested AS (
  SELECT
    scope,
    category,
    kind,
    term_number,
    within_number,
    max(people) AS people,
    count(*) FILTER (WHERE uses > 0) AS repositories_using,
    max(uses) AS top_uses,
    sum(uses) AS uses,
    sum(units) AS units,
    sum(base_uses) AS base_uses,
    sum(base_units) AS base_units,
    max(past_quarters) AS past_quarters,
    CAST(sum(expected) AS DOUBLE) AS expected,
    CAST(sum(uses) - sum(mean) AS DOUBLE) / nullif(sqrt(CAST(sum(variance) AS DOUBLE)), 0) AS z
  FROM moments
  GROUP BY scope, category, kind, term_number, within_number
),

-- A description is as good as it is without the first repository
judged AS (
  SELECT t.*, least(t.z, r.z) AS weakest_z
  FROM tested AS t
  LEFT JOIN tested AS r
    ON t.scope = 'apart' AND r.scope = 'rest' AND r.category = t.category AND r.term_number = t.term_number
  WHERE t.scope <> 'rest'
),

-- `bare` is what tells whether two terms say the same: separators alike, a plural's s off
risen AS (
  SELECT
    j.*,
    t.term,
    r.repository AS within,
    regexp_replace(translate(t.term, '.+-', '___'), '([^aious])s$', '\1') AS bare,
    regexp_replace(translate(t.term, '_.+-', ''), '([^aious])s$', '\1') AS letters,
    CASE j.scope WHEN 'across' THEN 1 WHEN 'repository' THEN 2 ELSE 3 END AS scope_order
  FROM judged AS j
  JOIN terms AS t ON t.term_number = j.term_number
  LEFT JOIN numbered_repositories AS r ON r.repository_number = j.within_number
  WHERE j.weakest_z > 3.5
    AND (j.scope <> 'across' OR (j.repositories_using >= 3 AND 5 * j.top_uses <= 4 * j.uses))
),

-- Terms that name somebody
personal AS (
  SELECT DISTINCT term
  FROM (
    SELECT term, unnest(string_split(concat(bare, '_', translate(term, '_.+-', '')), '_')) AS word FROM risen
    UNION ALL
    SELECT term, unnest(string_split(translate(term, '.+-', '___'), '_')) FROM risen
  ) AS parts
  JOIN person_words AS p ON p.word = parts.word
),

-- What a category is called and defined by is nothing that it turned to, nor what sets it apart. A word is compared without its
-- ending (serving, server), and its beginning says as much (quant); of a compound all parts must be such
own_words AS (
  SELECT DISTINCT category, word, regexp_replace(word, '(ations?|ions?|ings?|e?rs?|ors?|e[ds]|[es])$', '') AS stem
  FROM category_words
  WHERE length(word) >= 3
),

own AS (
  SELECT p.category, p.term
  FROM (
    SELECT category, term, unnest(string_split(bare, '_')) AS part
    FROM (SELECT DISTINCT category, term, bare FROM risen)
  ) AS p
  LEFT JOIN own_words AS o
    ON o.category = p.category
      AND (
        o.stem = regexp_replace(p.part, '(ations?|ions?|ings?|e?rs?|ors?|e[ds]|[es])$', '')
        OR (length(p.part) >= 4 AND starts_with(o.word, p.part))
      )
  GROUP BY p.category, p.term
  HAVING bool_and(o.word IS NOT NULL)
),

ordered AS (
  SELECT
    r.*,
    row_number() OVER (
      PARTITION BY r.category, r.scope, r.within ORDER BY r.uses DESC, r.z DESC, r.kind DESC, r.term
    ) AS weight
  FROM risen AS r
  LEFT JOIN personal AS p ON p.term = r.term
  LEFT JOIN own AS o ON o.category = r.category AND o.term = r.term
  WHERE p.term IS NULL AND o.term IS NULL
),

-- People behind the changes of a term in a category, each and all together; a reader does not see of which kind it is
changes AS (
  SELECT category, term, people FROM ordered WHERE scope <> 'apart'
  UNION
  SELECT category, term, sum(people) FROM ordered WHERE scope <> 'apart' GROUP BY category, kind, term
),

-- What says no more than another term of its list, or than a change of an earlier scope
repeated AS (
  SELECT o.category, o.scope, o.within, o.weight
  FROM ordered AS o
  JOIN ordered AS b ON b.category = o.category AND b.scope = o.scope AND b.within IS NOT DISTINCT FROM o.within
  WHERE b.weight < o.weight
    AND (contains(concat('_', o.bare, '_'), concat('_', b.bare, '_')) OR (length(b.letters) >= 4 AND contains(o.letters, b.letters)))
  UNION
  SELECT o.category, o.scope, o.within, o.weight
  FROM ordered AS o
  JOIN ordered AS b ON b.category = o.category AND b.bare = o.bare AND b.scope_order < o.scope_order
  WHERE o.scope <> 'apart'
  UNION
  -- A description that counts few people more than the changes of its term, one or all, would tell how few used it elsewhere
  SELECT o.category, o.scope, o.within, o.weight
  FROM ordered AS o
  JOIN changes AS c
    ON c.category = o.category AND c.term = o.term
  WHERE o.scope = 'apart' AND o.people - c.people BETWEEN 1 AND 4
),

told AS (
  SELECT
    o.*,
    row_number() OVER (PARTITION BY o.category, o.scope, o.within ORDER BY o.weakest_z DESC, o.uses DESC, o.term, o.kind) AS rank_within
  FROM ordered AS o
  LEFT JOIN repeated AS r
    ON r.category = o.category AND r.scope = o.scope AND r.within IS NOT DISTINCT FROM o.within AND r.weight = o.weight
  WHERE r.weight IS NULL
),

ranked AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY category, scope ORDER BY weakest_z DESC, uses DESC, term, kind, within) AS rank
  FROM told
  WHERE scope <> 'repository' OR rank_within <= 4
),

behind AS (
  SELECT
    r.category,
    r.scope,
    r.rank,
    list(n.repository ORDER BY p.uses DESC, n.repository) AS repositories,
    max(p.uses) / sum(p.uses) AS top_repository_share
  FROM ranked AS r
  JOIN placed AS p ON p.category = r.category AND p.term_number = r.term_number
  JOIN numbered_repositories AS n ON n.repository_number = p.repository_number
  WHERE p.uses > 0 AND CASE r.scope
      WHEN 'across' THEN NOT p.is_new AND p.past_units > 0
      WHEN 'repository' THEN p.repository_number = r.within_number
      WHEN 'new' THEN p.is_new
      ELSE TRUE
    END
  GROUP BY r.category, r.scope, r.rank
)

SELECT
  r.category,
  r.scope,
  r.rank,
  r.kind,
  r.term,
  b.repositories,
  b.top_repository_share,
  r.people,
  r.uses,
  coalesce(t.units, r.units) AS units,
  r.base_uses,
  coalesce(t.base_units, r.base_units) AS base_units,
  r.past_quarters,
  r.expected AS expected_uses,
  round(r.z, 1) AS z
FROM ranked AS r
JOIN behind AS b ON b.category = r.category AND b.scope = r.scope AND b.rank = r.rank
LEFT JOIN totals AS t ON t.scope = r.scope AND t.category = r.category AND t.kind = r.kind
WHERE r.rank <= 20
