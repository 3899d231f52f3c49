"""People by invitation: name, e-mail address, role and school. Each gets a letter with a link once it is applied."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from django.conf import settings

from backend.core.problems import Problem
from backend.trust import letters, permits
from backend.trust.actions import Actor
from backend.trust.actions.invitations import NewAppointment, invite, open_invitation, withdraw
from backend.trust.actions.people import require_administrator_for, require_people_there
from backend.trust.imports.cells import email, folded, is_nothing, of_length, one_of, suggested
from backend.trust.imports.kinds import NEW, SAME, Kind, Options, Plan, Tell, Trace
from backend.trust.imports.named import by_word, with_former
from backend.trust.imports.tables import Column, Row, Table
from backend.trust.models import Person, School
from backend.trust.permits import ROLES
from backend.trust.scope import reach

WHOLE_TRUST: Final = ("whole trust", "the whole trust", "trust", "all schools", "all", "central team")
OTHERWISE: Final = {
    "Business manager": "sbm", "SBM": "sbm", "School business manager": "sbm", "Finance manager": "sbm",
    "Head": "headteacher", "Head teacher": "headteacher", "Principal": "headteacher",
    "Premises manager": "site-manager", "Facilities manager": "site-manager", "Site supervisor": "site-manager",
    "Site staff": "caretaker", "Premises officer": "caretaker", "Caretaker": "caretaker", "Site assistant": "caretaker",
    "Estates manager": "estates-lead", "Head of estates": "estates-lead", "CEO": "trust-leader",
    "Teacher": "staff", "Staff": "staff", "Admin": "administrator",
}  # fmt: skip


class People(Kind):
    """People."""

    key: ClassVar[str] = "people"
    title: ClassVar[str] = "People"
    lead: ClassVar[str] = (
        "A row for each person. Once it is applied, each gets a letter with a link to choose a password; the link works for 14 "
        "days. Who has an account already is passed over. The table itself is not kept."
    )
    permit: ClassVar[str] = permits.PEOPLE_MANAGE
    where: ClassVar[str] = "maybe"
    keeps_file: ClassVar[bool] = False
    doing: ClassVar[str] = "invite people"

    def columns(self, options: Options) -> Sequence[Column]:
        """The columns."""
        roles = {role.name: key for key, role in ROLES.items()} | OTHERWISE
        return (
            Column("name", "Name", of_length(200), aliases=("Full name", "Person", "Staff name"), help="the person's name",
                   example="Sam Whitlock"),
            Column("first", "First name", of_length(100), aliases=("Forename", "Given name"), help="with the surname, if there "
                   "is no column of whole names"),
            Column("last", "Surname", of_length(100), aliases=("Last name", "Family name")),
            Column("email", "E-mail", email, aliases=("Email", "Email address", "E-mail address", "Work email"), required=True,
                   help="the work e-mail address", example="sam.whitlock@oakfield.example"),
            Column("role", "Role", one_of(roles, "role"),
                   offers=sorted(role.name for role in ROLES.values()), required=True,
                   aliases=("Job", "Job title", "Position"),
                   help="the role", example="Site manager"),
            Column("school", "School", of_length(200), aliases=("Academy", "Where", "Place"), keeps=True,
                   help="the school's name or URN, or “the whole trust”", example="Oakfield Primary Academy"),
        )  # fmt: skip

    def require(self, actor: Actor, options: Options) -> None:
        """Who manages people somewhere; each row's place is asked of as it is planned."""
        if isinstance(actor, Person) and reach(actor, self.permit).nowhere():
            require_people_there(actor, options.school, self.doing)
        if options.school:
            require_people_there(actor, options.school, self.doing)

    def plan(self, table: Table, options: Options, actor: Actor) -> Plan:
        """Who would be invited."""
        plan = Plan(table)
        here = {each.lower() for each in Person.objects.filter(is_active=True).values_list("email", flat=True)}
        theirs = School.objects.visible_to(actor, permits.PEOPLE_MANAGE) if isinstance(actor, Person) else School.objects.all()
        known = by_word(with_former(theirs))
        table.offered["school"] = [*sorted({each.name for each in known.values()}), "The whole trust"]
        seen: dict[str, int] = {}
        for row in table.sound():
            name = row["name"] or " ".join(filter(None, (row["first"], row["last"])))
            if not name:
                table.wrong(row, "name", "Nothing is written here. Write the person's name.")
                continue
            if row["email"] in seen:
                table.wrong(row, "email", f"{row['email']} stands in row {seen[row['email']]} already. Give further roles later.")
                continue
            seen[row["email"]] = row.number
            school = where_of(table, row, known, options.school)
            if row.faulty:
                continue
            try:
                require_people_there(actor, school, self.doing)
                require_administrator_for(actor, row["role"])
            except Problem as problem:
                table.wrong(row, "role", problem.detail)
                continue
            did = SAME if row["email"] in here else NEW
            plan.add(row.number, did, "invitation", name, f"{ROLES[row['role']].name}, {school or 'the whole trust'}")
            if did == NEW:
                plan.work.append((row.number, name, row["email"], row["role"], school))
        if not settings.MAIL_IS_SET_UP:
            plan.notes.append("No mail is set up: the letters are not sent. Invite again from each person's page once it is.")
        return plan

    def apply(self, plan: Plan, options: Options, actor: Actor, trace: Trace, tell: Tell) -> None:
        """Invite each; a worker sends the letters."""
        for number, (row, name, address, role, school) in enumerate(plan.work, 1):
            tell(f"{number} of {len(plan.work)} people")
            new = NewAppointment(role, options.today, school=school)
            invitation, _text = invite(email=address, name=name, new=new, actor=actor)
            trace.other(row, "invited", person=str(invitation.person_id))
            letters.later("send_invitation", str(invitation.pk))

    def hindrance(self, step: Mapping[str, Any]) -> tuple[str, str] | None:
        """Who has accepted is here: their role is ended on their page."""
        person = Person.objects.get(pk=step["person"])
        return None if open_invitation(person) else (person.name, "has accepted the invitation; end the role on their page.")

    def undo(self, step: Mapping[str, Any], actor: Actor) -> None:
        """Withdraw the invitation."""
        withdraw(person=Person.objects.get(pk=step["person"]), actor=actor)


def where_of(table: Table, row: Row, known: Mapping[str, School], chosen: School | None) -> School | None:
    """The school of a row, None for the whole trust; a fault is noted when there is none."""
    said = row.said.get("school", "")
    if said.lower() in WHOLE_TRUST:
        return None
    if is_nothing(said):
        if chosen is None:
            table.wrong(row, "school", "Nothing is written here. Write the school, or “the whole trust”.")
        return chosen
    school = known.get(folded(said))
    if school is None:
        names = sorted({each.name for each in known.values()})
        table.wrong(row, "school", f"There is no school “{said}” here.{suggested(said, names)}", word=True)
    return school
