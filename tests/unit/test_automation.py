"""The table of automation accounts against names of programs, and of people who are named like programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from deepsignal_pipeline.domain.automation import AutomationError, AutomationRules, Verdict, trim_address

TABLE = Path(__file__).parents[2] / "content/automation/known_bots.csv"
HIDDEN = "noreply@github.com"


@pytest.fixture(scope="module")
def rules() -> AutomationRules:
    return AutomationRules.parse(TABLE.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "email", "login"),
    [
        ("Iris Talbot", "talbot@example.org", "talbot"),
        ("Rupert Abbot", "abbot@example.org", None),
        ("Lena Cabot", "lena.cabot@users.noreply.github.com", "lenacabot"),
        ("Robert Botha", "botha@example.org", "rbotha"),
        ("Botond Szabo", "bot.ond@example.org", None),
        ("Robot Jelly", "13660000+jelly@users.noreply.github.com", "robotjelly"),
        ("Talbot", "talbot@example.org", "talbot"),
        ("Claude Lemaire", "claude.lemaire@example.org", "claude"),
        ("Claude", "claude@example.org", None),
        ("Claude", "claude@notanthropic.com", None),
        ("Claude 2", "claude@anthropic.com.example.org", None),
        ("Devin Smith", "devin@example.com", "devin"),
        ("Devin", "devin@example.com", None),
        ("Jules Verne", "jules@example.com", "jules"),
        ("Mary Jenkins", "mary@example.org", "mjenkins"),
        ("Mary Jenkins", "jenkins@example.org", "jenkins"),
        ("Elihu Root", "root@example.org", None),
        ("Travis Oakes", "travis@example.org", "travis"),
        ("Jane Doe", "jane-bot@example.org", None),
        ("Jane O'Neil-Doe", "bot@example.org", None),
        ("王小明", "ming-bot@example.org", None),
        ("Hana Kim", "noreply@anthropic.com", None),
        ("Rosa Talbot", "support@github.com", None),
        ("Rosa", "support@github.com", None),
        ("Ana Svcek", "svcek@example.org", None),
        ("Jan Novak", HIDDEN, None),
        ("cy", f"<{HIDDEN}>", None),
        ("Copilot Kovac", "pilot@example.org", None),
        ("Ann Cursor", "cursor@example.org", "cursor"),
        ("Admin Useroglu", "admin@example.org", None),
        ("", "", None),
    ],
)
def test_people_are_not_flagged(rules: AutomationRules, name: str, email: str, login: str | None) -> None:
    assert rules.classify(name, email, login) == "human"


@pytest.mark.parametrize(
    ("name", "email", "login", "expected"),
    [
        (
            "dependabot[bot]",
            "49699333+dependabot[bot]@users.noreply.github.com",
            None,
            Verdict("bot", "dependency/format"),
        ),
        ("unheard-of[bot]", "x@example.org", None, Verdict("bot", "app")),
        ("x", "1+unheard-of[bot]@users.noreply.github.com", None, Verdict("bot", "app")),
        ("x", "x@example.org", "unheard-of[bot]", Verdict("bot", "app")),
        ("Facebook GitHub Bot", "x@example.org", None, Verdict("bot", "ml-import/roll")),
        ("FACEBOOK  github bot", "x@example.org", None, Verdict("bot", "ml-import/roll")),
        ("Pyre Bot Jr", "x@example.org", None, Verdict("bot", "ml-import/roll")),
        ("Auto-Example-Bot", "x@example.org", None, Verdict("bot", "rule")),
        ("example", "example-ci-bot@example.org", None, Verdict("bot", "rule")),
        ("Example Release", "release-bot@example.org", None, Verdict("bot", "rule")),
        ("Jane Doe", "Bot@RenovateApp.com", None, Verdict("bot", "dependency")),
        ("Jane Doe", "iree-github-actions-bot@google.com", None, Verdict("bot", "ml-import/roll")),
        ("Jenkins", "x@example.org", None, Verdict("bot", "ci")),
        ("Build Server", "jenkins@example.org", None, Verdict("bot", "ci")),
        ("x", "svc-builds@example.org", None, Verdict("bot", "service")),
        ("x", "x@example.org", "svc-builds", Verdict("bot", "service")),
        ("generatedunixname1234", "x@example.org", None, Verdict("bot", "import")),
        ("x", "generatedunixname89002005321270@fb.com", None, Verdict("bot", "import")),
        ("OpenXLA Dep Roller", "x@example.org", None, Verdict("bot", "ml-import/roll")),
        ("Weekly Publish Action", "x@example.org", None, Verdict("bot", "ci")),
        ("x", "spyder.python@gmail.com", None, Verdict("bot", "ci/merge/mirror")),
        ("x", "x@example.org", "pytorchmergebot", Verdict("bot", "ml-import/roll")),
        ("dependabot", "support@github.com", None, Verdict("bot", "dependency")),
        ("GitHub", HIDDEN, None, Verdict("bot", "web-flow")),
        ("Jan Novak", "x@example.org", "web-flow", Verdict("bot", "web-flow")),
        ("root", "jenkins@example.org", None, Verdict("bot", "ci")),
        ("Claude", "noreply@anthropic.com", None, Verdict("agent", "ai-agent")),
        ("Claude Opus 4.5", "noreply@anthropic.com", None, Verdict("agent", "ai-agent")),
        ("Claude Sonnet 4 (1M context)", "x@mail.anthropic.com", None, Verdict("agent", "ai-agent")),
        ("Claude Newmodel", "noreply@anthropic.com", None, Verdict("agent", "ai-agent")),
        ("Devin AI", "x@example.org", None, Verdict("agent", "ai-agent")),
        ("claude[bot]", "1+claude[bot]@users.noreply.github.com", None, Verdict("agent", "ai-agent")),
        ("Copilot", "198982749+Copilot@users.noreply.github.com", None, Verdict("agent", "ai-agent")),
        ("Jane Doe", '"cursoragent@cursor.com",', None, Verdict("agent", "ai-agent")),
        ("root", "x@example.org", None, Verdict("placeholder", "placeholder")),
        ("(no author)", "(no author)@uuid", None, Verdict("placeholder", "placeholder")),
        ("x", "root@node-17", None, Verdict("placeholder", "placeholder")),
        ("Jane Doe", "you@example.com", None, Verdict("placeholder", "placeholder")),
    ],
)
def test_programs_and_placeholders(
    rules: AutomationRules, name: str, email: str, login: str | None, expected: Verdict
) -> None:
    assert rules.verdict(name, email, login) == expected
    assert rules.classify(name, email, login) == expected.kind


def test_every_whole_name_and_login_of_the_table_is_recognised(rules: AutomationRules) -> None:
    """No line of the table may be dead; the addresses have conditions and are listed above."""
    rows = [line.split(",")[:2] for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]]
    whole = [row for row in rows if row[1] in ("name", "login") and not row[0].startswith(("re:", '"re:'))]
    assert len(whole) > 150
    for pattern, field in whole:
        name, login = (pattern, None) if field == "name" else ("x", pattern)
        assert rules.classify(name, "x@example.org", login) != "human", pattern


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        ("jane@example.org", True),
        ("123+jane@users.noreply.github.com", True),
        ("Jane <", False),
        ("", False),
        ("jane@", False),
        ("@example.org", False),
        (HIDDEN, False),
        ("noreply@anthropic.com", False),
        ("support@github.com", False),
        ("you@example.com", False),
        ("root@node-17", False),
        ("<Devnull@Localhost>", False),
        ("example-bot@example.org", False),
        ("49699333+dependabot[bot]@users.noreply.github.com", False),
    ],
)
def test_merge_keys(rules: AutomationRules, email: str, expected: bool) -> None:
    assert rules.is_merge_key(email) is expected


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        (" <mailto:Jane@Example.org>;", "jane@example.org"),
        ("'jane@example.org',", "jane@example.org"),
        ("[(jane@example.org)]", "jane@example.org"),
        ("root@host.(none)", "root@host.(none)"),
        ("example[bot]", "example[bot]"),
        ("", ""),
    ],
)
def test_trim_address(email: str, expected: str) -> None:
    assert trim_address(email) == expected


def test_every_problem_of_the_table_is_reported_with_its_line() -> None:
    table = "\n".join(
        [
            "pattern,kind,note",
            "re:(oops,name,class=ci",
            "fine,name,class=ci; seen",
            "x,nickname,seen somewhere",
            "y,name,class=ci/cheese",
            "z,name,class=ci; only when it rains",
            "FINE,name,class=app",
            "fine,login,class=app",
            "re:,name,class=app",
            "too,few",
        ]
    )
    with pytest.raises(AutomationError) as caught:
        AutomationRules.parse(table)
    message = str(caught.value)
    for expected in (
        "automation/known_bots.csv:2: the expression '(oops' is wrong",
        "automation/known_bots.csv:4: kind 'nickname'",
        "automation/known_bots.csv:4: the note must begin with class=",
        "automation/known_bots.csv:5: class 'cheese' is unknown",
        "automation/known_bots.csv:6: the note states a condition",
        "automation/known_bots.csv:7: 'FINE' is listed twice for name",
        "automation/known_bots.csv:9: the pattern is empty",
        "automation/known_bots.csv:10: 2 columns instead of 3",
    ):
        assert expected in message
    assert "known_bots.csv:3:" not in message
    assert "known_bots.csv:8:" not in message


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ("c,name,class=ci\n", "3: a quote opens on this line and does not close on it"),
        ('c,name,class=ci\n"d",name,class=ci\n', "3: a quote opens on this line and does not close on it"),
        ('c,name,"class=ci"\n', "3: a quote opens on this line and does not close on it"),
        ('c,name,class=ci ",name,class=ci\n', "3: a quote opens on this line and does not close on it"),
    ],
)
def test_an_unclosed_quote_is_named_where_it_opens(rest: str, said: str) -> None:
    table = f'pattern,kind,note\na,name,class=ci\n"b,name,class=ci\n{rest}'
    with pytest.raises(AutomationError, match=rf"^automation/known_bots\.csv:{said}") as caught:
        AutomationRules.parse(table)
    assert len(str(caught.value).splitlines()) == 1


def test_a_quote_within_quotes_says_how_it_is_written() -> None:
    with pytest.raises(AutomationError, match=r':2: .*: write a quote within quotes as ""'):
        AutomationRules.parse('pattern,kind,note\n"a"b,name,class=ci\n')


@pytest.mark.parametrize(
    "table", ["", "name,kind,note\n", 'pattern,kind,note\n"open,name,class=ci\n', "\ufeffpattern,kind,note\n"]
)
def test_what_is_no_such_table_is_refused(table: str) -> None:
    with pytest.raises(AutomationError, match=r"^automation/known_bots\.csv:[12]: "):
        AutomationRules.parse(table)


def test_a_table_of_one_line_knows_nothing_else() -> None:
    rules = AutomationRules.parse("pattern,kind,note\n\nre:[A-Z]ROID$,login,class=ai-agent/ci\n")
    assert rules.verdict("x", "x@example.org", "Droid") == Verdict("agent", "ai-agent/ci")
    assert rules.classify("dependabot[bot]", "x@example.org", None) == "human"
