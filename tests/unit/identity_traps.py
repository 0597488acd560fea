"""Made-up people who are easily mistaken for one another: each trap is a story with the truth beside every alias.

A line is `person | name | address | repositories | login`; the last two may be left out (repository r/one, no login).
Nobody in here exists. `#` begins a remark.
"""

from __future__ import annotations

from dataclasses import dataclass

from deepsignal_pipeline.domain.identity import Alias

NOREPLY = "users.noreply.github.com"
_BEGAN = 1_600_000_000  # all are active at one time, so that no distance in time protects them


@dataclass(frozen=True)
class Trap:
    """A story: its name, its aliases, and the person behind each (by alias_id)."""

    name: str
    aliases: tuple[Alias, ...]
    people: dict[str, str]


def read_traps(text: str) -> list[Trap]:
    """Read stories: a line `= name`, then its aliases."""
    stories: list[tuple[str, list[str]]] = []
    for line in (line.strip() for line in text.splitlines()):
        if line.startswith("= "):
            stories.append((line[2:], []))
        elif line and not line.startswith("#"):
            stories[-1][1].append(line)
    return [_trap(name, lines) for name, lines in stories]


def _trap(name: str, lines: list[str]) -> Trap:
    aliases, people = [], {}
    for number, line in enumerate(lines):
        person, spelled, email, *rest = (cell.strip() for cell in line.split("|"))
        places, login = (*rest, "", "")[:2]
        alias_id = f"{number:02} {person}"
        people[alias_id] = person
        aliases.append(
            Alias(
                alias_id,
                spelled,
                email.replace("@noreply", f"@{NOREPLY}"),
                login or None,
                _BEGAN + number,
                _BEGAN + number + 9,
                5,
                tuple((places or "r/one").split(";")),
            )
        )
    return Trap(name, tuple(aliases), people)


APART = """
= two accounts with one full name in one repository
a | Rosalind Fairweather | 101+rfair@noreply
b | Rosalind Fairweather | 202+rosalindf@noreply
= a third alias that fits two accounts joins neither
a | Rosalind Fairweather | 101+rfair@noreply
b | Rosalind Fairweather | 202+rosalindf@noreply
c | Rosalind Fairweather | rosalind@somewhere.example
= a recycled login, both ids known
a | Tobin Marsh | 301+tmarsh@noreply
b | Tilda Marsh | 302+tmarsh@noreply
= a recycled login without an id between two ids
a | Tobin Marsh | 301+oldhandle@noreply
b | Tilda Quist | 302+oldhandle@noreply
c | oldhandle | oldhandle@noreply
= a recycled login and a mailbox of that name
a | Tobin Marsh | 301+quarkle@noreply
b | Tilda Quist | 302+quarkle@noreply
c | somebody | quarkle@gmail.com
= two people named Wei Wang in two repositories
a | Wei Wang | wwang@alpha.example | r/one
b | Wei Wang | weiw@beta.example | r/two
= family name first and two repositories
a | Zhang Wei | zw@alpha.example | r/one
b | Wei Zhang | wz@beta.example | r/two
= numbered mailboxes of one company
a | Wei Wang | wei.wang1@bigcorp.example
b | Wei Wang | wei.wang23@bigcorp.example
= numbered mailboxes of one company, other order
a | Li Na | lina@bigcorp.example
b | Li Na | lina7@bigcorp.example
= Chinese characters shared by two
a | 王伟 | wangwei@alpha.example | r/one
b | 王伟 | ww@beta.example | r/two
= Chinese characters, two people
a | 李娜 | lina@alpha.example
b | 李华 | lihua@alpha.example
= romanised mailbox that many have
a | Xiaoli | wanglei@gmail.com | r/one
b | Dapeng | wanglei@163.com | r/two
= romanised mailbox with two full names
a | Wang Lei | wanglei@gmail.com | r/one
b | Wang Lei | wanglei@yahoo.com | r/two
= Korean names of two repositories
a | Kim Minjun | minjun@alpha.example | r/one
b | Minjun Kim | mj.kim@beta.example | r/two
= Korean names, two given names
a | Jihoon Park | park.jh@alpha.example
b | Jiho Park | parkjh@beta.example
= Vietnamese middle names tell people apart
a | Nguyen Van Anh | nva@alpha.example
b | Nguyen Thi Anh | nta@alpha.example
= Vietnamese name of two repositories
a | Nguyen Anh Tuan | tuan@alpha.example | r/one
b | Tuan Nguyen | tn@beta.example | r/two
= a Vietnamese name that fits two fits none
a | Tran Van Minh | tvm@alpha.example
b | Tran Quoc Minh | tqm@alpha.example
c | Tran Minh | minh@gamma.example
= Indian names of two repositories
a | Rahul Sharma | rahul@alpha.example | r/one
b | Rahul Sharma | rsharma@beta.example | r/two
= Indian given name alone
a | Abhishek | abhishek@alpha.example
b | Abhishek | abhi@beta.example
= Indian given name as a mailbox
a | Priya | priya@gmail.com
b | Priya | priya@yahoo.com
= Indian initials
a | S. Krishnan | skrishnan@alpha.example
b | R. Krishnan | rkrishnan@alpha.example
= Arabic names of two repositories
a | Mohammed Ali | mali@alpha.example | r/one
b | Mohammed Ali | mohali@beta.example | r/two
= Cyrillic namesakes with other patronymics
a | Иван Петрович Соколов | ips@alpha.example
b | Иван Андреевич Соколов | ias@alpha.example
= husband and wife, Slavic surname
a | Viktor Zelenin | zelenin@alpha.example
b | Viktoria Zelenina | zelenina@alpha.example
= brother and sister
a | Eric Hollowell | eric@hollowell.example
b | Erica Hollowell | erica@hollowell.example
= Robert and Roberta
a | Robert Quillfeather | rq@alpha.example
b | Roberta Quillfeather | roberta@beta.example
= Daniel and Daniela
a | Dan Osterhagen | dan@alpha.example
b | Daniela Osterhagen | daniela@beta.example
= Jan and Jana
a | Jan Novotny | jan@alpha.example
b | Jana Novotny | jana@beta.example
= one initial, two people
a | John Pennyworth | john@alpha.example
b | Jane Pennyworth | jane@beta.example
c | J. Pennyworth | jp@gamma.example
= a middle initial tells people apart
a | Ulric A. Thornbury | uat@alpha.example
b | Ulric B. Thornbury | ubt@beta.example
= two middle names
a | Juan Carlos Villaseca | jcv@alpha.example
b | Juan Pablo Villaseca | jpv@beta.example
= a name that fits two middle names fits none
a | Juan Carlos Villaseca | jcv@alpha.example
b | Juan Pablo Villaseca | jpv@beta.example
c | Juan Villaseca | juan@gamma.example
= an initial is not another's surname
a | Michael C. Granthorpe | mcg@alpha.example
b | Michael Cormorant | mc@beta.example
= the same surname and a common given name
a | John Smith | john.smith@alpha.example | r/one
b | John Smith | jsmith@beta.example | r/two
= the same very common name, other country
a | José García | jgarcia@alpha.example | r/one
b | Jose Garcia | jose.g@beta.example | r/two
= one word: a given name twice
a | Alex | alex@alpha.example
b | Alex | alex@beta.example
= one word: a given name at two open mailboxes
a | Sam | sam@gmail.com
b | Sam | sam@outlook.com
= one word: a given name and a full name
a | Martin | martin@alpha.example
b | Martin Osterloh | osterloh@beta.example
= one word: a given name on a machine, and two who bear it
a | rolf | rolf@box.local
b | Rolf Calloway | rc@alpha.example
c | Rolf Osterloh | ro@beta.example
= one word: a given name on a machine, and a name that many bear
a | priya | priya@laptop.(none)
b | Priya Sharma | sharma@beta.example
= one word: a given name beside colleagues of one organisation
a | Martin | martin@bigcorp.example
b | Martin Osterloh | osterloh@bigcorp.example
c | Orla Brannigan | orla@bigcorp.example
= one word: an unusual given name at two open mailboxes
a | Emrys | calloway.e@gmail.com
b | Emrys | e.brannigan@outlook.com
= one word: an unusual given name and a full name
a | Emrys | emrys@alpha.example
b | Emrys Calloway | calloway@beta.example
= a handle with another number
a | Kaspar Villaseca | kvilla1@gmail.com
b | Konrad Villaseca | kvilla2@outlook.com
= a short mailbox of two organisations
a | Ove Brannigan | ob@alpha.example
b | Orla Brannigan | ob@beta.example
= three letters as mailbox of two people
a | Ove Brannigan | obr@alpha.example
b | Orla Brannigan | obr@beta.example
= the beginning of two surnames
a | vandersl | vandersl@uni.example
b | Piet Vandersloot | piet@beta.example
c | Bram Vanderslagen | bram@gamma.example
= one word of two full names
a | Skovgaard | sk@gamma.example
b | Astrid Skovgaard | astrid@alpha.example
c | Birger Skovgaard | birger@beta.example
= one word: what everybody is called
a | Developer | dev1@alpha.example
b | developer | dev2@beta.example
= one word: the name of the machine
a | ubuntu | ubuntu@ip-10-0-0-1
b | ubuntu | ubuntu@ip-10-0-0-2
= one word: the repository's own
a | lumiere | lumiere@gmail.com | lumiere/core
b | Lumiere | lumiere@yahoo.com | lumiere/core
= a mailbox of the team
a | Orla Brannigan | team@startup.example
b | Piet Vandersloot | team@startup.example
= a mailbox of a group with a longer name
a | Orla Brannigan | platform-team@bigcorp.example
b | Piet Vandersloot | platform-team@bigcorp.example
= a role's mailbox
a | Orla Brannigan | info@agency.example
b | Piet Vandersloot | info@agency.example
= a mailbox that three strangers use
a | Orla Brannigan | lab17@uni.example
b | Piet Vandersloot | lab17@uni.example
c | Quentin Abernathy | lab17@uni.example
= a mailbox that nobody reads
a | Orla Brannigan | noreply@corp.example
b | Piet Vandersloot | noreply@corp.example
= devnull
a | orla.b | devnull@localhost
b | piet.v | devnull@localhost
= GitHub's own mailbox
a | Orla Brannigan | noreply@github.com
b | Piet Vandersloot | noreply@github.com
= an agent's mailbox set by two people
a | Orla Brannigan | noreply@anthropic.com
b | Piet Vandersloot | noreply@anthropic.com
= the example of a manual
a | Orla Brannigan | you@example.com
b | Piet Vandersloot | you@example.com
= no address at all
a | Orla Brannigan |
b | Piet Vandersloot |
= no name and no address
a | |
b | Piet Vandersloot |
= empty names at two addresses
a | | one@alpha.example
b | | two@beta.example
= root of two machines
a | root | root@node-01
b | root | root@node-02
= root with a domain
a | root | root@cluster.local
b | root | root@cluster2.local
= accounts of one machine
a | Orla Brannigan | user@localhost
b | Piet Vandersloot | user@localhost
= the same short account on two machines
a | alex | alex@localhost
b | alex | alex@macbook.local
= a version control system's made-up domain
a | orla | orla@0785d39b-7218-0410-832d-ea1e28bc413d
b | piet | piet@0785d39b-7218-0410-832d-ea1e28bc413d
= a handle that two names could have made
a | John Abernathy | john@alpha.example
b | Jane Abernathy | jane@beta.example
c | jabernathy | jabernathy@gamma.example
= a handle made of somebody else's name, other repository
a | Peter Quillon | pq@alpha.example | r/one
b | pquillon | pquillon@beta.example | r/two
= initials at two open mailboxes, two repositories
a | Jonas Reedley | jreedley@gmail.com | r/one
b | jreedley | jreedley@yahoo.com | r/two
= one handle, two full names
a | Orla Brannigan | moonpie77@gmail.com
b | Piet Vandersloot | moonpie77@yahoo.com
= one handle at two companies, two full names
a | Orla Brannigan | obran@alpha.example
b | Oscar Branstetter | obran@beta.example
= a mailbox named after the tool
a | Orla Brannigan | git@orla.example
b | Piet Vandersloot | git@piet.example
= a mailbox named after the language
a | Orla Brannigan | python@orla.example
b | python | python@piet.example
= a given name as the mailbox of two own domains
a | paulk | paul@kestrel.example
b | paulr | paul@rookery.example
= numbers are no handle
a | 12345 | 12345@qq.com
b | 12345 | 12345@163.com
= two people in one name
a | Orla Brannigan and Piet Vandersloot | pair@startup.example
b | Orla Brannigan | orla@startup.example
c | Piet Vandersloot | piet@startup.example
= two people in one name, with a plus
a | Orla + Piet | pairing@startup.example
b | Orla | orla@startup.example
= a gateway posts for two people
a | Orla Brannigan via Relay | relay@lists.example
b | Piet Vandersloot via Relay | relay@lists.example
= a company writes as its people do
a | Quillon Systems | contact@quillon.example
b | Peter Quillon | peter@quillon.example
= the name is the address of another
a | orla@alpha.example | orla@alpha.example
b | orla@beta.example | orla@beta.example
= plus addresses of a shared mailbox are two mailboxes elsewhere than Gmail
a | Orla Brannigan | lab+orla@uni.example
b | Piet Vandersloot | lab+piet@uni.example
= people named like a bot
a | Talbot | talbot@alpha.example
b | Abbot | abbot@alpha.example
= a person named Bot and a bot
a | Anneke Bot | anneke@bot.example
b | anneke-bot | anneke-bot@ci.example
= a person named Claude and the agent
a | Claude Fontainebleau | claude@fontainebleau.example
b | Claude | noreply@anthropic.com
= a person named Jenkins and the server
a | Rhys Jenkins | rhys@jenkins.example
b | Jenkins | jenkins@ci.example
= a person named Robot
a | Zdenka Robot | zdenka@alpha.example
b | Robot | robot@ci.example
= a person at the bot's address
a | Orla Brannigan | build@corp.example
b | corp-ci-bot | build@corp.example
= an app and the person who made it
a | Orla Brannigan | 11+orla@noreply
b | orla[bot] | 12+orla[bot]@noreply
= accents do not make one name of two
a | René Duval-Astor | rda@alpha.example
b | Renée Duval-Astor | reneeda@beta.example
= names that share a word
a | Fenwick Arundel | fenwick@alpha.example
b | Arundel Fenton | arundel@beta.example
= long names that differ in one letter at the end
a | Antonin Bellerose | antonin@alpha.example
b | Antonia Bellerose | antonia@beta.example
= a slip too many
a | Marietta Holmgren | marietta@alpha.example
b | Mariella Holmqvist | mariella@beta.example
= a title is no name
a | Dr. Prof. | prof@alpha.example
b | Dr. Prof. | prof@beta.example
= the same nickname in quotes
a | Orla "Ace" Brannigan | orla@alpha.example
b | Piet "Ace" Vandersloot | piet@beta.example
= one login of the API with two ids
a | x1 | x1@alpha.example | r/one | shared
b | 77+y@noreply | 77+shared@noreply | r/one |
c | 78+z@noreply | 78+shared@noreply | r/one |
"""

TOGETHER = """
= a given name on a machine, beside the only one who bears it
a | Rolf Calloway | rc@alpha.example
a | rolf | rolf@box.local
= a given name whose handle holds the surname
a | Emrys Calloway | emrys@alpha.example
a | Emrys | ecalloway@gmail.com
= a given name on one's own domain
a | Emrys Calloway | emrys@calloway.example
a | Emrys | github@calloway.example
= a handle written twice, with a short mailbox
a | ecal | ecal@alpha.example
a | ecal | e.c@beta.example
= a long handle with a number
a | nightowlette | nightowlette@gmail.com
a | Emrys Calloway | nightowlette7@outlook.com
= a surname cut off after eight letters
a | Piet Vandersloot | piet@beta.example
a | vandersl | vandersl@uni.example
= one address in two spellings
a | Orla Brannigan | Orla@Alpha.Example
a | orla | <orla@alpha.example>
= googlemail and dots
a | Orla Brannigan | o.brannigan@gmail.com
a | ob | obrannigan+git@googlemail.com
= a renamed account
a | Orla Brannigan | 55+oldname@noreply
a | obr | 55+newname@noreply
= accents, order and a comma
a | Jürgen Østergård | jo@alpha.example | r/one
a | Ostergard, Jurgen | juergen@beta.example | r/two
= umlauts written out
a | Jörg Müllenhoff | jm@alpha.example
a | Joerg Muellenhoff | joerg@beta.example
= a middle name left out
a | Ulric Anselm Thornbury | uat@alpha.example | r/one
a | Ulric Thornbury | ulric@beta.example | r/two
= a short form of the given name
a | Mike Thornbury | mike@alpha.example
a | Michael Thornbury | mthorn@beta.example
= a short form that is no abbreviation
a | Kir Thornbury | kir@alpha.example
a | Kirill Thornbury | kthorn@beta.example
= a slip of the pen
a | Marietta Holmgren | marietta@alpha.example
a | Mareitta Holmgren | mh@beta.example
= a handle at two open mailboxes
a | Orla Brannigan | moonpie77@gmail.com | r/one
a | moonpie77 | moonpie77@yahoo.com | r/two
= a login and the mailbox of that name
a | Orla Brannigan | moonpiesky@gmail.com
a | moonpiesky | 66+moonpiesky@noreply
= a handle made of the only such name
a | Peter Quillon | pq@alpha.example
a | pquillon | pquillon@beta.example
= one repository vouches for a common name
a | Wei Wang | wwang@alpha.example
a | Wang Wei | weiw@gmail.com
= one company vouches for a common name
a | Rahul Sharma | rahul@alpha.example | r/one
a | Rahul Sharma | rsharma@alpha.example | r/two
= a handle vouches for a common name
a | Rahul Sharma | codetiger@gmail.com | r/one
a | Rahul Sharma | codetiger@outlook.com | r/two
= root at one's own address
a | root | orla@alpha.example
a | Orla Brannigan | orla@alpha.example
= a full name at a version control system's address
a | Orla Brannigan | devnull@localhost
a | Orla Brannigan | orla@alpha.example
= a gateway posts for one
a | Orla Brannigan via Relay | relay@lists.example
a | Orla Brannigan | orla@alpha.example
= an own domain's first mailbox
a | OrlaB | me@orla.example
a | Orla Brannigan | me@orla.example
= a hyphen more
a | Jean-Luc Maréchal-Dubois | jl@alpha.example
a | Jean Luc Marechal Dubois | jeanluc@beta.example
= a login that the API knows
a | moon | moon@alpha.example | r/one | moonpie
a | Orla Brannigan | orla@beta.example | r/two | MoonPie
"""

MISSES = """
= nothing in common but the person
a | Orla Brannigan | orla@alpha.example
a | nightowl | nightowl@gmail.com
= a surname changed with everything else
a | Orla Brannigan | orla@alpha.example
a | Orla Vandersloot | ov@beta.example
= two accounts of one person
a | Orla Brannigan | 11+orla@noreply
a | Orla Brannigan | 12+orlawork@noreply
= a given name alone beside the full one
a | Emrys Calloway | emrys@alpha.example
a | Emrys | e@beta.example
= a common name without a repository in common
a | Wei Wang | wwang@alpha.example | r/one
a | Wei Wang | weiw@gmail.com | r/two
= a person's cluster account
a | Orla Brannigan | orla@alpha.example
a | root | root@orlas-laptop.local
"""
