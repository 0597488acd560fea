"""More people who are easily mistaken, class by class: what an acceptance of the resolver tried, and what it got wrong then.

The form is that of identity_traps.py. Nobody in here exists.
"""

BY_CLASS = """
# Names of East Asia
= two Chinese names that are romanised alike, with one mailbox word
a | 张伟 | zhangwei@alpha.example
b | 张薇 | zhangwei@beta.example
= a Japanese family name alone, with one mailbox word
a | 田中 | tanaka@alpha.example
b | 田中 | tanaka@beta.example | r/two
= one Japanese name, one mailbox word, two repositories
a | 田中太郎 | tanaka@alpha.example | r/one
b | 田中太郎 | tanaka@beta.example | r/two
= one Korean name, one mailbox word, two repositories
a | 김민준 | minjun@alpha.example | r/one
b | 김민준 | minjun@beta.example | r/two
= two Korean given names, one mailbox word
a | 김민준 | mjkim@alpha.example
b | 김민주 | mjkim@beta.example
= a Chinese given name alone, and two who bear it
a | Zhang Xiaoming | zxm@alpha.example
b | Wang Xiaoming | wxm@beta.example
c | Xiaoming | xiaoming@gamma.example
= a company numbers three of one name
a | Li Wei | liwei@huacorp.example
b | Li Wei | liwei2@huacorp.example
c | Li Wei | liwei15@huacorp.example
= Cantonese generation names tell people apart
a | Chan Tai Man | tmchan@alpha.example | r/one
b | Chan Siu Man | smchan@alpha.example | r/one
= a Korean name of three words in two repositories
a | Lee Min Ho | lmh@alpha.example | r/one
b | Min Ho Lee | mhl@beta.example | r/two
= one Chinese name in two scripts and two repositories
a | 陳偉 | chenwei1@gmail.com | r/one
b | 陈伟 | chenwei2@gmail.com | r/two
= two of one Chinese name with student numbers
a | Wei Chen | s1234567@uni.example
b | Wei Chen | s7654321@uni.example
# Names of Vietnam and India
= a company numbers two of one Vietnamese name
a | Nguyen Minh Tuan | tuannm1@viet.example
b | Nguyen Minh Tuan | tuannm2@viet.example
= one mailbox word that two Vietnamese names make
a | Le Thi Hoa | hoalt@alpha.example
b | Le Thanh Hoa | hoalt@beta.example
= a Vietnamese given name alone, and two who bear it
a | Tuấn | tuan@gmail.com
b | Nguyễn Anh Tuấn | nat@alpha.example
c | Lê Quốc Tuấn | lqt@beta.example
= a given name as mailbox of two firms, one common name
a | Rahul Sharma | rahul@alpha.example | r/one
b | Rahul Sharma | rahul@beta.example | r/two
= an Indian initial behind the name, and two whom it fits
a | Arun K | arunk@alpha.example
b | Arun Kumar | arunkumar@alpha.example
c | Arun Krishnan | arunk@beta.example
= surnames of one letter
a | Karthik S | karthik.s@alpha.example
b | Karthik R | karthik.r@alpha.example
c | Karthik | karthik@alpha.example
= an Indian given name as handle, and two who bear it
a | Pooja Iyer | pooja@alpha.example
b | Pooja Nair | pooja@beta.example
c | pooja | pooja@gamma.example
= a company numbers two of one Indian name
a | Gurpreet Singh | gsingh@bigcorp.example
b | Gurpreet Singh | gsingh2@bigcorp.example
# Cyrillic and other alphabets
= a common Cyrillic name in two repositories
a | Иван Георгиев | ig@alpha.example | r/one
b | Иван Георгиев | ivan@beta.example | r/two
= a common Slavic name of two accounts, in two alphabets
a | Dmitry Smirnov | 51+dsmirnov@noreply
b | Дмитрий Смирнов | 52+smirnovd@noreply
c | Dmitriy Smirnov | ds@gamma.example
= a Cyrillic surname alone, and two who bear it
a | Соколов | sokolov@alpha.example
b | Пётр Соколов | petr@beta.example
c | Павел Соколов | pavel@gamma.example
= a Cyrillic short form alone, and two who bear it
a | Саша | sasha@alpha.example
b | Саша Белов | belov@beta.example
c | Саша Чернов | chernov@gamma.example
= Greek initials
a | Γ. Παπαδόπουλος | gp@alpha.example
b | Δ. Παπαδόπουλος | dp@beta.example
= one word in Arabic letters, which have no capitals
a | أحمد | ahmad@alpha.example
b | أحمد | ahmed2@beta.example
= one word in Hebrew letters
a | דוד | david@alpha.example
b | דוד | dudi@beta.example
= one word in Thai letters
a | สมชาย | somchai@alpha.example
b | สมชาย | s@beta.example
# Names of one word
= a surname alone, and a mailbox of that word
a | Kowalski | kowalski@alpha.example
b | Kowalski | jan@beta.example
= an Indonesian name of one word
a | Suharyono | suharyono@alpha.example
b | Suharyono | suhar@beta.example
= a given name that no list holds, given out by two organisations
a | thijmen | thijmen@alpha.example
b | thijmen | thijmen@beta.example
= a word of the trade
a | devops | a@alpha.example
b | devops | b@beta.example
= the name of a make of computer
a | macbookpro | macbookpro@MacBook-Pro.local
b | macbookpro | macbookpro@MacBook-Pro-2.local
= the name of a maker of computers
a | apple | apple@Apples-MacBook-Pro.local
b | apple | apple@appledeMacBook-Pro.local
= the name of another maker
a | DELL | dell@DESKTOP-1ABC
b | DELL | dell@DESKTOP-2DEF
= the account of a runner of jobs
a | runner | runner@fv-az1
b | runner | runner@fv-az2
= the account of a machine for rent
a | codespace | codespace@codespaces-1
b | codespace | codespace@codespaces-2
= the account of a workspace for rent
a | gitpod | gitpod@workspace-1
b | gitpod | gitpod@workspace-2
= the account of notebooks
a | jovyan | jovyan@jupyter-orla
b | jovyan | jovyan@jupyter-piet
= a role as name
a | maintainer | m1@alpha.example
b | maintainer | m2@beta.example
= two letters that are two people's initials
a | Jonas Dahlquist | jonas@alpha.example
b | Judith Delacroix | judith@beta.example
c | JD | jd@gamma.example
# Forms of one given name
= Chris beside a Christopher and a Christine
a | Christopher Wexcombe | cw@alpha.example
b | Christine Wexcombe | christine@beta.example
c | Chris Wexcombe | chris@gamma.example
= two given names one letter apart
a | Frances Underhill | frances@alpha.example
b | Francis Underhill | francis@beta.example
= two given names one letter apart, in two languages
a | Julien Fontvieille | julien@alpha.example
b | Julian Fontvieille | julian@beta.example
= Alex beside an Alexander and an Alexandra
a | Alexander Fennimore | alexander@alpha.example
b | Alexandra Fennimore | alexandra@beta.example
c | Alex Fennimore | alex@gamma.example
= Nick and Nicola
a | Nick Thistlewood | nick@alpha.example
b | Nicola Thistlewood | nicola@beta.example
= Max and Maxine
a | Max Wintermeer | max@alpha.example
b | Maxine Wintermeer | maxine@beta.example
= a handle of two people's initials, as mailbox of one
a | Katarina Blomqvist | kblomqvist@alpha.example
b | Karolina Blomqvist | kablomqvist@alpha.example
c | kblomqvist | kblomqvist@gmail.com
= father and son who say so
a | Walter Grimsby Sr. | wgrimsby@alpha.example
b | Walter Grimsby Jr. | wjr@beta.example
= two given names in two orders, two repositories
a | Hugo Bernard | hbernard@alpha.example
b | Bernard Hugo | bhugo@beta.example | r/two
= two people and a handle on the domain of a family
a | Anna Lindqvist | anna@lindqvist.example
b | Axel Lindqvist | axel@lindqvist.example
c | alindqvist | me@lindqvist.example
= Pat beside a Patrick and a Patricia
a | Patrick Dunmorrow | pd@alpha.example
b | Patricia Dunmorrow | patricia@beta.example
c | pdunmorrow | pdunmorrow@gamma.example
# Accounts that change hands
= one login of the API, two strangers
a | Orla Brannigan | orla@alpha.example | r/one | spacecat
b | Piet Vandersloot | piet@beta.example | r/one | spacecat
= a login with the id of one, and of the API for a stranger
a | Orla Brannigan | 701+starfish@noreply | r/one
b | Piet Vandersloot | piet@beta.example | r/two | starfish
= a login before and after ids, two strangers
a | Orla Brannigan | starfish@noreply | r/one
b | Piet Vandersloot | 702+starfish@noreply | r/two
= a recycled login as a word
a | Orla Brannigan | 703+starfish@noreply
b | Piet Vandersloot | 704+starfish@noreply
c | starfish | starfish@alpha.example
= a recycled login in two cases, and without id
a | Orla Brannigan | 705+StarFish@noreply
b | Piet Vandersloot | 706+starfish@noreply
c | Quentin Abernathy | starfish@noreply
= one full name, two accounts in two repositories, and a third alias in both
a | Rosalind Fairweather | 803+rf@noreply | r/one
b | Rosalind Fairweather | 804+rosalind@noreply | r/two
c | Rosalind Fairweather | rosalind@somewhere.example | r/one;r/two
# Mailboxes of several
= a mailbox that greets
a | Orla Brannigan | hello@startup.example
b | Piet Vandersloot | hello@startup.example
= a mailbox called mail
a | Orla Brannigan | mail@agency.example
b | Piet Vandersloot | mail@agency.example
= a mailbox of a department
a | Orla Brannigan | engineering@startup.example
b | Piet Vandersloot | engineering@startup.example
= a mailing list of developers
a | Orla Brannigan | project-dev@lists.example
b | Piet Vandersloot | project-dev@lists.example
= a mailbox of developers
a | Orla Brannigan | devs@startup.example
b | Piet Vandersloot | devs@startup.example
= a mailbox of a laboratory
a | Orla Brannigan | lab@uni.example
b | Piet Vandersloot | lab@uni.example
= a mailbox of a studio
a | Orla Brannigan | studio@agency.example
b | Piet Vandersloot | studio@agency.example
= given names at a role's mailbox
a | Orla | info@agency.example
b | Piet | info@agency.example
= handles at a mailbox that nobody reads
a | orla | no-reply@stackblitz.example
b | piet | no-reply@stackblitz.example
= two people in one name, with a comma
a | Orla Brannigan, Piet Vandersloot | pair@startup.example
b | Orla Brannigan | orla@startup.example
c | Piet Vandersloot | piet@startup.example
= two people in one name, with a word
a | Orla Brannigan with Piet Vandersloot | pair@startup.example
b | Orla Brannigan | orla@startup.example
c | Piet Vandersloot | piet@startup.example
= two people in one name, in German
a | Orla Brannigan und Piet Vandersloot | paar@startup.example
b | Piet Vandersloot | piet@startup.example
c | Orla Brannigan | orla@startup.example
= a company as author
a | Acme Inc. | dev@acme.example
b | Acme Inc | ops@acme.example
= a team as author
a | Platform Team | platform@alpha.example
b | Platform Team | platform@beta.example | r/two
= a role of two words as author
a | Release Manager | rm1@alpha.example
b | Release Manager | rm2@beta.example
= the words of a form, not filled in
a | Firstname Lastname | a@alpha.example
b | Firstname Lastname | b@beta.example
# Roots of clusters and rented machines
= a rented machine's own user
a | EC2 Default User | ec2-user@ip-172-31-5-5.ec2.internal
b | EC2 Default User | ec2-user@ip-172-31-9-9.ec2.internal
= a cloud's own user
a | Cloud User | centos@gpu-1.novalocal
b | Cloud User | centos@gpu-2.novalocal
= root of one node, with names
a | root | root@gpu-07
b | root | root@gpu-07
c | Orla Brannigan | root@gpu-07
d | Piet Vandersloot | root@gpu-07
= root of a university, with names
a | root | root@cs.uni.example
b | Orla Brannigan | root@cs.uni.example
c | Piet Vandersloot | root@cs.uni.example
= one account of two login nodes
a | student | student@login-1.cluster.example
b | student | student@login-2.cluster.example
= root of two containers
a | root | root@8f2c1e9ab03d
b | root | root@77aa1e9ab03d
= two users of one laptop
a | Orla Brannigan | orla@Orlas-MBP.local
b | Piet Vandersloot | piet@Orlas-MBP.local
= a given name on localhost, and two who bear it
a | Martin Osterloh | martin@localhost
b | Martin Pennyworth | martin@localhost
c | martin | martin@localhost
# People named like programs
= two people named Bot, and an initial
a | Joost Bot | joost.bot@alpha.example
b | Jan Bot | jan.bot@alpha.example
c | J. Bot | jbot@gamma.example
= a handle that begins like a robot
a | robotnik | robotnik@gmail.com
b | Robot Nick | nick@alpha.example
= a person named Jenkins and the server, at one mailbox
a | Sarah Jenkins | jenkins@alpha.example
b | Jenkins | jenkins@alpha.example
= Claude beside two people of that name
a | Claude Lefort | claude@alpha.example
b | Claude Lambert | claude@beta.example
c | Claude | claude@gamma.example
= a login claude and the agent
a | claude | 81847+claude@noreply
b | Claude | noreply@anthropic.com
= a person named like an editor and its agent
a | Cursor Agent | cursoragent@cursor.com
b | Cursor | cursor@alpha.example
= a person named Copilot and the agent
a | Copilot | 198982749+Copilot@noreply
b | Copilot Kowalewski | copilot@alpha.example
= a person named Devin and the agent
a | Devin Castellane | devin@castellane.example
b | Devin AI | 158243242+devin-ai-integration[bot]@noreply
= a person named Jules and the agent
a | Jules Verhaegen | jules@alpha.example
b | google-labs-jules[bot] | 161369871+google-labs-jules[bot]@noreply
= a person named like a merge queue
a | Bors Ganelon | bors@alpha.example
b | bors | bors@rust-lang.org
= a person named Travis and the server
a | Travis | travis@alpha.example
b | Travis CI | travis@travis-ci.org
c | Travis Oliphaunt | travis@beta.example
"""
