"""Addresses: what one says about who wrote it. Pure; reads the text of an address and nothing else.

Comparing two addresses, and what GitHub's no-reply addresses tell, belong here; who is one person does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from deepsignal_pipeline.domain.automation import trim_address

_GITHUB_NO_REPLY = re.compile(r"(?:([0-9]{1,18})\+)?([^@+\s]+)@users\.noreply\.github\.com")
_GMAIL = ("gmail.com", "googlemail.com")
_NOT_FILLED_IN = re.compile(r"(?:^|\.)(?:your-?domain|your-?e?mail|your-?company)\.")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_MACHINE_ENDS = re.compile(
    r"\.(?:local|localdomain|internal|lan|home|corp|intranet|localhost|domain|\(none\)|none|unknown)$"
)
# Names that hosting firms, clusters and routers give: nobody chose them, many share them
_MACHINE_NAMES = re.compile(
    r"(?:^|\.)(?:ip-\d+-\d+-\d+-\d+|node-?\d+|compute-?\d*|login-?\d+|cluster\d*|gpu-?\d+|worker-?\d+|dhcp[\w-]*"
    r"|vm-?\d+)(?:\.|$)"
)
# Mailboxes that nobody reads, wherever they are
_NOBODYS = frozenset("noreply no-reply no_reply donotreply do-not-reply nobody none null devnull unknown".split())
# Mailboxes of a role: several people of one project may answer behind them
_ROLES = frozenset(
    "abuse accounts bugs community contacto devs eng engineering feedback hello hey hi it kontakt lab list lists mail press "
    "research sales studio tech admin administrator anonymous bot build builder builds ci commits contact default dev devel "
    "developer developers devnull devops example foo git guest help helpdesk hostmaster info invalid jenkins "
    "localhost mailer maintainer maintainers webmaster name nobody none noone noreply no-reply no_reply null office "
    "opensource oss pi postmaster private public release releases root security service spam staff support svn "
    "sysadmin "
    "system team test tester travis ubuntu unknown user username users vagrant web work you your yourname youremail "
    "your_email your-email your.email user.email user.name email ec2-user debian centos fedora".split()
)
# Words that name a group of people inside a mailbox, as in platform-team@
_GROUPS = frozenset(
    "team teams group groups dev devel developers maintainers builds admins ops devops noreply list lists".split()
)
_PARTS = re.compile(r"[._-]")
# Everyone may open a mailbox there, so two addresses of such a domain have nothing in common
_PUBLIC_DOMAINS = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com yahoo.co.uk yahoo.co.jp yahoo.co.in "
    "yahoo.de "
    "yahoo.fr ymail.com qq.com 163.com 126.com yeah.net foxmail.com sina.com sina.cn sohu.com aliyun.com naver.com "
    "daum.net "
    "hanmail.net protonmail.com protonmail.ch proton.me pm.me icloud.com me.com mac.com aol.com gmx.de gmx.net "
    "gmx.com gmx.at "
    "web.de mail.com mail.ru bk.ru inbox.ru list.ru yandex.ru yandex.com ya.ru rambler.ru ukr.net free.fr orange.fr "
    "wanadoo.fr laposte.net t-online.de freenet.de posteo.de posteo.net mailbox.org tutanota.com tuta.io fastmail.com "
    "fastmail.fm hey.com zoho.com rediffmail.com libero.it hotmail.fr hotmail.co.uk hotmail.it hotmail.es live.fr "
    "live.cn "
    "outlook.fr outlook.de outlook.es comcast.net verizon.net att.net sbcglobal.net riseup.net seznam.cz wp.pl o2.pl "
    "users.noreply.github.com noreply.github.com users.noreply.gitlab.com users.sf.net users.sourceforge.net "
    "debian.org "
    "ubuntu.com apache.org gnu.org gentoo.org fedoraproject.org acm.org ieee.org computer.org alum.mit.edu duck.com "
    "privaterelay.appleid.com".split()
)


@dataclass(frozen=True, slots=True)
class Address:
    """An address, cleaned and read.

    `text` is the form to compare, `local` and `domain` its parts, `written_local` with the dots that Gmail ignores;
    `github_id` and `login` come from GitHub's no-reply form. `is_machine`: a computer or a version control system made
    it up, or nobody reads it; `is_role`: a task and not a person.
    """

    text: str
    local: str
    domain: str
    written_local: str
    github_id: int | None
    login: str | None
    is_machine: bool
    is_role: bool

    @property
    def company(self) -> str | None:
        """The domain if its mailboxes are given out by one organisation, without the host part; else None."""
        if self.is_machine or self.domain in _PUBLIC_DOMAINS or not self.domain:
            return None
        return ".".join(self.domain.split(".")[-_labels(self.domain) :])


def read_address(email: str) -> Address:
    """Read an address; nothing is refused, since histories hold anything."""
    text = clean_address(email)
    local, _, domain = text.rpartition("@")
    match = _GITHUB_NO_REPLY.fullmatch(text)
    return Address(
        text=text,
        local=local,
        domain=domain,
        written_local=trim_address(email).rpartition("@")[0].partition("+")[0],
        github_id=int(match[1]) if match and match[1] else None,
        login=match[2] if match else None,
        is_machine=_is_machine(local, domain),
        is_role=_is_role(local.partition("+")[0]),
    )


def clean_address(email: str) -> str:
    """Return the form in which two addresses are compared; cleaning twice changes nothing.

    Without case, quotes, brackets, `mailto:` and trailing punctuation; googlemail.com is gmail.com, where
    dots and what follows a plus are dropped.
    """
    address = trim_address(email)
    local, _, domain = address.rpartition("@")
    mailbox = local.partition("+")[0].replace(".", "")
    return trim_address(f"{mailbox}@gmail.com") if mailbox and domain in _GMAIL else address


def github_id(address: str) -> str | None:
    """Return the id in `123+login@users.noreply.github.com` or None; logins change hands, ids never do."""
    match = _GITHUB_NO_REPLY.fullmatch(trim_address(address))
    return str(int(match[1])) if match and match[1] else None


def _is_role(mailbox: str) -> bool:
    return mailbox in _ROLES or not _GROUPS.isdisjoint(_PARTS.split(mailbox))


def _is_machine(local: str, domain: str) -> bool:
    return (
        not local
        or local in _NOBODYS
        or "." not in domain
        or _NOT_FILLED_IN.search(domain) is not None
        or _UUID.fullmatch(domain) is not None
        or _MACHINE_ENDS.search(domain) is not None
        or _MACHINE_NAMES.search(domain) is not None
    )


def _labels(domain: str) -> int:
    """Return how many labels name the organisation: three for `ac.uk` and its like, else two."""
    labels = domain.split(".")
    return (
        3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in ("ac", "co", "com", "edu", "org", "gov") else 2
    )
