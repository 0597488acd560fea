"""GitHub's API as a commit source: commits of quarters without clones, facts of repositories, logins of authors.

From the wire upwards: `wire` (one request), `judge` (what an answer means), `waits` (how long to wait), `limiter` (how many
at once), `client` (one call, whatever goes wrong), `facts` and `listing` (what is asked), `rows` (what a commit is),
`source` (a visit). PyGithub builds and sends the requests; the reasons why nothing more of it is used stand in `wire`.
"""
